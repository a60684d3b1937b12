"""Runs a function on the kernel's main thread, the only one that may read live objects."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

Value = TypeVar("Value")
Call = Callable[[], None]


class MainThread:
    """The main thread, reached through whoever can run something there.

    A cell that waits for its answer runs calls between two frames (`serving`); otherwise the
    kernel's event loop runs them as soon as no cell does.
    """

    def __init__(self) -> None:
        self._servers: list[Callable[[Call], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def use_loop_of(self, shell: Any) -> None:
        """Remember the event loop of the shell's kernel; a terminal has none."""
        kernel = getattr(shell, "kernel", None)
        io_loop = getattr(kernel, "io_loop", None)
        self._loop = getattr(io_loop, "asyncio_loop", None)

    @contextmanager
    def serving(self, put: Callable[[Call], None]) -> Iterator[None]:
        """While the block runs, the main thread promises to run what is handed to `put`."""
        self._servers.append(put)
        try:
            yield
        finally:
            self._servers.remove(put)

    def submit(self, function: Callable[[], Value]) -> Future[Value]:
        """Have `function` run there; at once if this is the main thread."""
        future: Future[Value] = Future()
        if threading.current_thread() is threading.main_thread():
            _run(function, future)
        elif self._servers:
            self._servers[-1](lambda: _run(function, future))
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_run, function, future)
        return future


def _run(function: Callable[[], Any], future: Future[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return  # nobody waits any more
    try:
        future.set_result(function())
    except Exception as error:  # handed to the one who waits
        future.set_exception(error)


main_thread = MainThread()
