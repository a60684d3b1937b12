"""The one command registry: name, arguments, and a function `(session, args) → result`.

A door (the line magic, a panel) parses the arguments, runs the command and shows the result; the
command knows no door. Help, completion and the README's tables are made from this registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.arguments import bracketed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from mibyan_jupyter.commands.arguments import Argument
    from mibyan_jupyter.keys import Key
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn, TurnRequest


@dataclass(frozen=True, slots=True)
class Notice:
    """Some lines of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short texts under a title; `columns` may be empty."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to submit and follow.

    With `corrects` (the source of a failing cell) the answer's last code block is proposed in its
    stead, with a diff: as a new cell below, or where the front end can in `failing_cell` (its id)
    itself: at once (`replaces_cell`), or by a button of the panel.
    """

    request: TurnRequest
    corrects: str | None = None
    replaces_cell: bool = False
    failing_cell: str | None = None


@dataclass(frozen=True, slots=True)
class ShowTurn:
    """An ended turn, to be shown again."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class AskSecret:
    """A key to type that must not be seen; `then` makes the result of it."""

    prompt: str
    then: Callable[[Key], Notice]


Result = Notice | Table | Ask | ShowTurn | AskSecret


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand of `%mibyan`."""

    name: str
    summary: str
    run: Callable[[Session, argparse.Namespace], Result]
    arguments: tuple[Argument, ...] = ()

    @property
    def usage(self) -> str:
        return " ".join((self.name, *(bracketed(argument) for argument in self.arguments)))
