"""Anything with columns, as text: one line a column, the most relevant ones as far as they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mibyan_jupyter.context.pictures.cells import plain_cells, rows_to_read
from mibyan_jupyter.context.pictures.column import describe
from mibyan_jupyter.context.pictures.relevance import briefly, ranked
from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.withheld import withheld
from mibyan_jupyter.context.pictures.wording import count, label, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

_WIDEST_LINE = 300
_WIDEST_CELL = 24
_MOST_SHOWN_ROWS = 5
_MOST_SHOWN_COLUMNS = 12
_MARK = "«withheld"
_SHORTEST_LINE = 25
"""Characters of a short column line, to guess from the room how many columns will be read."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's type in words, how its cells at given rows are read (None: they are not), and what
    they are measured in, where that is said.
    """

    dtype: str
    read: Callable[[Sequence[int]], Sequence[object]] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a library tells of its table: columns are asked for one by one, only if shown.

    `index` are the labels of its rows, where they have any; they are shown with the rows only.
    """

    kind: str
    rows: int | None
    labels: Sequence[str]
    column: Callable[[int], Column]
    remarks: tuple[str, ...] = ()
    index: tuple[str, Column] | None = None


def table_sketch(table: Table, terms: Terms) -> Sketch:
    """Shape, remarks (the index, the keys), a line for each shown column, a few rows."""
    columns = count(len(table.labels), "column")
    shape = columns if table.rows is None else f"{count(table.rows, 'row')} × {columns}"
    likely = min(len(table.labels), terms.room // _SHORTEST_LINE)
    rows = rows_to_read(table.rows or 0, likely, terms.most_rows)
    sampling = _sampling(table, rows, terms)
    room = terms.room - len(shape) - sum(map(len, table.remarks)) - sum(map(len, sampling)) - 80
    shown = _column_lines(
        table, rows, room * 2 // 3 if terms.level >= Privacy.ROWS else room, terms
    )
    left_out = [text for i, text in enumerate(table.labels) if i not in shown]
    notes = list(sampling)
    lines = [*table.remarks, *(f"({text})" for text in sampling), *shown.values()]
    if left_out:
        notes.append(f"{count(len(left_out))} of {columns} left out")
        lines.append(f"{count(len(left_out), 'more column')}: {briefly(left_out, 300)}")
    lines += _first_rows(table, [n for n, line in shown.items() if _MARK not in line], terms)
    return Sketch(f"{table.kind} {shape}", tuple(lines), tuple(notes))


def _sampling(table: Table, rows: Sequence[int], terms: Terms) -> tuple[str, ...]:
    if terms.level < Privacy.STATS or not table.rows or len(rows) == table.rows:
        return ()
    return (f"values from {count(len(rows))} of {count(table.rows, 'row')}, evenly spaced",)


def _column_lines(table: Table, rows: Sequence[int], room: int, terms: Terms) -> dict[int, str]:
    """Lines of the most relevant columns that fit, by position."""
    lines: dict[int, str] = {}
    for position in ranked(table.labels, terms.prompt):
        line = _column_line(table.labels[position], table.column(position), rows, terms)
        room -= len(line) + 3
        if room < 0 or terms.late:
            break
        lines[position] = line
    return dict(sorted(lines.items()))


def _column_line(name: str, column: Column, rows: Sequence[int], terms: Terms) -> str:
    told = column_phrase(column, rows, terms.level, name)
    return cut(f"{name}: {_dtype(column)}{', ' if told else ''}{told}", _WIDEST_LINE)


def _dtype(column: Column) -> str:
    """`float64 in °C`."""
    return f"{column.dtype} in {label(column.unit, 20)}" if column.unit else column.dtype


def column_phrase(column: Column, rows: Sequence[int], level: Privacy, name: str = "") -> str:
    """What is said of one column's cells; empty where they may not or cannot be read, and under a
    secret's `name` no more than that.
    """
    if column.read is None or level < Privacy.STATS:
        return ""
    try:
        cells = plain_cells(column.read(rows))
        told = withheld(name, cells) or describe(cells, level)
    except Exception:  # a library's own failure: the other columns are still worth reading
        return "not readable"
    return told if len(cells) == len(rows) else f"{told} (from {count(len(cells))})"


def _first_rows(table: Table, shown: Sequence[int], terms: Terms) -> list[str]:
    """At `ROWS`, the first few rows of the shown columns as an aligned table."""
    number = min(table.rows or 0, _MOST_SHOWN_ROWS)
    if terms.level < Privacy.ROWS or not number:
        return []
    index = [table.index] if table.index else []
    some = [(table.labels[n], table.column(n)) for n in shown[:_MOST_SHOWN_COLUMNS]]
    columns = [
        _aligned([name, *cells])
        for name, column in [*index, *some]
        if (cells := _first_cells(column, number, name))
    ]
    return (
        ["first rows:", *("  ".join(row).rstrip() for row in zip(*columns, strict=True))]
        if columns
        else []
    )


def _first_cells(column: Column, number: int, name: str) -> list[str]:
    """The first cells in words; none where they cannot be read, or stand under a secret's name."""
    if column.read is None:
        return []
    try:
        cells = plain_cells(column.read(range(number)))
    except Exception:  # a library's reading of its own data: its bug costs the rows, no more
        return []
    return [] if withheld(name, cells) else [cell_text(cell, _WIDEST_CELL) for cell in cells]


def cell_text(cell: object, width: int) -> str:
    """A cell of a shown row: text without quotes unless it needs them, an int with all digits."""
    if type(cell) is int and cell.bit_length() < 3 * width:
        return str(cell)
    return label(cell, width) if type(cell) is str and cell else literal(cell, width)


def _aligned(texts: Sequence[str]) -> list[str]:
    short = [cut(text, _WIDEST_CELL) for text in texts]
    width = max(map(len, short))
    return [text.ljust(width) for text in short]


def column_sketch(
    kind: str,
    size: int,
    column: Column,
    terms: Terms,
    *remarks: str,
    index: tuple[str, Column] | None = None,
) -> Sketch:
    """One column that stands alone: a Series, an array of one dimension; `index` labels it."""
    rows = rows_to_read(size, most=terms.most_rows)
    lines = [remark for remark in remarks if remark]
    sampled: tuple[str, ...] = ()
    if column.read is not None and len(rows) < size and terms.level >= Privacy.STATS:
        sampled = (f"values from {count(len(rows))} of {count(size)}, evenly spaced",)
    lines += [f"({text})" for text in sampled]
    told = column_phrase(column, rows, terms.level, terms.name)
    if told:
        lines.append(cut(f"values: {told}", 2 * _WIDEST_LINE))
    if terms.level >= Privacy.ROWS and size and _MARK not in told:
        number = min(size, 10)
        labels = _first_cells(index[1], number, index[0]) if index else []
        cells = _first_cells(column, number, terms.name)
        first = ", ".join(_labelled(labels, cells))
        lines += [f"first: {first}"] if first else []
    return Sketch(f"{kind} {_dtype(column)}, {count(size, 'value')}", tuple(lines), sampled)


def _labelled(labels: Sequence[str], cells: Sequence[str]) -> Sequence[str]:
    """`Aden: 70`, `Taiz: 66` where the values have labels."""
    if len(labels) != len(cells):
        return cells
    return [f"{name}: {cell}" for name, cell in zip(labels, cells, strict=True)]
