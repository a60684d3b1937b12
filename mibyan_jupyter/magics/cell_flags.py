"""The flags of `%%mibyan`, described once: for parsing, completion, the manual and the README."""

from __future__ import annotations

import keyword
import shlex
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.registry import Argument, parse_arguments
from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.output.formats import FORMATS

if TYPE_CHECKING:
    import argparse

CELL_FLAGS = (
    Argument(("-m", "--model"), "ask this model, this once", metavar="MODEL"),
    Argument(("-s", "--system"), "a system message for this question", metavar="TEXT"),
    Argument(("-o", "--out"), "bind the Answer to this name", metavar="NAME"),
    Argument(("-f", "--format"), "what becomes of the answer", choices=tuple(FORMATS)),
    Argument(("--new",), "start a new conversation here; nothing is deleted"),
    Argument(("--no-history",), "send no earlier turns, and never resend this one"),
    Argument(("--no-stream",), "wait for the whole answer"),
    Argument(("--quiet",), "show nothing; use it with -o"),
)


def split_words(line: str) -> list[str]:
    """The line's words, as a shell would split them; raises CommandError for an open quote."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise CommandError(
            f"The line cannot be split into words: {str(error).lower()}.",
            'Put text with spaces or apostrophes into double quotes: -s "Don\'t be long"',
        ) from None


def parse_cell_flags(words: list[str]) -> argparse.Namespace:
    """The flags as values; raises CommandError for unknown ones and for an unusable `-o` name."""
    flags = parse_arguments(CELL_FLAGS, words, called="%%mibyan")
    if flags.out is not None and (not flags.out.isidentifier() or keyword.iskeyword(flags.out)):
        raise CommandError(
            f"-o {flags.out[:40]} is not a name that Python can bind.",
            "For example: %%mibyan -o answer",
        )
    return flags
