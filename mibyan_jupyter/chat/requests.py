"""What each request of a panel does: `{id, op, args}` → one reply. The panel's own verbs.

Commands behind `/` come from the one registry. Nothing here waits for an answer: a question is
submitted, and the state tells how it goes on.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.chat.views import fault_view
from mibyan_jupyter.commands.all_commands import command_named
from mibyan_jupyter.commands.arguments import parse_arguments, split_words
from mibyan_jupyter.commands.conversation import asked_again, continuation, ended
from mibyan_jupyter.commands.registry import Ask, AskSecret, Notice, ShowTurn, Table
from mibyan_jupyter.context.gather import check_providers
from mibyan_jupyter.context.provider import Mentionable
from mibyan_jupyter.errors import CommandError, MibyanError
from mibyan_jupyter.kernel.next_cell import propose_cell
from mibyan_jupyter.output.frame_feed import answer_blocks
from mibyan_jupyter.session.turns import CellRun, TurnRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.chat.views import Json
    from mibyan_jupyter.context.items import Receipt
    from mibyan_jupyter.session.composing import Composed
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn

log = logging.getLogger("mibyan_jupyter")
_ASKING: dict[str, type] = {"prompt": str, "context": str, "without": list}


@dataclass(frozen=True, slots=True)
class Request:
    """One message of a panel; what it names is checked against `OPERATIONS`."""

    id: str
    op: str
    args: Json


class Requests:
    """Runs requests for one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reply_to(self, request: Request) -> Json:
        """Do what is asked; the reply, which is an `error` where that failed."""
        try:
            operation, shape = OPERATIONS[request.op]
            reply = operation(self, **_checked(request, shape))
        except MibyanError as error:
            reply = {"type": "error", **fault_view(error)}
        except Exception as error:
            log.exception("the panel's request %s failed", request.op)
            what = f"Something unexpected happened ({type(error).__name__})."
            reply = {"type": "error", **fault_view(MibyanError(what, "Please report it."))}
        return {**reply, "re": request.id}

    # ---- asking ------------------------------------------------------------------------------

    def ask(self, prompt: str, context: str | None = None, without: Any = ()) -> Json:
        if not prompt.strip():
            raise CommandError("The question is empty.", "Type it into the box.")
        return self._submit(TurnRequest(prompt, source="panel", context=context, without=without))

    def regenerate(self, turn: str) -> Json:
        return self._submit(asked_again(self._turn(turn)))

    def carry_on(self, turn: str, prompt: str) -> Json:
        request = continuation(self._session, self._turn(turn), prompt)
        return self._submit(replace(request, source="panel"))

    def edit(self, turn: str, prompt: str) -> Json:
        old = self._turn(turn)
        if not prompt.strip():
            raise CommandError("The question is empty.", "Delete the turn instead.")
        asked = replace(old.request, prompt=prompt, source="panel", corrects=None)
        return self._submit(replace(asked, edits=old.id, replaces=None))

    def stop(self, turn: str) -> Json:
        self._session.stop(turn)
        return {"type": "done"}

    def _submit(self, request: TurnRequest) -> Json:
        if request.cell is not None:
            raise CommandError(
                "That question was asked in a cell, so that its answer stands there.",
                "Run the cell again.",
            )
        self._session.submit(request)
        return {"type": "done"}

    # ---- turns -------------------------------------------------------------------------------

    def delete(self, turn: str) -> Json:
        self._session.forget(turn)
        return {"type": "done"}

    def version(self, turn: str, number: int) -> Json:
        chosen = ended(self._turn(turn))
        answers = (*chosen.versions, chosen.answer)
        if not 1 <= number <= len(answers):
            raise CommandError(f"There is no version {number}.", f"There are {len(answers)}.")
        blocks = answer_blocks(replace(chosen, answer=answers[number - 1]))
        return {"type": "version", "turn": turn, "number": number, "blocks": blocks}

    def markdown(self, turn: str) -> Json:
        chosen = self._turn(turn).standing
        question = "".join(f"> {line}\n" for line in chosen.prompt.splitlines())
        answer = chosen.answer.text if chosen.answer else ""
        return {"type": "markdown", "text": f"{question}\n{answer}"}

    def why(self, turn: str) -> Json:
        chosen = self._turn(turn)
        if chosen.receipt is None:
            raise CommandError("That question was never sent.", "So nothing left this machine.")
        return _receipt(chosen.sent, chosen.receipt)

    def preview(self, prompt: str, context: str | None = None, without: Any = ()) -> Json:
        seen: Composed = self._session.preview(
            prompt, source="panel", context=context, without=without
        )
        return _receipt(seen.messages, seen.receipt)

    def _turn(self, turn_id: str) -> Turn:
        for turn in self._session.history:
            if turn.id == turn_id:
                return turn
        raise CommandError("That turn is no longer there.", "Look at the conversation as it is.")

    # ---- the session -------------------------------------------------------------------------

    def command(self, line: str) -> Json:
        name, *words = split_words(line.removeprefix("/")) or ["help"]
        command = command_named(name, sign="/")
        arguments = parse_arguments(command.arguments, words, called=f"/{command.name}")
        match command.run(self._session, arguments):
            case Notice(text):
                return {"type": "notice", "text": text}
            case Table(title, columns, rows):
                return {"type": "table", "title": title, "columns": columns, "rows": rows}
            case Ask(request, failing_cell=failing):
                corrects = CellRun(failing, run="") if failing else request.corrects
                return self._submit(replace(request, source="panel", corrects=corrects))
            case ShowTurn():
                return {"type": "notice", "text": "The newest answer is in the list above."}
            case AskSecret():
                return {"type": "login"}

    def complete(self) -> Json:
        source = self._session.context_source
        found = source.mentionable() if source else Mentionable()
        return {
            "type": "completions",
            "variables": [{"name": name, "type": kind} for name, kind in found.variables],
            "cells": [{"number": n, "first_line": line} for n, line in found.cells],
            "error": found.error,
            "figure": found.figure,
        }

    def set(self, **settings: Any) -> Json:
        self._session.configure(**settings)
        return {"type": "done"}

    def switch(self, provider: str, on: bool) -> Json:
        check_providers((provider,))
        off = [name for name in self._session.settings.context_without if name != provider]
        self._session.configure(context_without=off if on else [*off, provider])
        return {"type": "done"}

    # ---- the notebook ------------------------------------------------------------------------

    def next_cell(self, source: str) -> Json:
        propose_cell(source)
        return {"type": "done"}

    def transcript(self) -> Json:
        from mibyan_jupyter.chat.transcript import transcript

        html, text = transcript(self._session.history)
        return {"type": "transcript", "html": html, "text": text}


OPERATIONS: dict[str, tuple[Callable[..., Json], dict[str, type]]] = {
    "ask": (Requests.ask, _ASKING),
    "stop": (Requests.stop, {"turn": str}),
    "regenerate": (Requests.regenerate, {"turn": str}),
    "carry_on": (Requests.carry_on, {"turn": str, "prompt": str}),
    "edit": (Requests.edit, {"turn": str, "prompt": str}),
    "delete": (Requests.delete, {"turn": str}),
    "version": (Requests.version, {"turn": str, "number": int}),
    "markdown": (Requests.markdown, {"turn": str}),
    "why": (Requests.why, {"turn": str}),
    "preview": (Requests.preview, _ASKING),
    "command": (Requests.command, {"line": str}),
    "complete": (Requests.complete, {}),
    "set": (Requests.set, {"context": str, "model": str}),
    "switch": (Requests.switch, {"provider": str, "on": bool}),
    "next_cell": (Requests.next_cell, {"source": str}),
    "transcript": (Requests.transcript, {}),
}
"""Every operation, and the type of each argument that it knows."""


def parse_request(raw: object) -> Request:
    """A panel's message as a value; raises CommandError for what is none."""
    if isinstance(raw, dict):
        ident, op, args = raw.get("id"), raw.get("op"), raw.get("args", {})
        if isinstance(ident, str) and isinstance(op, str) and isinstance(args, dict):
            return Request(ident, op, args)
    raise CommandError("A panel sent what is no request.", "Reload the page.")


def _checked(request: Request, shape: dict[str, type]) -> Json:
    for name, value in request.args.items():
        if name not in shape or type(value) is not shape[name]:
            raise CommandError(f"{request.op} has no such {name[:20]}.", "Reload the page.")
    return request.args


def _receipt(messages: Any, receipt: Receipt) -> Json:
    return {
        "type": "receipt",
        "messages": [message.as_json() for message in messages],
        "items": [
            {
                "source": item.source,
                "tokens": item.tokens,
                "included": item.included,
                "why": item.why,
            }
            for item in receipt.items
        ],
        "redactions": dict(receipt.redactions),
        "notes": list(receipt.notes),
        "level": receipt.level,
    }
