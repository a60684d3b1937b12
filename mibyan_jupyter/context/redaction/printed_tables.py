"""Cells that stand under a secret's name in printed tables: frames, Series, CSV, Markdown. Pure.

What `print(df)` shows has no name beside each value: only the header tells what the column holds.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from mibyan_jupyter.context.redaction.named_values import secret_kind
from mibyan_jupyter.context.redaction.wording import (
    TELLING,
    is_placeholder,
    is_prose,
    looks_random,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Span = tuple[int, int]

_LINE = re.compile(r"(?:(?!\\n)[^\n])*+(?:\\n|\n)?")  # `\n` may stand written out, in code
_LONGEST_LINE = 2_000
_MOST_HEADERS = 2
_LABEL = re.compile(r"[A-Za-z_][\w.-]*(?: [\w.-]+){0,2}\Z")
_HINT = re.compile("|".join(TELLING), re.IGNORECASE)
_RULE = re.compile(r"[\s|│┆┼╪╞╡├┤┌┬┐└┴┘─═+=:-]*\Z")
_FIELDS = (
    (re.compile(r"[|│┆]"), re.compile(r"[^|│┆]+")),
    (re.compile(r"\t|\\t"), re.compile(r"(?:(?!\\t)[^\t])+")),
    (re.compile(r";"), re.compile(r"\"[^\"]*\"|[^;]+")),
    (re.compile(r","), re.compile(r"\"[^\"]*\"|[^,]+")),
)
"""What parts the fields of a line, and a field."""
_COLUMNS = re.compile(r"\S+(?: \S+)*")
"""A field where two blanks part them, and columns are told by where they stand."""
_BARE = re.compile(r"[^\s'\"]+(?: [^\s'\"]+)*")
_UNLIKE_A_NAME = re.compile(r"\d|[^\w\s.-]")
_SERIES = re.compile(r"Name: ([^\n,]{1,60}), (?:Length: \d+, )?dtype: ")
_LABELLED = re.compile(r"\S.*?\s{2,}(?P<value>\S.*?)\s*\Z")


def replace_under_headers(text: str, put: Callable[[str], str]) -> str:
    """The text with `put(kind)` in place of each cell that a header says is a secret."""
    lines = [found.span() for found in _LINE.finditer(text) if found.end() > found.start()]
    found = sorted({*_in_tables(text, lines), *_in_series(text, lines)})
    parts: list[str] = []
    done = 0
    for start, end, kind in found:
        if start >= done:
            parts += [text[done:start], put(kind)]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _in_tables(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Where secrets stand under headers; one table may follow another without a blank line."""
    headers: list[_Fields | _Columns] = []
    for span in lines:
        line = _bare_line(text, span)
        if not line.strip() or len(line) > _LONGEST_LINE:
            headers = []
            continue
        if _RULE.match(line):
            continue
        headers = [header for header in headers if header.fits(line)]
        for header in headers:
            yield from ((span[0] + s, span[0] + e, kind) for s, e, kind in header.secrets(line))
        if _HINT.search(line) and (found := _header(line)):
            headers = [*headers[-_MOST_HEADERS:], found]


def _bare_line(text: str, span: Span) -> str:
    line = text[span[0] : span[1]]
    return line.removesuffix("\n").removesuffix("\\n")


def _header(line: str) -> _Fields | _Columns | None:
    """What the line says of the lines below, if it is the header of a table with secrets."""
    for delimiter, field in _FIELDS:
        if delimiter.search(line):
            labels = [_label(found[0]) for found in field.finditer(line)]
            kinds = _kinds(labels)
            return _Fields(field, kinds, len(labels)) if kinds else None
    spans = [found.span() for found in _COLUMNS.finditer(line.rstrip(" \\"))]
    kinds = _kinds([line[start:end] for start, end in spans])
    alone = len(spans) == 1  # beside an index, which has no label, or it is no header
    if not kinds or (alone and not re.match(r"\s{2,}\S+\Z", line)):
        return None
    return _Columns({spans[position]: kind for position, kind in kinds.items()}, int(alone))


def _label(field: str) -> str:
    """A field without the code or the quotes around it: `text = '''user` begins a CSV."""
    return re.split(r"['\"]", field.strip().rstrip("'\""))[-1].strip()


def _kinds(labels: Sequence[str]) -> dict[int, str]:
    """Which of the labels name a secret; none if one of them is no label."""
    words = [label for label in labels if label]
    if not all(map(_LABEL.match, words)):
        return {}
    kinds = {position: secret_kind(label) for position, label in enumerate(labels)}
    return {position: kind for position, kind in kinds.items() if kind is not None}


class _Fields:
    """A table whose fields are parted by a mark: the n-th field belongs to the n-th label."""

    def __init__(self, field: re.Pattern[str], kinds: dict[int, str], size: int) -> None:
        self._field, self._kinds, self._size = field, kinds, size

    def fits(self, row: str) -> bool:
        return sum(1 for _ in self._field.finditer(row)) == self._size > 1

    def secrets(self, row: str) -> Iterator[tuple[int, int, str]]:
        for position, field in enumerate(self._field.finditer(row)):
            kind = self._kinds.get(position)
            cell = _BARE.search(row, *field.span())
            if kind and cell and _is_secret(cell[0], kind):
                yield (*cell.span(), kind)


class _Columns:
    """A table whose cells stand below their labels, after `before` cells without one."""

    def __init__(self, kinds: dict[Span, str], before: int) -> None:
        self._kinds, self._before = kinds, before

    def fits(self, _row: str) -> bool:
        return True  # an empty cell, or a truncated one, has no field

    def secrets(self, row: str) -> Iterator[tuple[int, int, str]]:
        for found in islice(_COLUMNS.finditer(row), self._before, None):
            start, end = found.span()
            for (left, right), kind in self._kinds.items():
                if (start == left or end == right) and _is_secret(found[0], kind):
                    yield start, end, kind


def _in_series(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """The values of a printed Series, whose name stands below them."""
    for number, span in enumerate(lines):
        named = _SERIES.match(text, span[0])
        kind = secret_kind(named[1]) if named else None
        for start, end in reversed(lines[:number]) if kind else ():
            line = _bare_line(text, (start, end))[:_LONGEST_LINE]
            row = _LABELLED.match(line)
            if row is None and line.strip() != "...":
                break
            if row and kind and _is_secret(row["value"], kind):
                yield start + row.start("value"), start + row.end("value"), kind


def _is_secret(cell: str, kind: str) -> bool:
    if is_placeholder(cell):
        return False
    if kind in ("token", "key"):
        return looks_random(cell)
    return _UNLIKE_A_NAME.search(cell) is not None and not is_prose(cell)
