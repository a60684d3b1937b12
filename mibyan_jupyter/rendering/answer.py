"""What a view can show of an answer: its Markdown, code, one formula, or the text as typed.

Of a text beyond `LONGEST_SHOWN` the beginning is shown, and how much there is more.
"""

from __future__ import annotations

import re

from mibyan_jupyter.rendering.code import code_block
from mibyan_jupyter.rendering.markdown import blocks
from mibyan_jupyter.rendering.math import math_block
from mibyan_jupyter.rendering.safe_html import clean_text, escape_text, through_gate
from mibyan_jupyter.rendering.wrapping import quiet_line
from mibyan_jupyter.text import shown_part

_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]")


def render_markdown(text: str, document_id: str) -> str:
    """The whole Markdown text as safe HTML; the ids of its footnotes carry `document_id`."""
    return "".join(render_blocks(text, document_id))


def render_blocks(text: str, document_id: str) -> tuple[str, ...]:
    """`render_markdown`, top-level block by top-level block."""
    shown, rest = shown_part(text)
    rendered = blocks(clean_text(shown), _NOT_IN_ID.sub("-", document_id))
    return (*rendered, quiet_line(rest)) if rest else tuple(rendered)


def render_code(source: str, language: str) -> str:
    """One block of code, coloured if the language is known."""
    shown, rest = shown_part(source)
    return through_gate(code_block(clean_text(shown), language)) + quiet_line(rest)


def render_math(source: str) -> str:
    """One displayed formula, given without delimiters."""
    shown, rest = shown_part(source)
    return through_gate(math_block(clean_text(shown))) + quiet_line(rest)


def render_plain(text: str) -> str:
    """The text exactly as typed, lines and spaces included."""
    shown, rest = shown_part(text)
    body = escape_text(clean_text(shown))
    html = through_gate(f'<div class="mibyan-plain" dir="auto">{body}</div>\n')
    return html + quiet_line(rest)
