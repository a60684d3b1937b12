"""What `%%mibyan` does: parse, ask, show what comes back. `%mibyan` goes on in `command_line`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mibyan_jupyter.commands.arguments import split_words
from mibyan_jupyter.config import is_loopback
from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.journal.files import folder_shown
from mibyan_jupyter.journal.journal import journal_of
from mibyan_jupyter.kernel.asking_cell import asking_cell, typed_body
from mibyan_jupyter.magics.cell_flags import parse_cell_flags
from mibyan_jupyter.magics.typed_keys import refuse_typed_key
from mibyan_jupyter.output.cell_view import CellView
from mibyan_jupyter.output.formats import FORMATS, all_code, bound_value, why_no_cell
from mibyan_jupyter.session.running_turn import answer_of
from mibyan_jupyter.session.turns import TurnRequest

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Answer


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
        from mibyan_jupyter.magics.command_line import run_command

        run_command(self, self._words(line))

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
            without=flags.without,
        )
        answer = self.answer(request, flags.format or "markdown", quiet=flags.quiet)
        self._hand_over(answer, flags)

    def answer(self, request: TurnRequest, format_name: str, *, quiet: bool = False) -> Answer:
        """Ask and show the answer in this cell; raises where Python would."""
        self.session.check_free()
        server = urlsplit(self.session.base_url).netloc
        alone = (request.context or self.session.settings.context) == "none"
        told = (server, alone) in self._introduced or (server, False) in self._introduced
        note = "" if told else _introduction(server, self.session, alone=alone)
        if not self._introduced:
            note += _where_it_is_kept(self.session)
        view = CellView(self.shell, self.session, FORMATS[format_name], note=note, quiet=quiet)
        turn = view.ask(request)
        if journal := journal_of(self.session):
            self.say(journal.trouble_once())
        if turn.has_text and not quiet:  # else nobody has seen the note
            self._introduced.add((server, alone))
        return answer_of(turn)

    def _hand_over(self, answer: Answer, flags: argparse.Namespace) -> None:
        value = bound_value(answer, flags.format or "markdown")
        if flags.out is not None:
            self.shell.user_ns[flags.out] = value
        if flags.format == "code":
            if source := all_code(answer):
                self.shell.set_next_input(source, replace=False)
            self.say(why_no_cell(answer))

    def say(self, text: str) -> None:
        """Plain lines below what the cell shows; nothing for ""."""
        if text:
            from mibyan_jupyter.commands.registry import Notice
            from mibyan_jupyter.magics.show_result import show_notice

            show_notice(Notice(text))


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
        return f"Your question goes to {where}; %mibyan status shows where and how."
    rows = "with some data rows" if session.settings.privacy == "rows" else "without data rows"
    return (
        f"Your question goes to {where}, with the cells and variables that it rests on, {rows}."
        " %mibyan why shows what went along; -c none sends the question only."
    )
