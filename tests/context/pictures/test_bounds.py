"""Large objects: how little of them is read, and that the text says so."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.pictures.cells import MOST_ROWS, rows_to_read
from mibyan_jupyter.context.pictures.relevance import briefly, ranked
from mibyan_jupyter.context.privacy import Privacy


def _fastest(value: object, limit: int = 4_000, prompt: str = "") -> float:
    """Milliseconds of the fastest of three pictures: the machine may be busy with other tests."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        picture(value, "x", level=Privacy.STATS, limit=limit, prompt=prompt)
        times.append(1_000 * (time.perf_counter() - started))
    return min(times)


def test_a_large_frame_is_sampled_and_says_so() -> None:
    """From five million rows, ten thousand are read; text and notes say it."""
    frame = pd.DataFrame({"n": np.arange(5_000_000)})
    seen = picture(frame, "x", level=Privacy.STATS, limit=500)
    words = "values from 10 000 of 5 000 000 rows, evenly spaced"
    assert f"({words})" in seen.text
    assert seen.notes == (words,)
    assert _fastest(frame) < 300


@pytest.mark.parametrize("rows", [0, 1, 9_999, 10_000, 10_001, 123_457, 10**9])
@pytest.mark.parametrize("columns", [0, 1, 12, 40, 10_000])
def test_the_sample_is_even(rows: int, columns: int) -> None:
    """Increasing row numbers within bounds, one in each of equal stretches, few if many columns."""
    chosen = rows_to_read(rows, columns)
    assert len(chosen) <= min(rows, MOST_ROWS)
    assert all(low < high for low, high in pairwise(chosen))
    assert not chosen or (chosen[0] >= 0 and chosen[-1] < rows)
    assert all(i * rows // len(chosen) <= row for i, row in enumerate(chosen))


def test_the_sample_does_not_beat_with_the_calendar() -> None:
    """Hourly rows, and a number of them that a fixed step would turn into midnights only."""
    chosen = rows_to_read(240_000)
    assert {row % 24 for row in chosen} == set(range(24))


@pytest.mark.parametrize("columns", [2_000, 20_000])
def test_a_wide_frame_is_cut_before_it_is_read(columns: int) -> None:
    """What the prompt names comes first, the rest is counted and named as a family."""
    frame = pd.DataFrame(np.ones((50, columns)), columns=[f"x_{i}" for i in range(columns)])
    frame = frame.rename(columns={f"x_{columns - 1}": "Target price"})
    seen = picture(frame, "x", level=Privacy.STATS, limit=600, prompt="What drives the target?")
    assert "\n  Target price: float64" in seen.text
    assert "more columns: x_" in seen.text
    assert f"… x_{columns - 2} (" in seen.text
    assert _fastest(frame, prompt="the target") < 300


def test_long_texts_are_measured_not_compared() -> None:
    """Documents in cells are told by their lengths; in arrow and polars fewer of them are read."""
    texts = ["x" * 100_000] * 1_000
    for value in (pd.Series(texts), pl.Series(texts), pa.array(texts), texts):
        seen = picture(value, "x", level=Privacy.ROWS, limit=2_000)
        assert "length 100000" in seen.text
        assert _fastest(value) < 300


def test_a_file_in_memory_is_not_read(tmp_path: Path) -> None:
    """A memory map's items would each be read from disk."""
    mapped = np.memmap(tmp_path / "m", dtype="f8", mode="w+", shape=(100,))
    for value in (mapped, np.asarray(mapped)[:50], pd.Series(mapped, copy=False)):
        assert "values:" not in picture(value, "x", level=Privacy.ROWS, limit=500).text


def test_an_array_that_is_not_contiguous_is_not_copied() -> None:
    """Flattening a large transposed array would copy it; its shape is said."""
    text = picture(
        np.broadcast_to(1.0, (100_000, 100_000)), "x", level=Privacy.STATS, limit=500
    ).text
    assert text == "x: numpy.ndarray float64, shape 100 000 × 100 000"


def test_a_number_without_end_is_measured() -> None:
    """An int of millions of digits is not written, alone or in a container."""
    huge = 1 << 10_000_000
    for value in (
        huge,
        [huge, 1],
        {"n": huge},
        pd.DataFrame({"n": pd.Series([huge], dtype=object)}),
    ):
        assert "bits" in picture(value, "x", level=Privacy.ROWS, limit=500).text


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("", 0),
        ("why is `unit_price` odd?", 2),
        ("mean of the unit price", 2),
        ("by city", 1),
        ("CITY", 1),
        ("cities", 0),
    ],
)
def test_columns_are_ranked_by_the_prompt(prompt: str, first: int) -> None:
    """A name that is mentioned comes first, then shared words, then the order of the frame."""
    assert next(iter(ranked(["id", "city", "unit_price", "price"], prompt))) == first


def test_of_a_large_family_the_first_few_are_looked_at() -> None:
    """Three hundred numbered columns are five and a count, unless the prompt names one of them."""
    labels = ["id", *(f"gene_{n}" for n in range(300)), *(f"q{n}" for n in range(12))]
    first = [labels[n] for n in ranked(labels, "")]
    assert first == ["id", *(f"gene_{n}" for n in range(5)), *(f"q{n}" for n in range(12))]
    assert labels[next(iter(ranked(labels, "is gene_217 odd?")))] == "gene_217"


def test_names_left_out_are_told_as_families() -> None:
    """Numbered names become a range, others a list, and what does not fit is counted."""
    labels = [f"x_{i}" for i in range(2_000)] + ["target", "b1", "b2"]
    assert briefly(labels, 300) == "x_0 … x_1999 (2 000), target, b1, b2"
    assert briefly(["alpha", "beta", "gamma", "delta"], 32) == "alpha and 3 more"
