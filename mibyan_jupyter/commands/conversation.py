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
from mibyan_jupyter.session.history import earlier_turns, fit, place
from mibyan_jupyter.session.turns import Turn, newest

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import TurnRequest

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
    marks += ["an earlier answer stands"] * (turn.standing is not turn)
    marks += ["not sent along later"] * (turn.ended and not turn.goes_along)
    tokens = f"{turn.usage.total_tokens:,}" if turn.usage else ""
    return str(number), short_prompt(turn), ", ".join(marks), tokens, turn.source


def last(session: Session, _: argparse.Namespace) -> ShowTurn | Notice:
    turn = newest(turn.standing for turn in session.history if turn.standing.has_text)
    return ShowTurn(turn) if turn else Notice("There is no answer yet.")


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
    turn = newest(session.history)
    if turn is None:
        raise MibyanError("There is no question to ask again.", "Ask one with %%mibyan.")
    return Ask(asked_again(turn))


def asked_again(turn: Turn) -> TurnRequest:
    """The request that has the question of `turn` asked again, in its place.

    It stays its own cell's turn, so that running that cell again replaces it. Raises CommandError
    while the answer comes, of which the first part would be lost.
    """
    return replace(turn.request, replaces=ended(turn).id, edits=None)


def ended(turn: Turn) -> Turn:
    """The turn; raises CommandError while it runs or waits."""
    if not turn.ended:
        raise CommandError("That answer is still on its way.", "Stop it first, or wait.")
    return turn


def carry_on(session: Session, _: argparse.Namespace) -> Ask:
    turn = newest(session.history)
    if turn is None:
        raise _nothing_to_carry_on()
    return Ask(continuation(session, turn))


def continuation(session: Session, turn: Turn, prompt: str = CONTINUE_PROMPT) -> TurnRequest:
    """The question that has the answer of `turn` carried on; it is bounded as that was asked.

    Raises MibyanError where the answer is whole, or would not be the last that goes along.
    """
    turn = turn.standing
    if not turn.has_text or turn.status == "complete":
        raise _nothing_to_carry_on()
    if not all(each.ended for each in session.history):
        raise CommandError("Another answer is still on its way.", "Stop it first, or wait.")
    here = session.asking_cell()
    request = replace(
        turn.request,
        prompt=prompt,
        source="cell",
        cell=here and (turn.request.cell or here),  # it follows its answer, and leaves with it
        new=False,
        replaces=None,
        edits=None,
        corrects=None,
    )
    asked = Turn("continue", request)
    sent = fit(
        earlier_turns(place(session.history, asked)[0], asked), session.settings.history_tokens
    )
    if not sent or sent[-1].id != turn.id:
        raise MibyanError(
            "That answer cannot be carried on: it would not be the last that goes along.",
            "Ask its question again: run its cell, or %mibyan retry.",
        )
    return request


def _nothing_to_carry_on() -> MibyanError:
    return MibyanError("No answer was cut off or stopped.", "Ask with %%mibyan.")


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


COMMANDS = (
    Command("history", "the questions so far and how they ended", history),
    Command("last", "show the newest answer again", last),
    Command(
        "reset",
        "forget the conversation",
        reset,
        (Argument(("--undo",), "bring back what the last reset forgot"),),
    ),
    Command(
        "retry",
        "ask the newest question again; its answer takes that turn's place"
        " (it is shown only: for -o and -f, run the cell)",
        retry,
    ),
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
