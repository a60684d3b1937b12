"""The body of one response, decoded into completions without I/O.

A body is either an event stream or one JSON object; which one follows from its content type and its
first bytes, not from what was asked for.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Iterable

    from mibyan_jupyter.api.sse import ServerSentEvent

Completion = ChatCompletion | ChatCompletionChunk

_STREAM_START = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:data|event|id|retry)?:")
_STREAM_START_BYTES = 64
_NOT_JSON = object()


class CompletionDecoder:
    """Feed each piece of the body until it has `ended`, then `finish`.

    `done` tells whether `[DONE]` was seen. `error` is what broke the answer, or that it is no chat
    completion; what came before it is given out all the same.
    """

    def __init__(self, content_type: str) -> None:
        self.done = False
        self.error: APIResponseError | None = None
        self._content_type = content_type.partition(";")[0].strip().lower()
        self._events = SSEDecoder() if self._content_type == "text/event-stream" else None
        self._body = bytearray()
        self._read_any = False
        self._reason_came = False
        self._text_after_reason = False

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
        return self._events is not None

    def feed(self, piece: bytes) -> list[Completion]:
        """The completions that `piece` completes."""
        if self._events is None:
            self._body += piece
            if not _STREAM_START.match(self._body[:_STREAM_START_BYTES]):
                return []
            piece, self._events = bytes(self._body), SSEDecoder()
        return self._of_events(self._events.feed(piece))

    def finish(self) -> list[Completion]:
        """What the end of the body completes: a JSON body's one completion."""
        completion = None
        if self._events is None:
            completion = self._completion(_json(self._body.decode("utf-8-sig", "replace")))
        if not self._read_any and self.error is None:
            self.error = self._not_a_completion()
        return [completion] if completion else []

    def _of_events(self, events: Iterable[ServerSentEvent]) -> list[Completion]:
        completions = []
        for event in events:
            if (completion := self._of_event(event)) is not None:
                completions.append(completion)
            if self.ended:
                break
        return completions

    def _of_event(self, event: ServerSentEvent) -> Completion | None:
        """An event's completion; None for `[DONE]`, an error, and events of other kinds."""
        text = event.data.strip()
        body = _json(text)
        if text == "[DONE]":
            self.done = True
        elif event.event == "error":
            self.error = _broke_off(server_words(body) or one_line(text, 300))
        elif text and (event.event == "message" or body is not _NOT_JSON):
            return self._completion(body)
        return None

    def _completion(self, body: Any) -> Completion | None:
        completion = parse_completion(body)
        if body is _NOT_JSON:
            self.error = _unreadable() if self._read_any else self._not_a_completion()
        elif (message := error_message(body)) is not None:
            self.error = _broke_off(message)
        elif completion is not None:
            self._note(completion)
            return completion
        return None

    def _note(self, completion: Completion) -> None:
        self._read_any = True
        self._text_after_reason |= self._reason_came and bool(completion.text)
        self._reason_came |= completion.finish_reason is not None

    def _not_a_completion(self) -> APIResponseError:
        return APIResponseError(
            "The server's answer is not a chat completion"
            f" (content type {one_line(self._content_type, 100) or 'missing'}).",
            "Check the base URL with %mibyan status; a login page or proxy may have answered.",
        )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _broke_off(words: str) -> APIResponseError:
    return APIResponseError(
        f"The server broke off with an error: {words or 'unknown error'}",
        "Try again with %mibyan retry.",
    )


def _unreadable() -> APIResponseError:
    return APIResponseError(
        "The answer broke off: the server sent a piece that cannot be read.",
        "What came is kept; %mibyan retry asks again.",
    )
