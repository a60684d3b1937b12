"""The quiet line below an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Turn

_ENDINGS = {
    "stopped": "stopped",
    "length": "cut off: the model's length limit",
    "content_filter": "cut off: the content filter",
}


def footer(turn: Turn) -> str:
    """Model, tokens, seconds and status of an ended turn; ≈ marks our own estimate."""
    parts = [turn.answer.model if turn.answer else turn.model, _tokens(turn)]
    if turn.seconds is not None:
        parts.append(f"{turn.seconds:.1f} s")
    parts.append(ending(turn))
    if turn.left_out:
        turns = "turn" if turn.left_out == 1 else "turns"
        parts.append(f"{turn.left_out} oldest {turns} not sent (history_tokens)")
    return " · ".join(part for part in parts if part)


def ending(turn: Turn) -> str:
    """How the turn ended, in words."""
    if turn.status == "cut_off":
        reason = turn.answer.finish_reason if turn.answer else None
        return _ENDINGS.get(reason or "", f"cut off{f': {reason[:40]}' if reason else ''}")
    return turn.status.replace("_", " ")


def _tokens(turn: Turn) -> str:
    if turn.usage is not None:
        return f"{turn.usage.total_tokens:,} tokens"
    texts = [message.content for message in turn.sent]
    texts += [turn.answer.text] if turn.answer else []
    return f"≈ {sum(map(estimate_tokens, texts)):,} tokens"
