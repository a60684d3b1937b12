"""The sidebar's link without a kernel: what is left when it closes."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from mibyan_jupyter.link.kernel_link import KernelLink


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
