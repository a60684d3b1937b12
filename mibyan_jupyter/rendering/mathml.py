"""Formulas for a page without MathJax: TeX becomes MathML, which a browser shows by itself.

TeX that the converter does not know stays as its source. What the converter writes passes a gate
of its own: presentation elements only, no link, no id, no address.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

import nh3

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 2_000

# Text cannot look like this: the gate writes each "<" of a text as "&lt;".
_FORMULA = re.compile(
    r'<(span|div) class="mibyan-math" dir="ltr">\\([(\[])([^<]*)\\[)\]]</\1>', re.DOTALL
)

_TAGS = {
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle", "mpadded", "mphantom"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
    *("mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "b", "i", "code"),
}
_LENGTH = re.compile(r"-?\d{0,2}(\.\d+)?(em|%)?\Z")
_WORD = re.compile(r"[a-z]+\Z")
_NUMBER = re.compile(r"[+-]?\d\Z")
# How the converter aligns the cells of a table, rules its lines, and draws letters together.
_STYLE = re.compile(
    r"((width: \d+%|text-align: (left|right)|justify-items: (start|end)"
    r"|padding-(left|right): ?[01](em)?|margin-left:-0\.\d+em"
    r"|border-(top|right|bottom|left): 0\.05em solid currentcolor)(;|\Z))+\Z"
)
_ALLOWED_VALUE: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("lspace", "rspace", "width", "height", "depth"), _LENGTH.match),
    **dict.fromkeys(("minsize", "maxsize", "linethickness"), _LENGTH.match),
    **dict.fromkeys(("display", "form", "mathvariant"), _WORD.match),
    **dict.fromkeys(("displaystyle", "stretchy", "movablelimits"), _WORD.match),
    **dict.fromkeys(("accent", "accentunder"), _WORD.match),
    "scriptlevel": _NUMBER.match,
    "style": _STYLE.match,
}


def with_mathml(html: str) -> str:
    """Safe HTML of this package, its formulas as MathML; as source where that cannot be."""
    return _FORMULA.sub(_typeset, html)


def _typeset(formula: re.Match[str]) -> str:
    tag, opener, tex = formula.groups()
    body = _mathml(unescape(tex), display=opener == "[") or f"<code>{tex}</code>"
    return f'<{tag} class="mibyan-math" dir="ltr">{body}</{tag}>'


def _mathml(tex: str, *, display: bool) -> str:
    """The formula as safe MathML; "" when the converter cannot make it."""
    if len(tex) > _LONGEST:
        return ""
    try:
        mathml = _converter().convert_with_local_state(tex, displaystyle=display)
    except Exception:  # unknown TeX, or a bug of the converter: it costs the look, not the text
        return ""
    return nh3.clean(
        mathml,
        tags=_TAGS,
        attributes={"*": set(_ALLOWED_VALUE)},
        attribute_filter=_allowed_value,
    )


def _allowed_value(_tag: str, attribute: str, value: str) -> str | None:
    return value if _ALLOWED_VALUE[attribute](value) else None


@cache
def _converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)
