"""matplotlib: what a figure shows, read from the artists it is made of.

Only stored values of matplotlib's own classes are read: asking an axis for its limits could run
pending autoscaling, and with it a locator, a converter or an artist of the user's.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import plain_cells, rows_to_read
from mibyan_jupyter.context.pictures.column import extent
from mibyan_jupyter.context.pictures.numpy_pictures import base_array, column_of, rows_index
from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.type_names import (
    angled,
    known_as,
    known_name,
    library_name,
    short_name,
    stored,
)
from mibyan_jupyter.context.pictures.wording import count, label, literal, number
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

_MOST_AXES = 16
_MOST_SERIES = 20
_MOST_ARTISTS = 10_000
_WIDEST_NUMBER = 8  # bytes


def figure(value: Any, terms: Terms) -> Sketch:
    """A Figure: its title, then each of its axes."""
    stack = stored(stored(value, "_axstack"), "_axes")
    axes = list(stack) if type(stack) is dict else []
    lines: list[str] = []
    for number_, one in enumerate(axes[:_MOST_AXES]):
        lines.append(f"axes {number_ + 1}{_titled(stored(one, 'title'))}" if len(axes) > 1 else "")
        lines.extend(_axes_lines(one, terms))
    head = f"{short_name(type(value))}{_titled(stored(value, '_suptitle'))}, {_axes_count(axes)}"
    notes = (f"{len(axes) - _MOST_AXES} axes left out",) if len(axes) > _MOST_AXES else ()
    if len(axes) == 1:
        head += _titled(stored(axes[0], "title"))
    return Sketch(head, tuple(line for line in lines if line), notes)


def axes(value: Any, terms: Terms) -> Sketch:
    """One Axes: its title, axes and series."""
    head = f"{short_name(type(value))}{_titled(stored(value, 'title'))}"
    return Sketch(head, tuple(_axes_lines(value, terms)))


def artist(value: Any, terms: Terms) -> Sketch:
    """One line, scatter, bar group or image."""
    return Sketch(next(_series([value], terms), short_name(type(value))))


def _axes_count(axes: Sequence[object]) -> str:
    return count(len(axes), "axes", "axes") if len(axes) != 1 else "1 axes"


def _text(artist: object) -> str:
    """The words of a matplotlib Text."""
    words = stored(artist, "_text")
    return " ".join(words.split()) if type(words) is str else ""


def _titled(artist: object) -> str:
    words = _text(artist)
    return f" {cut(words, 120)!r}" if words else ""


def _axes_lines(axes: Any, terms: Terms) -> Iterator[str]:
    if known_as(type(axes), FIGURES) is None:
        yield angled(axes)
        return
    for letter in ("x", "y", "z"):
        axis = stored(axes, f"{letter}axis")
        if axis is not None:
            yield from _axis_line(axes, axis, letter, terms.level)
    yield from islice(_series(_artists(axes), terms), _MOST_SERIES)
    words = [_text(text) for text in islice(_texts(stored(axes, "legend_")), 20)]
    if words:
        yield f"legend: {', '.join(map(label, words))}"


def _texts(legend: Any) -> list[object]:
    return list(legend.texts) if library_name(type(legend)) == "matplotlib.Legend" else []


def _axis_line(axes: Any, axis: Any, letter: str, level: Privacy) -> Iterator[str]:
    scale = stored(stored(axis, "_scale"), "name")
    words = _titled(stored(axis, "label"))
    scaled = f", {scale} scale" if type(scale) is str and scale != "linear" else ""
    shown = _limits(axes, letter) if level >= Privacy.STATS else ""
    if words or shown or scaled:
        yield f"{letter}{words}{shown}{scaled}"


def _limits(axes: Any, letter: str) -> str:
    """What is in view; while autoscaling is pending, the extent of the content."""
    stale = stored(axes, "_stale_viewlims")
    pending = type(stale) is dict and stale.get(letter)
    box = stored(stored(axes, "dataLim" if pending else "_viewLim"), "_points")
    column = "xy".find(letter)
    if box is None or column < 0:
        return ""
    low, high = base_array(box)[:, column].tolist()
    return f" {number(low)} … {number(high)}"


def _artists(axes: Any) -> list[Any]:
    """Containers (bars, error bars) instead of their many parts, then what is left."""
    held = [c for c in stored(axes, "containers") or [] if library_name(type(c)) is not None]
    parts = {id(part) for group in held for part in islice(tuple.__iter__(group), _MOST_ARTISTS)}
    children = (stored(axes, "_children") or [])[:_MOST_ARTISTS]
    return [*held, *(child for child in children if id(child) not in parts)]


def _series(artists: Sequence[Any], terms: Terms) -> Iterator[str]:
    """One line of text for each series, then a count of the artists that are none."""
    others: dict[str, int] = {}
    for one in artists:
        kind = known_as(type(one), _DRAWN)
        if kind is None:
            name = known_name(type(one))
            others[name] = others.get(name, 0) + 1
        else:
            yield f"{kind.partition('.')[2]}{_labelled(one)}: {_DRAWN[kind](one, terms)}"
    if others:
        yield "also " + ", ".join(f"{times} {name}" for name, times in sorted(others.items()))


def _labelled(artist: object) -> str:
    words = stored(artist, "_label")
    return f" {cut(words, 60)!r}" if type(words) is str and words and words[0] != "_" else ""


def _points(size: int, terms: Terms, **dimensions: object) -> str:
    """`100 points, x 0 … 99, …, y …` with the ranges that may be told."""
    words = [count(size, "point")]
    for name, values in dimensions.items():
        told = _told(values, terms)
        words += [f"{name} {told}"] if told else []
    return "; ".join(words)


def _told(values: Any, terms: Terms) -> str:
    if terms.level < Privacy.STATS:
        return ""
    if known_as(type(values), ("numpy.ndarray",)) is not None:
        flat = base_array(values).reshape(-1)
        read, rows = column_of(flat).read, rows_to_read(flat.size)
        if read is None or not flat.size:
            return ""
        if flat.dtype.kind in "iuf" and flat.dtype.itemsize <= _WIDEST_NUMBER:
            return _from_to(flat[rows_index(rows)])
        return extent(plain_cells(read(rows)), terms.level)
    if type(values) is list:
        return extent(plain_cells([values[i] for i in rows_to_read(len(values))]), terms.level)
    return ""


def _from_to(numbers: Any) -> str:
    """The extent of a numeric array without a Python object for each point: a figure has many."""
    numpy = sys.modules["numpy"]
    low, high = numpy.fmin.reduce(numbers).item(), numpy.fmax.reduce(numbers).item()
    return literal(low) if low == high or low != low else f"{literal(low)} … {literal(high)}"


def _size(values: Any) -> int:
    if known_as(type(values), ("numpy.ndarray",)) is not None:
        return int(base_array(values).size)
    return len(values) if type(values) is list or type(values) is tuple else 0


def _line(line: Any, terms: Terms) -> str:
    x, y = stored(line, "_xorig"), stored(line, "_yorig")
    return _points(_size(y), terms, x=x, y=y)


def _scatter(collection: Any, terms: Terms) -> str:
    offsets = base_array(stored(collection, "_offsets"))
    return _points(len(offsets), terms, x=offsets[:, 0], y=offsets[:, 1])


def _bars(container: Any, terms: Terms) -> str:
    bars = [bar for bar in stored(container, "patches") or [] if _is_rectangle(bar)]
    upright = stored(container, "orientation") != "horizontal"
    heights = [stored(bar, "_height" if upright else "_width") for bar in bars[:_MOST_ARTISTS]]
    told = _told(heights, terms)
    return count(len(bars), "bar") + (
        f"; {'heights' if upright else 'widths'} {told}" if told else ""
    )


def _is_rectangle(bar: object) -> bool:
    return known_as(type(bar), ("matplotlib.Rectangle",)) is not None


def _image(image: Any, terms: Terms) -> str:
    pixels = stored(image, "_A")
    shape = " × ".join(map(str, base_array(pixels).shape)) if _size(pixels) else "empty"
    told = _told(pixels, terms)
    return shape + (f"; {told}" if told else "")


def _mesh(collection: Any, terms: Terms) -> str:
    told = _told(stored(collection, "_A"), terms)
    return told or "values"


_DRAWN = {
    "matplotlib.Line2D": _line,
    "matplotlib.PathCollection": _scatter,
    "matplotlib.BarContainer": _bars,
    "matplotlib.AxesImage": _image,
    "matplotlib.QuadMesh": _mesh,
}

FIGURES = {
    "matplotlib.Figure": figure,
    "matplotlib.Axes": axes,
    "mpl_toolkits.Axes3D": axes,
    **dict.fromkeys(_DRAWN, artist),
}
