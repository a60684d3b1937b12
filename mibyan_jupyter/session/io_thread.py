"""The one thread of a process on which sessions talk to the network.

A daemon thread with a private event loop: it works whatever the notebook's own loop does, and
while a cell blocks the main thread.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_AsyncioTask: Any = getattr(asyncio.tasks, "_CTask", asyncio.Task)
_SHUTDOWN_SECONDS = 1.0


class IOThread:
    """Runs callbacks and coroutines on its own event loop, in the order they are posted."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        # A nest_asyncio that another library applied replaces asyncio.Task for every loop.
        self.loop.set_task_factory(
            lambda loop, coroutine, **options: _AsyncioTask(coroutine, loop=loop, **options)
        )
        self._thread = threading.Thread(target=self._run, name="mibyan-io", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on this thread."""
        return threading.current_thread() is self._thread

    def post(self, function: Callable[..., object], *arguments: Any) -> None:
        """Call `function` on the loop, soon; from any thread, a signal handler included."""
        self.loop.call_soon_threadsafe(function, *arguments)

    def call(self, coroutine: Coroutine[Any, Any, Any], timeout: float | None = None) -> Any:
        """Run `coroutine` on the loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout)

    def shut_down(self) -> None:
        """Cancel what runs and end the thread, within a second."""
        if self._thread.is_alive():
            self.post(self.loop.create_task, self._cancel_all())
            self._thread.join(_SHUTDOWN_SECONDS)

    async def _cancel_all(self) -> None:
        tasks = asyncio.all_tasks(self.loop) - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_SHUTDOWN_SECONDS / 2) if tasks else None
        self.loop.stop()


_lock = threading.Lock()
_current: IOThread | None = None


def io_thread() -> IOThread:
    """The process's I/O thread, started on first use."""
    global _current  # one thread a process, made lazily
    with _lock:
        if _current is None:
            _current = IOThread()
            atexit.register(_current.shut_down)
        return _current


def _forget_after_fork() -> None:
    """A child process has no I/O thread: threads do not survive a fork."""
    global _current, _lock
    _current, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
