"""A row of the table, and what its servers send."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.errors import (
    APIResponseError,
    MibyanError,
)
from tests.fake_mibyan import DONE, SSE_HEADERS, Reply
from tests.fake_mibyan.replies import Step
from tests.fake_mibyan.wire import CREATED, MODEL, chunk, sse
from tests.session.network import Network

KEY = "mb-0123456789-abcdefghij"
RAW = "<html><b>RAW BODY</b></html>"
MIB = 1024 * 1024
TEXT = "Hello"


@dataclass(frozen=True)
class Fault:
    """One row.

    `replies` are played one a request, the last one again; `at` arranges a network instead and
    gives its base URL. `says` are words that the two lines hold.
    """

    name: str
    outcome: str
    replies: tuple[Reply, ...] = ()
    error: type[MibyanError] | None = None
    says: tuple[str, ...] = ()
    text: str = ""
    requests: int = 1
    at: Callable[[Network], str] | None = None
    reason: str | None = None


def none(
    name: str,
    reply: Reply | Callable[[Network], str],
    error: type[MibyanError] = APIResponseError,
    *says: str,
    requests: int = 1,
) -> Fault:
    if isinstance(reply, Reply):
        return Fault(name, "none", (reply,), error, says, requests=requests)
    return Fault(name, "none", (), error, says, at=reply, requests=0)


def kept(
    name: str,
    reply: Reply,
    error: type[MibyanError] | None = APIResponseError,
    *says: str,
    text: str = TEXT,
    reason: str | None = None,
) -> Fault:
    return Fault(name, "kept", (reply,), error, says, text, reason=reason)


def full(name: str, *replies: Reply, text: str = TEXT) -> Fault:
    return Fault(name, "full", replies, text=text, requests=len(replies))


# ---- bodies --------------------------------------------------------------------------------------

HELLO = sse(chunk(TEXT))
STOP = sse(chunk(finish_reason="stop"))
WHOLE = [HELLO, STOP, DONE]


def events(*steps: Step, **headers: str) -> Reply:
    """An event stream that ends with its connection."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.raw(steps, headers={**SSE_HEADERS, "Connection": "close", **named})


def page(
    body: bytes | str | object, content_type: str = "text/html", status: int = 200, **headers: str
) -> Reply:
    raw = body.encode() if isinstance(body, str) else body
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.status(status, raw, headers={"Content-Type": content_type, **named})


def refused(status: int, said: str = "because of this", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.status(status, {"error": {"message": said}}, headers=named)


def first_choice(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, **fields}]}


def at_index(index: int, text: str) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": {"content": text}}]}


def with_newlines(newline: bytes) -> bytes:
    return b"".join(WHOLE).replace(b"\n", newline)


def bytewise(body: bytes) -> list[bytes]:
    return [body[place : place + 1] for place in range(len(body))]


def compressed(body: Iterable[bytes]) -> bytes:
    gz = zlib.compressobj(9, wbits=31)
    return b"".join([*(gz.compress(piece) for piece in body), gz.flush()])


def flushed(body: bytes) -> bytes:
    """gzip that is whole as far as `body` goes, and not ended."""
    gz = zlib.compressobj(9, wbits=31)
    return gz.compress(body) + gz.flush(zlib.Z_SYNC_FLUSH)


def a_tool_call(**more: Any) -> dict[str, Any]:
    call = {"index": 0, "id": "c1", "function": {"name": "run", "arguments": "{}"}}
    return first_choice(delta={"content": None, "tool_calls": [call]}, **more)


def completion(**choice: Any) -> dict[str, Any]:
    body = {"id": "c", "object": "chat.completion", "created": CREATED, "model": MODEL}
    return {**body, **first_choice(finish_reason="stop", **choice)}


SPOKEN = {"role": "assistant", "content": TEXT}
BOMB = compressed([b"data: ", *[bytes(MIB)] * 200])
TEXT_THEN_BOMB = compressed([HELLO, b"data: ", *[bytes(MIB)] * 200])
FILLER = sse(chunk("x" * 60_000))
