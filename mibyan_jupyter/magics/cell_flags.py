"""The flags of `%%mibyan`, described once: for parsing, completion, the manual and the README."""

from __future__ import annotations

import keyword
import unicodedata
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.arguments import Argument, parse_arguments
from mibyan_jupyter.config import CONTEXT_MODES
from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.output.formats import FORMATS

if TYPE_CHECKING:
    import argparse

CELL_FLAGS = (
    Argument(("-m", "--model"), "ask this model, this once", metavar="MODEL"),
    Argument(("-s", "--system"), "a system message for this question", metavar="TEXT"),
    Argument(("-o", "--out"), "bind the Answer to this name", metavar="NAME"),
    Argument(("-f", "--format"), "what becomes of the answer", choices=tuple(FORMATS)),
    Argument(("-c", "--context"), "how much of the notebook goes along", choices=CONTEXT_MODES),
    Argument(
        ("--without",),
        "leave out this part of the context, or several: a,b",
        metavar="PROVIDER",
        many=True,
    ),
    Argument(("--new",), "start a new conversation here; nothing is deleted"),
    Argument(("--no-history",), "send no earlier turns, and never resend this one"),
    Argument(("--no-stream",), "wait for the whole answer"),
    Argument(("--quiet",), "show nothing; use it with -o"),
)


def parse_cell_flags(words: list[str]) -> argparse.Namespace:
    """The flags as values; raises CommandError for unknown ones and for an unusable `-o` name."""
    if _has_bare_word(words):
        raise CommandError(
            "Only flags stand on the %%mibyan line; the question goes below it.",
            "Type the question on the next line. A command, such as %mibyan login, has one %.",
        )
    flags = parse_arguments(CELL_FLAGS, words, called="%%mibyan")
    if flags.out is not None:
        flags.out = _name_to_bind(flags.out)
    return flags


def _has_bare_word(words: list[str]) -> bool:
    with_value = {
        name for flag in CELL_FLAGS if flag.metavar or flag.choices for name in flag.names
    }
    pairs = zip(["", *words], words, strict=False)
    return any(not word.startswith("-") and before not in with_value for before, word in pairs)


def _name_to_bind(typed: str) -> str:
    """The name as Python reads it in code: `ﬁ`, a ligature, is the name `fi`."""
    name = unicodedata.normalize("NFKC", typed)
    if not name.isidentifier() or keyword.iskeyword(name):
        raise CommandError(
            f"-o {name[:40]} is not a name that Python can bind.",
            "For example: %%mibyan -o answer",
        )
    return name
