"""pandas: frames, Series, indexes and groupings, read array by array."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.arrow_pictures import arrow_reader
from mibyan_jupyter.context.pictures.cells import Foreign, rows_to_read
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
    qualified_name,
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
    column = replace(array_column(series.array), unit=_unit(series, None))
    return column_sketch(
        f"{short_name(type(series))}{named}",
        len(index),
        column,
        _under(name, terms),
        _index(index, terms),
        index=_labels(index),
    )


def index_sketch(index: Any, terms: Terms) -> Sketch:
    """An Index that stands alone: what it is, then its labels as a column."""
    own = library_name(type(index))
    if own == "pandas.RangeIndex":
        return Sketch(f"{own} {_range(index)}{_named(index.name)}")
    if own == "pandas.MultiIndex":
        return Sketch(f"pandas.{_index(index, terms).removeprefix('index: ')}")
    column, inner = array_column(index.array), _under(index.name, terms)
    return column_sketch(short_name(type(index)), len(index), column, inner)


def _under(name: object, terms: Terms) -> Terms:
    """The terms for what has a name of its own."""
    return replace(terms, name=name) if type(name) is str and name else terms


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
        array = frame._get_column_array(position)  # noqa: SLF001
        return replace(array_column(array), unit=_unit(frame, labels[position]))

    remarks = tuple(filter(None, (_index(index, terms),)))
    return Table(short_name(type(frame)), len(index), labels, column, remarks, _labels(index))


def _unit(owner: Any, column: str | None) -> str:
    """What `attrs["units"]` (or `"unit"`) says, of a frame for one of its columns."""
    attrs = stored(owner, "_attrs")
    if type(attrs) is not dict:
        return ""
    found = next((attrs[key] for key in ("units", "unit") if key in attrs), None)
    if column is not None:
        found = found.get(column) if type(found) is dict else None
    return found if type(found) is str else ""


def _labels(index: Any) -> tuple[str, Column] | None:
    """The labels of the rows, by their name; None where they are only counted, or are several."""
    own = library_name(type(index)) or ""
    if not known_as(type(index), ("pandas.Index",)) or own == "pandas.RangeIndex":
        return None
    named = "(index)" if index.name is None else label(index.name)
    return None if own == "pandas.MultiIndex" else (named, array_column(index.array))


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
        named = dict(zip(met, _categories(categories, met), strict=True))
        return [named.get(code) for code in chosen]

    return read


def _categories(array: Any, met: Sequence[int]) -> Sequence[object]:
    """The categories at these positions; intervals, as `pandas.cut` makes them, in words."""
    if known_as(type(array), ("pandas.IntervalArray",)):
        brackets = _BRACKETS[array.closed]
        left, right = (array_column(side.array).read for side in (array.left, array.right))
        if left and right:
            bounds = zip(map(literal, left(met)), map(literal, right(met)), strict=True)
            return [brackets.format(f"{low}, {high}") for low, high in bounds]
    names = array_column(array).read
    return names(met) if names else [Foreign(qualified_name(type(array)))] * len(met)


_BRACKETS = {"left": "[{})", "right": "({}]", "both": "[{}]", "neither": "({})"}


def _from_periods(array: Any) -> Reader | None:
    """The beginnings of the periods."""
    if library_name(type(array.dtype.freq)) is None:
        return None

    def read(rows: Sequence[int]) -> Sequence[object]:
        plain = array[rows_index(rows)].to_timestamp().to_numpy()
        return reader_of(plain)(range(len(plain)))

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
    "pandas.PeriodArray": _from_periods,
    "pandas.IntervalArray": _unread,
}


def _index(index: Any, terms: Terms) -> str:
    """`index: RangeIndex 2 … 99`, or its kind, names and, from `STATS`, its range; nothing where
    it only counts the rows.
    """
    own = (library_name(type(index)) or "").removeprefix("pandas.")
    if not known_as(type(index), ("pandas.Index",)):
        return f"index: {angled(index)}"
    if own == "RangeIndex" and (index.start, index.step, index.name) == (0, 1, None):
        return ""
    if own == "RangeIndex":
        return f"index: RangeIndex {_range(index)}{_named(index.name)}"
    if own == "MultiIndex":
        levels = zip(index.names, index.levels, strict=True)
        words = [f"{_level_name(name)} ({count(len(level))})" for name, level in levels]
        return f"index: MultiIndex of {count(len(index))}: {', '.join(words[:10])}"
    column = array_column(index.array)
    name = index.name if type(index.name) is str else ""
    told = column_phrase(column, rows_to_read(len(index), most=terms.most_rows), terms.level, name)
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
