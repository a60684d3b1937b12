"""Reads a matplotlib figure as it is shown: the inline backend closes it right after."""

from __future__ import annotations

import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.privacy import Privacy

_LIMIT = 4_000  # characters


class FiguresShown:
    """The figures of one cell run that were shown so far, so that each is found once."""

    def __init__(self) -> None:
        self._shown: dict[int, weakref.ref[Any]] = {}

    def read(self, words: str) -> Mapping[Privacy, str]:
        """Bounded pictures, by level, of the open figure that is being shown as `words`.

        Empty where there is none, and off the main thread, where nothing live may be read.
        """
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is None or threading.current_thread() is not threading.main_thread():
            return {}
        from mibyan_jupyter.context.figures import is_matplotlib_figure
        from mibyan_jupyter.context.pictures import picture
        from mibyan_jupyter.context.privacy import Privacy

        open_ones = [manager.canvas.figure for manager in list(helpers.Gcf.figs.values())]
        fitting = [f for f in open_ones if is_matplotlib_figure(f) and repr(f) == words]
        if not fitting:
            return {}
        figure = next((each for each in fitting if not self._was_shown(each)), fitting[-1])
        self._shown[id(figure)] = weakref.ref(figure)
        seen = {
            level: picture(figure, "figure", level=level, limit=_LIMIT).text
            for level in (Privacy.NAMES, Privacy.SCHEMA, Privacy.STATS)
        }
        return {**seen, Privacy.ROWS: seen[Privacy.STATS]}  # no figure shows more at that level

    def _was_shown(self, figure: object) -> bool:
        shown = self._shown.get(id(figure))
        return shown is not None and shown() is figure
