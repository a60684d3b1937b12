"""What each level keeps inside the machine, with values planted for the purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy

PLANTS: dict[str, Callable[[list[str]], object]] = {
    "str column": lambda v: pd.DataFrame({"a": v}),
    "object column": lambda v: pd.DataFrame({"a": pd.Series(v, dtype=object)}),
    "category": lambda v: pd.DataFrame({"a": pd.Categorical(v)}),
    "index": lambda v: pd.Series(range(len(v)), index=v),
    "MultiIndex": lambda v: pd.DataFrame({"n": 1}, index=pd.MultiIndex.from_arrays([v, v])),
    "grouping": lambda v: pd.DataFrame({"a": v}).groupby("a"),
    "array": np.array,
    "object array": lambda v: np.array(v, dtype=object),
    "bytes array": lambda v: np.array([text.encode() for text in v]),
    "polars": lambda v: pl.DataFrame({"a": v, "b": [[text] for text in v]}),
    "polars Enum": lambda v: pl.Series(v, dtype=pl.Enum(sorted(set(v)))),
    "arrow": lambda v: pa.table({"a": v, "b": pa.array(v).dictionary_encode()}),
    "list": list,
    "set": set,
    "dict values": lambda v: dict(enumerate(v)),
    "named values": lambda v: {f"k{i}": text for i, text in enumerate(v[:20])},
    "large dict's keys": lambda v: {f"{text}{i}": i for i, text in enumerate(v * 40)},
    "records": lambda v: [{"a": text, "b": [text]} for text in v],
    "nested": lambda v: {"a": {"b": [v, tuple(v)]}},
    "text": "".join,
    "Counter": Counter,
    "labels of rows": lambda v: pd.DataFrame({"n": range(len(v))}, index=v),
    "categories of intervals": lambda v: pd.DataFrame({"a": pd.Categorical(v), "b": v}),
}
SECRETLY_NAMED: dict[str, Callable[[list[str]], object]] = {
    "frame": lambda v: pd.DataFrame({"user": "ada", "password": v}),
    "index of a frame": lambda v: pd.DataFrame({"n": 1}, index=pd.Index(v, name="password")),
    "index of a Series": lambda v: pd.Series(1, index=pd.Index(v, name="password")),
    "Series": lambda v: pd.Series(v, name="password"),
    "Index": lambda v: pd.Index(v, name="password"),
    "category": lambda v: pd.DataFrame({"password": pd.Categorical(v)}),
    "polars": lambda v: pl.DataFrame({"password": v}),
    "polars Series": lambda v: pl.Series("password", v),
    "arrow": lambda v: pa.table({"password": v}),
    "records": lambda v: [{"user": "ada", "password": text} for text in v],
    "dict": lambda v: {"user": "ada", "password": v[0]},
    "list in a dict": lambda v: {"passwords": v},
    "tuple in a dict": lambda v: {"a": {"passwords": tuple(v)}},
    "structured": lambda v: np.array([(1, t) for t in v], dtype=[("n", "i4"), ("password", "U9")]),
    "grouping": lambda v: pd.DataFrame({"user": "ada", "password": v}).groupby("user"),
}


@pytest.mark.parametrize("place", SECRETLY_NAMED)
@pytest.mark.parametrize("level", Privacy)
@pytest.mark.parametrize("values", [["hunter2!", "s3same"] * 20, ["hunter2!", "s3same", "x1x1x1x"]])
def test_what_stands_under_a_secrets_name_is_never_shown(
    place: str, level: Privacy, values: list[str]
) -> None:
    """Neither as a row nor as a frequent value, at whatever level; that it is withheld is said."""
    text = picture(SECRETLY_NAMED[place](values), "x", level=level, limit=5_000).text
    assert not any(value in text for value in values)
    if level is Privacy.ROWS:
        assert "«withheld: password»" in text


@pytest.mark.parametrize(
    "make", [list, tuple, set, np.array, pd.Series, pd.Index, "; ".join, Counter]
)
def test_a_variable_under_a_secrets_name_is_not_shown(make: Callable[[list[str]], object]) -> None:
    """The name of the variable counts as that of a column does."""
    value = make(["hunter2!", "s3same"] * 20)
    text = picture(value, "old_passwords", level=Privacy.ROWS, limit=5_000).text
    assert "hunter2" not in text
    assert "«withheld: password»" in text


def test_harmless_values_under_such_a_name_are_shown() -> None:
    """Flags, words of a text, numbers of customers."""
    frame = pd.DataFrame(
        {"password": [True, False] * 5, "token": ["noun"] * 10, "customer_key": ["C0001"] * 10}
    )
    text = picture(frame, "x", level=Privacy.STATS, limit=500).text
    assert "password: bool, 50% True" in text
    assert "token: str, 'noun' ×10" in text
    assert "'C0001' ×10" in text


@pytest.mark.parametrize("place", PLANTS)
@given(
    rare=st.lists(st.integers(0, 10**6), min_size=1, max_size=4, unique=True),
    often=st.integers(5, 30),
)
def test_what_occurs_rarely_is_not_named_below_rows(
    place: str, rare: list[int], often: int
) -> None:
    """A text that occurs fewer than five times is in no picture at `stats` or below."""
    planted = [f"planted{number}" for number in rare]
    value = PLANTS[place](
        [text for text in planted for _ in range(4)][: 4 * len(rare)] + ["common"] * often
    )
    for level in (Privacy.NAMES, Privacy.SCHEMA, Privacy.STATS):
        seen = picture(value, "x", level=level, limit=5_000, prompt="planted")
        assert not any(text in f"{seen.text} {seen.notes}" for text in planted)


def test_what_occurs_often_is_named() -> None:
    """At `stats`, a value that five rows share is named with its count."""
    frame = pd.DataFrame({"city": ["Rome"] * 5 + ["Oslo"] * 4})
    assert "'Rome' ×5, 1 rarer" in picture(frame, "x", level=Privacy.STATS, limit=500).text


def test_a_number_that_may_be_a_key_is_not_written_out() -> None:
    """More than fifteen digits could be a card; of a scalar the length is said, of a range six."""
    card = 4111_1111_1111_1111
    for value in (card, [card], {"card": card}, pd.DataFrame({"card": [card]})):
        assert str(card) not in picture(value, "x", level=Privacy.STATS, limit=500).text


def test_the_schema_level_reads_no_cell() -> None:
    """At `schema` a frame's text depends on its columns and length only."""
    texts = {
        picture(
            pd.DataFrame({"a": [n] * 5, "b": [str(n)] * 5}), "x", level=Privacy.SCHEMA, limit=500
        ).text
        for n in range(3)
    }
    assert len(texts) == 1
