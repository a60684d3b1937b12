"""Hostile bodies cost time in proportion to their size, and no more than their cap."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

import pytest

from mibyan_jupyter.api.decoder import CompletionDecoder
from mibyan_jupyter.api.inflate import Inflater
from mibyan_jupyter.api.sse import EVENT_BYTES, SSEDecoder
from tests.fake_mibyan import chunk, sse

KB = 1024
SMALL = sse(chunk("x"))


def in_pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[place : place + size] for place in range(0, len(body), size))


def decode(body: bytes, size: int, content_type: str = "text/event-stream") -> CompletionDecoder:
    decoder = CompletionDecoder(content_type)
    for piece in in_pieces(body, size):
        decoder.feed(piece)
        if decoder.ended:
            break
    decoder.finish()
    return decoder


BODIES: dict[str, tuple[Callable[[int], bytes], int]] = {
    "one line": (lambda n: b"data: " + b"x" * n, 64 * KB),
    "one line a byte at a time": (lambda n: b"data: " + b"x" * (n // 8), 1),
    "one event of short lines": (lambda n: b"data: x\n" * (n // 8), 64 * KB),
    "one event of empty lines": (lambda n: b"data\n" * (n // 16), 64 * KB),
    "comments": (lambda n: b":\n" * (n // 4), 64 * KB),
    "carriage returns": (lambda n: b"\r" * (n // 4), 64 * KB),
    "alternating line ends": (lambda n: b"\r\n\n\r" * (n // 16), 3),
    "small chunks": (lambda n: SMALL * (n // len(SMALL)), 64 * KB),
    "small chunks a byte at a time": (lambda n: SMALL * (n // 8 // len(SMALL)), 1),
    "one chunk": (lambda n: sse(chunk("x" * n)), 64 * KB),
    "nesting": (lambda n: sse("[" * n), 64 * KB),
    "quotes": (lambda n: sse('{"a": "' + '\\"' * (n // 2)), 64 * KB),
    "digits": (lambda n: sse("9" * n), 64 * KB),
    "blanks": (lambda n: b" \n" * (n // 2), 64),
}


def seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return median(once() for _ in range(3))


@pytest.mark.parametrize("name", BODIES)
def test_time_grows_with_the_size(name: str) -> None:
    """Four times the bytes take about four times as long, at three sizes."""
    body, size = BODIES[name]
    times = [seconds(lambda n=n: decode(body(n), size)) for n in (128 * KB, 512 * KB, 2048 * KB)]
    for smaller, larger in pairwise(times):
        assert larger < max(4 * 2 * smaller, 0.05), times


def test_a_json_body_a_byte_at_a_time() -> None:
    """Collected, and parsed once."""
    times = [
        seconds(lambda n=n: decode(b'{"a": "' + b"x" * n, 1, "application/json"))
        for n in (50 * KB, 200 * KB, 800 * KB)
    ]
    assert times[2] < max(16 * 2 * times[0], 0.05), times


def test_a_bomb_costs_no_more_than_its_cap() -> None:
    """Five times the bomb takes no longer: nothing is undone beyond the cap."""

    def cost(size: int) -> float:
        raw = gzip.compress(b"data: " + bytes(size))
        return seconds(lambda: list(until_overflow(raw)))

    small, large = cost(40 * KB * KB), cost(200 * KB * KB)
    assert large < max(2 * small, 0.2)


def until_overflow(raw: bytes) -> Iterator[int]:
    decoder = SSEDecoder()
    for piece in Inflater("gzip").pieces(raw):
        decoder.feed(piece)
        yield len(piece)
        if decoder.overflowed:
            return


@pytest.mark.parametrize("size", [1 * KB, 64 * KB, 100 * KB * KB])
@pytest.mark.parametrize(("over", "overflowed"), [(0, False), (1, True)])
def test_the_cap_of_an_event_is_exact(size: int, over: int, overflowed: bool) -> None:
    """However the network cuts it, in one line or in many."""
    line = b"data: " + b"x" * (EVENT_BYTES - 6 + over)
    half = b"data: " + b"x" * (EVENT_BYTES // 2 - 6)
    for body in (line + b"\n\n", half + b"\n" + half + b"y" * over + b"\n\n"):
        decoder = SSEDecoder()
        events = [event for piece in in_pieces(body, size) for event in decoder.feed(piece)]
        assert decoder.overflowed is overflowed
        assert len(events) == (not overflowed)
