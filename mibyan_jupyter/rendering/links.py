"""Where an answer may point to: links that a person opens, never one that a page fetches."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markdown_it.rules_inline import StateInline, image

from mibyan_jupyter.rendering.safe_html import escape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ALLOWED = re.compile(r"https?://|mailto:", re.IGNORECASE)
_BARE_URL = re.compile(r"://[^\s<>\"`|\\^{}\u2018-\u201f]+")
_SCHEME = re.compile(r"(?<![a-z0-9.+-])https?\Z", re.IGNORECASE)
_TRAILING = "?!.,:;*_~\"'"


def may_link(url: str) -> bool:
    """Whether an answer may link to this address: http, https and mailto only."""
    return _ALLOWED.match(url.strip()) is not None


def add_links(md: MarkdownIt) -> None:
    """Links open in a new tab, images become links that name their host, bare URLs are links."""
    md.inline.ruler.at("image", _image_rule)
    md.inline.ruler.after("text", "bare_url", _bare_url_rule)
    md.add_render_rule("link_open", _render_link_open)
    md.add_render_rule("image", _render_image)


def _bare_url_rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel > 0:
        return False
    found = _BARE_URL.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    rest = _without_trailing_marks(found[0])
    if scheme is None or len(rest) < 4:
        return False
    _push_link(state, scheme[0], rest)
    state.pos += len(rest)
    return True


def _without_trailing_marks(url: str) -> str:
    """The URL without the punctuation of the sentence around it (GFM, "extended autolinks")."""
    while True:
        url = url.rstrip(_TRAILING)
        if not url.endswith(")") or url.count("(") >= url.count(")"):
            return url
        url = url[:-1]


def _push_link(state: StateInline, scheme: str, rest: str) -> None:
    state.pending = state.pending[: -len(scheme)]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": state.md.normalizeLink(scheme + rest)}
    state.push("text", "", 0).content = scheme + rest
    state.push("link_close", "a", -1)


def _image_rule(state: StateInline, silent: bool) -> bool:
    inside_link = state.linkLevel > 0
    found = image(state, silent)
    if found and not silent:
        state.tokens[-1].meta = {"inside_link": inside_link}
    return found


def _render_link_open(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    token = tokens[idx]
    return _opening_tag(str(token.attrGet("href") or ""), str(token.attrGet("title") or ""))


def _opening_tag(url: str, title: str = "") -> str:
    titled = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(url)}"{titled} target="_blank">'


def _render_image(renderer: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    token = tokens[idx]
    url = str(token.attrGet("src") or "")
    words = renderer.renderInlineAsText(token.children, options, env).strip() or "image"
    text = escape_text(f"{words} (image on {_host(url)})")
    return text if token.meta.get("inside_link") else f"{_opening_tag(url)}{text}</a>"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "an unnamed host"
    except ValueError:
        return "an unnamed host"
