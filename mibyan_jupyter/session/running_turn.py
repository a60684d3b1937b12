"""A turn on its way: what `Session.submit` returns."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import IncompleteAnswerError, Stopped, StoppedAwait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mibyan_jupyter.api.client import Endpoint
    from mibyan_jupyter.config import Settings
    from mibyan_jupyter.context.items import Gathered
    from mibyan_jupyter.context.provider import AskedContext
    from mibyan_jupyter.session.events import Subscriber
    from mibyan_jupyter.session.turns import Answer, Turn


@dataclass(slots=True)
class RunningTurn:
    """One submitted question: wait for it, or stop it.

    `turn` is its newest value; the I/O loop alone replaces it. `listener` is called on the I/O
    thread with this turn's events. `asked` is what it asks of the notebook, `gathered` what was
    gathered already when it was submitted. `ended` resolves with the last value, never with an
    error.
    """

    turn: Turn
    endpoint: Endpoint
    settings: Settings
    extra: Mapping[str, Any]
    stop_turn: Callable[[str], None]
    asked: AskedContext
    listener: Subscriber | None = None
    gathered: Gathered | None = None
    ended: Future[Turn] = field(default_factory=Future)

    @property
    def id(self) -> str:
        return self.turn.id

    def stop(self) -> None:
        """End this turn, keeping its text; another turn is never hit."""
        self.stop_turn(self.id)

    def wait(self, timeout: float | None = None) -> Turn:
        """The ended turn; blocks, in seconds at most `timeout` (raises TimeoutError)."""
        return self.ended.result(timeout)


def answer_of(turn: Turn) -> Answer:
    """The answer of an ended turn, or the error that it ended in.

    Raises Stopped, the error of a failed turn, or IncompleteAnswerError where the wire cut it.
    """
    if turn.status == "stopped":
        raise Stopped(_what_is_left(turn))
    return _answer_or_error(turn)


def awaited_answer_of(turn: Turn) -> Answer:
    """`answer_of` for code in an event loop: raises StoppedAwait instead of Stopped."""
    if turn.status == "stopped":
        raise StoppedAwait(_what_is_left(turn))
    return _answer_or_error(turn)


def _what_is_left(turn: Turn) -> str:
    return "the answer so far is kept." if turn.has_text else "no answer had come yet."


def _answer_or_error(turn: Turn) -> Answer:
    if turn.error is None and turn.answer is not None:
        return turn.answer
    if turn.answer is not None and turn.error is not None:
        raise IncompleteAnswerError(turn.error.what, turn.error.hint, answer=turn.answer)
    assert turn.error is not None  # noqa: S101 - a turn without text ends in an error
    raise turn.error.with_traceback(None) from None
