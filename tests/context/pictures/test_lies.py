"""Objects that are not what they seem: subclasses, proxies, classes that lie, cycles, the lazy."""

from __future__ import annotations

import functools
import itertools
import time
import types
import weakref
from collections import Counter, OrderedDict, UserDict, defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.api.extensions import ExtensionArray, ExtensionDtype

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy
from tests.context.pictures import hostile as h


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    h.TAME.clear()
    h.TOUCHES.clear()


def look(value: object, level: Privacy = Privacy.ROWS, limit: int = 2_000) -> str:
    """The picture of a value that was made while all was tame."""
    h.TAME.clear()
    h.TOUCHES.clear()
    seen = picture(value, "x", level=level, limit=limit)
    assert len(seen.text) <= limit
    assert h.TOUCHES == []
    return seen.text


def subclass(base: type, *overridden: str) -> Any:
    """A subclass of which these methods count their calls, then raise."""
    members = {name: h.counting(name, h.raises, base) for name in overridden}
    return type("Sub", (base,), members)


# ---- subclasses of what is built in --------------------------------------------------------------

BUILT_IN: dict[str, Callable[[], object]] = {
    "dict": lambda: subclass(dict, "__iter__", "items", "keys", "__len__", "__getitem__")(a=1),
    "OrderedDict": lambda: subclass(OrderedDict, "items", "__iter__")(a=1),
    "defaultdict": lambda: subclass(defaultdict, "items", "__missing__")(list, a=[1]),
    "Counter": lambda: subclass(Counter, "items", "__missing__", "most_common")("aab"),
    "list": lambda: subclass(list, "__iter__", "__len__", "__getitem__")([1, 2]),
    "tuple": lambda: subclass(tuple, "__iter__", "__len__", "__getitem__")((1, 2)),
    "set": lambda: subclass(set, "__iter__", "__len__")({1, 2}),
    "deque": lambda: subclass(deque, "__iter__", "__len__")([1, 2]),
    "str": lambda: subclass(str, "__repr__", "__len__", "__getitem__", "splitlines")("text"),
    "bytes": lambda: subclass(bytes, "__repr__", "__len__", "__getitem__")(b"text"),
    "int": lambda: subclass(int, "__repr__", "bit_length", "__format__")(5),
    "float": lambda: subclass(float, "__repr__", "__format__", "__eq__", "__lt__")(5.0),
    "user dict": lambda: subclass(UserDict, "__iter__", "items")(a=1),
}


@pytest.mark.parametrize("level", Privacy)
@pytest.mark.parametrize("kind", BUILT_IN)
@pytest.mark.parametrize(
    "place",
    [lambda v: v, lambda v: [v, 1], lambda v: {"k": v}, lambda v: (v,), lambda v: [{"a": v}]],
    ids=["alone", "list", "dict", "tuple", "records"],
)
def test_a_subclass_of_a_built_in_type_is_not_read(
    place: Callable[[object], object], kind: str, level: Privacy
) -> None:
    """What it has overridden would run; only the exact types are walked."""
    h.TAME.append(True)
    value = place(BUILT_IN[kind]())
    look(value, level)


@pytest.mark.parametrize("level", Privacy)
def test_a_text_of_the_users_own_class_may_be_a_name(level: Privacy) -> None:
    """As a key of a dict or of records, as a column's label, a Series' name, an index' level."""
    h.TAME.append(True)
    text: Any = subclass(str, "__repr__", "isprintable", "strip", "__getitem__", "__contains__")
    frame = pd.DataFrame({"a": [1]})
    frame.columns = pd.Index([text("label")], dtype=object)
    series = pd.Series([1, 2], name=text("name"))
    series.index.name = text("index")
    named: list[object] = [{text("key"): 1, "a": 2}, [{text("key"): 1}], frame, series]
    for value in named:
        h.TAME.append(True)
        look(value, level)


# ---- subclasses of library classes ---------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["columns", "index", "__getattribute__", "__getattr__", "__class__", "_get_column_array",
     "_mgr", "attrs", "__len__", "shape", "dtypes", "__array__"],
)  # fmt: skip
@pytest.mark.parametrize("level", Privacy)
def test_a_frame_whose_class_overrides_anything_is_not_read(name: str, level: Privacy) -> None:
    """Whatever it is, a property or a method, it never runs."""
    h.TAME.append(True)
    value = pd.DataFrame({"a": [1, 2]})
    counting = h.counting(name, h.raises, pd.DataFrame)
    is_method = name.startswith("__") and name != "__class__"
    members = {name: counting if is_method else property(counting)}
    object.__setattr__(value, "__class__", type("Sub", (pd.DataFrame,), members))
    assert look(value, level) == "x: <tests.context.pictures.test_lies.Sub>"


LIBRARY: dict[str, Callable[[], tuple[type, object]]] = {
    "ndarray": lambda: (kind := subclass(np.ndarray), np.arange(3).view(kind)),
    "Series": lambda: (kind := subclass(pd.Series), kind([1, 2])),
    "polars": lambda: (kind := subclass(pl.DataFrame), kind({"a": [1]})),
    "masked": lambda: (kind := subclass(np.ma.MaskedArray), np.ma.MaskedArray([1, 2]).view(kind)),
}  # fmt: skip


@pytest.mark.parametrize("kind", LIBRARY)
@pytest.mark.parametrize(
    "name", ["__array_finalize__", "__getattribute__", "dtype", "shape", "view", "array", "columns"]
)
def test_a_library_object_whose_class_overrides_anything_is_not_read(kind: str, name: str) -> None:
    """Arrays, Series, polars frames: as for pandas' frames."""
    h.TAME.append(True)
    cls, value = LIBRARY[kind]()
    base = cls.__mro__[1]
    if not hasattr(base, name):
        pytest.skip("no such member")
    counting = h.counting(name, h.raises, base)
    setattr(cls, name, counting if name.startswith("__") else property(counting))
    look(value)


class OwnDtype(ExtensionDtype):
    name = "own"
    type = object

    @classmethod
    def construct_array_type(cls) -> type:
        return OwnArray


class OwnArray(ExtensionArray):
    """A column type of the user's; each access counts."""

    dtype = OwnDtype()

    def __len__(self) -> int:
        if not h.TAME:
            h.TOUCHES.append("len")
        return 3

    def __getitem__(self, item: object) -> object:
        if not h.TAME:
            h.TOUCHES.append("getitem")
        return self

    def copy(self) -> OwnArray:
        return self

    take = isna = __getitem__


@pytest.mark.parametrize("level", Privacy)
def test_a_column_of_the_users_own_type_is_told_by_its_name(level: Privacy) -> None:
    """Its array is not asked for anything."""
    h.TAME.append(True)
    frame = pd.DataFrame({"n": [1, 2, 3], "own": pd.Series(OwnArray())})
    text = look(frame, level)
    assert level is Privacy.NAMES or "own: <tests.context.pictures.test_lies.OwnArray>" in text


# ---- proxies, metaclasses, holders ---------------------------------------------------------------


class Referent:
    """Something to refer to."""


ALIVE = Referent()


def _objects(value: object) -> Any:
    array = np.empty(1, dtype=object)
    array[0] = value
    return array


HOLDERS: dict[str, Callable[[Any], object]] = {
    "partial": lambda v: functools.partial(print, v),
    "namespace": lambda v: types.SimpleNamespace(a=v),
    "mapping proxy": lambda v: types.MappingProxyType({"a": v}),
    "cell of a closure": lambda v: lambda: v,
    "method": lambda v: types.MethodType(print, v),
    "weak dict": lambda _: weakref.WeakValueDictionary(a=ALIVE),
    "chain": lambda v: itertools.chain([v]),
    "map": lambda v: map(str, [v]),
    "slice": lambda v: slice(v, v),
    "exception": lambda v: ValueError(v),
    "array in a dict": lambda v: {"a": _objects(v)},
}


@pytest.mark.parametrize("level", Privacy)
@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("make", [h.hostile, h.hostile_class, h.hostile_instance])
def test_what_holds_a_foreign_object_does_not_touch_it(
    make: Callable[[str], Any], holder: str, level: Privacy
) -> None:
    """Partial functions, namespaces, closures, iterators that were not begun."""
    h.TAME.append(True)
    value = HOLDERS[holder](make("raises"))
    look(value, level)


@pytest.mark.parametrize("level", Privacy)
def test_a_proxy_is_not_followed(level: Privacy) -> None:
    """A weak proxy pretends to be its referent in everything; also when that is gone."""
    h.TAME.append(True)
    kind = subclass(Referent, "__repr__", "__len__", "__iter__")
    referent = kind()
    proxy = weakref.proxy(referent)
    look([proxy, weakref.ref(referent)], level)
    del referent
    text = picture(proxy, "x", level=level, limit=200).text
    assert text == "x: <weakref.ProxyType>" or text == "x: <weakproxy>" or "Proxy" in text


class Lying(type):
    """A metaclass whose classes claim to be pandas' frame, in every way there is."""

    __module__ = "pandas"

    def mro(cls) -> list[type]:
        return [cls, *pd.DataFrame.__mro__]

    def __instancecheck__(cls, other: object) -> bool:
        h.TOUCHES.append("instancecheck")
        return True

    def __eq__(cls, other: object) -> bool:
        h.TOUCHES.append("eq")
        return True

    def __hash__(cls) -> int:
        h.TOUCHES.append("hash")
        return hash(pd.DataFrame)


@pytest.mark.parametrize("level", Privacy)
def test_a_class_that_lies_about_its_bases_is_not_believed(level: Privacy) -> None:
    """Name, module, bases and equality of another class do not make it that class."""
    kind: Any = Lying("DataFrame", (), {"__module__": "pandas", "__qualname__": "DataFrame"})
    value = object.__new__(kind)
    text = look(value, level)
    assert "rows" not in text


class Instance:
    """Claims another class."""

    @property
    def __class__(self) -> Any:
        h.TOUCHES.append("class")
        return dict

    @__class__.setter
    def __class__(self, value: object) -> None: ...


def test_an_instance_that_lies_about_its_class_is_not_believed() -> None:
    """`isinstance` would believe it."""
    assert look(Instance()) == "x: <tests.context.pictures.test_lies.Instance>"
    assert look([Instance(), Instance()]) == "x: list, 2 items\n" + "\n".join(
        f"  {n}: <tests.context.pictures.test_lies.Instance>" for n in range(2)
    )


def test_a_module_that_loads_on_demand_is_not_asked() -> None:
    """Lazy modules define `__getattr__`; only what is in their dict is read."""
    kind = subclass(types.ModuleType, "__getattribute__", "__getattr__")
    h.TAME.append(True)
    assert look(kind("lazy")) == "x: <tests.context.pictures.test_lies.Sub>"


# ---- cycles and giants ---------------------------------------------------------------------------


def _cycles() -> Iterator[object]:
    one: list[object] = []
    one.append(one)
    yield one
    two: dict[str, object] = {}
    two["self"] = two
    yield two
    three: dict[str, object] = {"list": [], "n": 1}
    three["list"].append((three, deque([three])))  # type: ignore[attr-defined]
    yield three
    four: list[object] = [1]
    four.extend([four] * 5_000)
    yield four
    five: deque[object] = deque()
    five.append({"a": five})
    yield five
    six: dict[str, object] = {}
    six["records"] = [{"up": six}, {"up": six}]
    yield six
    array = np.empty(1, dtype=object)
    array[0] = array
    yield array
    frame = pd.DataFrame({"a": pd.Series([None], dtype=object)})
    frame.iat[0, 0] = frame
    yield frame


@pytest.mark.parametrize("value", list(_cycles()), ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("level", Privacy)
def test_a_cycle_ends(value: object, level: Privacy) -> None:
    """Whatever contains itself, and by whatever way."""
    seen = picture(value, "x", level=level, limit=2_000)
    assert "it could not be read" not in seen.notes


def _nested(depth: int) -> object:
    inner: object = 1
    for _ in range(depth):
        inner = [inner]
    return inner


GIANTS: dict[str, Callable[[], object]] = {
    "nested a hundred thousand deep": lambda: _nested(100_000),
    "a text of 50 million characters": lambda: "a\n" * 25_000_000,
    "a list of 5 million": lambda: [None] * 5_000_000,
    "a list of 200 000 lists": lambda: [[1]] * 200_000,
    "a list of 100 000 dicts": lambda: [{"a": 1, "b": "c"}] * 100_000,
    "a dict of a million": lambda: dict.fromkeys(range(1_000_000)),
    "a dict of 30 giants": lambda: {f"k{n}": [n] * 200_000 for n in range(30)},
    "a record of 50 000 keys": lambda: [{f"k{n}": n for n in range(50_000)}] * 2,
    "an int of 30 million bits": lambda: 1 << 30_000_000,
    "a set of a million": lambda: set(range(1_000_000)),
    "a Counter of a million": lambda: Counter(range(1_000_000)),
    "an array of a billion": lambda: np.broadcast_to(np.int8(1), (10**9,)),
    "an endless iterator": lambda: itertools.count(),
    "a range of 10**30": lambda: range(10**30),
}


@pytest.mark.parametrize("giant", GIANTS)
def test_a_giant_is_bounded_before_it_is_read(giant: str) -> None:
    """However large, a picture takes a fraction of a second."""
    value = GIANTS[giant]()
    fastest = 10.0
    for _ in range(3):
        began = time.perf_counter()
        look(value)
        fastest = min(fastest, time.perf_counter() - began)
    assert fastest < 0.5
    while type(value) is list and value and type(value[0]) is list and value[0] is not value:
        value = value.pop() if len(value) == 1 else None  # taken apart, or its end is a recursion


# ---- what is lazy --------------------------------------------------------------------------------


def test_nothing_lazy_is_run(tmp_path: Any) -> None:
    """Queries, generators, readers: a picture of them runs no function of theirs, and ends none."""
    ran: list[str] = []

    def note(frame: pl.DataFrame) -> pl.DataFrame:
        ran.append("query")
        return frame

    def numbers() -> Iterator[int]:
        ran.append("generator")
        yield 1

    lazy = pl.DataFrame({"a": [1]}).lazy().map_batches(note)
    generator = numbers()
    table = pa.table({"a": [1, 2]})
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    pa.parquet.write_table(table, tmp_path / "t.parquet")
    scanned = pl.scan_parquet(tmp_path / "t.parquet")
    dataset = pa.dataset.dataset(tmp_path / "t.parquet")
    (tmp_path / "t.parquet").unlink()
    for value in (lazy, generator, reader, scanned, dataset, map(ran.append, ["map"])):
        for held in (value, [value], {"k": value}):
            look(held)
    assert ran == []
    assert reader.read_all().num_rows == 2
    assert list(generator) == [1]


# ---- frames of polars and arrow ------------------------------------------------------------------

_CELLS = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.floats()), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.text()), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.binary()), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.dates()), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.lists(st.integers(0, 9), max_size=2)), min_size=3, max_size=3),
)
_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_COLUMNS = st.dictionaries(_NAMES, _CELLS, max_size=5)


@given(_COLUMNS, st.sampled_from(Privacy), st.integers(0, 900), st.text())
def test_any_frame_of_polars_or_arrow_has_a_picture(
    columns: dict[str, Any], level: Privacy, limit: int, prompt: str
) -> None:
    """Never over the limit, no column fails, and it is not the last resort."""
    polars = pl.DataFrame(columns, strict=False)
    arrow = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    for value in (polars, arrow, polars.to_pandas(), list(polars), polars.to_dicts()):
        seen = picture(value, "x", level=level, limit=limit, prompt=prompt)
        assert len(seen.text) <= limit
        assert "not readable" not in seen.text
        assert "it could not be read" not in seen.notes
