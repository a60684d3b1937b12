"""A thread for what may take a while, so that neither the kernel nor the answers wait for it."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("mibyan_jupyter")


class Worker:
    """Runs functions one after the other, on one daemon thread that starts with the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def post(self, function: Callable[[], object]) -> None:
        """Run `function` soon; what it raises is logged."""
        with self._lock:
            self._work.put(function)
            if self._thread is None or not self._thread.is_alive():  # a fork leaves it behind
                self._thread = threading.Thread(
                    target=_run, args=(self._work,), name=self._name, daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """End the thread behind what was posted; a later `post` starts another."""
        with self._lock:
            self._work.put(None)
            self._work, self._thread = queue.SimpleQueue(), None


def _run(work: queue.SimpleQueue[Callable[[], object] | None]) -> None:
    while (function := work.get()) is not None:
        try:
            function()
        except Exception:
            log.exception("a panel's request failed")
