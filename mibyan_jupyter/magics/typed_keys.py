"""A key that was typed into a cell: refused, and removed from the kernel's memory of inputs."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any, NoReturn

from mibyan_jupyter.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = re.compile(r"\b(?:mb-[A-Za-z0-9_\-]{6,}|sk-[A-Za-z0-9_\-]{16,})")
_LOGIN = re.compile(r"\s*((?:-\S+\s+)*)(login)(?![\w-])(.*)", re.IGNORECASE | re.DOTALL)
_MAGIC = re.compile(r"\s*%{1,2}mibyan\b(.*)")
_LONGEST_FLAG = 12  # a key may be typed right behind a flag: -kSECRET
_REMOVED = "%mibyan  # a key was removed from this line"


def refuse_typed_key(shell: Any, line: str, body: str = "") -> None:
    """Raise CommandError where the magic holds a key, after forgetting the inputs with it.

    In its line that is a word that looks like a key, or anything but a flag beside `login`; in its
    body only a key alone, or one in a line with `%mibyan login`: a question may be about keys.
    """
    if found := _KEY.search(line):
        _refuse(shell, found.group())
    found = _LOGIN.match(line)
    if found and not (body and found[1]):  # a cell's flags have values: `-o login`
        words = [*f"{found[1]} {found[3]}".split(), *_key_words(body)]
        for word in filter(_is_no_flag, words):
            # A word as common as "save" may stand in many inputs: forget only what looks like this.
            _refuse(shell, "mibyan", found[2], word.strip("'\""))
    _refuse_in_body(shell, body)


def _refuse_in_body(shell: Any, body: str) -> None:
    if found := _KEY.fullmatch(body.strip()):
        _refuse(shell, found.group())
    for line in filter(None, map(_MAGIC.match, body.splitlines())):
        if _LOGIN.match(line[1]) and (found := _KEY.search(line[1])):
            _refuse(shell, found.group())


def _key_words(body: str) -> list[str]:
    """What may be a key below `%%mibyan login`."""
    words = body.split()
    return words if len(words) == 1 else _KEY.findall(body)


def _is_no_flag(word: str) -> bool:
    return not word.startswith("-") or "=" in word or len(word) > _LONGEST_FLAG


def _refuse(shell: Any, *parts: str) -> NoReturn:
    forget_inputs(shell, *parts)
    raise CommandError(
        "A key does not belong into a cell: it was not used, and removed from In and the history.",
        "The notebook still shows it: delete that line and revoke the key. %mibyan login asks for"
        " one unseen.",
    )


def forget_inputs(shell: Any, *parts: str) -> None:
    """Remove the inputs that hold all `parts` from `In`, `_i…`, and the history database."""

    def clean(text: Any) -> Any:
        return _REMOVED if _holds(text, parts) else text

    for name, value in list(shell.user_ns.items()):
        if isinstance(name, str) and name.startswith("_i"):
            shell.user_ns[name] = clean(value)
    history = shell.history_manager
    for attribute in ("input_hist_parsed", "input_hist_raw"):
        inputs = getattr(history, attribute)
        inputs[:] = map(clean, inputs)
    for attribute in ("_i", "_ii", "_iii", "_i00"):
        setattr(history, attribute, clean(getattr(history, attribute, "")))
    # The line waits in the cache or is in the file already; the lock keeps it from moving.
    with history.db_input_cache_lock:
        cache = history.db_input_cache
        cache[:] = [(number, clean(text), clean(raw)) for number, text, raw in cache]
        _forget_in_file(history, parts)


def _forget_in_file(history: Any, parts: Sequence[str]) -> None:
    path = str(getattr(history, "hist_file", ""))
    if not getattr(history, "enabled", False) or path in ("", ":memory:"):
        return
    # Its own connection: IPython's belongs to the thread that opened it.
    connection = sqlite3.connect(path)
    connection.create_function("holds", 1, lambda text: _holds(text, parts))
    try:
        connection.execute("PRAGMA secure_delete = ON")  # else the old bytes stay in the file
        with connection:
            connection.execute(
                "UPDATE history SET source = ?, source_raw = ?"
                " WHERE holds(source) OR holds(source_raw)",
                (_REMOVED, _REMOVED),
            )
    finally:
        connection.close()


def _holds(value: Any, parts: Sequence[str]) -> bool:
    return type(value) is str and all(part in value for part in parts)
