"""How bytes come: silence, cuts, encodings, sizes."""

from __future__ import annotations

import json

from mibyan_jupyter.errors import (
    APIConnectionError,
    APIResponseError,
    APITimeoutError,
)
from tests.fake_mibyan import DONE, Hold, Pause, Reply
from tests.fake_mibyan.wire import chunk, sse
from tests.session.faults.fault import (
    BOMB,
    FILLER,
    HELLO,
    MIB,
    SPOKEN,
    TEXT,
    TEXT_THEN_BOMB,
    WHOLE,
    bytewise,
    completion,
    compressed,
    events,
    first_choice,
    full,
    kept,
    none,
    with_newlines,
)

SILENCE = [
    kept("idle after text", events(HELLO, Hold()), APITimeoutError, "sent no text", "idle_timeout"),
    kept(
        "only keep-alive comments",
        events(HELLO, *[b": keep-alive\n\n", Pause(0.05)] * 99),
        APITimeoutError,
        "sent no text",
    ),
    kept(
        "only pings after text",
        events(HELLO, *[sse({"type": "ping"}), Pause(0.05)] * 99),
        APITimeoutError,
    ),
    kept("only empty deltas", events(HELLO, *[sse(chunk("")), Pause(0.05)] * 99), APITimeoutError),
    kept(
        "a trickle that ends no line",
        events(HELLO, b"data: ", *[b"x", Pause(0.05)] * 99),
        APITimeoutError,
    ),
    none("comments and no text", events(*[b": keep-alive\n\n", Pause(0.05)] * 99), APITimeoutError),
    none("no headers ever", Reply.wire([Hold()]), APITimeoutError, "127.0.0.1:", "sent no text"),
    none("no body ever", events(Hold()), APITimeoutError),
    none(
        "headers that trickle",
        Reply.wire([b"HTTP/1.1 200 OK\r\nX: ", *[b"x", Pause(0.05)] * 99]),
        APITimeoutError,
    ),
    none(
        "blanks before JSON that never comes",
        events(*[b" ", Pause(0.05)] * 99, Content_Type="application/json"),
        APITimeoutError,
    ),
    full(
        "a slow answer",
        events(*[step for letter in TEXT for step in (sse(chunk(letter)), Pause(0.2))], DONE),
    ),
]

BYTES = [
    full("BOM", events(b"\xef\xbb\xbf", *WHOLE)),
    full("CR", events(with_newlines(b"\r"))),
    full("CRLF", events(with_newlines(b"\r\n"))),
    full("1-byte pieces", events(*bytewise(b"".join(WHOLE)))),
    full(
        "1-byte pieces of JSON",
        events(
            *bytewise(json.dumps(completion(message=SPOKEN)).encode()),
            Content_Type="application/json",
        ),
    ),
    full(
        "UTF-8 cut anywhere",
        events(*bytewise(sse(chunk("é\u2028🎉مرحبا")) + DONE)),
        text="é\u2028🎉مرحبا",
    ),
    full("invalid UTF-8", events(sse(chunk("a@b")).replace(b"@", b"\xff"), DONE), text="a\ufffdb"),
    full("lone surrogates", events(sse(chunk("a\ud83db")), DONE), text="a\ufffdb"),
    full(
        "a surrogate pair in two chunks",
        events(sse(chunk("\ud83d")), sse(chunk("\ude00")), DONE),
        text="😀",
    ),
    full("NUL and ESC, escaped", events(sse(chunk("a\x00\x1b[31mb")), DONE), text="a[31mb"),
    full(
        "NUL and ESC, raw",
        events(sse(chunk("a@b")).replace(b"@", b"\x00\x1b[31m"), DONE),
        text="a[31mb",
    ),
    full("a raw tab", events(sse(chunk("a@b")).replace(b"@", b"\t"), DONE), text="a\tb"),
    full("U+2028 and U+0085", events(sse(chunk("a\u2028b\u2029c")), DONE), text="a\u2028b\u2029c"),
    full(
        "wrong charset",
        events(sse(chunk("é")), DONE, Content_Type="text/event-stream; charset=iso-8859-1"),
        text="é",
    ),
    full("data in two lines", events(HELLO.replace(b'"choices"', b'\ndata: "choices"'), DONE)),
    full(
        "no space after the colon", events(*[each.replace(b"data: ", b"data:") for each in WHOLE])
    ),
]

SIZES = [
    full("a line of 7 MB", events(sse(chunk("x" * 7_000_000)), DONE), text="x" * 7_000_000),
    none("a line of 10 MB", events(sse(chunk("x" * 10_000_000)), DONE), APIResponseError, "8 MiB"),
    kept(
        "a line of 10 MB after text",
        events(HELLO, sse(chunk("x" * 10_000_000)), DONE),
        APIResponseError,
        "8 MiB",
    ),
    none(
        "an event of many lines",
        events(*[b"data: " + b"x" * 65_000 + b"\n"] * 160),
        APIResponseError,
        "8 MiB",
    ),
    none("gzip bomb", events(BOMB, Content_Encoding="gzip"), APIResponseError, "8 MiB"),
    kept(
        "gzip bomb after text",
        events(TEXT_THEN_BOMB, Content_Encoding="gzip"),
        APIResponseError,
        "8 MiB",
    ),
    none(
        "a JSON bomb",
        events(
            compressed([b'{"a": "', *[b"x" * MIB] * 99]),
            Content_Encoding="gzip",
            Content_Type="application/json",
        ),
        APIResponseError,
        "64 MiB",
    ),
    none(
        "2 MB header",
        Reply.raw([], headers={"X-Long": "x" * 2_000_000}),
        APIConnectionError,
        "header",
    ),
    none(
        "100 000 headers",
        Reply.raw([], headers={f"X-{n}": "x" for n in range(100_000)}),
        APIConnectionError,
        "header",
    ),
    kept("endless stream", events(*[FILLER] * 2000), APIResponseError, "64 MiB", text="*"),
    none(
        "endless thought",
        events(*[sse(first_choice(delta={"reasoning_content": "x" * 60_000}))] * 2000),
        APIResponseError,
        "64 MiB",
    ),
]
