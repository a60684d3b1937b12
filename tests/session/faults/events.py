"""Events of a stream that are strange, or errors."""

from __future__ import annotations

from collections.abc import Mapping

from mibyan_jupyter.errors import (
    APIResponseError,
)
from tests.fake_mibyan import DONE
from tests.fake_mibyan.wire import chunk, sse
from tests.session.faults.fault import (
    HELLO,
    KEY,
    STOP,
    WHOLE,
    at_index,
    events,
    first_choice,
    full,
    kept,
    none,
)

STRAY: Mapping[str, bytes] = {
    "null chunk": b"data: null\n\n",
    "list chunk": b"data: [1, null]\n\n",
    "str chunk": b'data: "str"\n\n',
    "number chunk": b"data: 1e999\n\n",
    "missing choices": sse({"id": "x"}),
    "null choices": sse({"choices": None}),
    "empty choices": sse({"choices": []}),
    "null choice": sse({"choices": [None]}),
    "str choices": sse({"choices": "abc"}),
    "missing delta": sse(first_choice()),
    "null delta": sse(first_choice(delta=None)),
    "list delta": sse(first_choice(delta=[1])),
    "missing content": sse(first_choice(delta={})),
    "null content": sse(first_choice(delta={"content": None})),
    "number content": sse(first_choice(delta={"content": 7})),
    "usage-only chunk": sse({"choices": [], "usage": {"total_tokens": 3}}),
    "hostile usage": sse({"choices": [], "usage": {"total_tokens": 1e400, "prompt_tokens": "x"}}),
    "choice index 1": sse(at_index(1, "other")),
    "hostile index": sse({"choices": [{"index": "zero", "delta": {}}]}),
    "role-only": sse(chunk(role="assistant")),
    "reasoning_content": sse(first_choice(delta={"reasoning_content": "hm"})),
    "null error": sse({"error": None, "choices": []}),
    "ping event": b'event: ping\ndata: {"type": "ping"}\n\n',
    "empty data": b"data:\n\n",
    "comment-only block": b": keep-alive\n\n",
    "retry-only block": b"retry: 1000\n\n",
    "id-only block": b"id: 7\n\n",
    "unknown field": b"foo: bar\n\n",
    "deep nesting": b"data: " + b"[" * 100_000 + b"\n\n",
}
TOLERATED = [
    *(
        full(
            f"{name}, before and amid the text",
            events(stray, sse(chunk("Hel")), stray, sse(chunk("lo")), stray, STOP, stray, DONE),
        )
        for name, stray in STRAY.items()
        if name != "deep nesting"
    ),
    full("double [DONE]", events(*WHOLE, DONE)),
    full("data after [DONE]", events(*WHOLE, sse(chunk("never")))),
    full("[DONE] without a reason", events(HELLO, DONE)),
    full("a reason without [DONE]", events(HELLO, STOP)),
    full("an error after the end", events(HELLO, STOP, sse({"error": {"message": "late"}}))),
    full(
        "numbered from 1 throughout", events(sse(at_index(1, "Hel")), sse(at_index(1, "lo")), DONE)
    ),
    none("only pings", events(STRAY["ping event"], DONE), APIResponseError, "not a chat"),
    none("only strings", events(STRAY["str chunk"], DONE), APIResponseError, "not a chat"),
    none("role-only", events(sse(chunk(role="assistant")), DONE), APIResponseError, "no text"),
    none("reasoning only", events(STRAY["reasoning_content"], DONE), APIResponseError, "no text"),
    kept(
        "an error object",
        events(HELLO, sse({"error": {"message": "over\x1b[1mloaded"}})),
        APIResponseError,
        "over[1mloaded",
    ),
    kept("an error object with the key", events(HELLO, sse({"error": {"message": f"bad {KEY}"}}))),
    kept(
        "an error string",
        events(HELLO, sse({"error": "overloaded"})),
        APIResponseError,
        "overloaded",
    ),
    kept(
        "event: error",
        events(HELLO, b'event: error\ndata: {"message": "overloaded"}\n\n'),
        APIResponseError,
        "overloaded",
    ),
    kept(
        "event: error in plain words",
        events(HELLO, b"event: error\ndata: overloaded\n\n"),
        APIResponseError,
        "overloaded",
    ),
    kept(
        "event: error that is empty",
        events(HELLO, b"event: error\ndata:\n\n"),
        APIResponseError,
        "error",
    ),
    kept(
        "bad JSON chunk",
        events(HELLO, b"data: {RAW BODY}\n\n", sse(chunk("never")), DONE),
        APIResponseError,
        "cannot be read",
    ),
    kept("deep nesting", events(HELLO, STRAY["deep nesting"]), APIResponseError, "cannot be read"),
    none(
        "an error object first",
        events(sse({"error": {"message": "overloaded"}})),
        APIResponseError,
        "overloaded",
    ),
    none("bad JSON chunk first", events(b"data: {RAW BODY}\n\n"), APIResponseError, "not a chat"),
]
