"""What a prompt mentions with `@`: variables, cells, the error, the figure. Pure.

Only what exists is resolved; all else stays as typed, and nothing is ever replaced in the prompt.
"""

from __future__ import annotations

import builtins
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.config import PRIVACY_LEVELS
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

_WORDS = ("cell", "error", "figure")
_MENTION = re.compile(r"(?<![\w@./])@([^\W\d]\w*)(?::(\w+))?")
_DECORATOR = re.compile(_MENTION.pattern + r"(?=\.\w|\()")


class Mentions(NamedTuple):
    """The mentions of one prompt. `names` maps a variable to the level that `@name:level` lifts
    it to for this turn, or None; `cells` are execution counts, `newest_cell` is a bare `@cell`,
    `unknown` are words that mention nothing, and look like no decorator.
    """

    names: Mapping[str, Privacy | None] = MappingProxyType({})
    cells: tuple[int, ...] = ()
    newest_cell: bool = False
    error: bool = False
    figure: bool = False
    unknown: tuple[str, ...] = ()


def mentions_in(prompt: str, names: Container[str]) -> Mentions:
    """The mentions of `prompt` that resolve among the variables `names`."""
    found: dict[str, Privacy | None] = {}
    cells: list[int] = []
    words: dict[str, None] = {}  # a set in order
    for name, detail in _MENTION.findall(prompt):
        if name in names:
            level = _level(detail)
            found[name] = found.get(name) if level is None else level
        elif name == "cell" and detail.isdecimal():
            cells.append(int(detail))
        else:
            words[name] = None
    known = {*_WORDS, *dir(builtins), *(name for name, _ in _DECORATOR.findall(prompt))}
    return Mentions(
        found,
        tuple(dict.fromkeys(cells)),
        newest_cell="cell" in words,
        error="error" in words,
        figure="figure" in words,
        unknown=tuple(word for word in words if word not in known),
    )


def check_levels(prompt: str, is_variable: Callable[[str], bool]) -> None:
    """Raise ConfigurationError for `@name:word` where the word is a mistyped level of a variable.

    It would be passed over, though it may have been meant to hold something back.
    """
    from difflib import get_close_matches  # few questions hold such a word

    for found in _MENTION.finditer(prompt):
        word = (found[2] or "").lower()
        if _level(word) is not None or not get_close_matches(word, PRIVACY_LEVELS, cutoff=0.75):
            continue
        if is_variable(found[1]):
            levels = ", ".join(PRIVACY_LEVELS)
            raise ConfigurationError(f"{found[0]} has no level of privacy.", f"Levels: {levels}.")


def _level(word: str) -> Privacy | None:
    return Privacy[word.upper()] if word.upper() in Privacy.__members__ else None
