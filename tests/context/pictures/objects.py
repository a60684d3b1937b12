"""The objects whose pictures are written down: small, fixed, one of each kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from matplotlib.figure import Figure


class Plain:
    """A user's class; its module is shown, so it has to be stable."""

    def __init__(self) -> None:
        self.secret = "hunter2"

    def fit(self, rows: list[int]) -> None: ...

    def predict(self) -> None: ...


def area(width: float, height: float = 2.0, *, unit: str = "m", **rest: object) -> float:
    """Never read: source is not the pictures' job."""
    return width * height + len(unit) + len(rest)


def sales() -> pd.DataFrame:
    """Forty rows of what an analyst has: a key, a price with gaps, a few cities, dates, a flag."""
    number = np.arange(40)
    price = number * 1.5
    price[:4] = np.nan
    return pd.DataFrame(
        {
            "order_id": number + 1000,
            "price": price,
            "city": ["Paris"] * 20 + ["Rome"] * 18 + ["Oslo"] * 2,
            "when": pd.date_range("2024-01-01", periods=40, freq="D").astype("datetime64[ns]"),
            "paid": number % 4 > 0,
            "size": pd.Categorical(["S", "L"] * 20, ordered=True),
            "note": pd.Series(["ok", None, 3, Plain()] * 10, dtype=object),
        }
    )


def several() -> Figure:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    figure.suptitle("Sales")
    left.plot(np.arange(12), np.arange(12) ** 2, label="2024")
    left.set(title="By month", xlabel="month", ylabel="€", xlim=(0, 11), ylim=(1, 200))
    left.set_yscale("log")
    left.legend()
    right.bar([1, 2, 3], [5, 3, 8], label="cities")
    right.scatter([1, 2], [3, 4])
    right.set(xlim=(0, 4), ylim=(0, 9))
    return figure


def polars_frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "a": [1, 2, None] * 4,
            "kind": pl.Series(["u", "v", "u"] * 4, dtype=pl.Enum(["u", "v", "never"])),
            "tags": [["x"], [], ["y", "z"]] * 4,
            "day": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None] * 4,
        }
    )


def cycle() -> list[object]:
    loop: list[object] = [1]
    loop.append(loop)
    return loop


def records() -> list[dict[str, object]]:
    return [{"id": i, "name": f"user{i}", "tags": ["a"]} for i in range(6)]


def users() -> pd.DataFrame:
    """Columns under names that may be a secret's: two are, two only sound like it."""
    return pd.DataFrame(
        {
            "user": ["ada", "grace"] * 6,
            "password": [f"hunter{n}!" for n in range(12)],
            "api_key": ["k9Zx81mQ4rT7vB2nW5yP"] * 12,
            "token": ["noun", "verb"] * 6,
            "customer_key": [f"C{n:04}" for n in range(12)],
        },
        index=pd.Index(range(100, 112), name="id"),
    )


def measured() -> pd.DataFrame:
    """Hourly measurements with their units, and one column of a thousand rows too many."""
    number = np.arange(48)
    frame = pd.DataFrame(
        {"temp": 20 + number % 5 / 4, "band": pd.cut(pd.Series(number), [0, 12, 47]).to_numpy()},
        index=pd.date_range("2024-01-01", periods=48, freq="h").astype("datetime64[ns]"),
    )
    frame.attrs["units"] = {"temp": "°C"}
    return frame


def wide() -> pd.DataFrame:
    cells = np.tile(np.arange(40.0), (300, 1)).T
    return pd.DataFrame(cells, columns=[f"gene_{n}" for n in range(300)])


OBJECTS: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "small int": lambda: 42,
    "long int": lambda: 4111_1111_1111_1111,
    "float": lambda: 0.1 + 0.2,
    "bool": lambda: True,
    "Decimal": lambda: Decimal("9.99"),
    "str": lambda: "hunter2 is my password",
    "bytes": lambda: b"hunter2",
    "date": lambda: dt.date(2024, 5, 1),
    "instant": lambda: dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC),
    "range": lambda: range(0, 10, 2),
    "list of ints": lambda: [3, 1, 2],
    "list of texts": lambda: ["yes"] * 6 + ["no"] * 5 + ["hunter2"],
    "list of lists": lambda: [[1, 2]] * 10,
    "mixed tuple": lambda: (1, "hunter2", [1, 2]),
    "cycle": cycle,
    "records": records,
    "settings": lambda: {"lr": 0.1, "name": "hunter2", "layers": [64, 32], "opt": {"beta": 0.9}},
    "look-up table": lambda: {i: i * i for i in range(100)},
    "large str dict": lambda: {f"user{i}": i for i in range(50)},
    "set": lambda: {1, 2, 3},
    "deque": lambda: deque([1.5, 2.5]),
    "Counter": lambda: Counter("aab"),
    "defaultdict": lambda: defaultdict(list, a=[1]),
    "OrderedDict": lambda: OrderedDict(a=1),
    "function": lambda: area,
    "class": lambda: Plain,
    "module": lambda: dt,
    "built-in": lambda: len,
    "method": lambda: Plain().fit,
    "foreign": Plain,
    "long text": lambda: "one line\n" * 12,
    "shape": lambda: (3, 224, 224),
    "secret in settings": lambda: {"host": "db.example", "password": "hunter2!", "port": 5432},
    "set of texts": lambda: {"a", "bcd"},
    "generator": lambda: (n for n in range(3)),
    "counted texts": lambda: Counter({"Paris": 12, "Rome": 7, "hunter2": 1}),
    "pandas frame": sales,
    "pandas frame of users": users,
    "pandas frame with units": measured,
    "pandas wide frame": wide,
    "pandas frame without rows": lambda: sales()[:0][["price", "city"]],
    "pandas counts": lambda: sales()["city"].value_counts(),
    "pandas password Series": lambda: users()["password"],
    "pandas bins": lambda: pd.cut(pd.Series(range(12)), [-1, 5, 11]),
    "pandas periods": lambda: pd.Series(pd.period_range("2024-01", periods=3, freq="M")),
    "pandas RangeIndex": lambda: pd.RangeIndex(3, 30, 3),
    "pandas Series": lambda: sales().set_index("when")["price"],
    "pandas MultiIndex": lambda: pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["k", "n"]),
    "pandas grouping": lambda: sales()[["city", "price"]].groupby("city"),
    "pandas Int64": lambda: pd.Series([1, None, 3], dtype="Int64", name="n"),
    "pandas zone": lambda: pd.Series(
        pd.to_datetime(["2024-01-01 10:00"]).tz_localize("Asia/Tokyo")
    ),
    "pandas Timestamp": lambda: pd.Timestamp("2024-02-03"),
    "pandas NaT": lambda: pd.NaT,
    "numpy matrix": lambda: np.arange(12.0).reshape(3, 4),
    "numpy structured": lambda: np.zeros(6, dtype=[("x", "f8"), ("n", "i4")]),
    "numpy masked": lambda: np.ma.masked_array([1, 2, 3, 4], [0, 1, 0, 0]),
    "numpy object": lambda: np.array([1, "hunter2", None, Plain()], dtype=object),
    "numpy scalar": lambda: np.float64(2.5),
    "numpy times": lambda: np.array(["2024-01-01", "NaT", "2024-03-01"], dtype="datetime64[s]"),
    "polars frame": polars_frame,
    "polars Series": lambda: pl.Series("n", [1.0, 2.5, None]),
    "polars lazy": lambda: polars_frame().lazy(),
    "arrow table": lambda: pa.table({"n": [1, None, 3], "s": ["a", "b", "hunter2"]}),
    "arrow units": lambda: pa.table(
        [pa.array([1.5, 2.5])],
        schema=pa.schema([pa.field("v", pa.float64(), metadata={"unit": "m/s"})]),
    ),
    "arrow array": lambda: pa.array([1.5, 2.5]),
    "arrow schema": lambda: pa.schema([("n", pa.int64()), ("s", pa.string())]),
    "figure": several,
    "axes": lambda: several().axes[1],
}
