"""The reply to a table: its columns, what is missing, and which cell to run next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import bullets, fenced, inline, table
from mibyan_jupyter.demo.table_reading import Column, Table, read_table


@dataclass(frozen=True)
class DescribedTable:
    """A table of the request, ready to be described."""

    table: Table

    def markdown(self) -> str:
        """A table of the columns, remarks, and the next cell."""
        found = self.table
        seen = "" if found.total == found.rows else f" ({found.rows} of them in the text)"
        rows = [
            (inline(column.name, 30), column.kind, str(column.missing), _summary(column))
            for column in found.columns
        ]
        parts = [
            "## The table in your question",
            f"It is {found.source}: {found.total} rows{seen}, {len(found.columns)} columns.",
            table(("Column", "Type", "Missing", "Values"), rows),
            bullets(self._remarks()),
            "### A next cell",
            "With the table in a variable `df`:",
            fenced(self.code()),
        ]
        return "\n\n".join(part for part in parts if part)

    def code(self) -> str:
        """A pandas cell that fits the column types."""
        numeric = [column.name for column in self.table.columns if column.is_numeric]
        groups = [column.name for column in self.table.columns if _is_group(column)]
        dates = [column.name for column in self.table.columns if column.kind == "date"]
        if dates and numeric:
            date = dates[0]
            return (
                f"df[{date!r}] = pd.to_datetime(df[{date!r}])\n"
                f"df.sort_values({date!r}).plot(x={date!r}, y={numeric[0]!r})"
            )
        if groups and numeric:
            measures = '["count", "mean", "median"]'
            return f"df.groupby({groups[0]!r})[{numeric[0]!r}].agg({measures})"
        if len(numeric) > 1:
            return f'df.plot(kind="scatter", x={numeric[0]!r}, y={numeric[1]!r})'
        return f"df[{self.table.columns[0].name!r}].value_counts()"

    def value(self) -> dict[str, Any]:
        """The columns as objects."""
        columns = [
            {"name": column.name, "type": column.kind, "missing": column.missing}
            for column in self.table.columns
        ]
        return {"rows": self.table.total, "columns": columns}

    def _remarks(self) -> list[str]:
        remarks = []
        for column in self.table.columns:
            if column.missing:
                remarks.append(
                    f"{inline(column.name, 30)} lacks {column.missing} of {len(column.cells)} "
                    "values: drop those rows, fill them, or count them apart – and say which."
                )
            if (skew := _skew(column)) is not None:
                remarks.append(skew)
        return remarks


def find_table(prompt: str) -> DescribedTable | None:
    """The table in the prompt."""
    found = read_table(prompt)
    return None if found is None else DescribedTable(found)


def _summary(column: Column) -> str:
    present = column.present
    if column.is_numeric:
        return f"{inline(min(present, key=float))} to {inline(max(present, key=float))}"
    if column.kind == "date":
        return f"{inline(min(present))} to {inline(max(present))}"
    if not present:
        return "none"
    (common, count), *_ = Counter(present).most_common(1)
    often = f", most often {inline(common, 30)} ({count} ×)" if count > 1 else ""
    return f"{len(set(present))} different{often}"


def _is_group(column: Column) -> bool:
    return column.kind in {"text", "yes/no"} and len(set(column.present)) <= 20


def _skew(column: Column) -> str | None:
    """A remark where mean and median lie far apart."""
    if not column.is_numeric or len(column.present) < 4:
        return None
    values = sorted(float(cell) for cell in column.present)
    mean = sum(values) / len(values)
    median = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    spread = values[-1] - values[0]
    if spread == 0 or abs(mean - median) < spread / 8:
        return None
    side = "above" if mean > median else "below"
    return (
        f"In {inline(column.name, 30)} the mean ({mean:.4g}) lies far {side} the median "
        f"({median:.4g}): a few extreme values pull it."
    )
