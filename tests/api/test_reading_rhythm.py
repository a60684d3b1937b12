"""When a reader of a stream rests: in a trickle, and only there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mibyan_jupyter.api.reading_rhythm import ReadingRhythm

if TYPE_CHECKING:
    from collections.abc import Collection


def rests(pieces: list[bytes], *, waiting: Collection[int] = ()) -> list[bool]:
    """Whether there was a rest after each piece; those in `waiting` were waited for."""

    async def read_all() -> list[bool]:
        rhythm, rested = ReadingRhythm(), []
        assert not await rhythm.rest()
        for number, piece in enumerate(pieces):
            if number in waiting:
                await asyncio.sleep(0)
            rhythm.took(piece)
            rested.append(await rhythm.rest())
        return rested

    return asyncio.run(read_all())


def test_a_trickle_rests_before_every_second_wait() -> None:
    """The first text never waits, and what gathered in a rest is read without another one."""
    assert rests([b"token"] * 5, waiting=range(5)) == [False, True, False, True, False]


def test_a_rest_is_no_wait_itself() -> None:
    """All that has gathered is handed on before the next rest."""
    gathered = [b"token"] * 4
    pieces = [b"token", b"token", *gathered, b"token"]
    assert rests(pieces, waiting={0, 1, 2, 6}) == [False, True, False, False, False, False, True]


def test_what_is_there_already_is_read_at_once() -> None:
    """Pieces that came without a wait follow each other without a rest."""
    assert not any(rests([b"token"] * 5))


def test_a_flood_never_rests() -> None:
    """A server that sends as fast as it can is read as fast."""
    assert not any(rests([b"token" * 4_000] * 5, waiting=range(5)))
