"""Saves a conversation to a file, in the form that the file's suffix names."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.export.files import absolute, check_place, shown, write_whole
from mibyan_jupyter.export.transcript import Transcript, title_from

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mibyan_jupyter.session.turns import Turn

_MODULES = {".html": "handout", ".md": "markdown_file", ".ipynb": "notebook_file"}


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was written.

    `path` is absolute; `left_out` counts the questions that are not answered yet.
    """

    path: Path
    questions: int
    left_out: int


def save(history: Sequence[Turn], path: str | os.PathLike[str], *, force: bool = False) -> Saved:
    """Write the ended turns of `history` to `path`; an existing file is replaced with `force` only.

    Raises CommandError (nothing to save, a path that cannot be meant) and ConfigurationError (the
    file cannot be written).
    """
    target = absolute(path)
    write = _writer(target)
    turns = tuple(turn.standing for turn in history if turn.ended)
    _check_not_empty(turns, history)
    check_place(target, force=force)
    text = write(Transcript(title_from(target.stem), turns))
    write_whole(target, text)
    return Saved(target, len(turns), len(history) - len(turns))


def _writer(target: Path) -> Callable[[Transcript], str]:
    name = _MODULES.get(target.suffix.lower())
    if name is None:
        raise CommandError(
            f"{shown(target.name)} does not say what to save: .html, .md or .ipynb.",
            "For example handout.html, which a browser also prints to PDF.",
        )
    module = import_module(f"mibyan_jupyter.export.{name}")  # each is as heavy as what it uses
    write: Callable[[Transcript], str] = module.write
    return write


def _check_not_empty(turns: Sequence[Turn], history: Sequence[Turn]) -> None:
    if turns:
        return
    if history:
        raise CommandError(
            "No question has been answered yet, so there is nothing to save.",
            "Wait for the answer, or end it with %mibyan stop, and export again.",
        )
    raise CommandError(
        "Nothing has been asked yet, so there is nothing to save.", "Ask with %%mibyan first."
    )
