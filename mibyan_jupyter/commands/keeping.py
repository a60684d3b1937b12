"""Commands that keep a conversation: save, load, resume, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.commands.arguments import Argument
from mibyan_jupyter.commands.registry import Command, Notice
from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.journal.journal import journal_of
from mibyan_jupyter.session.turns import newest

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.journal.journal import Journal
    from mibyan_jupyter.session.history import History
    from mibyan_jupyter.session.session import Session


def save(session: Session, args: argparse.Namespace) -> Notice:
    path = session.save(_named(args, "save"), force=args.force)
    lines = [f"Saved as {path}; %mibyan load brings it back, here or elsewhere."]
    if left_out := sum(not turn.ended for turn in session.history):
        lines.append(f"{turns(left_out)} left out: not answered yet.")
    return Notice("\n".join(lines))


def load(session: Session, args: argparse.Namespace) -> Notice:
    before = session.history
    session.load(_named(args, "load"))
    count = _added(before, session.history)
    if not count:
        return Notice("Nothing was loaded: all that the file holds is here already.")
    return Notice(f"{turns(count)} loaded; the next question goes on from there.")


def resume(session: Session, _: argparse.Namespace) -> Notice:
    before = session.history
    found = _journal(session).resume()
    count = _added(before, session.history)
    if not found.turns:
        lines = ["There is nothing to resume: no earlier kernel left a conversation."]
    elif not count:
        lines = ["Nothing was restored: all that the last kernel left is here already."]
    elif before:
        asked_since = "before what was asked since; nothing was sent."
        lines = [f"{turns(count)} restored, {asked_since} %mibyan history lists all."]
    else:
        lines = [f"{turns(count)} restored; nothing was sent. %mibyan history lists them."]
        lines += _what_to_do_next(session.history)
    return Notice("\n".join((*lines, *found.notes)))


def _added(before: History, history: History) -> int:
    return len({turn.id for turn in history} - {turn.id for turn in before})


def _what_to_do_next(restored: History) -> list[str]:
    last = newest(turn.standing for turn in restored)
    if last is None or last.status == "complete":
        return []
    if last.has_text:
        ended = last.status.replace("_", " ")
        return [f"The last answer was {ended}: %mibyan continue has it carried on."]
    return ["The last question has no answer: %mibyan retry asks it again."]


def forget(session: Session, args: argparse.Namespace) -> Notice:
    gone, kept = _journal(session).forget(everywhere=args.all)
    whose = "of all notebooks" if args.all else "of this notebook"
    lines = [f"{_journals(gone)} {whose} deleted; what was said stays here until the kernel ends."]
    if kept:
        lines.append(f"{_journals(kept)} kept, since another kernel writes there: forget it there.")
    return Notice("\n".join(lines))


def turns(count: int) -> str:
    """`1 turn`, `2 turns`."""
    return f"{count} turn{'' if count == 1 else 's'}"


def _journals(count: int) -> str:
    return f"{count} journal{'' if count == 1 else 's'}"


def _named(args: argparse.Namespace, command: str) -> str:
    if args.path is None:
        raise CommandError(
            "The name of the file is missing.", f"For example: %mibyan {command} lesson.json"
        )
    return str(args.path)


def _journal(session: Session) -> Journal:
    journal = journal_of(session)
    if journal is None:
        raise CommandError(
            "This conversation has no journal: only the one of a notebook's kernel has.",
            "%mibyan save and load keep it in a file that you name.",
        )
    return journal


COMMANDS = (
    Command("resume", "bring back what was said in the last kernel of this notebook", resume),
    Command(
        "save",
        "save the conversation as JSON, as it is, for load",
        save,
        (
            Argument(("path",), "the file's name"),
            Argument(("--force",), "replace a file of that name"),
        ),
    ),
    Command(
        "load",
        "put a saved conversation before this one",
        load,
        (Argument(("path",), "the file's name"),),
    ),
    Command(
        "forget",
        "delete what is kept on disk of this notebook's conversations",
        forget,
        (Argument(("--all",), "of all notebooks"),),
    ),
)
