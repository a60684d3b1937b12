"""What a session tells its subscribers, in order and on its I/O thread.

A turn's life: TurnWaiting, TurnStarted, TurnRetrying (where the server refuses for now),
TextAdded …, TurnEnded; or TurnWaiting and TurnEnded where it was stopped while it waited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Turn


class TurnWaiting(NamedTuple):
    """A question was submitted; `behind` turns are answered before it (0: it starts now)."""

    turn: Turn
    behind: int


class TurnStarted(NamedTuple):
    """Its request is about to be sent; `turn.sent` holds the messages."""

    turn: Turn


class TurnRetrying(NamedTuple):
    """The server refused for now: the request goes out again in `seconds`.

    `attempt` is 1 for the first retry, 2 for the last; `why` is the reason in a few words of ours.
    """

    turn_id: str
    attempt: int
    seconds: float
    why: str


class TextAdded(NamedTuple):
    """The answer grew by `text`; `offset` is its length before, in characters."""

    turn_id: str
    offset: int
    text: str


class TurnEnded(NamedTuple):
    """The turn has its last status."""

    turn: Turn


class TurnRemoved(NamedTuple):
    """The turn left the history (its cell ran again, or it was asked again)."""

    turn_id: str


class HistoryReplaced(NamedTuple):
    """The whole history is another one (reset, undo)."""

    turns: tuple[Turn, ...]


SessionEvent = (
    TurnWaiting | TurnStarted | TurnRetrying | TextAdded | TurnEnded | TurnRemoved | HistoryReplaced
)
Subscriber = Callable[[SessionEvent], None]
