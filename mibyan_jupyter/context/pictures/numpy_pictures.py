"""numpy: arrays of any shape, structured, masked, memory-mapped, and numpy's scalars."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch
from mibyan_jupyter.context.pictures.tables import Column, Table, column_sketch, table_sketch
from mibyan_jupyter.context.pictures.type_names import known_as, short_name
from mibyan_jupyter.context.pictures.wording import count, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

    Reader = Callable[[Sequence[int]], Sequence[object]]

_WIDEST_ITEM = 4_096
"""Bytes of one array item beyond which the items are not read."""


def array_sketch(value: Any, terms: Terms) -> Sketch:
    """An array: type and shape, then its items as one column, or its fields as columns."""
    kind, plain = short_name(type(value)), base_array(value)
    if plain.dtype.names is not None and plain.ndim == 1:
        return table_sketch(_fields(kind, plain), terms)
    head = f"{kind} {dtype_text(plain.dtype)}, shape {_shape(plain.shape)}"
    sketch = (
        column_sketch("", plain.size, column_of(plain.reshape(-1)), terms)
        if _reads(plain)
        else Sketch("")
    )
    return Sketch(head, sketch.lines, sketch.notes)


def base_array(value: Any) -> Any:
    """The same memory as a plain ndarray: no method of a subclass is in reach any more."""
    ndarray = sys.modules["numpy"].ndarray
    return value if type(value) is ndarray else ndarray.view(value, ndarray)


def masked_sketch(value: Any, terms: Terms) -> Sketch:
    """A masked array: the masked items count as null."""
    plain = base_array(value)
    mask = value.mask
    head = f"{short_name(type(value))} {dtype_text(plain.dtype)}, shape {_shape(plain.shape)}"
    if plain.dtype.names is not None or getattr(mask, "shape", None) != plain.shape:
        return array_sketch(plain, terms) if mask.shape == () else Sketch(head)
    read, hidden = reader_of(plain.reshape(-1)), mask.reshape(-1)

    def cells(rows: Sequence[int]) -> list[object]:
        shown = zip(read(rows), hidden[rows_index(rows)].tolist(), strict=True)
        return [None if masked else cell for cell, masked in shown]

    sketch = column_sketch("", plain.size, Column("", cells), terms)
    return Sketch(head, sketch.lines, sketch.notes)


def scalar_sketch(value: Any, terms: Terms) -> Sketch:
    """A numpy scalar is looked at as the built-in value that it holds."""
    kind = short_name(type(value))
    if terms.level < Privacy.STATS:
        return Sketch(kind)
    item = value.item()
    if type(item) is str or type(item) is bytes:
        return Sketch(f"{kind}, {terms.headline(item).partition(', ')[2]}")
    return Sketch(kind if type(item) is tuple else f"{kind} {literal(item)}")


def column_of(array: Any) -> Column:
    """A one-dimensional ndarray as a column."""
    return Column(dtype_text(array.dtype), reader_of(array) if _reads(array) else None)


def reader_of(array: Any) -> Reader:
    """How built-in values are read out of a one-dimensional ndarray."""
    kind = array.dtype.kind
    if kind in "mM":
        return lambda rows: array[rows_index(rows)].astype(f"{kind}8[us]").tolist()
    if kind == "f" and array.dtype.itemsize > 8:
        return lambda rows: array[rows_index(rows)].astype("f8").tolist()
    return lambda rows: array[rows_index(rows)].tolist()


def rows_index(rows: Sequence[int]) -> Any:
    """Row numbers as the fastest index that numpy takes: a slice, or an array."""
    if type(rows) is range:
        return slice(rows.start, rows.stop)
    return sys.modules["numpy"].asarray(rows, dtype="int64")


def dtype_text(dtype: Any) -> str:
    """`float64`, `datetime64[ns]`, or the number of fields."""
    if dtype.names is not None:
        return count(len(dtype.names), "field")
    return str(dtype)


def _reads(array: Any) -> bool:
    """Whether reading some items is cheap: not from disk, and no item is large.

    Reshaping must not copy either, so a large array has to be contiguous or have one dimension.
    """
    flat = array.ndim <= 1 or array.flags.c_contiguous or array.size <= 1_000_000
    small = array.dtype.itemsize <= _WIDEST_ITEM and array.dtype.kind != "V"
    return flat and small and not is_mapped(array)


def is_mapped(array: Any) -> bool:
    """Whether the memory is a file's (`numpy.memmap`): then each item may be a read from disk."""
    for _ in range(8):
        if array is None:
            return False
        kind = type(array)
        if kind.__module__ == "mmap" or known_as(kind, ("numpy.memmap",)):
            return True
        if known_as(kind, ("numpy.ndarray",)) is None:
            return False
        array = sys.modules["numpy"].ndarray.base.__get__(array)
    return False


def _shape(shape: tuple[int, ...]) -> str:
    return "()" if not shape else " × ".join(map(count, shape))


def _fields(kind: str, array: Any) -> Table:
    names = array.dtype.names
    return Table(kind, array.size, names, lambda position: column_of(array[names[position]]))


NUMPY = {
    "numpy.ndarray": array_sketch,
    "numpy.matrix": array_sketch,
    "numpy.recarray": array_sketch,
    "numpy.memmap": array_sketch,
    "numpy.ma.MaskedArray": masked_sketch,
    "numpy.MaskedArray": masked_sketch,
    "numpy.generic": scalar_sketch,
}
