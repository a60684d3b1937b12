"""Commands that rest on the notebook: context, why, fix, explain, private."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mibyan_jupyter.commands.arguments import Argument
from mibyan_jupyter.commands.registry import Ask, Command, Notice, Table
from mibyan_jupyter.commands.short_prompt import short_prompt
from mibyan_jupyter.config import CONTEXT_MODES, PRIVACY_LEVELS
from mibyan_jupyter.errors import CommandError, MibyanError
from mibyan_jupyter.session.turns import TurnRequest, newest

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from mibyan_jupyter.api.models import Message
    from mibyan_jupyter.context.items import Receipt
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn

FIX_PROMPT = (
    "Explain this error (@error) in a few sentences. Then give the whole corrected cell in one"
    " fenced code block."
)
_AS_TEXT = Argument(("--text",), "the whole text that is sent, instead of the table")
_AS_JSON = Argument(("--json",), "as JSON, for keeping")


def context(session: Session, args: argparse.Namespace) -> Table | Notice:
    seen = session.preview(" ".join(args.prompt), context=args.context, without=args.without)
    return _shown("What asking this now would send", seen.messages, seen.receipt, args)


def why(session: Session, args: argparse.Namespace) -> Table | Notice:
    turn = _turn_numbered(session, args.n)
    if turn.receipt is None:
        return Notice("That question was never sent.")
    return _shown(f"What went along with “{short_prompt(turn)}”", turn.sent, turn.receipt, args)


def fix(session: Session, args: argparse.Namespace) -> Ask:
    failing = session.context_source.failing_cell() if session.context_source else None
    if failing is None:
        raise MibyanError(
            "No cell has failed since the extension was loaded.",
            "Run the cell that fails, then %mibyan fix.",
        )
    request = _about_the_notebook(session, FIX_PROMPT)
    return Ask(
        request,
        corrects=failing.source,
        replaces_cell=args.apply,
        failing_cell=failing.cell_id,
    )


def explain(session: Session, args: argparse.Namespace) -> Ask:
    what = args.what or "the newest cell (@cell)"
    if what.isdecimal():
        what = f"In [{what}] (@cell:{what})"
    elif what.isidentifier():
        what = f"`{what}` (@{what})"
    prompt = f"Explain {what}, step by step, to someone who is learning."
    return Ask(_about_the_notebook(session, prompt))


def private(session: Session, args: argparse.Namespace) -> Table | Notice:
    if args.name is None:
        rows = tuple((name, level.name.lower()) for name, level in sorted(session.private.items()))
        rows = rows or (("no variable", "has a level of its own"),)
        return Table(f"Privacy: {session.settings.privacy}, and for single variables", (), rows)
    session.set_private(args.name, args.level or "names")
    level = session.private[args.name].name.lower()
    told = f"{args.name} is shown at the level {level} from now on, at most."
    source = session.context_source
    if source and args.name not in dict(source.mentionable().variables):
        told += f"\nThere is no variable {args.name} now; this holds once there is one."
    return Notice(told)


def _about_the_notebook(session: Session, prompt: str) -> TurnRequest:
    """A question that is nothing without its context: what it mentions goes along in any case."""
    mode = "mentioned" if session.settings.context == "none" else None
    return TurnRequest(prompt, cell=session.asking_cell(), source="cell", context=mode)


def _turn_numbered(session: Session, number: str | None) -> Turn:
    turns = session.history
    last = newest(turns)
    if last is None:
        raise MibyanError("Nothing has been asked yet.", "Ask with %%mibyan.")
    if number is None:
        return last
    if not number.isdecimal() or not 1 <= int(number) <= len(turns):
        raise CommandError(
            f"There is no turn {number[:20]}.", f"%mibyan history numbers them, 1 to {len(turns)}."
        )
    return turns[int(number) - 1]


def _shown(
    title: str, messages: Sequence[Message], receipt: Receipt, args: argparse.Namespace
) -> Table | Notice:
    if args.json:
        sent = [message.as_json() for message in messages]
        both = {"messages": sent, "receipt": receipt.as_json()}
        return Notice(json.dumps(both, ensure_ascii=False, indent=2))
    if args.text:
        return Notice("\n\n".join(f"[{message.role}]\n{message.content}" for message in messages))
    return Table(title, ("from", "tokens", "sent", "note"), (*_rows(messages, receipt),))


def _rows(messages: Sequence[Message], receipt: Receipt) -> list[tuple[str, ...]]:
    earlier = len(messages) - 1
    rows: list[tuple[str, ...]] = [
        (item.source, f"{item.tokens:,}" if item.tokens else "", item.included, item.why)
        for item in receipt.items
    ]
    note = f"after {earlier} earlier messages" if earlier else ""
    rows.append(("your question", "", "whole", note))
    rows += [("redacted", "", "replaced", f"{n} {kind}") for kind, n in receipt.redactions.items()]
    rows += [("", "", "", note) for note in receipt.notes]
    return rows


COMMANDS = (
    Command(
        "context",
        "what asking a question now would send, and what not",
        context,
        (
            Argument(("prompt",), "the question", many=True),
            Argument(("-c", "--context"), "as for %%mibyan", choices=CONTEXT_MODES),
            Argument(("--without",), "as for %%mibyan", metavar="PROVIDER", many=True),
            _AS_TEXT,
            _AS_JSON,
        ),
    ),
    Command(
        "why",
        "what went along with a question (the newest, or number N of the history)",
        why,
        (Argument(("n",), "a number of %mibyan history"), _AS_TEXT, _AS_JSON),
    ),
    Command(
        "fix",
        "explain the newest error, and propose the corrected cell",
        fix,
        (Argument(("--apply",), "put it into the cell that failed, instead of a new one below"),),
    ),
    Command(
        "explain",
        "explain a cell (its number) or a variable; without a name, the last cell",
        explain,
        (Argument(("what",), "a cell's number or a variable's name"),),
    ),
    Command(
        "private",
        "show at most this much of a variable, whatever the privacy setting is",
        private,
        (
            Argument(("name",), "a variable"),
            Argument(("level",), "how much, `names` if not said", choices=PRIVACY_LEVELS),
        ),
    ),
)
