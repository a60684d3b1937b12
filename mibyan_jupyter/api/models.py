"""The values of the chat-completions wire, with the wire's own names.

Parsing is tolerant: unknown fields are ignored, missing ones get an empty value. A stream's
`ChatCompletionChunk` and a whole `ChatCompletion` have the same face (`text`, `finish_reason`,
`usage`), so one loop reads both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

from mibyan_jupyter.text import one_line

Role = Literal["system", "user", "assistant"]

_THOUGHTS = frozenset({"reasoning_content", "reasoning", "refusal"})
_TOOLS = frozenset({"tool_calls", "function_call"})
_MOST_WORDS = 10_000  # characters of a server's message; who shows it cuts it further


class Message(NamedTuple):
    """One message of a conversation."""

    role: Role
    content: str

    def as_json(self) -> dict[str, str]:
        return {"role": self.role, "content": self.content}


class Usage(NamedTuple):
    """What a request cost, in tokens, as the server counted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Choice(NamedTuple):
    """One answer of a whole completion; `finish_reason` is None where the server gave none.

    `wants_tool` tells that the model asked for a tool.
    """

    index: int  # type: ignore[assignment]  # the wire's name, not tuple's method
    message: Message
    finish_reason: str | None
    wants_tool: bool = False


class Delta(NamedTuple):
    """The text that one chunk adds; `role` comes with the first one.

    `thinks` and `wants_tool` tell that the model did something else: it reasoned, or asked for a
    tool.
    """

    role: str | None
    content: str
    thinks: bool = False
    wants_tool: bool = False

    @property
    def moves_on(self) -> bool:
        return bool(self.content) or self.thinks or self.wants_tool


class ChunkChoice(NamedTuple):
    """One answer's share of a chunk."""

    index: int  # type: ignore[assignment]  # the wire's name, not tuple's method
    delta: Delta
    finish_reason: str | None


class ChatCompletion(NamedTuple):
    """A whole answer (`object` is `chat.completion`); `created` is in Unix seconds."""

    id: str
    object: str
    created: int
    model: str
    choices: tuple[Choice, ...]
    usage: Usage | None

    @property
    def text(self) -> str:
        """The content of choice 0."""
        return self._first.message.content if self._first else ""

    @property
    def finish_reason(self) -> str | None:
        return self._first.finish_reason if self._first else None

    @property
    def is_content(self) -> bool:
        """A whole answer is content, whatever it holds."""
        return True

    @property
    def wants_tool(self) -> bool:
        return self._first is not None and self._first.wants_tool

    @property
    def _first(self) -> Choice | None:
        first = next(iter(self.choices), None)
        return next((choice for choice in self.choices if choice.index == 0), first)


class ChatCompletionChunk(NamedTuple):
    """One event of a streamed answer (`object` is `chat.completion.chunk`)."""

    id: str
    object: str
    created: int
    model: str
    choices: tuple[ChunkChoice, ...]
    usage: Usage | None

    @property
    def text(self) -> str:
        """What this chunk adds to choice 0."""
        return "".join([choice.delta.content for choice in self.choices if choice.index == 0])

    @property
    def finish_reason(self) -> str | None:
        for choice in self.choices:
            if choice.finish_reason and choice.index == 0:
                return choice.finish_reason
        return None

    @property
    def is_content(self) -> bool:
        """Whether it moves the answer on, as a role or an empty delta does not."""
        for choice in self.choices:
            if choice.finish_reason or choice.delta.moves_on:
                return True
        return self.usage is not None

    @property
    def wants_tool(self) -> bool:
        return any(choice.delta.wants_tool and choice.index == 0 for choice in self.choices)

    def with_first(self, index: int) -> ChatCompletionChunk:
        """The chunk with the choice of `index` alone, in the place of choice 0."""
        chosen = (choice for choice in self.choices if choice.index == index)
        return self._replace(choices=tuple(choice._replace(index=0) for choice in chosen))


def parse_completion(body: Any) -> ChatCompletion | ChatCompletionChunk | None:
    """The value of one JSON body or event; None when it is no chat completion of either kind.

    Chosen by shape, not by `object`, which servers fill in differently.
    """
    if not isinstance(body, dict):
        return None
    choices = _dicts(body.get("choices"))
    if not choices and "choices" not in body and "usage" not in body:
        return None
    kind: Any = ChatCompletionChunk
    parse: Any = _chunk_choice
    if any("message" in choice for choice in choices):
        kind, parse = ChatCompletion, _choice
    completion: ChatCompletion | ChatCompletionChunk = kind(
        _text(body.get("id")),
        _text(body.get("object")),
        _count(body.get("created")),
        _name(_text(body.get("model"))),
        tuple(map(parse, choices)),
        parse_usage(body.get("usage")),
    )
    return completion


def parse_usage(body: Any) -> Usage | None:
    """Token counts, or None where the server sent none; a missing total is the sum."""
    if not isinstance(body, dict) or not body:
        return None
    prompt, completion = _count(body.get("prompt_tokens")), _count(body.get("completion_tokens"))
    return Usage(prompt, completion, _count(body.get("total_tokens")) or prompt + completion)


def error_message(body: Any) -> str | None:
    """The server's words in an OpenAI-shaped error object, or None when `body` is not one.

    One printable line; it may be long, and may repeat what was sent.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if error is None:
        return None
    if isinstance(error, dict):
        words = _text(error.get("message")) or _text(error.get("code"))
        return one_line(words, _MOST_WORDS) or "unknown error"
    return one_line(_text(error), _MOST_WORDS) or None


def server_words(body: Any) -> str | None:
    """The server's words in any error body; also FastAPI's `detail`, or a bare `message`."""
    fields = body if isinstance(body, dict) else {}
    details = [_text(detail.get("msg")) for detail in _dicts(fields.get("detail"))]
    words = _text(fields.get("detail")) or "; ".join(details) or _text(fields.get("message"))
    return error_message(body) or one_line(words, _MOST_WORDS) or None


def _choice(choice: dict[str, Any]) -> Choice:
    message = choice.get("message")
    fields = message if isinstance(message, dict) else {}
    return Choice(
        index=_count(choice.get("index")),
        message=Message("assistant", _text(fields.get("content"))),
        finish_reason=_reason(choice),
        wants_tool=_has_any(fields, _TOOLS),
    )


def _chunk_choice(choice: dict[str, Any]) -> ChunkChoice:
    delta = choice.get("delta")
    fields = delta if isinstance(delta, dict) else {}
    return ChunkChoice(
        _count(choice.get("index")),
        Delta(
            _text(fields.get("role")) or None,
            _text(fields.get("content")),
            _has_any(fields, _THOUGHTS),
            _has_any(fields, _TOOLS),
        ),
        _reason(choice),
    )


def _reason(choice: dict[str, Any]) -> str | None:
    reason = choice.get("finish_reason")
    return one_line(_text(reason), 40) or None if reason else None


def _has_any(fields: dict[str, Any], names: frozenset[str]) -> bool:
    return not names.isdisjoint(fields) and any(fields.get(name) for name in names)


@lru_cache(maxsize=16)
def _name(model: str) -> str:
    return one_line(model, 100)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) and abs(value) < 1e15 else 0
