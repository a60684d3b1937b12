"""The files of journals: where they lie, whose they are, and how one is written.

All lie in one folder of the user's; a name begins with a digest of the notebook's path, so that
one notebook's runs are found together, the newest last.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mibyan_jupyter.journal.lock import hold, is_held
from mibyan_jupyter.journal.records import Recovered, recover

if TYPE_CHECKING:
    from collections.abc import Iterable

RUNS_KEPT = 5  # of one notebook, besides those of living kernels
BYTES_KEPT = 256 * 1024 * 1024  # of all notebooks
_SUFFIX, _DRAFT = ".jsonl", ".new"


def folder() -> Path:
    """Where the journals lie: in the user's data directory."""
    import platformdirs

    return Path(platformdirs.user_data_dir("mibyan-jupyter")) / "journal"


def folder_shown() -> str:
    """`folder` for people: without the name of the user, since notebooks are given away."""
    path = folder()
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def new_path(notebook: str) -> Path:
    """The file of a run that begins now."""
    now = datetime.now(UTC)
    return folder() / f"{_digest(notebook)}-{now:%Y%m%dT%H%M%S.%fZ}-{os.getpid()}{_SUFFIX}"


def runs_of(notebook: str) -> list[Path]:
    """The journals of one notebook, the newest first."""
    return sorted(folder().glob(f"{_digest(notebook)}-*{_SUFFIX}"), reverse=True)


def all_runs() -> list[Path]:
    """The journals of all notebooks, the newest first."""
    return sorted(folder().glob(f"*{_SUFFIX}"), key=lambda path: path.name[17:], reverse=True)


def _digest(notebook: str) -> str:
    return hashlib.sha256(notebook.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_run(path: Path) -> Recovered:
    """The conversation of one run; raises OSError, OtherVersionError."""
    with path.open("rb") as file:
        return recover(file)


def delete_runs(paths: Iterable[Path]) -> int:
    """Delete these, with what a crash has left beside them; returns how many are gone."""
    gone = 0
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
            gone += 1
        with contextlib.suppress(OSError):
            path.with_suffix(_DRAFT).unlink()
    return gone


def prune(notebook: str) -> None:
    """Delete the oldest runs of dead kernels, beyond `RUNS_KEPT` and `BYTES_KEPT`, and drafts."""
    dead = [path for path in runs_of(notebook) if not is_held(path)]
    delete_runs(dead[RUNS_KEPT:])
    total = 0
    for path in all_runs():
        with contextlib.suppress(OSError):
            total += path.stat().st_size
            if total > BYTES_KEPT and not is_held(path):
                delete_runs([path])
    for draft in folder().glob(f"*{_DRAFT}"):
        if not is_held(draft):
            draft.unlink(missing_ok=True)


class JournalFile:
    """One run's file, open and locked; `size` in bytes. Raises OSError.

    It takes its name once `first` is written: whoever looks sees the old file or all of the new.
    """

    def __init__(self, path: Path, first: bytes) -> None:
        draft = path.with_suffix(_DRAFT)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self.path = path
        self.size = 0
        self._descriptor = os.open(draft, flags, 0o600)
        try:
            with contextlib.suppress(OSError):  # a file system without locks
                hold(self._descriptor)
            self.append(first)
            draft.replace(path)
        except BaseException:
            self.close()
            with contextlib.suppress(OSError):
                draft.unlink()
            raise

    def append(self, lines: bytes) -> None:
        """Write at the end, straight to the operating system."""
        rest = memoryview(lines)
        while rest:
            written = os.write(self._descriptor, rest)
            self.size += written
            rest = rest[written:]

    def close(self) -> None:
        os.close(self._descriptor)
