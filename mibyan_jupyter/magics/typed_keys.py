"""A key that was typed as an argument: refused, and removed from the kernel's memory of inputs."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = re.compile(r"\bmb-[A-Za-z0-9_\-]{6,}")
_REMOVED = "%mibyan  # a key was removed from this line"


def refuse_typed_key(shell: Any, words: Sequence[str]) -> None:
    """Raise CommandError where a word looks like a key, after forgetting the line that held it."""
    for word in words:
        if found := _KEY.search(word):
            refuse(shell, found.group())


def refuse(shell: Any, secret: str) -> None:
    """Forget every input of this kernel that holds `secret`, then raise CommandError."""
    forget_input(shell, secret)
    raise CommandError(
        "A key does not belong into a cell: it was not used, and removed from In and the history.",
        "The notebook still shows it: delete that line and revoke the key. %mibyan login asks for"
        " one unseen.",
    )


def forget_input(shell: Any, secret: str) -> None:
    """Remove the inputs that hold `secret` from `In`, `_i…`, and the history database."""
    for name, value in list(shell.user_ns.items()):
        if isinstance(name, str) and name.startswith("_i") and _holds(value, secret):
            shell.user_ns[name] = _REMOVED
    history = shell.history_manager
    for attribute in ("input_hist_parsed", "input_hist_raw"):
        inputs = getattr(history, attribute)
        inputs[:] = [_REMOVED if _holds(text, secret) else text for text in inputs]
    for attribute in ("_i", "_ii", "_iii", "_i00"):
        if _holds(getattr(history, attribute, ""), secret):
            setattr(history, attribute, _REMOVED)
    _forget_in_database(history, secret)


def _forget_in_database(history: Any, secret: str) -> None:
    """The line waits in the cache, or is written already; both are cleaned."""
    cache = getattr(history, "db_input_cache", [])
    cache[:] = [(line, _clean(text, secret), _clean(raw, secret)) for line, text, raw in cache]
    path = getattr(history, "hist_file", "")
    if not getattr(history, "enabled", False) or not path or path == ":memory:":
        return
    # Its own connection: IPython's belongs to the thread that opened it.
    connection = sqlite3.connect(str(path))
    try:
        with connection:
            connection.execute(
                "UPDATE history SET source = ?, source_raw = ?"
                " WHERE instr(source, ?) OR instr(source_raw, ?)",
                (_REMOVED, _REMOVED, secret, secret),
            )
    finally:
        connection.close()


def _clean(text: str, secret: str) -> str:
    return _REMOVED if _holds(text, secret) else text


def _holds(value: Any, secret: str) -> bool:
    return type(value) is str and secret in value
