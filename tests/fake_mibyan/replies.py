"""What the server does for one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tests.fake_mibyan.requests import RecordedRequest
from tests.fake_mibyan.wire import (
    CHUNKED,
    CREATED,
    DONE,
    JSON_HEADERS,
    MODEL,
    SSE_HEADERS,
    USAGE,
    chunk,
    head,
    http_chunk,
    json_bytes,
    sse,
)


@dataclass(frozen=True)
class Pause:
    """A step of a reply: send nothing for so many seconds.

    They count from the end of the pause before, so that a pace does not drift.
    """

    seconds: float


@dataclass(frozen=True)
class Hold:
    """A step of a reply: send nothing until `FakeMibyan.release()`."""


@dataclass(frozen=True)
class Reset:
    """A step of a reply: drop the connection with a TCP reset."""


@dataclass(frozen=True)
class Close:
    """A step of a reply: close the connection here, whatever was promised."""


Step = bytes | Pause | Hold | Reset | Close


@dataclass(frozen=True)
class Reply:
    """What the server does for one request: the steps, and whether the connection survives them."""

    steps: tuple[Step, ...]
    keeps_connection: bool = True

    @classmethod
    def stream(
        cls,
        deltas: Iterable[str],
        *,
        pause: float = 0.0,
        tokens_per_second: float | None = None,
        hold_after: int | None = None,
        finish_reason: str | None = "stop",
        usage: Mapping[str, Any] | None = None,
        done: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Server-sent `chat.completion.chunk` events: the role, the deltas, the end, `[DONE]`.

        `pause` (seconds) or `tokens_per_second` (one delta counts as one token) paces the deltas;
        `hold_after=2` stalls after the second one. With `finish_reason=None` and `done=False` the
        body just ends, cleanly.
        """
        wait = 1 / tokens_per_second if tokens_per_second else pause
        steps: list[Step] = [head(200, {**SSE_HEADERS, **CHUNKED, **(headers or {})})]
        steps.append(http_chunk(sse(chunk(role="assistant", content=""))))
        if hold_after == 0:
            steps.append(Hold())
        for number, delta in enumerate(deltas, start=1):
            if wait and number > 1:
                steps.append(Pause(wait))
            steps.append(http_chunk(sse(chunk(delta))))
            if number == hold_after:
                steps.append(Hold())
        ending = b""
        if finish_reason is not None or usage is not None:
            ending += sse(chunk(finish_reason=finish_reason, usage=usage))
        if done:
            ending += DONE
        # One write: a client that closes right after [DONE] has not left before the reply's end.
        steps.append((http_chunk(ending) if ending else b"") + http_chunk(b""))
        return cls(tuple(steps))

    @classmethod
    def json(
        cls,
        content: str | None,
        *,
        usage: Mapping[str, Any] | None = USAGE,
        finish_reason: str | None = "stop",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """One `chat.completion` object."""
        message = {"role": "assistant", "content": content}
        body: dict[str, Any] = {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": CREATED,
            "model": MODEL,
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
        }
        if usage is not None:
            body["usage"] = dict(usage)
        return cls.status(200, body, headers=headers)

    @classmethod
    def status(
        cls, code: int, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Any status; the body is bytes, a str, None (empty), or a value sent as JSON."""
        own: Mapping[str, str] = {}
        if body is None:
            content = b""
        elif isinstance(body, bytes):
            content = body
        elif isinstance(body, str):
            content, own = body.encode(), {"Content-Type": "text/html; charset=utf-8"}
        else:
            content, own = json_bytes(body), JSON_HEADERS
        start = head(code, {**own, "Content-Length": str(len(content)), **(headers or {})})
        return cls((start + content,))

    @classmethod
    def refused(cls, code: int, body: object = None) -> Self:
        """An error status that is not to be tried again."""
        return cls.status(code, body, headers={"x-should-retry": "false"})

    @classmethod
    def raw(
        cls,
        steps: Iterable[Step],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """An ordinary head, then the body's bytes as given; closing the connection ends it.

        `headers` replace the default ones (event stream, `Connection: close`), so a promise such
        as `Content-Length: 99` or `Transfer-Encoding: chunked` can be made and broken.
        """
        given = {**SSE_HEADERS, "Connection": "close"} if headers is None else headers
        return cls((head(status, given), *steps), keeps_connection=False)

    @classmethod
    def wire(cls, steps: Iterable[Step]) -> Self:
        """Everything as given, the status line included; `Reply.wire([Hold()])` never answers."""
        return cls(tuple(steps), keeps_connection=False)


Answer = Reply | Callable[[RecordedRequest], Reply]


def echo(request: RecordedRequest) -> Reply:
    """The reply when none is queued: it names the last user message, streamed if so asked."""
    try:
        words = f"You said: {request.prompt[:200]}".split(" ")
        streamed = bool(request.json.get("stream"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Reply.status(400, {"error": {"message": "The fake found no user message."}})
    deltas = [words[0], *(f" {word}" for word in words[1:])]
    return Reply.stream(deltas, usage=USAGE) if streamed else Reply.json("".join(deltas))
