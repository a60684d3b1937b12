"""What the wire carries, as pure functions: chunks, events, heads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import responses
from typing import Any

MODEL = "mibyan-4.1"
CREATED = 1_677_652_288
SSE_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
JSON_HEADERS = {"Content-Type": "application/json"}
USAGE = {"prompt_tokens": 15, "completion_tokens": 10, "total_tokens": 25}

DONE = b"data: [DONE]\n\n"
CHUNKED = {"Transfer-Encoding": "chunked"}


def sse(event: object) -> bytes:
    """One server-sent event that holds `event` as JSON, or as it is when it is a str."""
    data = event.encode() if isinstance(event, str) else json_bytes(event)
    return b"data: " + data + b"\n\n"


def chunk(
    content: str | None = None,
    *,
    role: str | None = None,
    finish_reason: str | None = None,
    usage: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One `chat.completion.chunk` object."""
    delta = {"role": role, "content": content}
    value: dict[str, Any] = {
        "id": "chatcmpl-fake",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "delta": {key: text for key, text in delta.items() if text is not None},
                "finish_reason": finish_reason,
            }
        ],
    }
    if usage is not None:
        value["usage"] = dict(usage)
    return value


def json_bytes(value: object) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate travels only as an escape
        return json.dumps(value).encode()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    reason = responses.get(status, "Unknown")
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {text}" for name, text in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def http_chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)
