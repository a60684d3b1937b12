"""The part of a conversation that a file holds: its ended turns, and what is said about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from mibyan_jupyter.export.words import Words, direction_of, words_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibyan_jupyter.session.turns import Turn

_TITLE_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Transcript:
    """Ended turns in their order, under a title."""

    title: str
    turns: tuple[Turn, ...]

    @property
    def words(self) -> Words:
        """Our own words, in the language of the questions."""
        return words_for([turn.prompt for turn in self.turns])

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction_of([turn.prompt for turn in self.turns])

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Date, model, notebook and number of questions, each with its name; what is known."""
        words = self.words
        rows = (
            (words.date, _span(self.turns)),
            (words.model, _each_once(map(_model, self.turns))),
            (words.notebook, _each_once(map(_notebook, self.turns))),
            (words.questions, str(len(self.turns))),
        )
        return tuple((name, fact) for name, fact in rows if fact)


def first_words(prompt: str) -> str:
    """The beginning of a question, in one line that a list of questions has room for."""
    line = " ".join(prompt.split())
    if len(line) <= _TITLE_WIDTH:
        return line
    cut = line[: _TITLE_WIDTH - 1]
    return f"{cut[: max(cut.rfind(' '), _TITLE_WIDTH // 2)].rstrip()}…"


def title_from(name: str) -> str:
    """A title from a file's name without its suffix: `week_3-medians` gives "Week 3 medians"."""
    words = " ".join(re.sub(r"[-_]+", " ", name).split()) or name
    return words[:1].upper() + words[1:]


def _span(turns: Iterable[Turn]) -> str:
    """The local day of the questions, or the first and the last (ISO 8601)."""
    days = sorted({f"{turn.started.astimezone():%Y-%m-%d}" for turn in turns if turn.started})
    return " – ".join(dict.fromkeys((days[0], days[-1]))) if days else ""


def _model(turn: Turn) -> str:
    return (turn.answer.model if turn.answer else "") or turn.model


def _notebook(turn: Turn) -> str:
    name = PurePath(turn.request.cell.notebook).name if turn.request.cell else ""
    return name if name.endswith(".ipynb") else ""


def _each_once(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))
