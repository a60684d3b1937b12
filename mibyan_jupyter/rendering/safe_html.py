"""The one gate: nothing reaches a page that `through_gate` did not let pass."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from mibyan_jupyter.rendering.styles import CLASSES, styled

if TYPE_CHECKING:
    from collections.abc import Callable

    import nh3

_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "section", "div", "span", "pre", "code"),
    *("em", "strong", "s", "sub", "sup", "kbd", "a"),
}
_ATTRIBUTES = {
    "*": {"class", "dir"},
    "a": {"href", "title", "id", "target"},
    "li": {"id"},
    "ol": {"start"},
}
_LINK_REL = "noopener noreferrer nofollow"
_ALLOWED_VALUE: dict[str, Callable[[str], object]] = {
    "class": lambda value: set(value.split()) <= CLASSES,
    "dir": {"auto", "ltr"}.__contains__,
    "href": re.compile(r"(?i:https?://|mailto:)|#fn(?:ref)?-").match,
    "id": re.compile(r"fn(?:ref)?-[\w:-]+\Z").match,
    "rel": _LINK_REL.__eq__,
    "start": re.compile(r"\d+\Z").match,
    "target": {"_blank"}.__contains__,
    "title": lambda _value: True,
}

# JupyterLab and nbconvert typeset TeX wherever a text holds "$" or a backslash command.
_TEX_TRIGGER = re.compile(r"[$\\]+")
_NOT_TEX = r'<span class="tex2jax_ignore mathjax_ignore">\g<0></span>'

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n?")


def clean_text(text: str) -> str:
    """The text with `\\n` as the only line end, no control characters and no lone surrogates."""
    text = _CONTROL.sub("", _NEWLINE.sub("\n", text))
    return _SURROGATE.sub("\ufffd", text)


def escape_text(text: str) -> str:
    """HTML that shows exactly this text, none of it typeset as TeX."""
    return _TEX_TRIGGER.sub(_NOT_TEX, escape(text, quote=False))


def through_gate(html: str) -> str:
    """HTML of our renderer, reduced to what an answer may hold, then given our own styles."""
    return styled(_gate().clean(html))


@cache
def _gate() -> nh3.Cleaner:
    import nh3  # a first question is on its way before anything has to pass

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_value,
        url_schemes={"http", "https", "mailto"},
        link_rel=_LINK_REL,
    )


def _allowed_value(_tag: str, attribute: str, value: str) -> str | None:
    return value if _ALLOWED_VALUE[attribute](value) else None
