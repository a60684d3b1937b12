"""What an error says, without running a `__str__` that the notebook's user wrote."""

from __future__ import annotations

import re
from types import FunctionType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import PLAIN_IDS
from mibyan_jupyter.context.pictures.type_names import instance_dict, members, mro
from mibyan_jupyter.context.pictures.wording import literal

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 2_000  # characters
_MOST_ARGUMENTS = 5
_MOST_NOTES = 3
_ARGUMENTS = BaseException.__dict__["args"]
_WORDS_OF_SYNTAX_ERROR = SyntaxError.__dict__["msg"]
_FILE_OF_OS_ERROR = OSError.__dict__["filename"]
_WORDS_OF_GROUP = BaseExceptionGroup.__dict__["message"]
_ERRORS_OF_GROUP = BaseExceptionGroup.__dict__["exceptions"]
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def error_name(error: BaseException) -> str:
    """The type's name, as a traceback ends in it."""
    name = type.__dict__["__qualname__"].__get__(type(error))
    return name[:100] if type(name) is str else "?"


def error_words(error: BaseException, is_users: Callable[[str], bool], shown: str = "") -> str:
    """The message and notes of `error`; `is_users` tells a file of the user's from a library's.

    `shown` is the message as it stands below the cell already, for which nothing has to run.
    """
    is_syntax = SyntaxError in mro(type(error))  # what is shown names a temporary file
    said = _said(error, is_users) if is_syntax or not shown else shown
    words = "\n".join([said[:_LONGEST], *_notes(error)])
    return _COLOURS.sub("", words).rstrip("\n")


def errors_in_group(error: BaseException) -> tuple[BaseException, ...]:
    """The errors that a group holds; none of any other error."""
    if BaseExceptionGroup not in mro(type(error)):
        return ()
    found: tuple[BaseException, ...] = _ERRORS_OF_GROUP.__get__(error)
    return found


def _said(error: BaseException, is_users: Callable[[str], bool]) -> str:
    bases = mro(type(error))
    if SyntaxError in bases:
        words = _WORDS_OF_SYNTAX_ERROR.__get__(error)
        return words if type(words) is str else ""
    if inside := errors_in_group(error):
        words = _WORDS_OF_GROUP.__get__(error)
        return f"{words[:_LONGEST]} ({len(inside)} error{'s' if len(inside) > 1 else ''})"
    arguments = _ARGUMENTS.__get__(error)
    if all(_is_plain(argument) for argument in arguments) and _may_be_asked(error, is_users):
        try:
            return str(error)
        except Exception:  # a library's own fault must not hide the error
            return ""
    return ", ".join(map(_argument, arguments[:_MOST_ARGUMENTS]))


def _may_be_asked(error: BaseException, is_users: Callable[[str], bool]) -> bool:
    """Whether its `__str__` is Python's or a library's, and meets nothing foreign."""
    bases = mro(type(error))
    if OSError in bases and not _is_plain(_FILE_OF_OS_ERROR.__get__(error)):
        return False
    own = next((members(base)["__str__"] for base in bases if "__str__" in members(base)), None)
    return type(own) is not FunctionType or not is_users(own.__code__.co_filename)


def _is_plain(value: Any) -> bool:
    if type(value) is tuple:
        return len(value) < 100 and all(map(_is_plain, value))
    return id(type(value)) in PLAIN_IDS


def _argument(value: object) -> str:
    return value[:_LONGEST] if type(value) is str else literal(value, 200)


def _notes(error: BaseException) -> list[str]:
    notes = instance_dict(error).get("__notes__")
    if type(notes) is not list:
        return []
    return [note[:_LONGEST] for note in notes[:_MOST_NOTES] if type(note) is str]
