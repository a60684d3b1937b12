"""When a reader of a stream rests: in a trickle, and only there."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from mibyan_jupyter.api.reading_rhythm import LEAST_REST, MOST_REST, ReadingRhythm

SOCKET_BYTES = 128 * 1024
READ_BYTES = 64 * 1024
TURN = 0.001  # seconds that a wait takes at least


class Read(NamedTuple):
    """What it took to read a stream."""

    waits: int
    rested: float
    seconds: float


def read(size: int, rate: float, piece: int = 200) -> Read:
    """Read `size` bytes that come in pieces at `rate` bytes a second, through a socket's buffer."""
    rhythm, now, sent, got = ReadingRhythm(), 0.0, 0.0, 0
    waits, rested = 0, 0.0

    def pass_time(seconds: float) -> None:
        nonlocal now, sent
        now += seconds
        sent = min(size, got + SOCKET_BYTES, sent + rate * seconds)

    while got < size:
        pass_time(TURN)
        while sent - got < min(piece, size - got):
            pass_time(piece / rate)
        at_hand = min(READ_BYTES, int((sent - got) / piece) * piece or size - got)
        got += at_hand
        waits += 1
        rhythm.came(b"x" * piece)
        rest = rhythm.rest(now)
        rhythm.came(b"x" * (at_hand - piece))
        rested += rest
        pass_time(rest)
    return Read(waits, rested, now)


@pytest.mark.parametrize(
    ("tokens_a_second", "rest"), [(50, LEAST_REST), (100, LEAST_REST), (1_000, MOST_REST)]
)
def test_a_trickle_is_read_in_few_waits(tokens_a_second: int, rest: float) -> None:
    """Two for each rest, which is the longer the busier the stream is, and some more at first."""
    ten_seconds = read(2_000 * tokens_a_second, 200 * tokens_a_second)
    assert ten_seconds.waits < 2 * 10 / rest + 30
    assert ten_seconds.rested / ten_seconds.waits < 0.6 * rest


@pytest.mark.parametrize("rate", [1e6, 5e6, 50e6])
def test_a_flood_is_read_as_fast_as_it_comes(rate: float) -> None:
    """It takes less than a frame to see that it is one."""
    flood = read(10_000_000, rate)
    assert flood.rested < MOST_REST
    assert flood.seconds < 10_000_000 / rate * 1.1 + 0.3


def test_rare_pieces_never_rest() -> None:
    """What comes less often than a rest takes is told as it comes."""
    assert read(10_000, 200 / LEAST_REST / 1.1).rested == 0


def test_the_first_pieces_hardly_wait() -> None:
    """A rest is never longer than the stream is old."""
    rhythm = ReadingRhythm()
    rests = []
    for now in (7.0, 7.001, 7.003, 7.007, 7.5, 7.501):
        rhythm.came(b"token")
        rests.append(round(rhythm.rest(now), 6))
    assert rests == [0, 0.001, 0.003, 0.007, 0, LEAST_REST]
