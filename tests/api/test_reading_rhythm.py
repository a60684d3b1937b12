"""When a reader of a stream rests: in a trickle, and only there."""

from __future__ import annotations

from mibyan_jupyter.api.reading_rhythm import GATHER_SECONDS, ReadingRhythm

SOON = GATHER_SECONDS / 10


def rests(*waits: tuple[float, int]) -> list[bool]:
    """Whether there was a rest after each wait, given as seconds and bytes since the last one."""
    rhythm, now, rested = ReadingRhythm(), 0.0, []
    for seconds, size in waits:
        now += seconds
        rhythm.came(b"x" * size)
        rest = rhythm.rest(now)
        rested.append(rest > 0)
        now += rest
    return rested


def test_a_trickle_rests_after_every_second_wait() -> None:
    """The first text never waits, and what gathered in a rest is read without another one."""
    assert rests(*[(SOON, 200)] * 5) == [False, True, False, True, False]


def test_what_gathered_in_a_rest_may_be_much() -> None:
    """A thousand tokens a second gather some 30 kB, and are a trickle all the same."""
    assert rests((SOON, 200), (SOON, 200), (SOON, 30_000), (SOON, 200))[-1]


def test_rare_pieces_never_rest() -> None:
    """What comes less often than a rest takes is told as it comes."""
    assert not any(rests(*[(2 * GATHER_SECONDS, 200)] * 5))


def test_a_flood_never_rests() -> None:
    """A server that sends as fast as it can is read as fast."""
    assert not any(rests(*[(SOON, 64 * 1024)] * 5))
