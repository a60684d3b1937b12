"""pandas: frames, Series, indexes and groupings, read array by array."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.arrow_pictures import arrow_reader
from mibyan_jupyter.context.pictures.cells import rows_to_read
from mibyan_jupyter.context.pictures.numpy_pictures import (
    column_of,
    dtype_text,
    reader_of,
    rows_index,
)
from mibyan_jupyter.context.pictures.sketch import Sketch
from mibyan_jupyter.context.pictures.tables import (
    Column,
    Table,
    column_phrase,
    column_sketch,
    table_sketch,
)
from mibyan_jupyter.context.pictures.type_names import (
    angled,
    is_known_zone,
    known_as,
    library_name,
    short_name,
    stored,
)
from mibyan_jupyter.context.pictures.wording import count, label, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

    Reader = Callable[[Sequence[int]], Sequence[object]]

_MOST_LABELS = 100_000


def frame_sketch(frame: Any, terms: Terms) -> Sketch:
    """A DataFrame: shape, index, columns."""
    return table_sketch(_table(frame, terms), terms)


def series_sketch(series: Any, terms: Terms) -> Sketch:
    """A Series: type, length, name, index, values."""
    index = series.index
    name = stored(series, "_name")
    named = f" {label(name)}" if name is not None else ""
    kind = f"{short_name(type(series))}{named}"
    return column_sketch(kind, len(index), array_column(series.array), terms, _index(index, terms))


def index_sketch(index: Any, terms: Terms) -> Sketch:
    """An Index that stands alone: what it is, then its labels as a column."""
    own = library_name(type(index))
    if own in ("pandas.RangeIndex", "pandas.MultiIndex"):
        return Sketch(f"pandas.{_index(index, terms).removeprefix('index: ')}")
    return column_sketch(short_name(type(index)), len(index), array_column(index.array), terms)


def array_sketch(array: Any, terms: Terms) -> Sketch:
    """One of pandas' own arrays: a Categorical, an IntegerArray."""
    return column_sketch(short_name(type(array)), len(array), array_column(array), terms)


def timestamp_sketch(value: Any, terms: Terms) -> Sketch:
    """A Timestamp, Timedelta or Period: its value, as for the standard library's."""
    kind = short_name(type(value))
    safe = is_known_zone(stored(value, "tzinfo"))
    told = str(value).removesuffix(" 00:00:00") if safe else literal(value)
    return Sketch(f"{kind} {told}" if terms.level >= Privacy.STATS else kind)


def missing_sketch(value: Any, _terms: Terms) -> Sketch:
    """`NA` and `NaT` are their own types."""
    return Sketch(f"pandas.{'NaT' if short_name(type(value)).endswith('NaTType') else 'NA'}")


def grouping_sketch(grouping: Any, terms: Terms) -> Sketch:
    """A groupby: its keys, and the frame below. Groups are not counted: that would form them."""
    below, keys = stored(grouping, "obj"), _keys(stored(grouping, "keys"))
    inner = terms.look(below, terms)
    by = f" by {', '.join(keys)}" if keys else ""
    return Sketch(
        f"{short_name(type(grouping))}{by}, of a {inner.headline}", inner.lines, inner.notes
    )


def _keys(keys: object) -> list[str]:
    if type(keys) is list or type(keys) is tuple:
        return [label(key) for key in keys[:10]]
    return [label(keys)] if type(keys) is str else []


def _table(frame: Any, terms: Terms) -> Table:
    columns, index = frame.columns, frame.index
    labels = [label(name) for name in columns[:_MOST_LABELS].tolist()]

    def column(position: int) -> Column:
        # `iloc` would deep-copy `frame.attrs`, whose values may be foreign; this is a plain view.
        return array_column(frame._get_column_array(position))  # noqa: SLF001

    remarks = (_index(index, terms),)
    return Table(short_name(type(frame)), len(index), labels, column, remarks)


def array_column(array: Any) -> Column:
    """A column's array, of numpy or of pandas, as a column; any other only by its type."""
    if type(array) is sys.modules["numpy"].ndarray:
        return column_of(array)
    own = known_as(type(array), _READERS)
    if own is None:
        return Column(angled(array))
    return Column(_dtype(array.dtype), _READERS[own](array))


def _dtype(dtype: Any) -> str:
    own = library_name(type(dtype))
    if own == "pandas.CategoricalDtype":
        ordered = ", ordered" if dtype.ordered else ""
        return f"category of {count(len(dtype.categories))}{ordered}"
    if own is None:
        return angled(dtype)
    if own == "pandas.DatetimeTZDtype" and not is_known_zone(dtype.tz):
        return f"datetime64[{dtype.unit}, {angled(dtype.tz)}]"
    return dtype_text(dtype) if own.startswith("numpy.") else str(dtype)


def _from_numpy(array: Any) -> Reader | None:
    return column_of(array.to_numpy()).read


def _from_objects(array: Any) -> Reader:
    """Via an object array of the sample; missing values become None."""
    return lambda rows: array[rows_index(rows)].to_numpy(dtype=object, na_value=None).tolist()


def _from_categories(array: Any) -> Reader:
    codes, categories = array.codes, array.categories.array

    def read(rows: Sequence[int]) -> list[object]:
        chosen = codes[rows_index(rows)].tolist()
        met = sorted({code for code in chosen if code >= 0})
        names = array_column(categories).read
        named = dict(zip(met, names(met), strict=True)) if names else dict.fromkeys(met)
        return [named.get(code) for code in chosen]

    return read


def _from_moments(array: Any) -> Reader | None:
    """Wall-clock times: the zone is in the dtype."""
    if not is_known_zone(getattr(array.dtype, "tz", None)):
        return None

    def read(rows: Sequence[int]) -> Sequence[object]:
        some = array[rows_index(rows)]
        local = some.tz_localize(None) if known_as(type(some), _ZONED) else some
        plain = local.to_numpy()
        return reader_of(plain)(range(len(plain)))

    return read


def _from_arrow(array: Any) -> Reader | None:
    if getattr(array.dtype, "storage", "pyarrow") != "pyarrow":
        return _from_objects(array)
    return arrow_reader(array.__arrow_array__())


def _unread(_array: Any) -> None:
    return None


_ZONED = ("pandas.DatetimeArray",)
_READERS: dict[str, Callable[[Any], Reader | None]] = {
    "pandas.NumpyExtensionArray": _from_numpy,
    "pandas.PandasArray": _from_numpy,
    "pandas.Categorical": _from_categories,
    "pandas.DatetimeArray": _from_moments,
    "pandas.TimedeltaArray": _from_moments,
    "pandas.ArrowStringArray": _from_arrow,
    "pandas.ArrowExtensionArray": _from_arrow,
    "pandas.StringArray": _from_objects,
    "pandas.BaseMaskedArray": _from_objects,
    "pandas.IntegerArray": _from_objects,
    "pandas.FloatingArray": _from_objects,
    "pandas.BooleanArray": _from_objects,
    "pandas.SparseArray": lambda array: lambda rows: list(array.take(list(rows)).to_dense()),
    "pandas.PeriodArray": _unread,
    "pandas.IntervalArray": _unread,
}


def _index(index: Any, terms: Terms) -> str:
    """`index: RangeIndex 0 … 99`, or its kind, names and, from `STATS`, its range."""
    own = (library_name(type(index)) or "").removeprefix("pandas.")
    if not known_as(type(index), ("pandas.Index",)):
        return f"index: {angled(index)}"
    if own == "RangeIndex":
        return f"index: RangeIndex {_range(index)}{_named(index.name)}"
    if own == "MultiIndex":
        levels = zip(index.names, index.levels, strict=True)
        words = [f"{_level_name(name)} ({count(len(level))})" for name, level in levels]
        return f"index: MultiIndex of {count(len(index))}: {', '.join(words[:10])}"
    column = array_column(index.array)
    told = column_phrase(column, rows_to_read(len(index)), terms.level)
    kind = own if own not in ("", "Index") else "Index"
    dtype = f" {column.dtype}" if kind == "Index" or "," in column.dtype else ""
    return f"index: {kind}{dtype}{_named(index.name)}{_freq(index)}{', ' if told else ''}{told}"


def _freq(index: Any) -> str:
    freq = stored(stored(index, "_data"), "_freq")
    known = freq is not None and library_name(type(freq)) is not None
    return f", freq {freq.freqstr}" if known else ""


def _range(index: Any) -> str:
    step = f" step {index.step}" if index.step != 1 else ""
    return f"{index.start} … {index.stop - index.step}{step}" if len(index) else "(empty)"


def _named(name: object) -> str:
    return "" if name is None else f" {label(name)}"


def _level_name(name: object) -> str:
    return "unnamed" if name is None else label(name) if type(name) is str else literal(name)


PANDAS = {
    "pandas.DataFrame": frame_sketch,
    "pandas.Series": series_sketch,
    "pandas.Index": index_sketch,
    "pandas.DataFrameGroupBy": grouping_sketch,
    "pandas.SeriesGroupBy": grouping_sketch,
    "pandas.Timestamp": timestamp_sketch,
    "pandas.Timedelta": timestamp_sketch,
    "pandas.Period": timestamp_sketch,
    "pandas.NAType": missing_sketch,
    "pandas.NaTType": missing_sketch,
    **dict.fromkeys(_READERS, array_sketch),
}
