"""A file that the user names: its place is checked, and it is written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mibyan_jupyter.errors import CommandError, ConfigurationError, MibyanError
from mibyan_jupyter.text import one_line


def absolute(path: str | os.PathLike[str]) -> Path:
    """The path, `~` resolved; raises CommandError where there is no such home."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # "~name" of nobody
        raise CommandError(
            f"There is no home folder for {shown(path)}.", "Write the path without “~”."
        ) from None


def check_place(target: Path, *, force: bool) -> None:
    """Raise CommandError or ConfigurationError where no file can be put; `force` replaces one."""
    if not _is_there(target.parent):
        raise CommandError(
            f"There is no folder {shown(target.parent)}.", "Make it first, or choose another one."
        )
    exists = _is_there(target)
    if exists and target.is_dir():
        raise CommandError(
            f"{shown(target)} is a folder.", "Add a file's name, such as handout.html."
        )
    if exists and not force:
        raise CommandError(
            f"{shown(target)} exists already, and was left as it is.",
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


def write_whole(target: Path, text: str) -> None:
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
        f"{shown(target)} could not be written: {reason}.",
        "Choose another folder, or another name.",
    )


def shown(path: str | os.PathLike[str]) -> str:
    """A path as messages name it."""
    return one_line(os.fspath(path), 200)
