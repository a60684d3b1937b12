"""The quiet line below an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Turn


def footer(turn: Turn) -> str:
    """Model, tokens, seconds and status of an ended turn; ≈ marks our own estimate."""
    parts = [turn.answer.model if turn.answer else turn.model, _tokens(turn)]
    if turn.seconds is not None:
        parts.append(f"{turn.seconds:.1f} s")
    parts.append(ending(turn))
    parts.append(_context(turn))
    if turn.left_out:
        turns = "turn" if turn.left_out == 1 else "turns"
        parts.append(f"{turn.left_out} oldest {turns} not sent (history_tokens)")
    if turn.status == "cut_off" and turn.has_text:
        parts.append("%mibyan continue goes on")
    return " · ".join(part for part in parts if part)


def _context(turn: Turn) -> str:
    """What went along of the notebook, and what was taken out."""
    if turn.receipt is None:
        return ""
    tokens, secrets = turn.receipt.tokens, sum(turn.receipt.redactions.values())
    said = [f"context ≈ {tokens:,} tokens"] if tokens else []
    said += [f"{secrets} secret{'s' if secrets > 1 else ''} redacted"] if secrets else []
    return ", ".join(filter(None, (*said, turn.receipt.note)))


def ending(turn: Turn) -> str:
    """How the turn ended, in words."""
    return turn.answer.ending if turn.answer else turn.status.replace("_", " ")


def _tokens(turn: Turn) -> str:
    count, estimated = tokens_of(turn)
    return f"{'≈ ' if estimated else ''}{count:,} tokens" if count else ""


def tokens_of(turn: Turn) -> tuple[int, bool]:
    """Tokens of an answer and its request, and whether that is our own estimate; 0 without one."""
    if turn.answer is None:
        return 0, False
    if turn.usage is not None:
        return turn.usage.total_tokens, False
    texts = [*(message.content for message in turn.sent), turn.answer.text]
    return sum(map(estimate_tokens, texts)), True
