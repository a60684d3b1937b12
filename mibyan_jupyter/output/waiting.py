"""What a cell says while there is no text yet."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.session.events import TurnRetrying
    from mibyan_jupyter.session.turns import Turn


class WaitingLine:
    """The line of one turn, counting down where the server is asked again; `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._retrying: TurnRetrying | None = None
        self._goes_out_at = 0.0

    def retry(self, event: TurnRetrying) -> None:
        """Count down to a request that goes out again, from now."""
        self._retrying, self._goes_out_at = event, self._clock() + event.seconds

    def text(self, turn: Turn) -> str:
        if turn.status == "waiting":
            return "Waiting for an earlier answer to end …"
        left = self._goes_out_at - self._clock()
        if self._retrying is None or left <= 0:
            return f"Waiting for {turn.model} …"
        again = "once more" if self._retrying.attempt > 1 else "again"
        return f"{self._retrying.why}. Asking {again} in {math.ceil(left)} s …"
