"""The sidebar's link without a kernel: what is left when it closes."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.link import kernel_link
from mibyan_jupyter.link.kernel_link import KernelLink

if TYPE_CHECKING:
    import pytest


class _Kernel(SimpleNamespace):
    """What a link uses of a kernel."""

    def __init__(self) -> None:
        session = SimpleNamespace(send=lambda *_: None)
        super().__init__(control_handlers={}, shell_handlers={}, session=session)


def test_a_request_that_comes_while_it_closes_begins_nothing() -> None:
    """No hub and no thread is made for it, which nobody would end."""
    kernel: Any = _Kernel()
    before = set(threading.enumerate())
    link = KernelLink(kernel)
    link.open()
    answer = kernel.control_handlers["mibyan_request"]
    link.close()
    answer(None, None, {"content": {"id": "late", "op": "snapshot", "args": {}}})
    for thread in set(threading.enumerate()) - before:
        if thread.name == "mibyan-link":
            link.close()
            thread.join(10)
    assert not {t.name for t in set(threading.enumerate()) - before} & {"mibyan-panel"}


def test_bye_is_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first request that is still being answered says nothing behind it."""
    said: list[str] = []
    begun, going_on = threading.Event(), threading.Event()

    def send(message: dict[str, Any]) -> None:
        said.append(message["type"])
        if message["type"] in ("header", "snapshot"):  # a head may come before there is a listener
            begun.set()
            going_on.wait(10)

    monkeypatch.setattr(kernel_link, "create_comm", lambda **_: SimpleNamespace(send=send))
    before = set(threading.enumerate())
    kernel: Any = _Kernel()
    link = KernelLink(kernel)
    link.open()
    request = {"id": "first", "op": "snapshot", "args": {}}
    kernel.control_handlers["mibyan_request"](None, None, {"content": request})
    assert begun.wait(10)
    answering = [t for t in set(threading.enumerate()) - before if t.name == "mibyan-link"]
    closing = threading.Thread(target=link.close)
    closing.start()
    while kernel.control_handlers:
        closing.join(0.01)
    going_on.set()
    for thread in (closing, *answering):
        thread.join(10)
    assert said[-1] == "bye", said
