"""How an answer looks: formulas, direction, contrast, and a narrow window."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from matplotlib.image import imread
from playwright.sync_api import expect

from tests.e2e.answers import ARABIC, RICH, tokens
from tests.e2e.chat_page import sidebar
from tests.e2e.panel_scenes import drag_to_width
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

    Answered = Callable[..., NotebookPage]

_MATH = r"""Inline $x^2$ and \(y^2\) here.

$$a^2 + b^2$$

\[c^2\]

It costs $5 and $10.

In code `$z$` and:

```
$w$
```
"""
_LONG = " + ".join(r"\int_0^\infty \frac{a_i}{b_i}" for _ in range(20))
_WIDE_MATH = f"Before.\n\n$${_LONG}$$\n\nIn a line $${_LONG}$$ as well.\n"
_PLACE = """box => {
    const { x, y } = box.getBoundingClientRect();
    return { x, y };
}"""
_HIDDEN = "box => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]"
DIRECTION = "element => getComputedStyle(element).direction"
CONTRAST = """
element => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const paint = (colour, alpha) => {
        canvas.globalAlpha = alpha;
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = rgb => {
        const [r, g, b] = rgb.map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const styles = [];
    for (let e = element; e; e = e.parentElement) styles.unshift(getComputedStyle(e));
    let behind = paint("white", 1);
    let opacity = 1;
    for (const style of styles) {
        opacity *= style.opacity;
        behind = paint(style.backgroundColor, opacity);
    }
    const a = luminance(behind);
    const b = luminance(paint(styles.at(-1).color, opacity));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
"""


@pytest.fixture
def answered(open_notebook: Callable[..., NotebookPage], fake: FakeMibyan) -> Answered:
    """`answered(markdown)`: a notebook whose cell 1 has that answer."""

    def answered(markdown: str, theme: str = "JupyterLab Light") -> NotebookPage:
        fake.enqueue(Reply.stream(tokens(markdown)))
        notebook = open_notebook("%%mibyan\nWhy?")
        notebook.use_theme(theme)
        notebook.run(1)
        return notebook

    return answered


def test_math_is_typeset_and_prices_are_not(answered: Answered) -> None:
    """The four ways to write a formula are typeset; dollars of prices and in code stay text."""
    notebook = answered(_MATH)
    area = notebook.area(1)
    expect(area.locator("mjx-container")).to_have_count(4)
    expect(area.locator("p", has_text="Inline").locator("mjx-container")).to_have_count(2)
    expect(area.locator("p", has_text="costs")).to_have_text("It costs $5 and $10.")
    expect(area.locator("p", has_text="In code").locator("code")).to_have_text("$z$")
    expect(area.locator("pre")).to_have_text("$w$\n")


def test_a_wide_formula_scrolls_and_nothing_else(answered: Answered) -> None:
    """Displayed in a block of its own or in a line, in a cell and in the panel, whole in height."""
    notebook = answered(_WIDE_MATH)
    chat = sidebar(notebook)
    drag_to_width(notebook, chat, 250)
    outer, panel = notebook.outputs(1).first, chat.root.locator(".mibyan-scroll")
    for place in (outer, panel):
        expect(place.locator("mjx-container")).to_have_count(2)
        for formula in place.locator(".mibyan-math").all():
            assert formula.evaluate(_HIDDEN)[0] > 100
            assert formula.evaluate(_HIDDEN)[1] <= 0
        assert place.evaluate(_HIDDEN)[0] <= 0
    for formula in panel.locator(".mibyan-math").all():
        expect(formula).to_have_attribute("data-cut", "right")


def _right_edge(element: Locator) -> float:
    return float(element.evaluate("element => element.getBoundingClientRect().right"))


def test_arabic_runs_from_the_right_and_code_from_the_left(answered: Answered) -> None:
    """Each block finds its own direction."""
    notebook = answered(ARABIC)
    area = notebook.area(1)
    directions = {
        tag: area.locator(tag).first.evaluate(DIRECTION)
        for tag in ("h2", "p", "li", "table", "blockquote", "pre", "li code")
    }
    assert directions == dict.fromkeys(("h2", "p", "li", "table", "blockquote"), "rtl") | {
        "pre": "ltr",
        "li code": "ltr",
    }
    right = _right_edge(area.locator(".mibyan-answer"))
    assert {round(right - _right_edge(area.locator(tag).first)) for tag in ("p", "table")} == {0}
    assert area.locator("p").first.evaluate("p => getComputedStyle(p).textAlign") == "start"
    bullet_indent = right - _right_edge(area.locator("li").first)
    assert bullet_indent > 15


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_can_be_read_in_both_themes(answered: Answered, theme: str) -> None:
    """Contrast by WCAG 2: at least 4.5 for text, 3 for the muted footer and code label."""
    notebook = answered(RICH, theme=theme)
    area = notebook.area(1)

    def contrast(selector: str) -> float:
        return float(area.locator(selector).last.evaluate(CONTRAST))

    body = {tag: contrast(tag) for tag in ("h2", "p", "li", "td", "pre", "blockquote")}
    muted = {tag: contrast(tag) for tag in (".mibyan-footer", ".mibyan-language")}
    assert min(body.values()) >= 4.5, body
    assert min(muted.values()) >= 3, muted


def test_code_stands_on_a_ground_of_its_own(answered: Answered) -> None:
    """In each theme: by its colour, or by a line around it where the theme has but one colour."""
    notebook = answered(RICH)
    code = notebook.area(1).locator(".mibyan-code").first
    for theme in ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"):
        notebook.use_theme(theme)
        notebook.wait_until_page_rests()
        code.scroll_into_view_if_needed()
        place = code.evaluate(_PLACE)
        edge = {"x": place["x"] - 3, "y": place["y"] + 10, "width": 8, "height": 1}
        pixels = imread(BytesIO(notebook.page.screenshot(clip=edge)))[0, :, :3]
        assert len({tuple(pixel) for pixel in pixels}) > 1, theme


def test_narrow_window_scrolls_code_and_nothing_else(answered: Answered) -> None:
    """At 250 px of output, long code scrolls inside its own box; the page does not."""
    notebook = answered(RICH)
    notebook.narrow_output_to(1, 250)
    area = notebook.area(1)
    code = area.locator(".mibyan-code").first
    assert code.evaluate("box => box.scrollWidth > box.clientWidth")
    assert code.evaluate("box => getComputedStyle(box).overflowX") == "auto"
    outer = area.locator(".mibyan-answer")
    assert outer.evaluate("box => box.getBoundingClientRect().width") <= 250
    for box in (outer, area, notebook.page.locator(".jp-WindowedPanel-outer")):
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0


def test_code_that_goes_on_has_a_shade_at_that_side(answered: Answered) -> None:
    """Also where the system hides its scroll bars: at the right first, at its end at the left."""
    notebook = answered(RICH)
    notebook.narrow_output_to(1, 250)
    code = notebook.area(1).locator(".mibyan-code").first
    code.scroll_into_view_if_needed()
    assert _shaded_sides(code) == (False, True)
    code.evaluate("box => box.scrollTo(1e6, 0)")
    assert _shaded_sides(code) == (True, False)


def _shaded_sides(box: Locator) -> tuple[bool, bool]:
    """Whether the padding above the text has another colour at the left and the right."""
    row = imread(BytesIO(box.screenshot()))[4, :, :3]
    left, middle, right = row[3], row[len(row) // 2], row[-4]
    return bool((left != middle).any()), bool((right != middle).any())
