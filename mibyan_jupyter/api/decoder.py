"""The body of one response, decoded into completions without I/O.

A body is either an event stream or one JSON object; which one follows from its first bytes, not
from what was asked for. Under the content type of something else it is neither.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from mibyan_jupyter.api.chunk_template import ChunkTemplate
from mibyan_jupyter.api.models import (
    ChatCompletion,
    ChatCompletionChunk,
    error_message,
    parse_completion,
    server_words,
)
from mibyan_jupyter.api.sse import SSEDecoder
from mibyan_jupyter.errors import APIResponseError
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mibyan_jupyter.api.sse import ServerSentEvent

Completion = ChatCompletion | ChatCompletionChunk

ANSWER_BYTES = 64 * 1024 * 1024
_BLANK = b"\xef\xbb\xbf \t\r\n"  # a BOM, or what may stand before JSON
# What servers name an answer that is one, whichever of both it is.
_TYPES = ("", "text/event-stream", "application/json")
_STREAM_STARTS = (b":", b"data:", b"event:", b"id:", b"retry:")
_NOT_JSON = object()
_decode_json = json.JSONDecoder(strict=False).decode
Kind = Literal["json", "stream", "other"]


class CompletionDecoder:
    """Feed each piece of the body until it has `ended`, then `finish`.

    `done` tells whether `[DONE]` was seen. `error` is what broke the answer, or that it is no chat
    completion; what came before it is given out all the same. `shown` makes the server's words fit
    to be shown.
    """

    def __init__(
        self, content_type: str, shown: Callable[[str], str] = lambda words: one_line(words, 300)
    ) -> None:
        self.done = False
        self.error: APIResponseError | None = None
        self._shown = shown
        self._content_type = content_type.partition(";")[0].strip().lower()
        self._size = 0
        self._kind: Kind | None = None  # not known before its first bytes are there
        self._body = bytearray()
        self._events = SSEDecoder()
        self._template = ChunkTemplate(_json)
        self._read_any = False
        self._reason_came = False
        self._text_after_reason = False
        self._others: list[ChatCompletionChunk] | None = []  # until a choice 0 comes

    @property
    def ended(self) -> bool:
        """Whether nothing that may follow belongs to the answer."""
        return self.done or self.error is not None

    @property
    def finished(self) -> bool:
        """Whether the answer has its finish reason, so that only usage and `[DONE]` may follow.

        False for a server that gives a reason and goes on with text: its reasons tell nothing.
        """
        return self._reason_came and not self._text_after_reason

    @property
    def is_stream(self) -> bool:
        """Whether the body is an event stream, as far as is known."""
        return self._kind == "stream"

    def feed(self, piece: bytes) -> list[Completion]:
        """The completions that `piece` completes."""
        self._size += len(piece)
        completions = self._of_body(piece)
        if self._size > ANSWER_BYTES and not self.ended:
            self.error = _too_large("it", "64 MiB")
        return completions

    def _of_body(self, piece: bytes) -> list[Completion]:
        if self._kind == "stream":
            return self._of_events(self._events.feed(piece))
        self._body += piece if self._body else piece.lstrip(_BLANK)
        if self._kind is None:
            self._kind = _kind_of(self._body[:8], self._content_type)
            if self._kind == "stream":
                return self._of_events(self._events.feed(bytes(self._body)))
            if self._kind == "other":
                self.error = self._not_a_completion()
        return []

    def finish(self) -> list[Completion]:
        """What the end of the body completes: a JSON body's one completion.

        Also the answer of a server that numbers its choices in another way: no choice 0 came.
        """
        completions: list[Completion] = []
        if self._kind == "json" and self.error is None:
            whole = self._completion(_json(self._body.decode("utf-8", "replace")))
            completions += [whole] if whole else []
        if self._others:
            first = self._others[0].choices[0].index
            completions += [chunk.with_first(first) for chunk in self._others]
        if not self._read_any and self.error is None:
            self.error = self._not_a_completion()
        return completions

    def _of_events(self, events: Iterable[ServerSentEvent]) -> list[Completion]:
        completions = []
        for event in events:
            if (completion := self._of_event(event)) is not None:
                completions.append(completion)
            if self.ended:
                return completions
        if self._events.overflowed:
            self.error = _too_large("one event of it", "8 MiB")
        return completions

    def _of_event(self, event: ServerSentEvent) -> Completion | None:
        """An event's completion; None for `[DONE]`, an error, and events of other kinds."""
        text = event.data.strip()
        if event.event == "message" and (chunk := self._template.read(text)) is not None:
            self._note(chunk)
            return chunk
        body = _json(text)
        if text == "[DONE]":
            self.done = True
        elif event.event == "error":
            self.error = self._broke_off(server_words(body) or text)
        elif text and (event.event == "message" or body is not _NOT_JSON):
            completion = self._completion(body)
            self._template.learn(text, completion)
            return completion
        return None

    def _completion(self, body: Any) -> Completion | None:
        completion = parse_completion(body)
        if body is _NOT_JSON:
            self.error = _unreadable() if self._read_any else self._not_a_completion()
        elif (message := error_message(body)) is not None:
            self.error = self._broke_off(message)
        elif completion is not None:
            self._note(completion)
            return completion
        return None

    def _note(self, completion: Completion) -> None:
        self._read_any = True
        self._text_after_reason |= self._reason_came and bool(completion.text)
        self._reason_came |= completion.finish_reason is not None
        if self._others is None:
            return
        if any(choice.index == 0 for choice in completion.choices):
            self._others = None
        elif isinstance(completion, ChatCompletionChunk):
            self._others += [completion] if completion.choices else []

    def _not_a_completion(self) -> APIResponseError:
        return APIResponseError(
            "The server's answer is not a chat completion"
            f" (content type {self._shown(self._content_type)[:100] or 'missing'}).",
            "Check the base URL with %mibyan status; a login page or proxy may have answered.",
        )

    def _broke_off(self, words: str) -> APIResponseError:
        return APIResponseError(
            f"The server broke off with an error: {self._shown(words) or 'unknown error'}",
            "Try again with %mibyan retry.",
        )


def _kind_of(start: bytes | bytearray, content_type: str) -> Kind | None:
    """What a body is that starts so, blanks left out; None where more of it has to come."""
    if not start:
        return None
    if content_type not in _TYPES:
        return "other"
    if start.startswith(b"{"):
        return "json"
    if content_type == "text/event-stream" or start.startswith(_STREAM_STARTS):
        return "stream"
    return None if any(each.startswith(start) for each in _STREAM_STARTS) else "other"


def _json(text: str) -> Any:
    """The value of a JSON text, raw control characters in its strings allowed."""
    try:
        return _decode_json(text)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _unreadable() -> APIResponseError:
    return APIResponseError(
        "The answer broke off: the server sent a piece that cannot be read.",
        "Ask again with %mibyan retry.",
    )


def _too_large(what: str, limit: str) -> APIResponseError:
    return APIResponseError(
        f"The answer broke off: {what} is larger than {limit}.",
        "Ask for less, or again with %mibyan retry.",
    )
