"""Which parts of an answer the page typesets as TeX, and which it must not."""

from __future__ import annotations

import re

import pytest

from mibyan_jupyter.rendering import render_markdown, render_math
from tests.rendering.allowed_html import faults

_FORMULA = re.compile(
    r'<(?:span|div) class="mibyan-math" dir="ltr">(.*?)</(?:span|div)>', re.DOTALL
)
_SAFE_ELSEWHERE = re.compile(r"<code\b.*?</code>|<span class=\"tex2jax_ignore.*?</span>", re.DOTALL)

FORMULAS = {
    "$x$": [r"\(x\)"],
    "a $x^2$, $y$.": [r"\(x^2\)", r"\(y\)"],
    r"\(x\) and \[y\]": [r"\(x\)", r"\[y\]"],
    "$$x$$": [r"\[x\]"],
    "text $$x$$ text": [r"\[x\]"],
    "$$\nx\n$$": ["\\[x\\]"],
    "$$\na\n\nb\n$$": ["\\[a\n\nb\\]"],
    "\\[\na &= b\\\\[2pt]\n\\]": ["\\[a &amp;= b\\\\[2pt]\\]"],
    "Text:\n$$\nx\n$$\nmore": [r"\[x\]"],
    "1. a\n   $$\n   x\n   $$": [r"\[x\]"],
    "> $$\n> x\n> $$": [r"\[x\]"],
    "$a_1 * b_2 * c$": [r"\(a_1 * b_2 * c\)"],
    "$a<b$": [r"\(a&lt;b\)"],
    r"$\{a\}$": [r"\(\{a\}\)"],
    r"$\text{5\$}$": [r"\(\text{5\$}\)"],
    r"$$x \label{eq:1}$$": [r"\[x\]"],
    "| $a$ |\n|--|\n| $b$ |": [r"\(a\)", r"\(b\)"],
    "costs $5 and $10": [],
    "from $5-$10": [],
    "$ x $": [],
    "$x$5": [],
    "$5": [],
    "$$": [],
    "$$x": [],
    "$$$$": [],
    "`$x$`": [],
    "```\n$x$ $$y$$ \\(z\\)\n```": [],
    r"\$x\$": [],
    r"\\(x\\)": [],
    r"\begin{align}x\end{align}": [],
    r"see \ref{a} and \eqref{b}": [],
    r"\( x": [],
    r"$\frac{a$": [],
    r"$a}{b$": [],
    r"$\newcommand{\x}{y}$": [],
    r"$$\def\x{y}$$": [],
    r"$\gdef\x{y}$": [],
    r"$\let\x\y$": [],
    r"$\require{html}$": [],
    r"$\href{https://a.b}{x}$": [],
    r"$\style{color:red}{x}$": [],
    r"$\class{a}{x}$": [],
    r"$\cssId{a}{x}$": [],
    r"$\bbox[red]{x}$": [],
    r"$\DeclareMathOperator{\x}{y}$": [],
    r"$a \) b$": [],
    r"$\unicode{x41}$": [],
    "$" + "x" * 20_000 + "$": [],
}


@pytest.mark.parametrize("source", FORMULAS, ids=lambda source: source[:24])
def test_what_is_typeset(source: str) -> None:
    """Exactly the expected formulas keep TeX delimiters; no other text holds one."""
    html = render_markdown(source, "d")
    assert _FORMULA.findall(html) == FORMULAS[source]
    rest = _SAFE_ELSEWHERE.sub("", _FORMULA.sub("", html))
    assert not re.search(r"[$\\]", rest)
    assert faults(html) == []


def test_one_formula() -> None:
    """A formula given by itself is displayed."""
    assert r"\[x &lt; y\]" in render_math("x < y")


def test_formula_that_leaves_its_place_is_source() -> None:
    """A formula with a macro definition is shown as code."""
    assert "mibyan-math" not in render_math(r"\newcommand{\x}{y}")
