"""What `%mibyan` does: find the command, run it, show what comes back."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.all_commands import command_named
from mibyan_jupyter.commands.arguments import parse_arguments
from mibyan_jupyter.commands.registry import Ask, AskSecret, Notice, ShowTurn
from mibyan_jupyter.errors import ConfigurationError
from mibyan_jupyter.keys import Key
from mibyan_jupyter.magics.show_result import show_diff, show_notice, show_table
from mibyan_jupyter.output.cell_view import final_bundle
from mibyan_jupyter.output.formats import corrected_source, why_no_cell

if TYPE_CHECKING:
    from mibyan_jupyter.commands.registry import Result
    from mibyan_jupyter.magics.door import Door
    from mibyan_jupyter.session.turns import Answer

_NOT_REPLACED = (
    "The cell that failed was edited since, or this front end cannot change it:"
    " the corrected cell is proposed below."
)


def run_command(door: Door, words: list[str]) -> None:
    """The command that `words` name; without any, what everybody should know first."""
    if not words:
        for name in ("status", "help"):
            run_command(door, [name])
        return
    command = command_named(words[0])
    called = f"%mibyan {command.name}"
    arguments = parse_arguments(command.arguments, words[1:], called=called)
    _show(door, command.run(door.session, arguments))


def _show(door: Door, result: Result) -> None:
    match result:
        case Notice():
            show_notice(result)
        case Ask(request):
            _propose(door, door.answer(request, "markdown"), result)
        case ShowTurn(turn):
            door.shell.display_pub.publish(final_bundle(turn))
        case AskSecret(prompt, then):
            show_notice(then(Key(_read_secret(prompt))))
        case _:
            show_table(result, door.shell)


def _propose(door: Door, answer: Answer, asked: Ask) -> None:
    if asked.corrects is None:
        return
    door.say(why_no_cell(answer))
    source = corrected_source(answer)
    if source is None:
        return
    replaced = asked.failing_cell if asked.replaces_cell else None
    if replaced and not _page_shows(door, replaced, asked.corrects):
        show_notice(Notice(_NOT_REPLACED))
        replaced = None
    show_diff(asked.corrects, source, door.shell, replaced=replaced)
    if not replaced:
        door.shell.set_next_input(source, replace=False)


def _page_shows(door: Door, cell: str, text: str) -> bool:
    notebook = door.session.context_source
    return notebook is not None and notebook.page_shows(cell, text)


def _read_secret(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except (EOFError, NotImplementedError, RuntimeError):
        raise ConfigurationError(
            "This front end cannot ask for input, so no key was set.",
            "Set MIBYAN_API_KEY before the kernel starts instead.",
        ) from None
