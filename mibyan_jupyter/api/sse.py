"""Server-sent events, decoded as WHATWG says, without I/O.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

Lines end at CR, LF or CRLF and nowhere else (`str.splitlines` and `iter_lines` also cut at U+2028,
which is legal inside JSON). The result does not depend on how the network cut the bytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

EVENT_BYTES = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")


class ServerSentEvent(NamedTuple):
    """One dispatched event; `event` is its type, `data` its lines joined with LF."""

    data: str
    event: str = "message"
    last_event_id: str = ""


class SSEDecoder:
    """Bytes in, whole events out: `feed` each piece as it comes.

    An event that its blank line never ended is dropped, as the specification says; `retry` is the
    reconnection time in milliseconds that the server wished for, or None. `overflowed` tells that
    an event, or a line of any kind, grew beyond `most_bytes`: nothing more is read then.
    """

    def __init__(self, most_bytes: int = EVENT_BYTES) -> None:
        self.retry: int | None = None
        self.overflowed = False
        self._most_bytes = most_bytes
        self._open_line: list[bytes] = []  # pieces of the line that has not ended
        self._open_bytes = 0
        self._data_bytes = 0
        self._after_cr = False  # a LF that comes next belongs to that CR
        self._at_start = True
        self._data: list[str] = []
        self._event = ""
        self._last_event_id = ""

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that `piece` completes."""
        events: list[ServerSentEvent] = []
        for line in self._ended_lines(piece):
            if self.overflowed or self._data_bytes + len(line) > self._most_bytes:
                self.overflowed = True
                return events
            if line:
                self._take_field(line)
            elif (event := self._dispatch()) is not None:
                events.append(event)
        if self._data_bytes + self._open_bytes > self._most_bytes:
            self.overflowed = True
        return events

    def _ended_lines(self, piece: bytes) -> list[bytes]:
        if self._after_cr and piece:
            piece = piece.removeprefix(b"\n")
            self._after_cr = False
        if not piece:
            return []
        self._after_cr = piece.endswith(b"\r")
        first, *others = _LINE_END.split(piece) if b"\r" in piece else piece.split(b"\n")
        self._open_line.append(first)
        self._open_bytes += len(first)
        if not others:
            return []
        ended = [b"".join(self._open_line), *others[:-1]]
        self._open_line, self._open_bytes = [others[-1]], len(others[-1])
        if self._at_start:
            self._at_start = False
            ended[0] = ended[0].removeprefix(_BOM)
        return ended

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            self._data_bytes += len(line)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._last_event_id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value)

    def _dispatch(self) -> ServerSentEvent | None:
        data, event = self._data, self._event or "message"
        self._data, self._event, self._data_bytes = [], "", 0
        if not data:
            return None
        return ServerSentEvent("\n".join(data), event, self._last_event_id)
