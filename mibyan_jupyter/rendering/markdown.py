"""Markdown (CommonMark with GFM's tables, strikethrough, task lists and bare URLs) as HTML blocks.

HTML in the source is text. Each top-level block is rendered and passes the gate by itself, so
that a document rendered at once and one rendered block by block are the same.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from mibyan_jupyter.rendering.code import HIGHLIGHT_LIMIT, code_block, inline_code
from mibyan_jupyter.rendering.footnotes import DOCUMENT_ID, add_footnotes, add_growing_footnotes
from mibyan_jupyter.rendering.limits import DEEPEST, add_limits
from mibyan_jupyter.rendering.links import add_links, may_link
from mibyan_jupyter.rendering.math import OPEN_MATH, add_math
from mibyan_jupyter.rendering.safe_html import escape_text, through_gate
from mibyan_jupyter.rendering.tags import add_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_DIRECTED = _HEADINGS | {"p", "ul", "ol", "li", "blockquote", "table", "th", "td"}
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_LIMIT = "highlight_limit"
_SETTLED_LINES = "settled_lines"


def blocks(text: str, document_id: str) -> Iterator[str]:
    """Safe HTML of each top-level block of a whole, cleaned document; footnotes come last."""
    return _render(_whole_parser(), text, {DOCUMENT_ID: document_id, _LIMIT: HIGHLIGHT_LIMIT})


def growing_blocks(text: str, *, highlight_limit: int = HIGHLIGHT_LIMIT) -> Iterator[str]:
    """Safe HTML of the top-level blocks in one part of a document that still grows."""
    return _render(_growing_parser(), text, {_LIMIT: highlight_limit})


def settled_blocks(text: str) -> tuple[int, list[str]]:
    """How many of these complete lines hold blocks that no later line can change, and their HTML.

    Every block but the last is closed, unless block math that began before it waits for its end.
    """
    env: dict[str, Any] = {_LIMIT: HIGHLIGHT_LIMIT}
    settled = list(_render(_settling_parser(), text, env))
    return env[_SETTLED_LINES], settled


def _render(md: MarkdownIt, text: str, env: dict[str, Any]) -> Iterator[str]:
    for block in _top_level(md.parse(text, env)):
        yield through_gate(md.renderer.render(block, md.options, env))


def _top_level(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = depth = 0
    for number, token in enumerate(tokens, start=1):
        depth += token.nesting
        if depth == 0:
            yield tokens[start:number]
            start = number


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        return may_link(url)


@cache
def _whole_parser() -> MarkdownIt:
    md = _common_parser()
    add_footnotes(md)
    return md


@cache
def _growing_parser() -> MarkdownIt:
    md = _common_parser()
    add_growing_footnotes(md)
    return md


@cache
def _settling_parser() -> MarkdownIt:
    md = _common_parser()
    add_growing_footnotes(md)
    md.core.ruler.after("block", "settle", _keep_settled)
    return md


def _keep_settled(state: StateCore) -> None:
    """Go on with the settled blocks alone; what may change need not be read any further."""
    blocks = list(_top_level(state.tokens))
    starts = [block[0].map[0] if block[0].map else 0 for block in blocks]
    open_math = state.env.get(OPEN_MATH, math.inf)
    lines = max((start for start in starts if start <= open_math), default=0)
    state.env[_SETTLED_LINES] = lines
    closed = zip(blocks, starts, strict=True)
    state.tokens = [token for block, start in closed if start < lines for token in block]


def _common_parser() -> MarkdownIt:
    md = _Parser("commonmark", {"html": False, "maxNesting": DEEPEST, "xhtmlOut": False})
    md.enable(["table", "strikethrough"])
    add_math(md)
    add_links(md)
    add_tags(md)
    add_limits(md)
    md.core.ruler.before("inline", "task_boxes", _task_boxes)
    md.core.ruler.after("inline", "attributes", _attributes)
    md.add_render_rule("text", _render_text)
    md.add_render_rule("code_inline", _render_code_inline)
    md.add_render_rule("code_block", _render_code_block)
    md.add_render_rule("fence", _render_code_block)
    return md


def _task_boxes(state: StateCore) -> None:
    """`[ ]` and `[x]` at the start of a list item become the characters ☐ and ☑."""
    tokens = state.tokens
    for number, token in enumerate(tokens):
        if token.type != "inline" or number < 2 or tokens[number - 2].type != "list_item_open":
            continue
        if box := _TASK.match(token.content):
            token.content = ("☐" if box[1] == " " else "☑") + token.content[box.end() :]
            tokens[number - 2].attrSet("class", "mibyan-task")


def _attributes(state: StateCore) -> None:
    """Each block finds its own direction, each cell keeps its column's alignment."""
    for token in state.tokens:
        if token.nesting != 1 or token.tag not in _DIRECTED:
            continue
        if token.tag == "table":
            token.attrSet("class", "mibyan-table")
        elif token.tag in ("th", "td"):
            align = str(token.attrs.pop("style", "text-align:start"))
            token.attrSet("class", f"mibyan-{align.partition(':')[2]}")
        token.attrSet("dir", "auto")


def _render_text(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    return escape_text(tokens[idx].content)


def _render_code_inline(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    return inline_code(tokens[idx].content)


def _render_code_block(
    _renderer: Any, tokens: Sequence[Token], idx: int, _options: Any, env: Any
) -> str:
    token = tokens[idx]
    return code_block(token.content, token.info, highlight_limit=env[_LIMIT])
