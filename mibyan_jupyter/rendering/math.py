"""TeX in Markdown: found here, typeset by the page's MathJax.

`$…$` follows Pandoc: no space after the opening dollar, none before the closing one, no digit
after it (https://pandoc.org/MANUAL.html#math). Block math is `$$` or `\\[` at the start of a line
up to its closing mark at the end of a line at most `BLOCK_LINES` further; blank lines may be
inside. What would reach beyond its own formula (macros, links, styles) is shown as source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.rendering.code import code_block, inline_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

BLOCK_LINES = 100
OPEN_MATH = "open_math"
"""Key of the parser's env: the first line of block math whose end may still come."""

_LONGEST = 10_000
_INLINE = (
    (re.compile(r"\$\$((?:[^\\$]|\\.|\$(?!\$))++)\$\$", re.DOTALL), True),
    (re.compile(r"\$(?![\s$])((?:[^\\$]|\\.)++)(?<!\s)\$(?!\d)", re.DOTALL), False),
    (re.compile(r"\\\(((?:[^\\]|\\[^()])++)\\\)"), False),
    (re.compile(r"\\\[((?:[^\\]|\\[^\[\]])++)\\\]"), True),
)
_CLOSERS = {"$$": "$$", r"\[": r"\]"}
_TEX_TOKEN = re.compile(r"\\([a-zA-Z]+|.)|[{}]", re.DOTALL)
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_FORBIDDEN_WORDS = r"""
( ) [ ] newcommand renewcommand providecommand newenvironment renewenvironment def gdef edef
xdef let futurelet global long outer require href url style class cssId data unicode bbox
DeclareMathOperator DeclarePairedDelimiter DeclarePairedDelimiters DeclarePairedDelimiterX
DeclarePairedDelimiterXPP NewDocumentCommand RenewDocumentCommand newtagform renewtagform
usetagform definecolor label ref eqref mmlToken texttip mathtip toggle includegraphics catcode
input include write csname Newextarrow mathtoolsset sisetup
"""
_FORBIDDEN = frozenset(_FORBIDDEN_WORDS.split())


def add_math(md: MarkdownIt) -> None:
    """Teach a parser the four ways of writing TeX."""
    md.inline.ruler.before("escape", "math_inline", _inline_rule)
    interrupts = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "math_block", _block_rule, {"alt": interrupts})
    md.add_render_rule("math_inline", _render_inline)
    md.add_render_rule("math_block", _render_block)


def math_block(tex: str) -> str:
    """A displayed formula, or its source when it may not be typeset."""
    tex = _LABEL.sub("", tex).strip()
    if not _is_self_contained(tex):
        return code_block(tex + "\n")
    return f'<div class="mibyan-math" dir="ltr">\\[{escape(tex, quote=False)}\\]</div>\n'


def _math_inline(tex: str, source: str, *, display: bool) -> str:
    tex = _LABEL.sub("", tex).strip()
    if not _is_self_contained(tex):
        return inline_code(source)
    opener, closer = (r"\[", r"\]") if display else (r"\(", r"\)")
    body = f"{opener}{escape(tex, quote=False)}{closer}"
    return f'<span class="mibyan-math" dir="ltr">{body}</span>'


def _is_self_contained(tex: str) -> bool:
    """Whether a formula has an end, and no effect after it."""
    if not tex or len(tex) > _LONGEST:
        return False
    depth = 0
    for token in _TEX_TOKEN.finditer(tex):
        if token[1]:
            if token[1] in _FORBIDDEN:
                return False
            continue
        depth += 1 if token[0] == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and not tex.endswith("\\")


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    for pattern, display in _INLINE:
        if found := pattern.match(state.src, state.pos, state.posMax):
            if not silent:
                token = state.push("math_inline", "", 0)
                token.content, token.markup = found[1], found[0]
                token.meta = {"display": display}
            state.pos = found.end()
            return True
    return _skip_two_dollars(state, silent)


def _skip_two_dollars(state: StateInline, silent: bool) -> bool:
    """An unpaired `$$` stays text: its second dollar must not open a formula."""
    if not state.src.startswith("$$", state.pos, state.posMax):
        return False
    if not silent:
        state.pending += "$$"
    state.pos += 2
    return True


def _block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.sCount[start_line] - state.blkIndent >= 4:
        return False
    opening = _line(state, start_line)
    closer = _CLOSERS.get(opening[:2])
    if closer is None:
        return False
    last = _closing_line(state, start_line, end_line, closer)
    if last is None:
        return False
    if not silent:
        _push_block(state, start_line, last)
    return True


def _push_block(state: StateBlock, start_line: int, last: int) -> None:
    source = state.getLines(start_line, last + 1, state.blkIndent, False).strip()
    token = state.push("math_block", "", 0)
    token.content = source[2:-2]
    token.block = True
    token.map = [start_line, last + 1]
    state.line = last + 1


def _closing_line(state: StateBlock, start_line: int, end_line: int, closer: str) -> int | None:
    """The line that ends with the closing mark, if that is where the mark comes first."""
    limit = min(end_line, start_line + BLOCK_LINES)
    start = state.bMarks[start_line] + state.tShift[start_line] + 2
    found = state.src.find(closer, start, state.eMarks[limit - 1])
    if found < 0:
        _remember_open(state, start_line, limit)
        return None
    number = bisect_right(state.bMarks, found, start_line, limit) - 1
    line = state.src[found : state.eMarks[number]].rstrip()
    closes = found > start and line == closer and _belong(state, start_line, number + 1)
    return number if closes else None


def _remember_open(state: StateBlock, start_line: int, limit: int) -> None:
    """More text could still close this block if only the end of the text stopped the search."""
    if limit == len(state.bMarks) - 1 and _belong(state, start_line, limit):
        state.env[OPEN_MATH] = min(start_line, state.env.get(OPEN_MATH, start_line))


def _belong(state: StateBlock, start_line: int, end_line: int) -> bool:
    """Whether no line leaves the list item or quote in which the block began."""
    lines = range(start_line + 1, end_line)
    return all(state.isEmpty(line) or state.sCount[line] >= state.blkIndent for line in lines)


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]].rstrip()


def _render_inline(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    token = tokens[idx]
    return _math_inline(token.content, token.markup, display=token.meta["display"])


def _render_block(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    return math_block(tokens[idx].content)
