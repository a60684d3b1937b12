"""Shows what a command returned, in a cell."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibyan_jupyter.commands.registry import Notice, Table

_CELL = 'style="text-align:start;white-space:pre-wrap"'


def show_notice(notice: Notice) -> None:
    """Plain lines, as the cell's standard output."""
    import sys

    sys.stdout.write(f"{notice.text}\n")


def show_table(table: Table, shell: Any) -> None:
    """A table as HTML and as aligned plain text; every cell is text."""
    shell.display_pub.publish({"text/html": _html(table), "text/plain": _plain(table)})


def show_diff(before: str, after: str, shell: Any, *, replaced: str | None = None) -> None:
    """What a proposed cell changes, line by line; nothing where it changes nothing.

    The labextension puts `after` into the cell with the id `replaced`: that rides along in the part
    of the message that no notebook keeps.
    """
    import difflib

    from mibyan_jupyter.rendering import render_code, wrap_answer

    lines = difflib.unified_diff(
        before.rstrip().splitlines(), after.splitlines(), "failed", "proposed", lineterm="", n=2
    )
    if text := "\n".join(lines):
        html = wrap_answer(render_code(text, "diff"))
        edit = {"cell": replaced, "was": before, "source": after}
        shell.display_pub.publish(
            {"text/html": html, "text/plain": text},
            transient={"mibyan_edit": edit} if replaced else {},
        )


def _html(table: Table) -> str:
    head = "".join(f"<th {_CELL}>{escape(name)}</th>" for name in table.columns)
    rows = [f"<tr>{head}</tr>"] if head else []
    rows += [f"<tr>{_html_cells(row)}</tr>" for row in table.rows]
    title = f"<div><b>{_no_math(escape(table.title))}</b></div>"
    return f'{title}<table dir="auto">{"".join(rows)}</table>'


def _html_cells(row: Iterable[str]) -> str:
    return "".join(f'<td {_CELL} dir="auto">{_no_math(escape(text))}</td>' for text in row)


def _no_math(text: str) -> str:
    return text.replace("$", '<span class="tex2jax_ignore mathjax_ignore">$</span>')


def _plain(table: Table) -> str:
    rows = [table.columns, *table.rows] if table.columns else list(table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join((table.title, *lines))
