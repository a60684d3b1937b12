"""The bytes of a response's body, uncompressed a bounded piece at a time.

httpx would undo a compressed piece in one go: 64 kB from the network may hold 64 MB.
"""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING

from mibyan_jupyter.errors import APIResponseError
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE_BYTES = 64 * 1024
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class Inflater:
    """Undoes the content encoding that a server chose, though none was asked for.

    Raises APIResponseError for an encoding that is unknown, or bytes that are not in it.
    """

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise APIResponseError(
                f"The answer is compressed in an unknown way: {one_line(encoding, 50)}.",
                "Check the base URL with %mibyan status; a proxy may have done it.",
            )
        plain = encoding in ("", "identity")
        self._zlib = None if plain else zlib.decompressobj(wbits=_GZIP_OR_ZLIB)

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        """What `raw` holds, in pieces of at most PIECE_BYTES where it was compressed."""
        if self._zlib is None:
            yield raw
            return
        full = True
        while full or raw:
            before = self._zlib.copy()
            try:
                piece = self._zlib.decompress(raw, PIECE_BYTES)
            except zlib.error:
                yield _whole_part(before, raw)
                raise APIResponseError(
                    "The answer broke off: it is compressed in a way that cannot be undone.",
                    "Ask again with %mibyan retry.",
                ) from None
            raw = self._zlib.unconsumed_tail
            full = len(piece) == PIECE_BYTES
            if piece:
                yield piece


def _whole_part(inflater: zlib._Decompress, raw: bytes) -> bytes:
    """What `raw` holds before the place where it is broken."""
    came = []
    with contextlib.suppress(zlib.error):
        for place in range(len(raw)):
            came.append(inflater.decompress(raw[place : place + 1]))  # noqa: PERF401 - it may raise
    return b"".join(came)
