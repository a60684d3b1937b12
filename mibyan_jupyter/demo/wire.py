"""Request and response bodies of `POST /chat/completions`, as pure functions.

The shapes are those of the OpenAI Chat Completions API, which Mibyan's is compatible with.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MODEL = "mibyan-demo"
"""The `model` of every response, so that no footer names a model that did not answer."""

_TOKEN = re.compile(r"\s*\S{1,5}|\s+")
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})


class BadRequestError(Exception):
    """A body that breaks the protocol; `param` is the field at fault."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


@dataclass(frozen=True)
class Message:
    """One message of the conversation, its text parts joined."""

    role: str
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """A valid request body."""

    messages: tuple[Message, ...]
    stream: bool

    def texts_of(self, *roles: str) -> list[str]:
        """The contents of the messages with one of these roles, in order."""
        return [message.content for message in self.messages if message.role in roles]


def parse_request(body: bytes) -> ChatRequest:
    """Check a body; raises BadRequestError with a sentence for whoever wrote the client."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BadRequestError("The request body must be a JSON object.")
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequestError("'messages' must be a list with at least one message.", "messages")
    stream = value.get("stream")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequestError("'stream' must be true or false.", "stream")
    return ChatRequest(
        tuple(_message(item, f"messages[{number}]") for number, item in enumerate(messages)),
        bool(stream),
    )


def _message(item: object, where: str) -> Message:
    if not isinstance(item, dict):
        raise BadRequestError(f"'{where}' must be an object with role and content.", where)
    role = item.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise BadRequestError(f"'{where}.role' must be system, user or assistant.", f"{where}.role")
    return Message(role, _whole_characters(_text(item.get("content"), f"{where}.content")))


def _text(content: object, where: str) -> str:
    match content:
        case str():
            return content
        case None:
            return ""
        case list():
            parts = [part.get("text") for part in content if isinstance(part, dict)]
            return "\n".join(part for part in parts if isinstance(part, str))
    raise BadRequestError(f"'{where}' must be a string or a list of parts.", where)


def _whole_characters(text: str) -> str:
    """Join surrogate pairs and replace lone ones, which no reply could quote as UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def tokens_of(text: str) -> list[str]:
    """Cut `text` into pieces of a token's size; joined, they are `text` again."""
    return _TOKEN.findall(text)


def usage_of(request: ChatRequest, completion_tokens: int) -> dict[str, int]:
    """The `usage` object; tokens are estimated, about five letters each."""
    prompt_tokens = sum(len(tokens_of(message.content)) for message in request.messages)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


@dataclass(frozen=True)
class Envelope:
    """What all objects of one response share; `created` is in Unix seconds."""

    id: str
    created: int

    def completion(self, text: str, finish_reason: str, usage: dict[str, int]) -> dict[str, Any]:
        """A whole `chat.completion`."""
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage}

    def chunk(
        self,
        delta: dict[str, str],
        *,
        finish_reason: str | None = None,
        usage: dict[str, int] | None = None,
    ) -> dict[str, Any]:
        """One `chat.completion.chunk`."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        value = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return value if usage is None else {**value, "usage": usage}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}


def error_object(status: int, message: str, param: str | None = None) -> dict[str, Any]:
    """An error body as the OpenAI API shapes it."""
    kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(
        status, "server_error" if status >= 500 else "invalid_request_error"
    )
    return {"error": {"message": message, "type": kind, "param": param, "code": None}}


def json_bytes(value: object) -> bytes:
    """`value` as compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def event(value: object) -> bytes:
    """One server-sent event with `value` as its JSON data."""
    return b"data: " + json_bytes(value) + b"\n\n"


DONE = b"data: [DONE]\n\n"
