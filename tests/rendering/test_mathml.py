"""Formulas of a page without MathJax, and headings that stand below others."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.rendering import render_markdown, render_math
from mibyan_jupyter.rendering.headings import nest_headings, nested_levels
from mibyan_jupyter.rendering.mathml import with_mathml
from tests.rendering.allowed_html import faults, text_of
from tests.rendering.payloads import PAYLOADS

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_ATTRIBUTES = """
accent accentunder display displaystyle form height depth linethickness lspace mathvariant
maxsize minsize movablelimits rspace scriptlevel stretchy style width
"""
_TEX = r"""
\frac { } ^ _ & \\ \begin{array}{l|r} \end{array} \begin{align} \end{align} \left( \right) \text{ x
1 ' \hat \sqrt \mathbf \textbf{ \color{red} \hline \tag{1} \label{a} \over \hspace{99em} \!
<b> </math>
"""


class _Elements(HTMLParser):
    """Every element must be MathML's, or bold, italic or code in its text."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not re.fullmatch(r"m[a-z]+|b|i|code", tag):
            self.faults.append(tag)
        for name, value in attrs:
            if name not in _ATTRIBUTES.split() or re.search(r"[@\\(:/]//|url|\(|\\", value or ""):
                self.faults.append(f"{name}={value}")


def math_faults(html: str) -> list[str]:
    """What the formulas hold that they may not, and what the page around them does."""
    reader = _Elements()
    for math in _MATH.findall(html):
        reader.feed(math)
    return reader.faults + faults(_MATH.sub("", html))


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        (r"x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac{a}{b}", "<mfrac>"),
        (r"\sum_{i=1}^n x_i", "<munderover>"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "<mtable"),
        (r"\begin{cases} 1 & x>0 \\ 0 \end{cases}", "<mo>{</mo>"),
        (r"\operatorname{Var}(X)", "<mi>Var</mi>"),
        (r"\text{a<b}", "<mtext>a&lt;b</mtext>"),
    ],
)
def test_a_formula_becomes_mathml(tex: str, wanted: str) -> None:
    """The formulas that statistics and programming need."""
    html = with_mathml(render_math(tex))
    assert wanted in html
    assert 'display="block"' in html
    assert math_faults(html) == []


def test_inline_and_displayed_formulas_differ() -> None:
    """Within a sentence, and on a line of its own."""
    html = with_mathml(render_markdown(r"Here $x$ and \[y\].", "d"))
    assert '<span class="mibyan-math" dir="ltr"><math><mi>x</mi></math></span>' in html
    assert '<math display="block"><mi>y</mi></math>' in html


@pytest.mark.parametrize("tex", [r"\foo{x}", r"x \tag{1}", "x" * 3_000])
def test_what_cannot_be_typeset_stays_as_source(tex: str) -> None:
    """Readable TeX, never an error or half a formula."""
    html = with_mathml(render_math(tex))
    assert "<math" not in html
    assert f"<code>{tex}</code>" in html


def test_text_that_looks_like_a_formula_stays_text() -> None:
    """Only the renderer's own formulas are touched."""
    source = '`<span class="mibyan-math" dir="ltr">\\(x\\)</span>` and \\\\(x\\\\)'
    html = render_markdown(source, "d")
    assert with_mathml(html) == html


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payloads_stay_harmless(payload: str) -> None:
    """As formulas and around them."""
    for source in (payload, f"$\\text{{{payload}}}$", f"$${payload}$$"):
        assert math_faults(with_mathml(render_markdown(source, "d"))) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_TEX.split()), max_size=12))
def test_any_tex_is_typeset_safely_or_left(pieces: list[str]) -> None:
    """Nothing raises, and nothing leaves the allowed elements."""
    assert math_faults(with_mathml(render_math(" ".join(pieces)))) == []


@pytest.mark.parametrize(
    ("levels", "nested"),
    [
        ([1, 2, 3, 2, 1], [3, 4, 5, 4, 3]),
        ([2, 3, 3], [3, 4, 4]),
        ([4, 1, 3], [3, 3, 4]),
        ([1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 6, 6]),
        ([], []),
    ],
)
def test_headings_nest_without_a_gap(levels: list[int], nested: list[int]) -> None:
    """Below a second-level heading, in the order they had."""
    assert nested_levels(levels, below=2) == nested


def test_headings_of_an_answer_are_renamed_and_its_text_is_not() -> None:
    """Tags change, text that looks like them does not."""
    html = render_markdown("# A `<h1>`\n\n> ## B\n\n<h1>", "d")
    nested = nest_headings(html, below=2)
    assert re.findall(r"<(h\d)", nested) == ["h3", "h4"]
    assert text_of(nested) == text_of(html)
    assert faults(nested) == []
