"""When to read on: a trickle of small pieces is left to gather, since each wait costs CPU."""

from __future__ import annotations

import asyncio
import math

GATHER_SECONDS = 0.06  # less than a frame
_TRICKLE_BYTES = 8 * 1024


class ReadingRhythm:
    """Tell it what each read `took`, and `rest` before the next.

    A read that had to wait soon after another one shows a trickle: before the next, the network
    has GATHER_SECONDS to gather more, which is then read without a rest. The first piece, and a
    stream that comes in large or in rare pieces, never waits for this.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watching = False
        self._has_waited = False
        self._waited_at = -math.inf
        self._size = 0  # bytes since the last wait

    def took(self, piece: bytes) -> None:
        """Note what a read gave."""
        self._size += len(piece)

    async def rest(self) -> bool:
        """Wait for a moment where that is worth it; whether it was."""
        wanted = self._has_waited and self._is_trickle()
        if wanted:
            await asyncio.sleep(GATHER_SECONDS)
        self._has_waited = False
        if not self._watching:
            self._watching = True
            self._loop.call_soon(self._note_wait)
        return wanted

    def _is_trickle(self) -> bool:
        now, before, size = self._loop.time(), self._waited_at, self._size
        self._waited_at, self._size = now, 0
        return size < _TRICKLE_BYTES and now - before < GATHER_SECONDS

    def _note_wait(self) -> None:
        """Run by the loop, hence only once a read has waited."""
        self._watching = False
        self._has_waited = True
