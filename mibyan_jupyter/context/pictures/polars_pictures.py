"""polars: eager frames and Series; of a lazy frame no more than that it is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch
from mibyan_jupyter.context.pictures.tables import Column, Table, column_sketch, table_sketch
from mibyan_jupyter.context.pictures.type_names import library_name, short_name
from mibyan_jupyter.context.pictures.wording import count, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

_MOST_BYTES = 16_000_000
"""A sample is thinned until it is smaller than this."""


def frame_sketch(frame: Any, terms: Terms) -> Sketch:
    """A DataFrame: shape and columns."""
    labels = [label(name) for name in frame.columns]
    table = Table("polars.DataFrame", frame.height, labels, lambda i: _column(frame.to_series(i)))
    return table_sketch(table, terms)


def series_sketch(series: Any, terms: Terms) -> Sketch:
    """A Series: name, type, length, values."""
    named = f" {label(series.name)}" if series.name else ""
    inner = replace(terms, name=series.name) if series.name else terms
    return column_sketch(f"polars.Series{named}", series.len(), _column(series), inner)


def lazy_sketch(_frame: Any, _terms: Terms) -> Sketch:
    """A LazyFrame. Even its column names are the result of resolving the query: that reads files
    and may call functions of the user, and whether it would cannot be seen from outside.
    """
    return Sketch("polars.LazyFrame, a query that has not been run")


def _column(series: Any) -> Column:
    return Column(_dtype(series.dtype), _reader(series))


def _reader(series: Any) -> Callable[[Sequence[int]], Sequence[object]]:
    def read(rows: Sequence[int]) -> Sequence[object]:
        if series.estimated_size() * len(rows) > _MOST_BYTES * max(series.len(), 1):
            rows = rows[:: max(len(rows) // 100, 1)]
        cells: list[object] = series.gather(list(rows)).to_list()
        return cells

    return read


def _dtype(dtype: Any) -> str:
    """The type without the categories of an Enum, which are values."""
    base = dtype.base_type()
    own = library_name(base) or "polars.?"
    name = own.removeprefix("polars.")
    if name == "Enum":
        return f"Enum of {count(len(dtype.categories))}"
    if name in ("List", "Array"):
        return f"{name}({_dtype(dtype.inner)})"
    if name == "Struct":
        fields = [f"{label(field.name)} {_dtype(field.dtype)}" for field in dtype.fields[:8]]
        return f"Struct({', '.join(fields)}{', …' if len(dtype.fields) > 8 else ''})"
    if name == "Datetime":
        return f"Datetime({', '.join(filter(None, (dtype.time_unit, dtype.time_zone)))})"
    if name in ("Decimal", "Duration"):
        return str(dtype)
    return name if own != "polars.?" else short_name(base)


POLARS = {
    "polars.DataFrame": frame_sketch,
    "polars.Series": series_sketch,
    "polars.LazyFrame": lazy_sketch,
}
