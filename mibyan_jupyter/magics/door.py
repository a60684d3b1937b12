"""What `%%mibyan` and `%mibyan` do: parse, call the session or a command, show what comes back."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mibyan_jupyter.commands.all_commands import command_named
from mibyan_jupyter.commands.registry import (
    Ask,
    AskSecret,
    Notice,
    ShowTurn,
    parse_arguments,
    split_words,
)
from mibyan_jupyter.config import is_loopback
from mibyan_jupyter.errors import CommandError, ConfigurationError
from mibyan_jupyter.journal.files import folder_shown
from mibyan_jupyter.journal.journal import journal_of
from mibyan_jupyter.kernel.asking_cell import asking_cell, typed_body
from mibyan_jupyter.keys import Key
from mibyan_jupyter.magics.cell_flags import parse_cell_flags
from mibyan_jupyter.magics.show_result import show_diff, show_notice, show_table
from mibyan_jupyter.magics.typed_keys import refuse_typed_key
from mibyan_jupyter.output.cell_view import CellView, final_bundle
from mibyan_jupyter.output.formats import FORMATS, all_code, bound_value, corrected_source
from mibyan_jupyter.session.running_turn import answer_of
from mibyan_jupyter.session.turns import TurnRequest

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.commands.registry import Result
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Answer

_NOT_REPLACED = (
    "The cell that failed was edited since, or this front end cannot change it:"
    " the corrected cell is proposed below."
)


class Door:
    """One shell's way to the session."""

    def __init__(self, shell: Any, session: Session) -> None:
        self.shell = shell
        self.session = session
        self._introduced: set[tuple[str, bool]] = set()

    def cell(self, line: str, body: str) -> None:
        """`%%mibyan line`, with the question in `body`."""
        words = self._words(line, body)
        self._ask_cell(words, typed_body("mibyan", body))

    def line(self, line: str) -> None:
        """`%mibyan line`."""
        self._run_command(self._words(line))

    def _words(self, line: str, body: str = "") -> list[str]:
        refuse_typed_key(self.shell, line, body)
        return split_words(line)

    # ---- %%mibyan ----------------------------------------------------------------------------

    def _ask_cell(self, words: list[str], prompt: str) -> None:
        flags = parse_cell_flags(words)
        if not prompt.strip():
            raise CommandError("The question is empty.", "Type it below the %%mibyan line.")
        request = TurnRequest(
            prompt,
            source="cell",
            cell=asking_cell(),
            model=flags.model,
            system=flags.system,
            instruction=FORMATS[flags.format or "markdown"].instruction,
            new=flags.new,
            history=not flags.no_history,
            stream=not flags.no_stream,
            context=flags.context,
            without=tuple((flags.without or "").replace(",", " ").split()),
        )
        answer = self._answer(request, flags.format or "markdown", quiet=flags.quiet)
        self._hand_over(answer, flags)

    def _answer(self, request: TurnRequest, format_name: str, *, quiet: bool = False) -> Answer:
        self.session.check_free()
        server = urlsplit(self.session.base_url).netloc
        alone = (request.context or self.session.settings.context) == "none"
        told = (server, alone) in self._introduced or (server, False) in self._introduced
        note = "" if told else _introduction(server, self.session, alone=alone)
        if not self._introduced:
            note += _where_it_is_kept(self.session)
        view = CellView(self.shell, self.session, FORMATS[format_name], note=note, quiet=quiet)
        turn = view.ask(request)
        if (journal := journal_of(self.session)) and (trouble := journal.trouble_once()):
            show_notice(Notice(trouble))
        if turn.has_text and not quiet:  # else nobody has seen the note
            self._introduced.add((server, alone))
        return answer_of(turn)

    def _hand_over(self, answer: Answer, flags: argparse.Namespace) -> None:
        value = bound_value(answer, flags.format or "markdown")
        if flags.out is not None:
            self.shell.user_ns[flags.out] = value
        if flags.format == "code" and (source := all_code(answer)):
            self.shell.set_next_input(source, replace=False)

    # ---- %mibyan -----------------------------------------------------------------------------

    def _run_command(self, words: list[str]) -> None:
        if not words:
            for name in ("status", "help"):
                self._run_command([name])
            return
        command = command_named(words[0])
        called = f"%mibyan {command.name}"
        arguments = parse_arguments(command.arguments, words[1:], called=called)
        self._show(command.run(self.session, arguments))

    def _show(self, result: Result) -> None:
        match result:
            case Notice():
                show_notice(result)
            case Ask(request):
                self._propose(self._answer(request, "markdown"), result)
            case ShowTurn(turn):
                self.shell.display_pub.publish(final_bundle(turn))
            case AskSecret(prompt, then):
                show_notice(then(Key(self._read_secret(prompt))))
            case _:
                show_table(result, self.shell)

    def _propose(self, answer: Answer, asked: Ask) -> None:
        source = corrected_source(answer)
        if asked.corrects is None or source is None:
            return
        replaced = asked.failing_cell if asked.replaces_cell else None
        if replaced and not self._page_shows(replaced, asked.corrects):
            show_notice(Notice(_NOT_REPLACED))
            replaced = None
        show_diff(asked.corrects, source, self.shell, replaced=replaced)
        if not replaced:
            self.shell.set_next_input(source, replace=False)

    def _page_shows(self, cell: str, text: str) -> bool:
        notebook = self.session.context_source
        return notebook is not None and notebook.page_shows(cell, text)

    def _read_secret(self, prompt: str) -> str:
        try:
            return getpass.getpass(prompt)
        except (EOFError, NotImplementedError, RuntimeError):
            raise ConfigurationError(
                "This front end cannot ask for input, so no key was set.",
                "Set MIBYAN_API_KEY before the kernel starts instead.",
            ) from None


def _where_it_is_kept(session: Session) -> str:
    if journal_of(session) is None or not session.settings.journal:
        return ""
    return f" The conversation is kept in {folder_shown()}; %mibyan forget deletes it."


def _introduction(server: str, session: Session, *, alone: bool) -> str:
    """One line, the first time text goes to a server (`alone`, or with what of the notebook goes
    along): what, where, and the word against it.
    """
    where = "this machine" if is_loopback(urlsplit(f"//{server}").hostname or "") else server
    if alone:
        return f"Your text goes to {where}; %mibyan status shows where and how."
    rows = "with some data rows" if session.settings.privacy == "rows" else "without data rows"
    return (
        f"Your text goes to {where}, with what it rests on here, {rows}."
        " See %mibyan status; -c none sends text only."
    )
