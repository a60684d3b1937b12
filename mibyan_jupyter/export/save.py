"""Saves a conversation to a file, in the form that the file's suffix names."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from mibyan_jupyter.errors import CommandError, ConfigurationError, MibyanError
from mibyan_jupyter.export.transcript import Transcript, title_from
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    target = _absolute(path)
    write = _writer(target)
    turns = tuple(turn for turn in history if turn.ended)
    _check_not_empty(turns, history)
    _check_place(target, force=force)
    text = write(Transcript(title_from(target.stem), turns))
    _write_whole(target, text)
    return Saved(target, len(turns), len(history) - len(turns))


def _absolute(path: str | os.PathLike[str]) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # "~name" of nobody
        raise CommandError(
            f"There is no home folder for {_shown(path)}.", "Write the path without “~”."
        ) from None


def _writer(target: Path) -> Callable[[Transcript], str]:
    name = _MODULES.get(target.suffix.lower())
    if name is None:
        raise CommandError(
            f"{_shown(target.name)} does not say what to save: .html, .md or .ipynb.",
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


def _check_place(target: Path, *, force: bool) -> None:
    if not _is_there(target.parent):
        raise CommandError(
            f"There is no folder {_shown(target.parent)}.", "Make it first, or choose another one."
        )
    exists = _is_there(target)
    if exists and target.is_dir():
        raise CommandError(
            f"{_shown(target)} is a folder.", "Add a file's name, such as handout.html."
        )
    if exists and not force:
        raise CommandError(
            f"{_shown(target)} exists already, and was left as it is.",
            "Choose another name, or add --force (in Python force=True) to replace it.",
        )


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a null byte
        return False
    except OSError as error:
        raise _not_written(path, error) from None
    return True


def _write_whole(target: Path, text: str) -> None:
    """All of the file or nothing: a reader never sees half of it, a failure leaves the old one."""
    part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(target, error) from None


def _not_written(target: Path, error: OSError) -> MibyanError:
    reason = (error.strerror or type(error).__name__).lower()
    return ConfigurationError(
        f"{_shown(target)} could not be written: {reason}.",
        "Choose another folder, or another name.",
    )


def _shown(path: str | os.PathLike[str]) -> str:
    return one_line(os.fspath(path), 200)
