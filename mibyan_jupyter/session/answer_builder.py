"""An answer while it grows, and what its end means. Pure: no I/O, no clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mibyan_jupyter.api.models import ChatCompletion
from mibyan_jupyter.errors import APIResponseError, MibyanError
from mibyan_jupyter.session.turns import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibyan_jupyter.api.models import ChatCompletionChunk, Usage
    from mibyan_jupyter.session.turns import Status

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class AnswerBuilder:
    """Add completions as they come, then `end`."""

    def __init__(self, model: str) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._finish_reason: str | None = None
        self._usage: Usage | None = None
        self._model = model
        self._whole = False

    def add(self, completions: Iterable[ChatCompletion | ChatCompletionChunk]) -> str:
        """Take in what one piece of the wire held; returns the text that it adds."""
        texts = []
        for completion in completions:
            texts.append(completion.text)
            self._finish_reason = completion.finish_reason or self._finish_reason
            self._usage = completion.usage or self._usage
            self._model = completion.model or self._model
            self._whole = self._whole or isinstance(completion, ChatCompletion)
        added = printable("".join(texts))
        self._parts.append(added)
        self.length += len(added)
        return added

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
            return error or _no_text(self._finish_reason)
        if status == "cut_off" and self._finish_reason is None:
            return error or _cut()
        return None

    def _status(self, *, done: bool, stopped: bool) -> Status:
        if stopped:
            return "stopped"
        if not self.length:
            return "failed"
        reason = self._finish_reason
        return "complete" if reason == "stop" or (done and reason is None) else "cut_off"

    def _answer(self, status: Status) -> Answer | None:
        if not self.length:
            return None
        text = "".join(self._parts)
        return Answer(text, status, self._finish_reason, self._usage, self._model)


def printable(text: str) -> str:
    """`text` without control characters, and with U+FFFD for what UTF-8 cannot hold."""
    if _SURROGATE.search(text):  # perhaps a pair that the server cut in two
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("", text)


def _cut() -> APIResponseError:
    return APIResponseError(
        "The answer was cut off: the server ended it without saying that it is whole.",
        "What came is kept; %mibyan retry asks again.",
    )


def _no_text(reason: str | None) -> APIResponseError:
    if reason == "tool_calls":
        return APIResponseError(
            "The model asked for a tool, which is not supported here.", "Rephrase the question."
        )
    return APIResponseError(
        f"The server's answer holds no text{f' (it ended with {reason!r})' if reason else ''}.",
        "Ask again with %mibyan retry, or rephrase the question.",
    )
