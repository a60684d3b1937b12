"""What is said of the values in one column: nulls, range, distinct values, lengths of texts.

All libraries give their columns to `describe` as plain cells, so that a price is described in the
same words whether it lives in a pandas frame, a Parquet table or a list of dicts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import Foreign, type_names
from mibyan_jupyter.context.pictures.wording import count, literal, number, share
from mibyan_jupyter.context.privacy import RARE, Privacy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_FEW = 20
_SEVERAL = 8
"""Fewer values than this have no median worth telling, and no wonder if they are distinct."""
_LONG_TEXT = 200
"""Characters beyond which texts are documents: their lengths are said, they are not compared."""
_TIMES = frozenset({dt.datetime, dt.date, dt.timedelta})
_NUMBERS = frozenset({int, float, Decimal})


def describe(cells: Sequence[object], level: Privacy) -> str:
    """One phrase about these cells, as much of it as the level lets out; may be empty."""
    if level < Privacy.STATS:
        return ""
    if not cells:
        return "empty"
    known = [cell for cell in cells if cell is not None]
    if not known:
        return "all null"
    nulls = len(cells) - len(known)
    parts = [f"{share(nulls, len(cells))} null"] if nulls else []
    return ", ".join([*parts, *_content(known, level)])


def extent(cells: Sequence[object], level: Privacy) -> str:
    """Only from where to where, as for an axis; how many distinct ones if they have no order."""
    known = [cell for cell in cells if cell is not None]
    if level < Privacy.STATS or not known:
        return ""
    kinds = frozenset(map(type, known))
    values: Any = _comparable(known) if kinds <= _NUMBERS else known
    ordered = kinds <= _NUMBERS or (len(kinds) == 1 and not kinds.isdisjoint(_TIMES))
    if not ordered or not values:
        return _content(known, level)[-1]
    if dt.datetime in kinds:
        values = [value.replace(tzinfo=None) for value in values]
    low, high = min(values), max(values)
    return literal(low) if low == high else f"{literal(low)} … {literal(high)}"


def _content(known: list[object], level: Privacy) -> list[str]:
    kinds = frozenset(map(type, known))
    if kinds <= _NUMBERS:
        return _numbers(_comparable(known), len(known), level)
    if len(kinds) == 1:
        (kind,) = kinds
        if kind in _DESCRIBERS:
            return _DESCRIBERS[kind](known, level)
    return [_mixture(known)]


def _comparable(values: list[Any]) -> list[float]:
    """The numbers without NaN, decimals as floats."""
    if Decimal in frozenset(map(type, values)):
        values = [_as_float(value) if type(value) is Decimal else value for value in values]
    return [value for value in values if value == value]


def _as_float(value: Decimal) -> float:
    return math.nan if value.is_nan() else float(value)


def _numbers(values: list[float], total: int, level: Privacy) -> list[str]:
    nans = total - len(values)
    parts = [f"{share(nans, total)} NaN"] if nans else []
    if not values:
        return ["all NaN"]
    values.sort()
    low, high = values[0], values[-1]
    if low == high:
        return [*parts, f"always {number(low)}" if len(values) > 1 else number(low)]
    counts = _few(values)
    if counts is not None and _all_may_be_named(counts, level):
        return [*parts, f"mean {_mean(values)}", _with_counts(counts, level, by_count=False)]
    parts.append(f"{number(low)} … {number(high)}")
    if len(values) < _SEVERAL:
        return parts
    if _is_consecutive(values):
        return [*parts, "consecutive"]
    middle = [f"median {_median(values)}", f"mean {_mean(values)}"]
    return [*parts, *middle, *_distinct(values, counts, level)]


def _is_consecutive(ordered: list[Any]) -> bool:
    """Whether these are whole numbers that count up, as keys do: their mean tells nothing."""
    low, high = ordered[0], ordered[-1]
    whole = type(low) is int and type(high) is int and high - low == len(ordered) - 1
    return whole and all(one == other + 1 for other, one in pairwise(ordered))


def _median(ordered: list[float]) -> str:
    """Of a whole number in the middle, its digits; between two, their mean."""
    half = len(ordered) // 2
    low, high = ordered[half - 1], ordered[half]
    return number(high) if len(ordered) % 2 or low == high else _mean([low, high])


def _mean(values: list[float]) -> str:
    try:
        return number(math.fsum(values) / len(values))
    except (OverflowError, ValueError):
        return "undefined"


def _few(values: list[Any]) -> Counter[Any] | None:
    """How often each distinct value occurs, if they are few and some occur again; of a handful of
    values that tells nothing.
    """
    if len(values) < RARE:
        return None
    if len(frozenset(values[:: max(len(values) // 500, 1)])) > _FEW:
        return None
    counts = Counter(values)
    return counts if len(counts) <= _FEW and len(counts) < len(values) else None


def _all_may_be_named(counts: Counter[Any], level: Privacy) -> bool:
    return level >= Privacy.ROWS or min(counts.values()) >= RARE


def _distinct(values: list[Any], counts: Counter[Any] | None, level: Privacy) -> list[str]:
    """The distinct values with their counts if they are few, else how many there are."""
    if counts is not None:
        return [_with_counts(counts, level)]
    if type(values[0]) is float or len(values) < _SEVERAL:
        return []
    distinct = len(frozenset(values))
    return ["all distinct" if distinct == len(values) else f"{count(distinct)} distinct"]


def _with_counts(counts: Counter[Any], level: Privacy, *, by_count: bool = True) -> str:
    """`'Paris' ×40, 'Rome' ×12, 3 rarer`: below `ROWS` what is rare is counted, not named."""
    least = 1 if level >= Privacy.ROWS else RARE
    told = [(literal(value), times) for value, times in sorted(counts.items())]
    if by_count:
        told.sort(key=lambda item: -item[1])
    named = [f"{text} ×{times}" for text, times in told if times >= least]
    rarer = len(counts) - len(named)
    if not named:
        return f"{rarer} distinct"
    rest = [f"{rarer} rarer value{'s' if rarer > 1 else ''}"] if rarer else []
    return ", ".join([*named, *rest])


def _booleans(values: list[Any], _level: Privacy) -> list[str]:
    return [f"{share(sum(values), len(values))} True"]


def _texts(values: list[Any], level: Privacy) -> list[str]:
    lengths = list(map(len, values))
    low, high = min(lengths), max(lengths)
    length = f"length {low}" if low == high else f"length {low} … {high}"
    if high > _LONG_TEXT:
        return [length]
    counts = _few(values)
    if counts is not None and max(counts.values()) >= RARE:
        return [_with_counts(counts, level)]
    return [length, *_distinct(values, counts, level)]


def _between(values: list[Any], level: Privacy) -> list[str]:
    """Dates, instants and durations; instants without their zone, whose methods may be foreign."""
    if type(values[0]) is dt.datetime and any(value.tzinfo is not None for value in values):
        values = [value.replace(tzinfo=None) for value in values]
    low, high = min(values), max(values)
    if low == high:
        return [f"always {literal(low)}" if len(values) > 1 else literal(low)]
    counts = _few(values)
    if counts is not None and _all_may_be_named(counts, level):
        return [_with_counts(counts, level, by_count=False)]
    return [f"{literal(low)} … {literal(high)}", *_distinct(values, counts, level)]


def counted(counts: Iterable[tuple[object, int]], level: Privacy) -> str:
    """Values that the notebook has counted, as a Counter holds them; below `ROWS` what is rare is
    not named. May be empty.
    """
    least = 1 if level >= Privacy.ROWS else RARE
    ordered = sorted(counts, key=lambda item: -item[1])
    named = [f"{literal(value)} ×{times}" for value, times in ordered if times >= least][:_FEW]
    more = len(ordered) - len(named)
    return ", ".join([*named, *([f"{count(more)} more"] if named and more else [])])


def _mixture(values: list[object]) -> str:
    """Which types there are, and how much of each."""
    counts = Counter(type_names(values))
    if len(counts) == 1:
        return _one_type(values)
    most = counts.most_common(6)
    named = ", ".join(f"{name} {share(times, len(values))}" for name, times in most)
    return named + (f", {count(len(counts) - 6, 'more type')}" if len(counts) > 6 else "")


def _one_type(values: list[Any]) -> str:
    """`<module.Type>`, or `list of 2 … 5` for containers."""
    (name,) = set(type_names(values))
    if type(values[0]) is not Foreign:
        return name
    sizes = [value.size for value in values if value.size is not None]
    if not sizes:
        return f"<{name}>"
    low, high = min(sizes), max(sizes)
    return f"{name} of {count(low)}" if low == high else f"{name} of {count(low)} … {count(high)}"


_DESCRIBERS: dict[type, Callable[[list[Any], Privacy], list[str]]] = {
    bool: _booleans,
    str: _texts,
    bytes: _texts,
    dt.datetime: _between,
    dt.date: _between,
    dt.timedelta: _between,
}
