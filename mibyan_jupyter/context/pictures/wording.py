"""How counts, shares and single values are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mibyan_jupyter.context.pictures.cells import PLAIN_IDS, Foreign, plain_cells
from mibyan_jupyter.context.pictures.sketch import cut

_WIDEST_INT = 50
"""Bits up to which a whole number is written out; longer ones may be keys or card numbers."""


def count(number: int, noun: str = "", nouns: str = "") -> str:
    """`5 000 000 rows`, `1 row`."""
    digits = f"{number:,}".replace(",", " ")
    word = noun if number == 1 else nouns or f"{noun}s"
    return f"{digits} {word}" if noun else digits


def share(part: int, whole: int) -> str:
    """`2.5%`; never 0 % or 100 % unless that is exact."""
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1%"
    if 99.9 < percent < 100:
        return ">99.9%"
    return f"{percent:.3g}%"


def number(value: float) -> str:
    """Six digits of a float, all digits of a whole number that is no longer than 15."""
    if 1e6 <= abs(value) < 1e15 and type(value) is float:
        return f"{value:.0f}"
    if type(value) is int and value.bit_length() <= _WIDEST_INT:
        return str(value)
    if value != value:
        return "NaN"
    try:
        return f"{value:.6g}"
    except OverflowError:
        return f"a number of {int(value).bit_length()} bits"


def moment(value: dt.date | dt.datetime) -> str:
    """`2024-05-01`, with the time of day if there is one."""
    if type(value) is dt.datetime:
        stamp = value.isoformat(" ", "seconds")
        return stamp.removesuffix(" 00:00:00")
    return value.isoformat()


def label(value: object, width: int = 60) -> str:
    """A column's label: bare where it reads as one word or plain phrase, otherwise quoted."""
    if type(value) is str:
        plain = (
            value.isprintable() and value == value.strip() and value[:width] and ":" not in value
        )
        return cut(value if plain else repr(value[:width]), width)
    if type(value) is tuple:
        return cut("(" + ", ".join(label(part, width) for part in value[:6]) + ")", width)
    return literal(value, width)


def literal(value: object, width: int = 60) -> str:
    """The value itself if it is built in and plain, cut before it is written; else its type."""
    cell: Any = value if id(type(value)) in PLAIN_IDS else plain_cells([value])[0]
    return cut(_written(cell, type(cell), width), width)


def _written(value: Any, kind: type, width: int) -> str:
    if kind is str or kind is bytes:
        return repr(value[:width])
    if kind is int or kind is float:
        return number(value)
    if kind is Foreign:
        return (
            f"<{value.type_name}>" if value.size is None else f"<{value.type_name} of {value.size}>"
        )
    if kind is dt.datetime:
        return moment(value.replace(tzinfo=None))
    if kind is dt.time:
        return str(value.replace(tzinfo=None))
    return str(value)
