"""Turns and the head of the panel as JSON values: codes and numbers, which the front end words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mibyan_jupyter._version import __version__
from mibyan_jupyter.commands.all_commands import COMMANDS
from mibyan_jupyter.config import is_loopback, is_mibyan
from mibyan_jupyter.context.gather import provider_names
from mibyan_jupyter.journal.journal import journal_of
from mibyan_jupyter.output.footer import tokens_of
from mibyan_jupyter.text import printable

if TYPE_CHECKING:
    from mibyan_jupyter.errors import MibyanError
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import CellRun, Turn

Json = dict[str, Any]


def turn_view(turn: Turn) -> Json:
    """One turn, without its answer's HTML and its place in the queue."""
    request, receipt = turn.request, turn.receipt
    tokens, estimated = tokens_of(turn) if turn.ended else (0, False)
    return {
        "id": turn.id,
        "prompt": printable(turn.prompt),
        "status": turn.status,
        "source": turn.source,
        "cell": cell_view(request.cell),
        "starts_new": turn.begins_anew,
        "kept_out": not request.history,
        "model": turn.answer.model if turn.answer and turn.answer.model else turn.model,
        "versions": len(turn.versions) + 1,
        "finish_reason": turn.answer.finish_reason if turn.answer else None,
        "fault": fault_view(turn.error) if turn.error else None,
        "seconds": turn.seconds,
        "tokens": tokens or None,
        "tokens_estimated": estimated,
        "context_tokens": receipt.tokens if receipt else 0,
        "context_note": printable(receipt.note) if receipt else "",
        "redactions": sum(receipt.redactions.values()) if receipt else 0,
        "left_out": turn.left_out,
        "was_sent": receipt is not None,
        "corrects": cell_view(request.corrects),
    }


def cell_view(cell: CellRun | None) -> Json | None:
    """Where a question was asked, or what an answer corrects."""
    return {"id": cell.cell_id, "notebook": cell.notebook} if cell else None


def fault_view(error: MibyanError) -> Json:
    """An error's class as a code, and its two lines."""
    return {
        "code": type(error).__name__,
        "what": printable(error.what),
        "hint": printable(error.hint),
    }


def header_view(session: Session) -> Json:
    """Model, server, key state, tokens so far and settings; never the key."""
    settings, found = session.settings, session.find_key()
    needed = is_mibyan(settings.base_url)
    counts = [tokens_of(turn) for turn in session.history if turn.ended]
    server = urlsplit(settings.base_url)
    journal = journal_of(session)
    return {
        "model": settings.model,
        "server": server.netloc,
        "local": is_loopback(server.hostname or ""),
        "key": "set" if found else "missing" if needed else "not_needed",
        "key_origin": found.origin if found else "",
        "tokens": sum(count for count, _ in counts),
        "tokens_estimated": any(estimated for _, estimated in counts),
        "context": settings.context,
        "privacy": settings.privacy,
        "providers": list(provider_names()),
        "without": list(settings.context_without),
        "version": __version__,
        "resumable": journal.resumable if journal else 0,
        "journal_trouble": journal.trouble if journal else "",
        "commands": [
            {"name": each.name, "summary": each.summary, "usage": each.usage}
            for each in COMMANDS.values()
        ],
    }
