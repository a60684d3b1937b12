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


def at_most(measure: str, ratio: float, most: float, detail: str = "", unit: str = "×") -> Row:
    """A row whose value is to be at most `most`."""
    digits = 2 if most < 10 else 0
    value = f"{ratio:.3f}" if ratio < 0.1 and unit == "×" else f"{ratio:.{digits}f}"
    goal = f"≤ {most:g} {unit}"
    return Row(measure, f"{value} {unit}", goal, ratio <= most, detail)


def without_goal(measure: str, value: str, detail: str = "") -> Row:
    """A row that is reported only."""
    return Row(measure, value, "–", ok=True, detail=detail)


def as_text(rows: Sequence[Row]) -> str:
    """A Markdown table of the rows."""
    lines = ["| measure | value | goal | met | |", "|---|--:|---|---|---|"]
    lines += [
        f"| {row.measure} | {row.value} | {row.goal} | {_met(row)} | {row.detail} |" for row in rows
    ]
    return "\n".join(lines)


def _met(row: Row) -> str:
    if row.goal == "–":
        return ""
    return "yes" if row.ok else "NO"
