"""What a session tells its subscribers, in order and on its I/O thread.

A turn's life: TurnWaiting, TurnStarted, TurnRetrying (where the server refuses for now),
TextAdded …, TurnEnded; or TurnWaiting and TurnEnded where it was stopped while it waited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Turn


@dataclass(frozen=True, slots=True)
class TurnWaiting:
    """A question was submitted; `behind` turns are answered before it (0: it starts now)."""

    turn: Turn
    behind: int


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """Its request is about to be sent; `turn.sent` holds the messages."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class TurnRetrying:
    """The server refused for now: the request goes out again in `seconds`.

    `attempt` is 1 for the first retry, 2 for the last; `why` is the reason in a few words of ours.
    """

    turn_id: str
    attempt: int
    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class TextAdded:
    """The answer grew by `text`; `offset` is its length before, in characters."""

    turn_id: str
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn has its last status."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class TurnRemoved:
    """The turn left the history (its cell ran again, or it was asked again)."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class HistoryReplaced:
    """The whole history is another one (reset, undo)."""

    turns: tuple[Turn, ...]


SessionEvent = (
    TurnWaiting | TurnStarted | TurnRetrying | TextAdded | TurnEnded | TurnRemoved | HistoryReplaced
)
Subscriber = Callable[[SessionEvent], None]
