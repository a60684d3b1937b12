"""Commands about the conversation: history, last, reset, retry, stop, export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.arguments import Argument
from mibyan_jupyter.commands.keeping import turns as _turns
from mibyan_jupyter.commands.registry import Ask, Command, Notice, ShowTurn, Table
from mibyan_jupyter.commands.short_prompt import short_prompt
from mibyan_jupyter.errors import CommandError, MibyanError
from mibyan_jupyter.export.save import save
from mibyan_jupyter.session.turns import TurnRequest

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn

CONTINUE_PROMPT = "Please continue where your answer stopped."


def history(session: Session, _: argparse.Namespace) -> Table | Notice:
    turns = session.history
    if not turns:
        return Notice("Nothing has been asked yet.")
    rows = tuple(_history_row(number, turn) for number, turn in enumerate(turns, 1))
    return Table(
        "The conversation so far",
        ("", "question", "status", "tokens", "asked in"),
        rows,
    )


def _history_row(number: int, turn: Turn) -> tuple[str, ...]:
    marks = [turn.status.replace("_", " ")]
    marks += ["new conversation"] * turn.begins_anew
    marks += ["not sent along later"] * (turn.ended and not turn.goes_along)
    tokens = f"{turn.usage.total_tokens:,}" if turn.usage else ""
    return str(number), short_prompt(turn), ", ".join(marks), tokens, turn.source


def last(session: Session, _: argparse.Namespace) -> ShowTurn | Notice:
    turns = [turn for turn in session.history if turn.has_text]
    newest = max(turns, key=_when, default=None)
    return ShowTurn(newest) if newest else Notice("There is no answer yet.")


def reset(session: Session, args: argparse.Namespace) -> Notice:
    if args.undo:
        before = {turn.id for turn in session.history}
        session.undo_reset()
        if before.issuperset(turn.id for turn in session.history):
            return Notice("There is nothing to bring back.")
        return Notice(f"The conversation is back: {_turns(len(session.history))}.")
    count = len(session.history)
    session.reset()
    return Notice(f"{_turns(count)} forgotten. %mibyan reset --undo brings them back.")


def retry(session: Session, _: argparse.Namespace) -> Ask:
    newest = max(session.history, key=_when, default=None)
    if newest is None:
        raise MibyanError("There is no question to ask again.", "Ask one with %%mibyan.")
    # It stays its own cell's turn, so that running that cell again replaces it.
    return Ask(replace(newest.request, replaces=newest.id))


def carry_on(session: Session, _: argparse.Namespace) -> Ask:
    newest = max(session.history, key=_when, default=None)
    if newest is None or not newest.has_text or newest.status == "complete":
        raise MibyanError("No answer was cut off or stopped.", "Ask with %%mibyan.")
    return Ask(TurnRequest(CONTINUE_PROMPT, source="cell", cell=session.asking_cell()))


def stop(session: Session, _: argparse.Namespace) -> Notice:
    running = any(not turn.ended for turn in session.history)
    session.stop()
    if not running:
        return Notice("Nothing is running, so nothing was stopped.")
    return Notice("The running answer is stopped; its text is kept.")


def export(session: Session, args: argparse.Namespace) -> Notice:
    if args.path is None:
        raise CommandError(
            "The name of the file is missing.",
            "For example: %mibyan export handout.html (or .md, or .ipynb)",
        )
    saved = save(session.history, args.path, force=args.force)
    lines = [f"Saved as {saved.path}, with {_turns(saved.questions)}."]
    if saved.left_out:
        lines.append(f"{_turns(saved.left_out)} left out: not answered yet.")
    return Notice("\n".join(lines))


def _when(turn: Turn) -> str:
    return turn.started.isoformat() if turn.started else ""


COMMANDS = (
    Command("history", "the questions so far and how they ended", history),
    Command("last", "show the newest answer again", last),
    Command(
        "reset",
        "forget the conversation",
        reset,
        (Argument(("--undo",), "bring back what the last reset forgot"),),
    ),
    Command("retry", "ask the newest question again; its answer takes that turn's place", retry),
    Command("continue", "have a stopped or cut off answer carried on", carry_on),
    Command("stop", "stop the running answer, keeping its text", stop),
    Command(
        "export",
        "save the conversation: .html is a handout, .md Markdown, .ipynb a notebook",
        export,
        (
            Argument(("path",), "a file's name that ends in .html, .md or .ipynb"),
            Argument(("--force",), "replace a file of that name"),
        ),
    ),
)
