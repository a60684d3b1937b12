"""The guard against Markdown that is made to be slow: what is absurd is shown as plain text.

Three marks of absurdity: blocks nested deeper than `DEEPEST_BLOCK`, a paragraph (heading, cell)
with more than `MOST_MARKS` characters that might open or close something, and a table whose rows
are mostly missing cells, which Markdown would fill up (n bytes could become n² cells).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.rules_block import table

from mibyan_jupyter.rendering.safe_html import escape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

DEEPEST = 24
"""Nesting at which markdown-it would drop what follows, so blocks stop earlier."""
DEEPEST_BLOCK = DEEPEST - 4
MOST_MARKS = 2_000
MOST_FILLED_CELLS = 1_000

_MARK = re.compile(r"[\[\]!*_`$\\<~&:]")


def add_limits(md: MarkdownIt) -> None:
    """Let a parser show absurd Markdown as it was typed."""
    first_rule = md.block.ruler.get_active_rules()[0]
    md.block.ruler.before(first_rule, "too_deep", _too_deep_rule)
    md.block.ruler.at("table", _table_rule, {"alt": ["paragraph", "reference"]})
    md.core.ruler.before("inline", "too_many_marks", _too_many_marks_rule)
    md.add_render_rule("plain", _render_plain)


def _too_deep_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if silent or state.level < DEEPEST_BLOCK:
        return False
    token = state.push("plain", "", 0)
    token.content = state.getLines(start_line, end_line, state.blkIndent, False)
    token.map = [start_line, end_line]
    state.line = end_line
    return True


def _table_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if not table(state, start_line, end_line, True):
        return False
    if _has_too_few_cells(state, start_line, end_line):
        return False
    return silent or table(state, start_line, end_line, False)


def _has_too_few_cells(state: StateBlock, start_line: int, end_line: int) -> bool:
    delimiter = start_line + 1
    columns = pipes = _line(state, delimiter).count("|") + 1
    for rows, number in enumerate(range(delimiter + 1, end_line), start=1):
        if state.isEmpty(number):
            return False
        pipes += _line(state, number).count("|") + 1
        if columns * rows > 2 * pipes + MOST_FILLED_CELLS:
            return True
    return False


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]]


def _too_many_marks_rule(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and _has_too_many_marks(token.content):
            token.type = "plain"


def _has_too_many_marks(text: str) -> bool:
    return len(text) > MOST_MARKS and len(_MARK.findall(text)) > MOST_MARKS


def _render_plain(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    return escape_text(tokens[idx].content)
