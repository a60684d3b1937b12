"""pyarrow: tables, record batches, arrays and schemas."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch
from mibyan_jupyter.context.pictures.tables import Column, Table, column_sketch, table_sketch
from mibyan_jupyter.context.pictures.type_names import angled, library_name, short_name
from mibyan_jupyter.context.pictures.wording import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

    Reader = Callable[[Sequence[int]], Sequence[object]]

_MOST_BYTES = 16_000_000
"""A sample is thinned until it is smaller than this."""
_WIDEST_TYPE = 120


def table(value: Any, terms: Terms) -> Sketch:
    """A Table or RecordBatch: shape and columns."""
    kind, schema = short_name(type(value)), value.schema
    labels = [label(name) for name in schema.names]
    found = Table(
        kind,
        value.num_rows,
        labels,
        lambda i: replace(_column(value.column(i)), unit=_unit(schema.field(i))),
    )
    return table_sketch(found, terms)


def _unit(field: Any) -> str:
    """What a field's metadata says that it is measured in."""
    metadata = field.metadata or {}
    found = metadata.get(b"units") or metadata.get(b"unit") or b""
    return found[:_WIDEST_TYPE].decode("utf-8", "replace")


def array(value: Any, terms: Terms) -> Sketch:
    """An Array or ChunkedArray: type, length, values."""
    chunked = library_name(type(value)) == "pyarrow.ChunkedArray"
    kind = "pyarrow.ChunkedArray" if chunked else "pyarrow.Array"
    return column_sketch(kind, len(value), _column(value), terms)


def schema(value: Any, terms: Terms) -> Sketch:
    """A Schema: names and types."""
    labels = [label(name) for name in value.names]
    found = Table(
        "pyarrow.Schema",
        None,
        labels,
        lambda i: Column(_type_text(value.field(i).type), unit=_unit(value.field(i))),
    )
    return table_sketch(found, terms)


def scalar(value: Any, terms: Terms) -> Sketch:
    """A scalar: its type, and its value as a built-in one."""
    if library_name(type(value.type)) is None:
        return Sketch(angled(value))
    inner = terms.headline(value.as_py())
    return Sketch(f"pyarrow.Scalar {_type_text(value.type)}: {inner}")


def _column(values: Any) -> Column:
    return Column(_type_text(values.type), arrow_reader(values))


def _type_text(kind: Any) -> str:
    return str(kind)[:_WIDEST_TYPE] if library_name(type(kind)) is not None else angled(kind)


def arrow_reader(values: Any) -> Reader | None:
    """How built-in values are read out of an Array or ChunkedArray; not out of a foreign type."""
    if library_name(type(values.type)) is None or "extension<" in str(values.type):
        return None

    def read(rows: Sequence[int]) -> Sequence[object]:
        if values.nbytes * len(rows) > _MOST_BYTES * max(len(values), 1):
            rows = rows[:: max(len(rows) // 100, 1)]
        return _plain(_taken(values, rows))

    return read


def _taken(values: Any, rows: Sequence[int]) -> Any:
    if type(rows) is range:
        return values.slice(rows.start, len(rows))
    return values.take(sys.modules["pyarrow"].array(rows))


def _plain(some: Any) -> Sequence[object]:
    """Built-in values, by way of numpy where that is faster and loses nothing.

    Instants are cut to microseconds and taken without their zone: it is said in the type.
    """
    kind = str(some.type)
    if kind.startswith(("timestamp", "duration")):
        some = some.cast(kind.partition("[")[0] + "[us]", safe=False)
    elif kind == "time64[ns]":
        some = some.cast("time64[us]", safe=False)
    elif kind in ("string", "large_string") or (kind in _NUMBERS and not some.null_count):
        return _by_numpy(some)
    cells: Sequence[object] = some.to_pylist()
    return cells


def _by_numpy(some: Any) -> Sequence[object]:
    chunked = library_name(type(some)) == "pyarrow.ChunkedArray"
    plain = some.to_numpy() if chunked else some.to_numpy(zero_copy_only=False)
    cells: Sequence[object] = plain.tolist()
    return cells


_NUMBERS = frozenset((
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double",
))  # fmt: skip

ARROW = {
    "pyarrow.Table": table,
    "pyarrow.RecordBatch": table,
    "pyarrow.Array": array,
    "pyarrow.ChunkedArray": array,
    "pyarrow.Schema": schema,
    "pyarrow.Scalar": scalar,
}
