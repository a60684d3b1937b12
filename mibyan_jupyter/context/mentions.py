"""What a prompt mentions with `@`: variables, cells, the error, the figure. Pure.

Only what exists is resolved; all else stays as typed, and nothing is ever replaced in the prompt.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_MENTION = re.compile(r"(?<![\w@./])@([^\W\d]\w*)(?::(\w+))?")


class Mentions(NamedTuple):
    """The mentions of one prompt. `names` maps a variable to the level that `@name:level` lifts
    it to for this turn, or None; `cells` are execution counts, `newest_cell` is a bare `@cell`.
    """

    names: Mapping[str, Privacy | None] = MappingProxyType({})
    cells: tuple[int, ...] = ()
    newest_cell: bool = False
    error: bool = False
    figure: bool = False


def mentions_in(prompt: str, names: Container[str]) -> Mentions:
    """The mentions of `prompt` that resolve among the variables `names`."""
    found: dict[str, Privacy | None] = {}
    cells: list[int] = []
    words: set[str] = set()
    for name, detail in _MENTION.findall(prompt):
        if name in names:
            level = _level(detail)
            found[name] = found.get(name) if level is None else level
        elif name == "cell" and detail.isdecimal():
            cells.append(int(detail))
        else:
            words.add(name)
    return Mentions(
        found,
        tuple(dict.fromkeys(cells)),
        newest_cell="cell" in words,
        error="error" in words,
        figure="figure" in words,
    )


def _level(word: str) -> Privacy | None:
    return Privacy[word.upper()] if word.upper() in Privacy.__members__ else None
