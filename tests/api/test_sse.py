"""The SSE decoder against the WHATWG specification's rules and examples.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.sse import ServerSentEvent, SSEDecoder

Event = ServerSentEvent
CASES = {
    "one line": (b"data: a\n\n", [Event("a")]),
    "the specification's stock ticker": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        [Event("YHOO\n+2\n10")],
    ),
    "its four blocks: comment, id, reset id, dropped end": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
        [Event("first event", last_event_id="1"), Event("second event")],
    ),
    "its two empty events and the dropped third": (
        b"data\n\ndata\ndata\n\ndata:",
        [Event(""), Event("\n")],
    ),
    "its space after the colon is optional": (
        b"data:test\n\ndata: test\n\n",
        [Event("test"), Event("test")],
    ),
    "only one space is removed": (b"data:  a\n\n", [Event(" a")]),
    "event types": (
        b"event: add\ndata: 1\n\nevent: remove\ndata: 2\n\ndata: 3\n\n",
        [Event("1", "add"), Event("2", "remove"), Event("3")],
    ),
    "an event without data is not dispatched, and its type is forgotten": (
        b"event: ping\n\ndata: a\n\n",
        [Event("a")],
    ),
    "CRLF": (b"data: a\r\ndata: b\r\n\r\n", [Event("a\nb")]),
    "CR, the last one at the very end": (b"data: a\rdata: b\r\r", [Event("a\nb")]),
    "mixed line ends": (b"data: a\r\ndata: b\rdata: c\n\r\n", [Event("a\nb\nc")]),
    "a BOM at the start only": (
        b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n",
        [Event("a")],
    ),
    "comments and unknown fields": (b": hi\nfoo: bar\ndata: a\n:\n\n", [Event("a")]),
    "a field name is exact": (b"Data: a\n data: b\ndata : c\n\n", []),
    "colons in the value": (b"data: a: b\n\n", [Event("a: b")]),
    "the last id stays": (
        b"id: 7\ndata: a\n\ndata: b\n\n",
        [Event("a", last_event_id="7"), Event("b", last_event_id="7")],
    ),
    "an id with NUL is ignored": (b"id: 7\x00\ndata: a\n\n", [Event("a")]),
    "U+2028, U+0085 and VT end no line": (
        "data: a\u2028b\u0085c\x0bd\n\n".encode(),
        [Event("a\u2028b\u0085c\x0bd")],
    ),
    "bytes that are no UTF-8": (b"data: a\xff\xc3\n\n", [Event("a\ufffd\ufffd")]),
    "an unfinished event is dropped": (b"data: a\n\ndata: b\n", [Event("a")]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("stream", "expected"), CASES.values(), ids=CASES.keys())
def test_a_stream_gives_its_events_however_it_is_cut(
    stream: bytes, expected: list[ServerSentEvent]
) -> None:
    """Whole, byte by byte, and cut once at every place, the events are the specification's."""
    cuts = [[0, len(stream)], list(range(len(stream) + 1))]
    cuts += [[0, place, len(stream)] for place in range(len(stream) + 1)]
    for places in cuts:
        decoder = SSEDecoder()
        events = [e for a, b in pairwise(places) for e in decoder.feed(stream[a:b])]
        assert events == expected


@given(
    st.lists(
        st.sampled_from(
            [b"data: x", b"\n", b"\r", b"\r\n", b"id: 1", b":", b"\xef\xbb\xbf", b"\xe2\x80\xa8"]
        )
    ),
    st.data(),
)
def test_any_cut_of_any_stream_gives_the_same_events(
    parts: list[bytes], data: st.DataObject
) -> None:
    """How the network cuts the bytes never changes the events."""
    stream = b"".join(parts)
    whole = SSEDecoder().feed(stream)
    places = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    decoder = SSEDecoder()
    cut = [
        event for a, b in pairwise([0, *places, len(stream)]) for event in decoder.feed(stream[a:b])
    ]
    assert cut == whole


def test_an_event_is_there_as_soon_as_its_blank_line_is() -> None:
    """No byte after the blank line is needed, also where lines end in CR."""
    for stream in (b"data: a\n\n", b"data: a\r\r", b"data: a\r\n\r\n"):
        assert SSEDecoder().feed(stream) == [Event("a")]


def test_retry_is_digits_only() -> None:
    """`retry` is taken when it is all digits, and ignored otherwise."""
    decoder = SSEDecoder()
    decoder.feed(b"retry: 2500\nretry: 1s\nretry:\n\n")
    assert decoder.retry == 2500
