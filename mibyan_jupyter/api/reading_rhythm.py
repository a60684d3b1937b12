"""When to read on: a trickle of small pieces is left to gather, since each wait costs CPU."""

from __future__ import annotations

import math

GATHER_SECONDS = 0.15  # less than a frame of a cell
_TRICKLE_BYTES = 64 * 1024  # what one read brings at most


class ReadingRhythm:
    """Tell it of each piece that it `came`; after one that was waited for, `rest` so long.

    A wait soon after another one shows a trickle: the network has GATHER_SECONDS to gather more,
    which is then read without a rest. The first piece, and a stream that comes in large or in rare
    pieces, never waits for this.
    """

    def __init__(self) -> None:
        self._waited_at = -math.inf
        self._size = 0  # bytes since the last wait

    def came(self, piece: bytes) -> None:
        """Note what a read gave."""
        self._size += len(piece)

    def rest(self, now: float) -> float:
        """Seconds to leave the network alone after a wait that ended `now`."""
        before, size = self._waited_at, self._size
        self._waited_at, self._size = now, 0
        is_trickle = size < _TRICKLE_BYTES and now - before < GATHER_SECONDS
        return GATHER_SECONDS if is_trickle else 0
