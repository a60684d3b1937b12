"""When to read on: a trickle of small pieces is left to gather, since each wait costs CPU."""

from __future__ import annotations

import math

LEAST_REST = 0.06  # seconds
MOST_REST = 0.15  # less than a frame of a cell
_BUSY_BYTES = 25_000  # in MOST_REST: some 800 tokens a second
_FLOOD_BYTES = 60_000


class ReadingRhythm:
    """Tell it of each piece that it `came`; after one that was waited for, `rest` so long.

    A wait soon after another one shows a trickle: the network has a moment to gather more, which
    is then read without a rest. The busier the stream, the longer the moment, but no longer than
    the stream is old. The first piece, and a stream that comes in rare pieces or in a flood, never
    waits for this.
    """

    def __init__(self) -> None:
        self._began = math.inf
        self._waited_at = -math.inf
        self._counts_from = -math.inf
        self._size = 0  # bytes from then on
        self._size_before = 0  # bytes in the MOST_REST before

    def came(self, piece: bytes) -> None:
        """Note what a read gave."""
        self._size += len(piece)

    def rest(self, now: float) -> float:
        """Seconds to leave the network alone after a wait that ended `now`."""
        self._began = min(self._began, now)
        before, self._waited_at = self._waited_at, now
        if now - self._counts_from >= MOST_REST:
            self._counts_from, self._size_before, self._size = now, self._size, 0
        size = max(self._size, self._size_before)
        if size >= _FLOOD_BYTES or now - before >= LEAST_REST:
            return 0
        longest = min(MOST_REST, now - self._began)
        return min(longest, max(LEAST_REST, MOST_REST * size / _BUSY_BYTES))
