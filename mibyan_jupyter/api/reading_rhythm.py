"""When to read on: a trickle of small pieces is left to gather, since each wait costs CPU."""

from __future__ import annotations

import math

GATHER_SECONDS = 0.15  # less than a frame of a cell
_FLOOD_BYTES = 60_000  # in GATHER_SECONDS: some 2 000 tokens a second


class ReadingRhythm:
    """Tell it of each piece that it `came`; after one that was waited for, `rest` so long.

    A wait soon after another one shows a trickle: the network has a moment to gather more, which
    is then read without a rest. The moment grows with the age of the stream up to GATHER_SECONDS.
    The first piece, and a stream that comes in rare pieces or in a flood, never waits for this.
    """

    def __init__(self) -> None:
        self._began = math.inf
        self._waited_at = -math.inf
        self._counts_from = -math.inf
        self._size = 0  # bytes from then on
        self._size_before = 0  # bytes in the GATHER_SECONDS before

    def came(self, piece: bytes) -> None:
        """Note what a read gave."""
        self._size += len(piece)

    def rest(self, now: float) -> float:
        """Seconds to leave the network alone after a wait that ended `now`."""
        self._began = min(self._began, now)
        before, self._waited_at = self._waited_at, now
        if now - self._counts_from >= GATHER_SECONDS:
            self._counts_from, self._size_before, self._size = now, self._size, 0
        is_flood = max(self._size, self._size_before) >= _FLOOD_BYTES
        is_rare = now - before >= GATHER_SECONDS
        return 0 if is_flood or is_rare else min(GATHER_SECONDS, now - self._began)
