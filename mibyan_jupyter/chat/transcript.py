"""The conversation as one output, for a notebook that is read without a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.output.footer import footer
from mibyan_jupyter.output.frame_feed import answer_blocks
from mibyan_jupyter.rendering import quiet_line, render_markdown, render_plain, wrap_answer
from mibyan_jupyter.text import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mibyan_jupyter.session.turns import Turn


def transcript(turns: Iterable[Turn]) -> tuple[str, str]:
    """The ended turns with an answer, as safe HTML and as plain text."""
    told = [turn.standing for turn in turns if turn.ended and turn.standing.has_text]
    rule = render_markdown("---", "rule")
    html = rule.join(wrap_answer(*_html(turn)) for turn in told)
    plain = "\n\n".join(_plain(turn) for turn in told)
    nothing = "Nothing has been answered yet."
    return html or quiet_line(nothing), plain or nothing


def _html(turn: Turn) -> Iterable[str]:
    yield quiet_line("Question")
    yield render_plain(turn.prompt)
    yield from answer_blocks(turn)
    yield quiet_line(footer(turn))


def _plain(turn: Turn) -> str:
    answer = shown_text(turn.answer.text) if turn.answer else ""
    return f"Question: {turn.prompt}\n\n{answer}\n\n[{footer(turn)}]"
