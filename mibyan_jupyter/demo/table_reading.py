"""Finding a table in a text: Markdown, CSV (also with ; or tab) or the text that pandas prints."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MISSING = frozenset(("", "nan", "none", "null", "na", "n/a", "<na>", "nat", "-"))
_NUMBER = re.compile(r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?")
_SHAPE = re.compile(r"\[(\d{1,12}) rows x \d+ columns\]")
_MAX_LINE = 2_000
_MAX_COLUMNS = 50


@dataclass(frozen=True)
class Column:
    """One column's name and its cells as they were written."""

    name: str
    cells: tuple[str, ...]

    @property
    def present(self) -> list[str]:
        """The cells that hold a value."""
        return [cell for cell in self.cells if cell.lower() not in _MISSING]

    @property
    def missing(self) -> int:
        """How many cells hold none."""
        return len(self.cells) - len(self.present)

    @property
    def kind(self) -> str:
        """`integer`, `number`, `date`, `yes/no`, `text`, or `empty`."""
        present = self.present
        if not present:
            return "empty"
        if all(_NUMBER.fullmatch(cell) for cell in present):
            return "integer" if all(cell.lstrip("+-").isdigit() for cell in present) else "number"
        if all(_DATE.fullmatch(cell) for cell in present):
            return "date"
        if {cell.lower() for cell in present} <= {"true", "false", "yes", "no"}:
            return "yes/no"
        return "text"

    @property
    def is_numeric(self) -> bool:
        """Whether its values can be added up."""
        return self.kind in {"integer", "number"}


@dataclass(frozen=True)
class Table:
    """A table as found; `total` is its row count where the text says it, as pandas does."""

    source: str
    columns: tuple[Column, ...]
    rows: int
    total: int


def read_table(text: str) -> Table | None:
    """The first table of at least two columns and one row (of CSV: two rows)."""
    lines = [line[:_MAX_LINE].rstrip() for line in text.splitlines()]
    return _markdown_table(lines) or _delimited_table(lines) or _pandas_table(lines)


def _table(source: str, header: Sequence[str], rows: list[list[str]], total: int = 0) -> Table:
    names = [name.strip() for name in header[:_MAX_COLUMNS]]
    columns = tuple(
        Column(name, tuple(row[position].strip() for row in rows))
        for position, name in enumerate(names)
    )
    return Table(source, columns, len(rows), max(total, len(rows)))


def _markdown_table(lines: list[str]) -> Table | None:
    for number, line in enumerate(lines[1:], start=1):
        if _is_rule(line) and "|" in lines[number - 1]:
            header = _pipe_cells(lines[number - 1])
            body = takewhile(lambda row: "|" in row, lines[number + 1 :])
            rows = [_padded(_pipe_cells(row), len(header)) for row in body]
            if len(header) > 1 and rows:
                return _table("a Markdown table", header, rows)
    return None


def _is_rule(line: str) -> bool:
    """Whether it is the line of dashes below a Markdown table's header."""
    return "|" in line and "--" in line and set(line) <= set(" \t|:-")


def _pipe_cells(line: str) -> list[str]:
    content = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", content)]


def _padded(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _delimited_table(lines: list[str]) -> Table | None:
    for delimiter, source in (
        (",", "CSV"),
        ("\t", "tab-separated text"),
        (";", "CSV (semicolons)"),
    ):
        for block in _runs(lines, delimiter):
            header, *rows = (_fields(line, delimiter) for line in block)
            body = list(takewhile(lambda row: len(row) == len(header), rows))  # noqa: B023
            if len(body) >= 2 and _looks_like_header(header) and _looks_like_rows(body):
                return _table(source, header, body)
    return None


def _runs(lines: list[str], delimiter: str) -> list[list[str]]:
    """The runs of at least three lines that all hold the delimiter."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if delimiter in line:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= 3]


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _looks_like_header(header: list[str]) -> bool:
    """Short, different names without the signs of code; prose fails on its length or its dots."""
    plain = all(re.fullmatch(r"\w[^=(){}\[\]:.!?]{0,39}", name.strip()) for name in header)
    return len(header) > 1 and plain and len(set(header)) == len(header)


def _looks_like_rows(rows: list[list[str]]) -> bool:
    """Rows of CSV hold short cells, and none of the signs of code."""
    return all(
        len(cell) <= 200 and not re.search(r"[={}]|\w\(", cell) for row in rows for cell in row
    )


def _pandas_table(lines: list[str]) -> Table | None:
    for number, line in enumerate(lines):
        header = line.split()
        if not line.startswith(" ") or not header:
            continue
        rows = _pandas_rows(lines[number + 1 :], re.split(r"\s{2,}", line.strip()))
        if rows:
            shape = next(filter(None, map(_SHAPE.search, lines[number:])), None)
            names = re.split(r"\s{2,}", line.strip())
            total = int(shape[1]) if shape else 0
            return _table("the text of a pandas table", names, rows, total)
    return None


def _pandas_rows(lines: list[str], header: list[str]) -> list[list[str]]:
    """The rows below a header, each an index label and one cell a column; pandas' dots left out."""
    rows = []
    for line in lines:
        if line.startswith((" ", "-", "=")) or not line:
            break
        cells = re.split(r"\s{2,}", line)
        if len(cells) != len(header) + 1:
            cells = line.split()
        if set(cells) <= {"..", "..."}:
            continue
        if len(cells) != len(header) + 1:
            break
        rows.append(cells[1:])
    return rows if len(rows) >= 2 or (rows and len(header) > 1) else []
