"""One row of the benchmark table, and how the table is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with its goal; `ok` tells whether it was met."""

    measure: str
    value: str
    goal: str
    ok: bool
    detail: str = ""


def as_text(rows: Sequence[Row]) -> str:
    """A Markdown table of the rows."""
    lines = ["| measure | value | goal | met | |", "|---|--:|---|---|---|"]
    lines += [
        f"| {row.measure} | {row.value} | {row.goal} | {'yes' if row.ok else 'NO'} | {row.detail} |"
        for row in rows
    ]
    return "\n".join(lines)
