"""When a reader of a stream rests: in a trickle, and only there."""

from __future__ import annotations

import asyncio

from mibyan_jupyter.api.reading_rhythm import ReadingRhythm


def rests(pieces: list[bytes], *, waiting: bool) -> list[bool]:
    """Whether a rest was wanted before each read but the first, each with or without a wait."""

    async def read_all() -> list[bool]:
        rhythm, wanted = ReadingRhythm(), []
        assert not rhythm.wants_rest()
        for piece in pieces:
            if waiting:
                await asyncio.sleep(0)
            rhythm.took(piece)
            wanted.append(rhythm.wants_rest())
        return wanted

    return asyncio.run(read_all())


def test_a_trickle_rests_before_every_second_wait() -> None:
    """The first text never waits, and what gathered in a rest is read without another one."""
    assert rests([b"token"] * 5, waiting=True) == [False, True, False, True, False]


def test_what_is_there_already_is_read_at_once() -> None:
    """Pieces that came without a wait follow each other without a rest."""
    assert not any(rests([b"token"] * 5, waiting=False))


def test_a_flood_never_rests() -> None:
    """A server that sends as fast as it can is read as fast."""
    assert not any(rests([b"token" * 4_000] * 5, waiting=True))
