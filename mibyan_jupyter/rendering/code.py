"""Code as HTML: coloured by Pygments, with nothing hidden in it."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pygments.lexers import get_all_lexers, get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from mibyan_jupyter.rendering.safe_html import escape_text
from mibyan_jupyter.rendering.styles import TOKEN_CLASSES
from mibyan_jupyter.text import unhidden

if TYPE_CHECKING:
    from collections.abc import Iterable

HIGHLIGHT_LIMIT = 100_000
"""Longer sources (characters) stay plain: lexers are slow, and some are not linear."""

_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_NOTEBOOK_NAMES = {"ipython": "python", "ipython3": "python", "jupyter": "python", "mibyan": ""}


def code_block(source: str, language: str = "", *, highlight_limit: int = HIGHLIGHT_LIMIT) -> str:
    """A block of code with a label naming its language, as far as one is given."""
    name = _language_name(language)
    label = f'<div class="mibyan-language">{escape_text(name)}</div>' if name else ""
    lexer = _lexer(name.lower()) if len(source) <= highlight_limit else None
    body = _coloured(source, lexer) if lexer else visible(source)
    return (
        f'<div class="highlight mibyan-code" dir="ltr">{label}'
        f'<pre class="mibyan-source"><code class="mibyan-lines">{body}</code></pre></div>\n'
    )


def inline_code(source: str) -> str:
    """A few words of code inside a sentence."""
    return f'<code dir="ltr">{visible(source)}</code>'


def visible(source: str) -> str:
    """Escaped source whose invisible characters show as escapes such as `\\u202e`."""
    return unhidden(escape(source, quote=False))


def _language_name(info: str) -> str:
    name = _LANGUAGE.match(info.strip().lstrip("{."))
    return name[0] if name else ""


def _coloured(source: str, lexer: Any) -> str:
    try:
        tokens = list(lexer.get_tokens(source))
    except Exception:  # a lexer is third-party code: its bug costs the colours, not the answer
        return visible(source)
    return "".join(_spans(tokens))


def _spans(tokens: Iterable[tuple[Any, str]]) -> Iterable[str]:
    for css_class, run in groupby(tokens, key=lambda token: _css_class(token[0])):
        text = visible("".join(value for _, value in run))
        yield f'<span class="{css_class}">{text}</span>' if css_class else text


@cache
def _css_class(token_type: Any) -> str:
    """The nearest class that the page has a colour for; "" when there is none."""
    while token_type.parent is not None:
        if css_class := TOKEN_CLASSES.get(STANDARD_TYPES.get(token_type, ""), ""):
            return css_class
        token_type = token_type.parent
    return ""


@cache
def _aliases() -> frozenset[str]:
    # Without plugins: asking Pygments for an unknown name would import other packages' code.
    return frozenset(alias for lexer in get_all_lexers(plugins=False) for alias in lexer[1])


def _lexer(language: str) -> Any:
    name = _NOTEBOOK_NAMES.get(language, language)
    return _known_lexer(name) if name in _aliases() else None


@cache
def _known_lexer(alias: str) -> Any:
    return get_lexer_by_name(alias, stripnl=False)
