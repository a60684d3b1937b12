"""The body of one response, decoded into completions without I/O.

A body is either an event stream or one JSON object; which one follows from its content type, not
from what was asked for.
"""

from __future__ import annotations

import json
from typing import Any

from mibyan_jupyter.api.models import (
    ChatCompletion,
    ChatCompletionChunk,
    error_message,
    parse_completion,
)
from mibyan_jupyter.api.sse import SSEDecoder
from mibyan_jupyter.errors import APIResponseError

Completion = ChatCompletion | ChatCompletionChunk


class CompletionDecoder:
    """Feed each piece of the body, then `finish`; `done` tells whether `[DONE]` was seen.

    Raises APIResponseError for a body that is no chat completion, or that carries an error object.
    """

    def __init__(self, content_type: str) -> None:
        self.done = False
        self._content_type = content_type.partition(";")[0].strip().lower()
        self._events = SSEDecoder() if self._content_type == "text/event-stream" else None
        self._body: list[bytes] = []

    def feed(self, piece: bytes) -> list[Completion]:
        """The completions that `piece` completes."""
        if self._events is None:
            self._body.append(piece)
            return []
        completions = []
        for event in self._events.feed(piece):
            if event.data == "[DONE]":
                self.done = True
            if self.done:
                break
            completions.append(self._completion(event.data))
        return completions

    def finish(self) -> list[Completion]:
        """What the end of the body completes: a JSON body's one completion."""
        if self._events is not None:
            return []
        return [self._completion(b"".join(self._body).decode("utf-8", "replace"))]

    def _completion(self, text: str) -> Completion:
        body = self._json(text)
        if (message := error_message(body)) is not None:
            raise APIResponseError(
                f"The server broke off with an error: {message[:300]}",
                "Try again with %mibyan retry.",
            )
        if (completion := parse_completion(body)) is None:
            raise self._not_a_completion()
        return completion

    def _json(self, text: str) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise self._not_a_completion() from None

    def _not_a_completion(self) -> APIResponseError:
        return APIResponseError(
            "The server's answer is not a chat completion"
            f" (content type {self._content_type or 'missing'}).",
            "Check the base URL with %mibyan status; a login page or proxy may have answered.",
        )
