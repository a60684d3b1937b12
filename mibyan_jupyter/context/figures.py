"""`@figure`: the newest figure, read from its object as text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mibyan_jupyter.context.items import ContextItem, Rank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mibyan_jupyter.context.observed import CellRecord, OutputSeen
    from mibyan_jupyter.context.provider import Question

_LIMIT = 4_000  # characters
_MATPLOTLIB = ("matplotlib.Figure",)
_FIGURES = (
    *_MATPLOTLIB,
    "plotly.Figure",
    *(f"altair.{kind}" for kind in ("Chart", "LayerChart", "HConcatChart", "VConcatChart")),
)


class Figures:
    """The figure that was shown last; where it was not read then, the newest that is alive."""

    name = "figures"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        if not question.mentions.figure:
            return
        shown = _shown_last(question)
        if shown is not None and shown[1].pictures:
            cell, output = shown
            text = output.pictures[min(question.level, question.held_to(cell))]
            yield ContextItem(f"figure of {cell.label}", text, Rank.MENTIONED)
        elif question.namespace is not None:
            yield from _alive(question, question.namespace)


def is_matplotlib_figure(value: object) -> bool:
    """Whether it is one, found out without asking it."""
    from mibyan_jupyter.context.pictures.type_names import known_as

    return known_as(type(value), _MATPLOTLIB) is not None


def _shown_last(question: Question) -> tuple[CellRecord, OutputSeen] | None:
    """The newest figure below a cell, and the cell."""
    for cell in reversed(question.cells):
        for output in reversed(cell.outputs):
            if output.kind == "figure":
                return cell, output
    return None


def _alive(question: Question, namespace: Mapping[str, object]) -> Iterator[ContextItem]:
    """The newest figure that a variable holds, or else that pyplot has open."""
    from mibyan_jupyter.context.pictures import picture
    from mibyan_jupyter.context.pictures.type_names import known_as

    held = [(n, value) for n, value in namespace.items() if known_as(type(value), _FIGURES)]
    for name, value in held[-1:] or [("figure", value) for value in _open_figures()[-1:]]:
        level = question.level_of(name)
        seen = picture(value, name, level=level, limit=_LIMIT, prompt=question.prompt)
        yield ContextItem(f"figure {name}", seen.text, Rank.MENTIONED, seen.notes)


def _open_figures() -> list[object]:
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return []
    canvases = [manager.canvas for manager in list(helpers.Gcf.figs.values())]
    return [canvas.figure for canvas in canvases if is_matplotlib_figure(canvas.figure)]
