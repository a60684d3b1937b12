"""■ (SIGINT) while an answer is awaited on the main thread."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ESCAPE_AFTER = 3  # presses: a way out should stopping itself hang


class Interrupt:
    """What ■ does for a while: it calls the action that `calls` names, now or once it is named."""

    def __init__(self) -> None:
        self._presses = 0
        self._action: Callable[[], object] | None = None

    def calls(self, action: Callable[[], object]) -> None:
        """Let ■ call `action`; at once where it was pressed before."""
        self._action = action
        if self._presses:
            action()

    def press(self, *_: object) -> None:
        """One ■; as a signal handler it only posts, and raises only as a last way out."""
        self._presses += 1
        if self._presses >= _ESCAPE_AFTER:
            raise KeyboardInterrupt
        if self._action is not None:
            self._action()


@contextmanager
def on_interrupt() -> Iterator[Interrupt]:
    """Inside the block ■ does what the Interrupt says instead of raising KeyboardInterrupt.

    A raised KeyboardInterrupt can land between two statements and leave a stream open. Off the
    main thread nothing changes: signals do not go there.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    previous = signal.signal(signal.SIGINT, interrupt.press)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if previous is None else previous)
