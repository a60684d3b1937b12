"""The outputs of one cell run, as text: the first of them, and what they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.observed import OutputSeen
    from mibyan_jupyter.kernel.figures_shown import FiguresShown

_MOST = 16_000  # characters a cell
_OURS = "mibyan-answer"  # the answers themselves are in the history
_FIGURES = frozenset({"image/png", "image/svg+xml", "image/jpeg"})
_DRAWN = re.compile(r"application/vnd\.(?:plotly|vega|vegalite)\.v\d")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)(?=[^\n])")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class RecordedOutputs:
    """What one run has shown so far.

    `error` are the words of the error below it, `size` the characters that are kept, `is_new` says
    that something came since `seen` was last asked.
    """

    __slots__ = ("_clear_next", "_figures", "_parts", "error", "is_new", "size")

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, Mapping[Any, str]]] = []
        self._figures: FiguresShown | None = None
        self._clear_next = False
        self.error = ""
        self.size = 0
        self.is_new = False

    def take(self, kind: str, content: Mapping[str, Any]) -> int:
        """File one message; returns by how many characters that has grown (or shrunk)."""
        before = self.size
        if kind == "error":
            self.error = str(content.get("evalue", ""))
        elif kind == "clear_output":
            self._clear_next = bool(content.get("wait"))
            if not self._clear_next:
                self._clear()
        elif kind == "stream":
            self._print(str(content.get("text", "")))
        else:
            self._show(content.get("data", {}))
        return self.size - before

    def seen(self) -> tuple[OutputSeen, ...]:
        """All of it, what was printed in one go as one text; without colours."""
        from mibyan_jupyter.context.observed import OutputSeen

        self.is_new = False
        merged: list[tuple[str, list[str], Mapping[Any, str]]] = []
        for kind, text, pictures in self._parts:
            if kind == "text" and merged and merged[-1][0] == "text":
                merged[-1][1].append(text)
            else:
                merged.append((kind, [text], pictures))
        return tuple(
            OutputSeen(kind, _COLOURS.sub("", "".join(texts)), pictures)
            for kind, texts, pictures in merged
        )

    def _clear(self) -> None:
        self._parts.clear()
        self._clear_next, self.size, self.is_new = False, 0, True

    def _print(self, text: str) -> None:
        if "\r" in text and self._parts and self._parts[-1][0] == "text":
            before = self._parts.pop()[1]
            self.size -= len(before)
            text = before + text
        self._add("text", _OVERWRITTEN.sub("", text) if "\r" in text else text)

    def _show(self, data: Mapping[str, Any]) -> None:
        html = str(data.get("text/html", ""))[:2_000]
        if _OURS in html[:100]:
            return
        kind = _kind(data, html)
        text = str(data.get("text/plain", ""))
        pictures: Mapping[Any, str] = {}
        if kind == "figure" and text.startswith("<Figure"):
            pictures = self._read_figure(text)
        self._add(kind, f"{text}\n" if text else "", pictures)

    def _read_figure(self, words: str) -> Mapping[Any, str]:
        from mibyan_jupyter.kernel.figures_shown import FiguresShown

        self._figures = self._figures or FiguresShown()
        return self._figures.read(words)

    def _add(self, kind: str, text: str, pictures: Mapping[Any, str] | None = None) -> None:
        if self._clear_next:
            self._clear()
        room = _MOST - self.size
        if room <= 0 or not (text or kind != "text"):
            return
        self._parts.append((kind, text[:room], pictures or {}))
        self.size += len(text[:room]) + 1  # of what has no text there are only so many, too
        self.is_new = True


def _kind(data: Mapping[str, Any], html: str) -> str:
    if not _FIGURES.isdisjoint(data) or any(map(_DRAWN.match, data)):
        return "figure"
    if "application/vnd.jupyter.widget-view+json" in data:
        return "widget"
    return "table" if "<table" in html else "text"
