"""Compressed bodies, a bounded piece at a time."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.inflate import PIECE_BYTES, Inflater
from mibyan_jupyter.errors import APIResponseError

MIB = 1024 * 1024


def inflated(encoding: str, *raw: bytes) -> list[bytes]:
    inflater = Inflater(encoding)
    return [piece for each in raw for piece in inflater.pieces(each)]


@given(st.binary(), st.integers(1, 50))
def test_any_cut_gives_the_same_bytes(body: bytes, size: int) -> None:
    """Compressed either way, and cut anywhere."""
    for encoding, raw in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body))):
        cut = [raw[place : place + size] for place in range(0, len(raw), size)]
        assert b"".join(inflated(encoding, *cut)) == body


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_what_is_not_compressed_passes_as_it_is(encoding: str) -> None:
    """Piece by piece, whatever the size."""
    big = bytes(3 * PIECE_BYTES)
    assert inflated(encoding, b"a", big) == [b"a", big]


def test_a_bomb_comes_in_small_pieces() -> None:
    """A small piece that holds much never is in memory as a whole."""
    bomb = gzip.compress(bytes(20 * MIB))
    sizes = [len(piece) for piece in inflated("gzip", bomb)]
    assert max(sizes) == PIECE_BYTES
    assert sum(sizes) == 20 * MIB


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 999, "\x1b[31m"])
def test_other_encodings_are_refused(encoding: str) -> None:
    """None was asked for; the error names it in a few printable characters."""
    with pytest.raises(APIResponseError) as raised:
        Inflater(encoding)
    assert len(str(raised.value)) < 250
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_came_before_a_broken_place_is_given_out(size: int) -> None:
    """However the bytes are cut; then comes the error."""
    gz = zlib.compressobj(wbits=31)
    body = b"the whole first half " * 99
    raw = gz.compress(body) + gz.flush(zlib.Z_SYNC_FLUSH) + b"\xff" * 50
    cut = [raw[place : place + size] for place in range(0, len(raw), size)]
    came: list[bytes] = []
    with pytest.raises(APIResponseError):
        inflate_into(came, cut)
    assert b"".join(came) == body


def inflate_into(came: list[bytes], cut: list[bytes]) -> None:
    inflater = Inflater("gzip")
    for raw in cut:
        came.extend(inflater.pieces(raw))
