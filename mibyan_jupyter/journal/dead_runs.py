"""Finds the newest conversation of a notebook whose kernel is dead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.journal.files import read_run, runs_of
from mibyan_jupyter.journal.lock import is_held
from mibyan_jupyter.journal.records import OtherVersionError

if TYPE_CHECKING:
    from pathlib import Path

    from mibyan_jupyter.journal.records import Recovered
    from mibyan_jupyter.session.turns import Turn


class Found(NamedTuple):
    """A conversation, perhaps an empty one; `notes` say what could not be read on the way."""

    turns: tuple[Turn, ...] = ()
    notes: tuple[str, ...] = ()


def find_dead(notebook: str, own: Path | None) -> Found:
    """The newest run of a dead kernel that holds a conversation; `own` is passed over."""
    notes: list[str] = []
    for path in runs_of(notebook):
        if path == own or is_held(path):
            continue
        run = _read(path, notes)
        if run is not None and run.turns:
            return Found(run.turns, tuple(notes))
    return Found((), tuple(notes))


def _read(path: Path, notes: list[str]) -> Recovered | None:
    try:
        run = read_run(path)
    except OtherVersionError as error:
        notes.append(f"{path.name} has format version {error}: it was passed over, and stays.")
        return None
    except OSError as error:
        notes.append(f"{path.name} could not be read: {(error.strerror or '').lower()}.")
        return None
    if run.damaged:
        lines = "1 damaged line was" if run.damaged == 1 else f"{run.damaged} damaged lines were"
        notes.append(f"{lines} passed over.")
    return run
