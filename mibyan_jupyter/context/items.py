"""The values of context: an item, and the receipt that says what became of each.

A provider gives items; `choose` bounds them; the receipt is what the user sees behind `why`.
"""

from __future__ import annotations

from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rank(IntEnum):
    """Which items come first when not all fit; the lowest first."""

    FAILURE = 0
    MENTIONED = 1
    ADDED = 2
    SLICE = 3
    OUTPUTS = 4
    FRAMES = 5
    MAP = 6


class ContextItem(NamedTuple):
    """One piece of context: where it comes from, in a few words, and its text.

    `rank` orders the items, and `position` those of one rank, as they are sent; of one rank, the
    items given first are kept first. `notes` say what was sampled or cut on the way.
    """

    source: str
    text: str
    rank: Rank = Rank.ADDED
    notes: tuple[str, ...] = ()
    position: int = 0


class Gathered(NamedTuple):
    """The items of all providers, and in words what could not be looked at."""

    items: tuple[ContextItem, ...] = ()
    notes: tuple[str, ...] = ()


class ReceiptItem(NamedTuple):
    """What became of one item; `tokens` (estimated) is what was sent of it."""

    source: str
    tokens: int
    included: Literal["whole", "partial", "left out"]
    why: str = ""


class Receipt(NamedTuple):
    """What of the notebook went along with a question.

    `redactions` counts what was replaced, by kind, in the whole request; `level` is the privacy
    level in force; `notes` tell what could not be looked at.
    """

    items: tuple[ReceiptItem, ...] = ()
    redactions: Mapping[str, int] = MappingProxyType({})
    level: str = ""
    notes: tuple[str, ...] = ()

    @property
    def tokens(self) -> int:
        """Tokens of context that were sent, by estimate."""
        return sum(item.tokens for item in self.items)

    @property
    def note(self) -> str:
        """The first of the notes, and how many more there are; "" where there is none."""
        more = f" (+{len(self.notes) - 1})" if len(self.notes) > 1 else ""
        return f"{self.notes[0]}{more}" if self.notes else ""

    def as_json(self) -> dict[str, Any]:
        """The receipt as JSON values, for export."""
        items = [item._asdict() for item in self.items]
        redactions = dict(self.redactions)
        return {**self._asdict(), "items": items, "redactions": redactions, "tokens": self.tokens}
