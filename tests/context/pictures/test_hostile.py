"""No method of a foreign object is ever called, and no object can make a picture raise."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.pictures.type_names import is_code
from mibyan_jupyter.context.privacy import Privacy
from tests.context.pictures import hostile as h


def _column(value: object, size: int = 3) -> Any:
    column = np.empty(size, dtype=object)
    for position in range(size):
        column[position] = value
    return column


def _frame(value: object) -> pd.DataFrame:
    frame = pd.DataFrame({"n": [1, 2, 3], "odd": pd.Series(_column(value), dtype=object)})
    frame.attrs["odd"] = value
    return frame


def _figure(value: object) -> Figure:
    figure = Figure()
    axes = figure.subplots()
    axes.set_title("t")
    (line,) = axes.plot([1, 2], [3, 4])
    line.custom = value
    figure.custom = value
    axes.user = value
    return figure


def _labelled(value: object) -> pd.DataFrame:
    labels = _column(value, 2)
    return pd.DataFrame(np.ones((3, 2)), columns=pd.Index(labels, dtype=object))


def _function(value: object) -> object:
    def f(a: Any = value, *, b: Any = value) -> object:
        return a or b

    f.__annotations__["a"] = value
    return f


class _Frame(pd.DataFrame):
    @property
    def columns(self) -> Any:
        h.TOUCHES.append("columns")
        return ()


PLACES: dict[str, Callable[[Any], object]] = {
    "alone": lambda value: value,
    "in a list": lambda value: [1, value],
    "in a long list": lambda value: [value] * 20_000,
    "in a tuple": lambda value: (value,),
    "in a deque": lambda value: deque([value]),
    "in a dict": lambda value: {"a": 1, "odd": value},
    "in records": lambda value: [{"a": value}, {"b": value}],
    "in a set": lambda value: {value, 1},
    "as a key": lambda value: {value: 1, "b": 2},
    "as a key of records": lambda value: [{value: 1}, {"a": 2}],
    "as a default": _function,
    "in a frame": _frame,
    "as a label": _labelled,
    "in a Series": lambda value: pd.Series(_column(value), dtype=object),
    "in an index": lambda value: pd.Index(_column(value), dtype=object),
    "in an array": _column,
    "in a masked array": lambda value: np.ma.MaskedArray(_column(value), mask=[0, 1, 0]),
    "in polars": lambda value: pl.DataFrame({"odd": pl.Series([value, value], dtype=pl.Object)}),
    "on a figure": _figure,
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    h.TAME.clear()
    h.TOUCHES.clear()


@pytest.mark.parametrize("level", Privacy)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("behaviour", ["raises", "returns itself"])
@pytest.mark.parametrize("make", [h.hostile, h.hostile_class, h.hostile_instance])
def test_a_foreign_object_is_never_touched(
    make: Callable[[str], Any], behaviour: str, place: str, level: Privacy
) -> None:
    """Wherever the object sits, not one of its methods is called, nor one of its metaclass."""
    h.TAME.append(True)
    placed = PLACES[place](make(behaviour))
    h.TAME.clear()
    h.TOUCHES.clear()
    seen = picture(placed, "x", level=level, limit=2_000)
    assert h.TOUCHES == []
    assert seen.text.startswith("x: ")


@pytest.mark.parametrize("behaviour", h.BEHAVIOURS)
def test_no_behaviour_of_a_lone_object_matters(behaviour: str) -> None:
    """It raises, never returns, or ends the process: its picture is its type."""
    text = picture(h.hostile(behaviour), "x", level=Privacy.ROWS, limit=200).text
    assert text == "x: <tests.context.pictures.hostile.Hostile>"


def test_a_subclass_is_read_only_if_it_overrides_nothing() -> None:
    """A subclass of DataFrame with a `columns` of its own is not read; one without is."""
    quiet = type("Quiet", (pd.DataFrame,), {"__init__": pd.DataFrame.__init__, "extra": 1})
    odd = picture(_Frame({"a": [1]}), "x", level=Privacy.STATS, limit=200)
    h.TOUCHES.clear()
    odd = picture(_Frame({"a": [1]}), "x", level=Privacy.STATS, limit=200)
    assert odd.text == "x: <tests.context.pictures.test_hostile._Frame>"
    assert (
        "1 row × 1 column" in picture(quiet({"a": [1]}), "x", level=Privacy.STATS, limit=200).text
    )


class _Zone(dt.tzinfo):
    def utcoffset(self, _: object) -> dt.timedelta:
        h.TOUCHES.append("utcoffset")
        return dt.timedelta(0)

    def tzname(self, _: object) -> str:
        h.TOUCHES.append("tzname")
        return "secret"

    dst = utcoffset
    __str__ = __repr__ = lambda self: self.tzname(None)


@pytest.mark.parametrize("level", Privacy)
def test_a_time_zone_of_the_user_is_not_asked(level: Privacy) -> None:
    """Instants are compared and written without their zone if that is a foreign object."""
    noon = dt.datetime(2024, 5, 1, 12, tzinfo=_Zone())
    stamps = pd.Series(pd.DatetimeIndex(["2024-05-01"]).tz_localize(_Zone()))
    values = [noon, noon.timetz(), [noon, noon.replace(hour=13)], pd.Timestamp(noon), stamps]
    h.TOUCHES.clear()
    for value in [*values, {"a": noon, "b": noon.timetz()}, stamps.to_frame("t")]:
        assert "secret" not in picture(value, "x", level=level, limit=500).text
        assert h.TOUCHES == []


def test_a_class_cannot_pretend_to_be_of_a_library() -> None:
    """Who claims to be `pandas.DataFrame` has to be the one that pandas holds."""
    names = ("columns", "index", "array", "_get_column_array")
    members = {name: property(h.counting(name, h.raises, object)) for name in names}
    fake = type("DataFrame", (), {"__module__": "pandas", **members})
    seen = picture(fake(), "x", level=Privacy.STATS, limit=200)
    assert seen.text == "x: <pandas.DataFrame>"
    assert seen.notes == ()
    assert h.TOUCHES == []


def test_a_module_name_that_is_no_text_is_not_read() -> None:
    """`__module__` may be any object; then the type has no name but "?"."""
    odd = type("Odd", (), {"__module__": 5})
    assert picture(odd(), "x", level=Privacy.STATS, limit=200).text == "x: <?.Odd>"


HOSTILE = "stands for a hostile object: Hypothesis itself would touch one"


def _released(value: Any) -> Any:
    """The value with hostile objects where they are meant to be."""
    if value == HOSTILE:
        return h.hostile("raises")
    if type(value) in (list, tuple, deque):
        return type(value)(map(_released, value))
    if type(value) is dict:
        return {key: _released(item) for key, item in value.items()}
    return value


_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(),
    st.binary(), st.decimals(), st.dates(), st.datetimes(timezones=st.timezones()), st.times(),
    st.timedeltas(), st.just(HOSTILE),
)  # fmt: skip
_NESTED = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.lists(inner).map(deque),
        st.dictionaries(st.one_of(st.text(), st.integers()), inner),
        st.lists(st.dictionaries(st.text(max_size=3), inner)),
    ),
)


@given(_NESTED, st.sampled_from(Privacy), st.integers(0, 600), st.text())
def test_any_container_has_a_picture(
    value: object, level: Privacy, limit: int, prompt: str
) -> None:
    """Never raises, never exceeds the limit, never touches, and is not the last resort."""
    released = _released(value)
    h.TOUCHES.clear()
    seen = picture(released, "x", level=level, limit=limit, prompt=prompt)
    assert len(seen.text) <= limit
    assert h.TOUCHES == []
    assert "it could not be read" not in seen.notes


_LABELS = st.one_of(st.text(), st.integers(), st.none(), st.tuples(st.text(), st.integers()))
_CELLS = st.one_of(
    st.lists(st.floats(width=32), min_size=4, max_size=4),
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=4, max_size=4),
    st.lists(st.one_of(st.none(), st.text()), min_size=4, max_size=4),
    st.lists(_PLAIN, min_size=4, max_size=4),
    st.lists(st.datetimes(), min_size=4, max_size=4),
)


@given(
    st.lists(st.tuples(_LABELS, _CELLS), max_size=5),
    st.sampled_from(Privacy),
    st.sampled_from([0, 40, 300, 5_000]),
    st.text(),
)
def test_any_frame_has_a_picture(
    columns: list[tuple[object, Any]], level: Privacy, limit: int, prompt: str
) -> None:
    """Columns of any label and content: never over the limit, and none of them fails."""
    kinds = [object if HOSTILE in cells else None for _, cells in columns]
    series = [pd.Series(_released(c), dtype=k) for (_, c), k in zip(columns, kinds, strict=True)]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame()
    frame.columns = pd.Index([label for label, _ in columns], dtype=object)
    h.TOUCHES.clear()
    seen = picture(frame, "x", level=level, limit=limit, prompt=prompt)
    assert len(seen.text) <= limit
    assert h.TOUCHES == []
    assert "not readable" not in seen.text
    assert "it could not be read" not in seen.notes


def test_what_is_code_is_found_out_by_identity() -> None:
    """Classes and functions are; no comparison asks a foreign metaclass, of either height."""

    class Higher(type):
        def __eq__(cls, other: object) -> bool:
            raise AssertionError("asked")

        __hash__ = type.__hash__

    class Lower(Higher, metaclass=Higher):
        pass

    class Foreign(metaclass=Lower):
        pass

    assert [is_code(value) for value in (Foreign, Foreign(), len, picture, 1)] == [
        *(True, False, True, True, False)
    ]
