"""Libraries that not everybody has: their pictures at `stats`, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy

pytestmark = pytest.mark.extra


def _lines(value: object, level: Privacy = Privacy.STATS) -> list[str]:
    seen = picture(value, "x", level=level, limit=2_000)
    assert "it could not be read" not in seen.notes
    return seen.text.splitlines()


def test_xarray() -> None:
    """A Dataset: dimensions, coordinates, variables with their units."""
    xr = pytest.importorskip("xarray")
    days = pd.date_range("2024-01-01", periods=4).astype("datetime64[ns]")
    cells = (("day", "x"), np.arange(12.0).reshape(4, 3), {"units": "K"})
    held = xr.Dataset({"t": cells}, coords={"day": days, "x": [1, 2, 3]})
    lines = [
        "  coord day: datetime64[ns] (day 4), 2024-01-01 … 2024-01-04",
        "  coord x: int64 (x 3), 1 … 3",
    ]
    values = "0 … 11, median 5.5, mean 5.5"
    assert _lines(held) == [
        "x: xarray.Dataset (day 4, x 3), 1 variable",
        *lines,
        f"  t: float64 (day 4, x 3) in K, {values}",
    ]
    assert _lines(held.t) == [
        "x: xarray.DataArray t float64 (day 4, x 3) in K",
        *lines,
        f"  values: {values}",
    ]


def test_scipy() -> None:
    """A sparse array: shape, density, the stored values."""
    sparse = pytest.importorskip("scipy.sparse")
    assert _lines(sparse.csr_array(np.eye(4))) == [
        "x: scipy.csr_array float64 4 × 4, 4 stored (25%)",
        "  values: always 1",
    ]


def test_sklearn() -> None:
    """An estimator: whether it is fitted, what differs from the defaults, what it learned."""
    linear = pytest.importorskip("sklearn.linear_model")
    pipeline = pytest.importorskip("sklearn.pipeline")
    model = linear.Ridge(alpha=0.5)
    assert _lines(model) == [
        "x: sklearn.linear_model.Ridge, not fitted",
        "  parameters: alpha=0.5",
    ]
    model.fit([[0.0], [1.0]], [0.0, 1.0])
    assert "  coef_: numpy.ndarray float64, shape 1, 0.5" in _lines(model)
    assert _lines(pipeline.make_pipeline(model)) == [
        "x: sklearn.pipeline.Pipeline",
        "  ridge: sklearn.linear_model.Ridge, fitted",
    ]


def test_duckdb() -> None:
    """A relation: columns and types, and its query is not run."""
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select 1 as a, error('ran') as b")
    assert _lines(relation, Privacy.ROWS)[:2] == [
        "x: duckdb.DuckDBPyRelation 2 columns",
        "  a: INTEGER",
    ]


def test_plotly() -> None:
    """A figure: title, axes, traces."""
    graph = pytest.importorskip("plotly.graph_objects")
    figure = graph.Figure(
        graph.Scatter(x=[1, 2], y=np.array([3.0, 5.0]), name="2024"),
        layout={"title": "Sales", "xaxis": {"title": "month"}, "yaxis": {"type": "log"}},
    )
    assert _lines(figure) == [
        "x: plotly.Figure 'Sales', 1 trace",
        "  x 'month'",
        "  y, log scale",
        "  scatter '2024': x 1 … 2 (2); y 3 … 5 (2)",
    ]


def test_altair() -> None:
    """A chart: mark, encodings, what it is drawn from."""
    alt: Any = pytest.importorskip("altair")
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q", y=alt.Y("b").title("B"))
    assert _lines(chart) == [
        "x: altair.Chart, mark bar",
        "  x: a:Q",
        "  y: b 'B'",
        "  data: pandas.DataFrame 1 row × 1 column",
    ]


def test_torch() -> None:
    """A tensor: type, shape, gradient, values; a network: its layers and their shapes."""
    torch = pytest.importorskip("torch")
    assert _lines(torch.ones(2, 3, requires_grad=True)) == [
        "x: torch.Tensor float32, shape 2 × 3, requires grad",
        "  values: always 1",
    ]
    own = type("Net", (torch.nn.Module,), {"forward": None})()
    own.first = torch.nn.Linear(2, 3)
    assert _lines(own) == [
        "x: <tests.context.pictures.test_extra.Net>, a torch.nn.Module",
        "  first: torch.Linear (3 × 2, 3)",
    ]
