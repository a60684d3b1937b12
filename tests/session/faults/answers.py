"""The server answers, and something is wrong with it."""

from __future__ import annotations

import gzip
import json
import zlib

from mibyan_jupyter.errors import (
    APIConnectionError,
    APIResponseError,
)
from tests.fake_mibyan import DONE, SSE_HEADERS, Close, Hold, Pause, Reply, Reset
from tests.fake_mibyan.wire import chunk, http_chunk, sse
from tests.session.faults.fault import (
    BOMB,
    HELLO,
    RAW,
    SPOKEN,
    STOP,
    TEXT,
    WHOLE,
    a_tool_call,
    completion,
    events,
    first_choice,
    flushed,
    full,
    kept,
    none,
    page,
)

NO_ANSWER = [
    none("200 with a login page", page(RAW), APIResponseError, "not a chat completion", "html"),
    none("a login page that never ends", events(b"<html>", Hold(), Content_Type="text/html")),
    none("empty body", page(b"", "application/json"), APIResponseError, "not a chat completion"),
    none("empty event stream", events(), APIResponseError, "not a chat completion"),
    none("JSON without choices", page({"hello": 1}, "application/json"), APIResponseError, "not a"),
    none("JSON null", page(b"null", "application/json"), APIResponseError, "not a"),
    none("JSON list", page([1, 2], "application/json"), APIResponseError, "not a"),
    none("JSON that is cut", page(b'{"choices": [{"mess', "application/json")),
    none("JSON error object", page({"error": {"message": "so"}}, "application/json")),
    none("plain text", page("Hello", "text/plain"), APIResponseError, "not a", "text/plain"),
    none("binary", page(bytes(range(256)), "application/octet-stream"), APIResponseError, "octet"),
    none(
        "an event stream that is named HTML",
        events(*WHOLE, Content_Type="text/html"),
        APIResponseError,
        "not a chat completion",
        "text/html",
    ),
    none(
        "an event stream that is named plain text",
        events(*WHOLE, Content_Type="text/plain"),
        APIResponseError,
        "not a chat completion",
        "text/plain",
    ),
    none(
        "an event stream of no known type",
        events(*WHOLE, Content_Type="application/octet-stream"),
        APIResponseError,
        "not a chat completion",
        "octet-stream",
    ),
    none(
        "JSON that is named HTML",
        page(completion(message=SPOKEN), "text/html"),
        APIResponseError,
        "not a chat completion",
        "text/html",
    ),
    none("html named an event stream", page(RAW, "text/event-stream"), APIResponseError, "not a"),
    none("compressed in an unknown way", events(HELLO, Content_Encoding="br")),
    none("gzip that is none", events(HELLO, Content_Encoding="gzip")),
    none("no HTTP at all", Reply.wire([b"SSH-2.0-RAW BODY\r\n\r\n"]), APIConnectionError, "HTTP"),
    none("closed without an answer", Reply.wire([Close()]), APIConnectionError, "closed"),
    none("reset without an answer", Reply.wire([Reset()]), APIConnectionError, "reset"),
    none("closed in the head", Reply.wire([b"HTTP/1.1 200 OK\r\nCo", Close()]), APIConnectionError),
    full("JSON to a streaming request", page(completion(message=SPOKEN), "application/json")),
    full("JSON of an unnamed type", Reply.raw([json.dumps(completion(message=SPOKEN)).encode()])),
    full(
        "JSON with a BOM",
        page(b"\xef\xbb\xbf" + json.dumps(completion(message=SPOKEN)).encode(), "application/json"),
    ),
    full("an event stream that is named JSON", events(*WHOLE, Content_Type="application/json")),
]

BROKEN = [
    kept("clean end without reason and [DONE]", events(HELLO), APIResponseError, "cut off"),
    kept("cut in a line", events(HELLO, b'data: {"choi'), APIResponseError, "cut off"),
    none("reset before an answer", Reply.wire([Reset()]), APIConnectionError, "reset", "https://"),
    kept("reset", events(HELLO, Pause(0.05), Reset()), APIConnectionError, "reset"),
    kept(
        "chunked cut",
        Reply.raw(
            [http_chunk(HELLO), b"ff\r\ndata: ", Close()],
            headers={**SSE_HEADERS, "Transfer-Encoding": "chunked"},
        ),
        *(APIConnectionError, "closed"),
    ),
    kept(
        "a chunk that is none",
        Reply.raw(
            [http_chunk(HELLO), b"RAW BODY\r\n"],
            headers={**SSE_HEADERS, "Transfer-Encoding": "chunked"},
        ),
        *(APIConnectionError, "HTTP"),
    ),
    kept(
        "a promised length that is cut",
        events(HELLO, Close(), Content_Length="9999"),
        *(APIConnectionError, "closed"),
    ),
    kept(
        "bad gzip after text",
        events(flushed(HELLO) + b"\xff" * 99, Content_Encoding="gzip"),
        *(APIResponseError, "compressed"),
    ),
    kept("gzip that is cut", events(flushed(HELLO), Content_Encoding="gzip")),
    none("bad gzip before any text", events(BOMB[:1000] + b"\xff" * 99, Content_Encoding="gzip")),
    full("gzip", events(gzip.compress(b"".join(WHOLE)), Content_Encoding="gzip")),
    full("deflate", events(zlib.compress(b"".join(WHOLE)), Content_Encoding="deflate")),
    full("a reset after the finish reason", events(HELLO, STOP, Pause(0.05), Reset())),
]

REASONS = [
    kept("length", Reply.stream([TEXT], finish_reason="length"), None, reason="length"),
    kept(
        "filter",
        Reply.stream([TEXT], finish_reason="content_filter"),
        None,
        reason="content_filter",
    ),
    kept("an unknown reason", Reply.stream([TEXT], finish_reason="eos"), None, reason="eos"),
    kept(
        "a hostile reason",
        Reply.stream([TEXT], finish_reason="\x1b[31m<b>" + "x" * 99),
        None,
        reason="[31m<b>" + "x" * 33,
    ),
    kept(
        "length, then a reset",
        events(sse(chunk(TEXT, finish_reason="length")), Reset()),
        None,
        reason="length",
    ),
    none(
        "tool_calls",
        events(sse(a_tool_call(finish_reason="tool_calls")), DONE),
        APIResponseError,
        "not supported",
    ),
    none(
        "a tool call that ends with stop",
        events(sse(a_tool_call()), STOP, DONE),
        APIResponseError,
        "not supported",
    ),
    none(
        "a tool call without a reason",
        events(sse(a_tool_call()), DONE),
        APIResponseError,
        "not supported",
    ),
    none(
        "function_call",
        events(
            sse(
                first_choice(delta={"function_call": {"name": "f"}}, finish_reason="function_call")
            ),
            DONE,
        ),
        APIResponseError,
        "not supported",
    ),
    none(
        "tool_calls in JSON",
        page(completion(message={"content": None, "tool_calls": [{}]}), "application/json"),
        APIResponseError,
        "not supported",
    ),
    none(
        "length without text", Reply.stream([], finish_reason="length"), APIResponseError, "no text"
    ),
    none("stop without text", Reply.stream([]), APIResponseError, "no text"),
]
