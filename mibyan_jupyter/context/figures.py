"""`@figure`: the newest figure, read from its object as text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.provider import Question

_LIMIT = 4_000  # characters
_FIGURES = {
    ("matplotlib.figure", "Figure"),
    ("plotly.graph_objs._figure", "Figure"),
}


class Figures:
    """The newest figure that a variable holds or that is still open."""

    name = "figures"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        if not question.mentions.figure or question.namespace is None:
            return
        held = [(name, value) for name, value in question.namespace.items() if _is_figure(value)]
        newest = held[-1:] or [("figure", value) for value in _open_figures()[-1:]]
        for name, value in newest:
            level = question.level_of(name)
            seen = picture(value, name, level=level, limit=_LIMIT, prompt=question.prompt)
            yield ContextItem(f"figure {name}", seen.text, Rank.MENTIONED, seen.notes, live=True)


def _is_figure(value: Any) -> bool:
    kind = type(value)
    return (kind.__module__, kind.__qualname__) in _FIGURES


def _open_figures() -> list[Any]:
    """pyplot's open figures; in a notebook the inline backend closes them after the cell."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return []
    canvases = (manager.canvas for manager in helpers.Gcf.figs.values())
    return [canvas.figure for canvas in canvases if _is_figure(canvas.figure)]
