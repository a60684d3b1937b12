"""plotly and altair: a figure is a tree of plain dicts, of which the parts that mean something."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import plain_cells, rows_to_read
from mibyan_jupyter.context.pictures.column import extent
from mibyan_jupyter.context.pictures.numpy_pictures import base_array, column_of
from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.type_names import known_as, library_name, short_name, stored
from mibyan_jupyter.context.pictures.wording import count, label
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.pictures.sketch import Terms

_MOST_TRACES = 20
_DIMENSIONS = ("x", "y", "z", "values", "labels", "lat", "lon", "r", "theta")


def plotly_figure(value: Any, terms: Terms) -> Sketch:
    """A plotly Figure: title, axes, and each trace with its data."""
    layout, traces = stored(value, "_layout"), stored(value, "_data")
    traces = [trace for trace in traces if type(trace) is dict] if type(traces) is list else []
    title = _title(layout)
    word = "trace" if len(traces) == 1 else "traces"
    lines = [*_plotly_axes(layout), *(_trace(trace, terms) for trace in traces[:_MOST_TRACES])]
    notes = (f"{len(traces) - _MOST_TRACES} traces left out",) if len(traces) > _MOST_TRACES else ()
    return Sketch(f"plotly.Figure{title}, {len(traces)} {word}", tuple(lines), notes)


def _title(owner: object) -> str:
    title = owner.get("title") if type(owner) is dict else None
    words = title.get("text") if type(title) is dict else title
    return f" {cut(words, 120)!r}" if type(words) is str else ""


def _plotly_axes(layout: object) -> Iterator[str]:
    if type(layout) is not dict:
        return
    for name, axis in islice(layout.items(), 100):
        if type(name) is str and name.startswith(("xaxis", "yaxis")) and type(axis) is dict:
            kind = axis.get("type")
            scaled = f", {kind} scale" if type(kind) is str and kind != "linear" else ""
            if _title(axis) or scaled:
                yield f"{name.replace('axis', '')}{_title(axis)}{scaled}"


def _trace(trace: dict[str, object], terms: Terms) -> str:
    kind, name = trace.get("type"), trace.get("name")
    head = kind if type(kind) is str else "trace"
    named = f" {cut(name, 60)!r}" if type(name) is str and name else ""
    parts = [_dimension(key, trace[key], terms) for key in _DIMENSIONS if key in trace]
    return f"{head}{named}: {'; '.join(parts)}" if parts else f"{head}{named}"


def _dimension(name: str, values: object, terms: Terms) -> str:
    """`y 0 … 1 (100)`: the extent of one of a trace's arrays, and how many values it has."""
    if type(values) is list or type(values) is tuple:
        cells, size = [values[i] for i in rows_to_read(len(values))], len(values)
    elif known_as(type(values), ("numpy.ndarray",)):
        flat = base_array(values).reshape(-1)
        read, size = column_of(flat).read, int(flat.size)
        cells = list(read(rows_to_read(size))) if read else []
    else:
        return name
    told = extent(plain_cells(cells), terms.level)
    return f"{name} {told} ({count(size)})" if told else f"{name} ({count(size)})"


def altair_chart(value: Any, terms: Terms) -> Sketch:
    """An altair chart: mark, encodings, title, and the data it is drawn from."""
    parts = _parts(value)
    mark = parts.get("mark")
    shape = mark if type(mark) is str else _parts(mark).get("type")
    marked = f", mark {shape}" if type(shape) is str else ""
    title = parts.get("title")
    titled = f" {cut(title, 120)!r}" if type(title) is str else ""
    lines = list(_encodings(parts.get("encoding")))
    for name in ("layer", "hconcat", "vconcat", "concat"):
        for chart in (parts.get(name) or [])[:8]:
            if known_as(type(chart), ALTAIR):
                inner = altair_chart(chart, terms)
                lines += [inner.headline, *(f"  {line}" for line in inner.lines)]
    if "data" in parts and terms.level >= Privacy.SCHEMA:
        lines.append(f"data: {terms.headline(parts['data'])}")
    return Sketch(f"{short_name(type(value))}{titled}{marked}", tuple(lines))


def _parts(value: Any) -> dict[str, Any]:
    """The keywords that a schema object of altair was made with; unset ones left out."""
    keywords = stored(value, "_kwds") if known_as(type(value), ("altair.SchemaBase",)) else None
    if type(keywords) is not dict:
        return {}
    return {
        name: part
        for name, part in keywords.items()
        if library_name(type(part)) != "altair.UndefinedType"
    }


def _encodings(encoding: object) -> Iterator[str]:
    for channel, definition in _parts(encoding).items():
        for one in (definition if type(definition) is list else [definition])[:8]:
            parts = _parts(one)
            words = [parts.get(key) for key in ("shorthand", "aggregate", "field", "type")]
            told = [label(word) if ":" not in word else word for word in words if type(word) is str]
            titled = parts.get("title")
            named = f" {cut(titled, 60)!r}" if type(titled) is str else ""
            if told:
                yield f"{channel}: {' '.join(told)}{named}"


ALTAIR = dict.fromkeys(
    ("altair.Chart", "altair.LayerChart", "altair.HConcatChart", "altair.VConcatChart"),
    altair_chart,
)

DECLARATIVE_FIGURES = {"plotly.Figure": plotly_figure, **ALTAIR}
