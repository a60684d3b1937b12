"""Which items go along: a budget in tokens that is never exceeded. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.items import ContextItem, ReceiptItem
from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

_SMALLEST_PART = 40  # tokens: less of an item tells nothing
_CUT = "\n… (cut)"


class Chosen(NamedTuple):
    """The items to send, in order, and what became of every one."""

    items: tuple[ContextItem, ...]
    receipt: tuple[ReceiptItem, ...]


def choose(items: Iterable[ContextItem], budget: int) -> Chosen:
    """As much as fits into `budget` tokens (estimated, headings included), by rank.

    An item that does not fit whole is cut at a line end; the rest is left out, and said.
    """
    kept, receipt, left = [], [], budget
    for item in sorted(items, key=lambda item: item.rank):
        fitting = _fit(item, left)
        if fitting is None:
            receipt.append(ReceiptItem(item.source, 0, "left out", "over the budget"))
            continue
        cost = cost_of(fitting)
        left -= cost
        kept.append(fitting)
        if fitting.text == item.text:
            receipt.append(ReceiptItem(item.source, cost, "whole", "; ".join(item.notes)))
        else:
            why = "; ".join((*item.notes, f"cut from {cost_of(item):,} tokens"))
            receipt.append(ReceiptItem(item.source, cost, "partial", why))
    in_order = sorted(kept, key=lambda item: (item.rank, item.position))
    return Chosen(tuple(in_order), tuple(receipt))


def section(item: ContextItem) -> str:
    """An item as it is sent, under its heading."""
    return f"## {item.source}\n{item.text}\n\n"


def cost_of(item: ContextItem) -> int:
    """The tokens of an item as it is sent."""
    return estimate_tokens(section(item))


def _fit(item: ContextItem, budget: int) -> ContextItem | None:
    if cost_of(item) <= budget:
        return item
    if budget < _SMALLEST_PART:
        return None
    low, high = 0, len(item.text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost_of(_cut(item, middle)) <= budget else (low, middle - 1)
    part = _cut(item, low)
    return part if len(part.text) > len(_CUT) and cost_of(part) <= budget else None


def _cut(item: ContextItem, length: int) -> ContextItem:
    beginning = item.text[:length]
    whole_lines = beginning.rpartition("\n")[0] or beginning
    return item._replace(text=f"{whole_lines}{_CUT}")
