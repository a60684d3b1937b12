"""Lists, dicts and their kin, walked with limits: depth, items, time, and once round a cycle."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import MOST_ROWS, PLAIN_IDS, plain_cells, rows_to_read
from mibyan_jupyter.context.pictures.column import counted, describe, extent
from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.tables import Column, Table, cell_text, table_sketch
from mibyan_jupyter.context.pictures.type_names import known_name, short_name
from mibyan_jupyter.context.pictures.withheld import withheld
from mibyan_jupyter.context.pictures.wording import count, label, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

_SEQUENCE_IDS = frozenset(map(id, (list, tuple, deque)))
_NUMBER_IDS = frozenset(map(id, (int, float, bool)))
"""A short tuple of these is a shape or a setting, and no data."""
_DEEPEST = 3
_MOST_KEYS = 30
"""A dict with more entries is a look-up table: its keys are values, not names."""
_MOST_ITEMS = 5
_WIDEST_LINE = 300
_MOST_RECORDS = 1_000
_MOST_RECORD_KEYS = 200


def mapping(value: dict[object, object], terms: Terms) -> Sketch:
    """A dict: its size, then its entries if they are named, else keys and values as columns."""
    return _mapping(value, terms, ())


def sequence(value: Any, terms: Terms) -> Sketch:
    """A list, tuple or deque: its size and what is in it."""
    return _sequence(value, terms, ())


def unordered(value: Any, terms: Terms) -> Sketch:
    """A set: its size and what is in it; its first elements in the order of iteration."""
    kind, size = short_name(type(value)), len(value)
    some = list(islice(value, MOST_ROWS))
    part = f" (from {count(len(some))})" if len(some) < size else ""
    told = f": {_of_distinct(some, terms)}" if size else ""
    return Sketch(f"{kind}, {count(size, 'element')}{told}{part}")


def _of_distinct(some: Sequence[object], terms: Terms) -> str:
    """Elements of which each occurs once: their type and extent."""
    cells = plain_cells(some)
    if hidden := withheld(terms.name, cells):
        return hidden
    kinds = {id(type(cell)): type(cell) for cell in cells if cell is not None}
    plain = [kind for one, kind in kinds.items() if one in PLAIN_IDS]
    if len(kinds) != 1 or not plain:
        return _elements(some, terms)
    return f"{short_name(plain[0])} {_range_of(cells, terms)}".rstrip()


def _range_of(cells: Sequence[object], terms: Terms) -> str:
    texts = [cell for cell in cells if type(cell) is str or type(cell) is bytes]
    if not texts or terms.level < Privacy.STATS:
        return extent(cells, terms.level)
    lengths = [len(text) for text in texts]
    low, high = min(lengths), max(lengths)
    return f"of length {low}" if low == high else f"of length {low} … {high}"


def counter(value: Any, terms: Terms) -> Sketch:
    """A Counter: values with how often they occur, as for a column."""
    size = len(value)
    head = f"{short_name(type(value))}, {count(size, 'value')}"
    some = list(islice(dict.items(value), MOST_ROWS))
    if terms.level < Privacy.STATS or not value:
        return Sketch(head)
    if any(type(times) is not int for _, times in some):
        return mapping(value, terms)
    hidden = withheld(terms.name, plain_cells([each for each, _ in some]))
    told = hidden or counted(some, terms.level)
    return Sketch(f"{head}: {told}" if told else head)


def _mapping(value: dict[object, object], terms: Terms, path: tuple[int, ...]) -> Sketch:
    head = f"{short_name(type(value))}, {count(len(value), 'entry', 'entries')}"
    if terms.level < Privacy.STATS or not value:
        return Sketch(head)
    some = list(islice(dict.items(value), MOST_ROWS))
    named = all(type(key) is str for key, _ in some[:_MOST_KEYS])
    if named and len(value) <= _MOST_KEYS:
        return Sketch(head, tuple(_entries(some, terms, (*path, id(value)))))
    part = f"from {count(len(some))} of {count(len(value), 'entry', 'entries')}"
    notes = (part,) if len(some) < len(value) else ()
    keys = _of_distinct([key for key, _ in some], terms)
    values = _elements([item for _, item in some], terms)
    lines = [f"({note})" for note in notes]
    return Sketch(head, (*lines, f"keys: {keys}", f"values: {values}"), notes)


def _entries(
    items: Iterable[tuple[object, object]], terms: Terms, path: tuple[int, ...]
) -> Iterable[str]:
    for key, item in items:
        if terms.late:
            yield "… (time is up)"
            return
        named = replace(terms, name=key) if type(key) is str else terms
        sketch = _inside(item, named, path)
        yield cut(f"{label(key)}: {sketch.headline}", _WIDEST_LINE)
        if len(path) < _DEEPEST:
            yield from (f"  {line}" for line in sketch.lines)


def _inside(item: object, terms: Terms, path: tuple[int, ...]) -> Sketch:
    """An object in a container; a container on the path to itself is not entered again."""
    kind = type(item)
    if id(item) in path:
        return Sketch(f"{short_name(kind)} (the same again, a cycle)")
    if kind is dict:
        return _mapping(item, terms, path) if len(path) < _DEEPEST else _closed(item)  # type: ignore[arg-type]
    if id(kind) in _SEQUENCE_IDS:
        return _sequence(item, terms, path) if len(path) < _DEEPEST else _closed(item)
    if kind is str or kind is bytes:
        return terms.look(item, replace(terms, room=140))
    return Sketch(terms.headline(item))


def _closed(value: Any) -> Sketch:
    words = ("entry", "entries") if type(value) is dict else ("item",)
    return Sketch(f"{short_name(type(value))}, {count(len(value), *words)}")


def _sequence(value: Any, terms: Terms, path: tuple[int, ...]) -> Sketch:
    kind, size = short_name(type(value)), len(value)
    head = f"{kind}, {count(size, 'item')}"
    if not size:
        return Sketch(head)
    some = _some(value, size)
    if terms.level >= Privacy.STATS:
        if hidden := withheld(terms.name, plain_cells(some)):
            return Sketch(f"{head}: {hidden}")
        if type(value) is tuple and size <= _MOST_ITEMS and _NUMBER_IDS.issuperset(_kind_ids(some)):
            return Sketch(f"{head}: {', '.join(map(literal, some))}")
    note = f"from {count(len(some))} of {count(size)}, evenly spaced"
    notes = (note,) if len(some) < size and terms.level >= Privacy.STATS else ()
    part = f" ({note})" if notes else ""
    if all(type(item) is dict for item in some) and terms.level >= Privacy.STATS:
        return _records(head, some, size, terms)
    if all(id(type(item)) in PLAIN_IDS for item in some):
        return Sketch(f"{head}: {_elements(some, terms)}{part}", tuple(_first(some, terms)), notes)
    if size <= _MOST_ITEMS and terms.level >= Privacy.STATS:
        return Sketch(head, tuple(_entries(enumerate(some), terms, (*path, id(value)))))
    return Sketch(f"{head}: {_elements(some, terms)}{part}", (), notes)


def _kind_ids(some: Sequence[object]) -> set[int]:
    return set(map(id, map(type, some)))


def _some(value: Any, size: int) -> list[object]:
    """Evenly spaced items; of a deque, whose middle is slow to reach, the first ones."""
    if type(value) is deque:
        return list(islice(value, MOST_ROWS))
    return [value[i] for i in rows_to_read(size)]


def _elements(some: Sequence[object], terms: Terms) -> str:
    """The elements as a column: their common type, then their range or values."""
    kinds = {id(kind): kind for kind in map(type, some) if kind is not NoneType}
    told = describe(plain_cells(some), terms.level)
    if len(kinds) != 1:
        names = [known_name(kind) for kind in islice(kinds.values(), 6)]
        return told or ", ".join(names)
    ((one, kind),) = kinds.items()
    return f"{short_name(kind)} {told}".rstrip() if one in PLAIN_IDS else told or known_name(kind)


def _first(some: Sequence[object], terms: Terms) -> list[str]:
    if terms.level < Privacy.ROWS:
        return []
    return ["first: " + ", ".join(cell_text(cell, 24) for cell in plain_cells(some[:10]))]


def _records(head: str, records: list[Any], size: int, terms: Terms) -> Sketch:
    """A list of dicts, as JSON gives them: its keys are columns."""
    some = records[:: len(records) // _MOST_RECORDS + 1]
    columns = _columns(some)
    names = list(columns)

    def column(position: int) -> Column:
        cells = columns[names[position]]
        return Column("/".join(_kinds(cells)), lambda rows: [cells[i] for i in rows])

    table = Table("", len(some), [label(name) for name in names], column)
    sketch = table_sketch(table, terms)
    note = f"from {count(len(some))} of {count(size)}, evenly spaced"
    sampled = len(some) < size
    headline = f"{head}, each a dict" + (f" ({note})" if sampled else "")
    return Sketch(headline, sketch.lines, (note, *sketch.notes) if sampled else sketch.notes)


def _columns(records: list[Any]) -> dict[str, list[object]]:
    """Values by key, None where a record has no such key. Keys that are no `str` are left out."""
    columns: dict[str, list[object]] = {}
    for number, record in enumerate(records):
        for key, item in islice(record.items(), _MOST_RECORD_KEYS):
            if type(key) is str and (key in columns or len(columns) < _MOST_RECORD_KEYS):
                columns.setdefault(key, [None] * len(records))[number] = item
    return columns


def _kinds(cells: Sequence[object]) -> list[str]:
    kinds = {id(type(cell)): known_name(type(cell)) for cell in cells if cell is not None}
    return sorted(kinds.values())[:4] or ["None"]
