"""All commands, by name, and `help`, which lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.commands import connection, conversation, keeping, notebook
from mibyan_jupyter.commands.arguments import Argument
from mibyan_jupyter.commands.registry import Command, Table
from mibyan_jupyter.errors import CommandError

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.session.session import Session


def command_named(name: str, *, sign: str = "%mibyan ") -> Command:
    """The command of that name; raises CommandError with the nearest ones.

    `sign` is what stands before a command where it is typed.
    """
    if name in COMMANDS:
        return COMMANDS[name]
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    meant = f"Did you mean {sign}{near[0]}? " if near else ""
    raise CommandError(f"There is no {sign}{name[:20]}.", f"{meant}{sign}help lists the commands.")


def show_help(_: Session, args: argparse.Namespace) -> Table:
    if args.command is None:
        rows = tuple((f"%mibyan {each.usage}", each.summary) for each in COMMANDS.values())
        return Table("%%mibyan? explains the cell magic. The commands:", (), rows)
    chosen = command_named(args.command)
    rows = tuple((argument.usage, argument.help) for argument in chosen.arguments)
    return Table(f"%mibyan {chosen.usage} – {chosen.summary}", (), rows)


HELP = Command(
    "help",
    "these commands, or one of them",
    show_help,
    (Argument(("command",), "a command's name"),),
)
COMMANDS: dict[str, Command] = {
    each.name: each
    for each in (
        *connection.COMMANDS,
        *conversation.COMMANDS,
        *keeping.COMMANDS,
        *notebook.COMMANDS,
        HELP,
    )
}
