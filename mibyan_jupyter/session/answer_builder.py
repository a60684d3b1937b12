"""An answer while it grows, and what its end means. Pure: no I/O, no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.api.models import ChatCompletion
from mibyan_jupyter.errors import APIResponseError, BadRequestError, MibyanError
from mibyan_jupyter.session.repeated_key import RepeatedKey
from mibyan_jupyter.session.turns import Answer
from mibyan_jupyter.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibyan_jupyter.api.models import ChatCompletionChunk, Usage
    from mibyan_jupyter.context.items import Receipt
    from mibyan_jupyter.keys import Key
    from mibyan_jupyter.session.turns import Status

_TOO_LARGE = 413  # the HTTP status


class AnswerBuilder:
    """Add completions as they come, then the `rest`, then `end`.

    A `key` that the server repeats is in no part of it.
    """

    def __init__(self, model: str, key: Key | None = None) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._half = ""  # of a surrogate pair, whose other half may come with the next piece
        self._repeated = RepeatedKey(key)
        self._finish_reason: str | None = None
        self._usage: Usage | None = None
        self._model = model
        self._whole = False
        self._wants_tool = False

    def add(self, completions: Iterable[ChatCompletion | ChatCompletionChunk]) -> str:
        """Take in what one piece of the wire held; returns the text that it adds."""
        texts, reason, model = [self._half], "", ""
        for completion in completions:
            texts.append(completion.text)
            reason = completion.finish_reason or reason
            model = completion.model or model
            self._usage = completion.usage or self._usage
            self._whole = self._whole or isinstance(completion, ChatCompletion)
            self._wants_tool = self._wants_tool or completion.wants_tool
        self._finish_reason = self._repeated.hide(reason) or self._finish_reason
        self._model = self._repeated.hide(model) or self._model
        text = "".join(texts)
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return self._append(self._repeated.add(printable(text.removesuffix(self._half))))

    def rest(self) -> str:
        """The text that was held back, now that nothing follows it."""
        half, self._half = self._half, ""
        return self._append(self._repeated.add(printable(half)) + self._repeated.rest())

    @property
    def text(self) -> str:
        """All that was added so far."""
        return "".join(self._parts)

    def _append(self, text: str) -> str:
        self._parts.append(text)
        self.length += len(text)
        return text

    def end(
        self, *, done: bool = False, stopped: bool = False, error: MibyanError | None = None
    ) -> tuple[Status, Answer | None, MibyanError | None]:
        """The status, the answer where there is text, and why it failed or was cut.

        `done` tells that the server said `[DONE]`; `error` is what broke the wire.
        """
        status = self._status(done=done or self._whole, stopped=stopped)
        return status, self._answer(status), self._why(status, error)

    def _why(self, status: Status, error: MibyanError | None) -> MibyanError | None:
        if status == "failed":
            return error or _no_text(self._finish_reason, wants_tool=self._wants_tool)
        if status == "cut_off" and self._finish_reason is None:
            return error or _cut()
        return None

    def _status(self, *, done: bool, stopped: bool) -> Status:
        reason = self._finish_reason
        if stopped and (reason is None or not self.length):
            return "stopped"
        if not self.length:
            return "failed"
        return "complete" if reason == "stop" or (done and reason is None) else "cut_off"

    def _answer(self, status: Status) -> Answer | None:
        if not self.length:
            return None
        text = "".join(self._parts)
        return Answer(text, status, self._finish_reason, self._usage, self._model)


def naming_context(error: MibyanError | None, receipt: Receipt | None) -> MibyanError | None:
    """The error of a request that was too large says what of its context could go."""
    if not isinstance(error, BadRequestError) or error.status_code != _TOO_LARGE:
        return error
    if receipt is None or not receipt.tokens:
        return error
    largest = sorted(receipt.items, key=lambda item: item.tokens, reverse=True)[:2]
    named = " and ".join(f"{item.source} (≈ {item.tokens:,} tokens)" for item in largest)
    hint = f"Send less context: most is {named}. -c none sends none, --new starts anew."
    return BadRequestError(error.what, hint, status_code=error.status_code)


def _cut() -> APIResponseError:
    return APIResponseError(
        "The answer was cut off: the server ended it without saying that it is whole.",
        "What came is kept; %mibyan retry asks again.",
    )


def _no_text(reason: str | None, *, wants_tool: bool) -> APIResponseError:
    if wants_tool or reason in ("tool_calls", "function_call"):
        return APIResponseError(
            "The model asked for a tool, which is not supported here.", "Rephrase the question."
        )
    return APIResponseError(
        f"The server's answer holds no text{f' (it ended with {reason!r})' if reason else ''}.",
        "Ask again with %mibyan retry, or rephrase the question.",
    )
