"""The four tags that an answer may write itself: `<br>`, `<sub>`, `<sup>` and `<kbd>`, bare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_PAIR = re.compile(r"<(sub|sup|kbd)>", re.IGNORECASE)


def add_tags(md: MarkdownIt) -> None:
    """Give a parser own tokens for these tags; every other tag stays text."""
    md.inline.ruler.before("autolink", "bare_tag", _bare_tag_rule)


def _bare_tag_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    return _break(state, silent) or _pair(state, silent)


def _break(state: StateInline, silent: bool) -> bool:
    found = _BREAK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _pair(state: StateInline, silent: bool) -> bool:
    found = _PAIR.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    tag = found[1].lower()
    end = _closing_tag(state, found.end(), tag)
    if end < 0:
        return False
    if not silent:
        _push_pair(state, tag, found.end(), end)
    state.pos = end + len(tag) + 3
    return True


def _closing_tag(state: StateInline, start: int, tag: str) -> int:
    for spelling in (f"</{tag}>", f"</{tag.upper()}>"):
        end = state.src.find(spelling, start, state.posMax)
        if end >= 0:
            return end
    return -1


def _push_pair(state: StateInline, tag: str, start: int, end: int) -> None:
    after = state.posMax
    state.push(f"{tag}_open", tag, 1)
    state.pos, state.posMax = start, end
    state.md.inline.tokenize(state)
    state.posMax = after
    state.push(f"{tag}_close", tag, -1)
