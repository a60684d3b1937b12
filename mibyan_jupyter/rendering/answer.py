"""What a view can show of an answer: its Markdown, code, one formula, or the text as typed."""

from __future__ import annotations

import re

from mibyan_jupyter.rendering.code import code_block
from mibyan_jupyter.rendering.markdown import blocks
from mibyan_jupyter.rendering.math import math_block
from mibyan_jupyter.rendering.safe_html import clean_text, escape_text, through_gate
from mibyan_jupyter.rendering.styles import styled

_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]")


def render_markdown(text: str, document_id: str) -> str:
    """The whole Markdown text as safe HTML; the ids of its footnotes carry `document_id`."""
    return "".join(render_blocks(text, document_id))


def render_blocks(text: str, document_id: str) -> tuple[str, ...]:
    """`render_markdown`, top-level block by top-level block."""
    return tuple(blocks(clean_text(text), _NOT_IN_ID.sub("-", document_id)))


def render_code(source: str, language: str) -> str:
    """One block of code, coloured if the language is known."""
    return through_gate(code_block(clean_text(source), language))


def render_math(source: str) -> str:
    """One displayed formula, given without delimiters."""
    return through_gate(math_block(clean_text(source)))


def render_plain(text: str) -> str:
    """The text exactly as typed, lines and spaces included."""
    body = escape_text(clean_text(text))
    return through_gate(f'<div class="mibyan-plain" dir="auto">{body}</div>\n')


def quiet_line(text: str) -> str:
    """A small grey line of plain text, such as an answer's footer; "" for no text."""
    line = f'<div class="mibyan-footer" dir="auto">{escape_text(clean_text(text))}</div>'
    return styled(line) if text else ""


def wrap_answer(*parts: str) -> str:
    """One output: the outer element around safe HTML of this package (blocks, quiet lines)."""
    return styled('<div class="mibyan-answer">') + "".join(parts) + "</div>"
