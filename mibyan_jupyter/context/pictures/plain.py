"""Built-in scalars: numbers, texts, dates. Their exact types only, so nothing is overridden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch
from mibyan_jupyter.context.pictures.type_names import is_known_zone, short_name
from mibyan_jupyter.context.pictures.withheld import withheld
from mibyan_jupyter.context.pictures.wording import count, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    import datetime as dt

    from mibyan_jupyter.context.pictures.sketch import Terms

_WIDEST_INT = 50
_WIDEST_SHOWN = 500
_SHOWN = 1_000
_LONGEST_COUNTED = 1_000_000


def nothing(_value: None, _terms: Terms) -> Sketch:
    """`None` is its own type."""
    return Sketch("None")


def scalar(value: Any, terms: Terms) -> Sketch:
    """A number or date: the type, and from `STATS` the value."""
    kind = short_name(type(value))
    return Sketch(f"{kind} {literal(value)}" if terms.level >= Privacy.STATS else kind)


def whole_number(value: int, terms: Terms) -> Sketch:
    """An int: its value if it is short; a long one may be a key, so its length."""
    bits = value.bit_length()
    if bits > _WIDEST_INT and terms.level < Privacy.ROWS:
        return Sketch(f"int of {count(bits, 'bit')}" if terms.level >= Privacy.SCHEMA else "int")
    if _WIDEST_INT < bits < _WIDEST_SHOWN:
        return Sketch(f"int {value}")
    return scalar(value, terms)


def instant(value: dt.datetime, terms: Terms) -> Sketch:
    """A datetime: its value, and its zone if that is one of the standard library's."""
    zone = value.tzinfo
    words = "" if zone is None else f" {zone}" if is_known_zone(zone) else " with a time zone"
    return Sketch(scalar(value, terms).headline + words)


def text(value: str | bytes, terms: Terms) -> Sketch:
    """A text: how long it is; only at `ROWS` how it begins."""
    kind, noun = ("str", "character") if type(value) is str else ("bytes", "byte")
    size = f"{kind}, {count(len(value), noun)}{_in_lines(value)}"
    if terms.level < Privacy.ROWS or not value:
        return Sketch(size)
    if hidden := withheld(terms.name, [value]):
        return Sketch(f"{size}, {hidden}")
    shown = min(_SHOWN, max(terms.room - 60, 10))
    if len(value) <= shown:
        return Sketch(f"{size}: {value!r}")
    return Sketch(f"{size}, begins {value[:shown]!r}", (), (f"first {count(shown, noun)}",))


def _in_lines(value: str | bytes) -> str:
    if type(value) is not str or len(value) > _LONGEST_COUNTED:
        return ""
    lines = len(value.splitlines())
    return f" in {count(lines)} lines" if lines > 1 else ""


def raw_buffer(value: bytearray | memoryview, _terms: Terms) -> Sketch:
    """A buffer: how many bytes."""
    size = value.nbytes if type(value) is memoryview else len(value)
    return Sketch(f"{type(value).__name__}, {count(size, 'byte')}")


def number_range(value: range | slice, terms: Terms) -> Sketch:
    """A range is short by nature; a slice may hold foreign bounds."""
    if type(value) is slice or terms.level < Privacy.STATS:
        return Sketch(type(value).__name__)
    bounds = (value.start, value.stop, value.step)
    return Sketch(f"range({', '.join(literal(bound) for bound in bounds)})")
