"""The arguments of commands and of the cell magic: described once, and read as a shell would."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from mibyan_jupyter.config import words
from mibyan_jupyter.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Argument(NamedTuple):
    """One argument of a command or of the cell magic.

    `names` are flags (`-m`, `--model`) or one bare name; a flag without `metavar` and `choices` is
    a switch. Bare names are optional; with `many` they take all words that follow, and a flag may
    be given more than once, each time with names that stand apart by commas.
    """

    names: tuple[str, ...]
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    many: bool = False

    @property
    def is_flag(self) -> bool:
        return self.names[0].startswith("-")

    @property
    def usage(self) -> str:
        """How it is typed: `-m/--model MODEL`, `[NAME]`."""
        value = "|".join(self.choices) or self.metavar or ""
        if self.is_flag:
            return f"{'/'.join(self.names)} {value}".rstrip()
        name = value or self.names[0].upper()
        return f"[{name} …]" if self.many else f"[{name}]"


def bracketed(argument: Argument) -> str:
    """Its usage, in brackets where it may be left out."""
    return f"[{argument.usage}]" if argument.is_flag else argument.usage


_LONG_WORD = re.compile(r"\S{21,}")


class _Once(argparse.Action):
    """Of two values one would be passed over, and with it perhaps what it was to hold back."""

    def __call__(self, parser: Any, namespace: Any, value: Any, option: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"{option} is given twice")
        setattr(namespace, self.dest, value)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if _LONG_WORD.search(message):  # a key, for all we know: an error repeats none
            message = "an argument that is not known"
        raise CommandError(f"{self.prog}: {message}.", f"Usage: {self.prog} {self.description}")


def split_words(line: str, *, on_windows: bool = os.name == "nt") -> list[str]:
    """The line's words, as a shell would split them; raises CommandError for an open quote.

    On Windows a backslash is part of a path and escapes nothing.
    """
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if on_windows:
        lexer.escape = ""
    try:
        return list(lexer)
    except ValueError as error:
        raise CommandError(
            f"The line cannot be split into words: {str(error).lower()}.",
            'Put text with spaces or apostrophes into double quotes: -s "Don\'t be long"',
        ) from None


def parse_arguments(
    arguments: Sequence[Argument], typed: Sequence[str], *, called: str
) -> argparse.Namespace:
    """What was `typed`, as values named after the arguments; raises CommandError."""
    usage = " ".join(bracketed(argument) for argument in arguments)
    parser = _Parser(prog=called, description=usage, add_help=False, allow_abbrev=False)
    for argument in arguments:
        parser.add_argument(*argument.names, **_options(argument))
    return parser.parse_args(list(typed))


def _options(argument: Argument) -> dict[str, Any]:
    options: dict[str, Any] = {"help": argument.help}
    if argument.is_flag and not argument.metavar and not argument.choices:
        return {**options, "action": "store_true"}
    if argument.choices:
        options["choices"] = argument.choices
    if not argument.is_flag:
        return {**options, "nargs": "*" if argument.many else "?"}
    if argument.many:
        return {**options, "action": "extend", "type": _names}
    return {**options, "action": _Once}


def _names(typed: str) -> tuple[str, ...]:
    if not (names := words(typed)):
        raise argparse.ArgumentTypeError("it names nothing")
    return names
