"""Cells: the values inside a column or container, made plain, and which of them are looked at."""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.type_names import library_name, mro, qualified_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MOST_ROWS = 10_000
_MOST_CELLS = 30_000
_FEWEST_ROWS = 500
_SCATTER = 2_654_435_761
"""Knuth's multiplicative hash: it spreads consecutive numbers evenly."""

PLAIN = (
    NoneType, bool, int, float, complex, str, bytes, Decimal,
    dt.datetime, dt.date, dt.time, dt.timedelta,
)  # fmt: skip
PLAIN_IDS = frozenset(map(id, PLAIN))
"""By `id`: to look a type up in a set of types would run a foreign metaclass's `__hash__`."""

_SIZED_IDS = frozenset(map(id, (list, tuple, dict, set, frozenset)))


@dataclass(frozen=True, slots=True)
class Foreign:
    """Stands for a value that is not looked at; of built-in containers it knows the size."""

    type_name: str
    size: int | None = None


def rows_to_read(rows: int, columns: int = 1, most: int = MOST_ROWS) -> Sequence[int]:
    """At most `most` row numbers, fewer for many columns, spread evenly over all rows.

    One row out of each of equally long stretches, but not always the first of it: a fixed step
    would see only Mondays, or only midnights.
    """
    most = min(most, max(_FEWEST_ROWS, _MOST_CELLS // max(columns, 1)))
    return range(rows) if rows <= most else _scattered(rows, most)


@lru_cache(maxsize=16)
def _scattered(rows: int, most: int) -> Sequence[int]:
    """An array, which numpy takes as an index without a copy."""
    step = rows // most
    return array("q", [i * rows // most + (i * _SCATTER >> 8) % step for i in range(most)])


def plain_cells(values: Sequence[object]) -> Sequence[object]:
    """The values with library scalars turned into built-in ones and the rest into `Foreign`."""
    kinds = frozenset(map(id, map(type, values)))
    if kinds <= PLAIN_IDS:
        return values
    converters: dict[int, Callable[[Any], object]] = {}
    return [_converted(value, converters) for value in values]


def _converted(value: object, converters: dict[int, Callable[[Any], object]]) -> object:
    kind = type(value)
    if id(kind) in PLAIN_IDS:
        return value
    if id(kind) not in converters:
        converters[id(kind)] = _converter(kind)
    return converters[id(kind)](value)


def _converter(kind: type) -> Callable[[Any], object]:
    own = library_name(kind)
    if kind is Foreign:
        return _itself
    if id(kind) in _SIZED_IDS:
        return lambda held: Foreign(kind.__name__, len(held))
    if own in ("pandas.NAType", "pandas.NaTType"):
        return _nothing
    if own == "pandas.Timestamp":
        return lambda stamp: stamp.to_pydatetime(warn=False)
    if own == "pandas.Timedelta":
        return lambda delta: delta.to_pytimedelta()
    if own is not None and "numpy.generic" in map(library_name, mro(kind)):
        return _from_numpy
    unread = Foreign(own or qualified_name(kind))
    return lambda _: unread


def _itself(cell: object) -> object:
    return cell


def _nothing(_: object) -> None:
    return None


def _from_numpy(scalar: Any) -> object:
    item = scalar.item()
    return item if id(type(item)) in PLAIN_IDS else Foreign(qualified_name(type(scalar)))


def type_names(cells: Iterable[object]) -> list[str]:
    """The cells' type names, for counting."""
    return [
        cell.type_name if type(cell) is Foreign else qualified_name(type(cell)) for cell in cells
    ]
