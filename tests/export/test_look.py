"""The handout in a real Chromium: nothing runs or is fetched, and it can be read everywhere.

Each test leaves a picture in .artifacts/handout/, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mibyan_jupyter.export.save import save
from tests.e2e.test_look import CONTRAST, DIRECTION
from tests.export.conversations import HOSTILE, IN_ARABIC, LESSON

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from mibyan_jupyter.session.turns import Turn

pytestmark = pytest.mark.e2e

_PICTURES = Path(__file__).parents[2] / ".artifacts" / "handout"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FOCUSED = "document.activeElement.textContent"

Open = Callable[..., "Page"]


@pytest.fixture
def open_handout(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Open]:
    """`open_handout(turns, width=…)`: a saved handout; it may ask for nothing but itself."""
    seen: list[str] = []

    with ExitStack() as stack:

        def open_handout(turns: tuple[Turn, ...], *, width: int = 1000, **options: Any) -> Page:
            path = save(turns, tmp_path / "mean-and-median.html", force=True).path
            viewport = {"width": width, "height": 900}
            page = stack.enter_context(browser.new_context(viewport=viewport, **options)).new_page()
            page.on("console", lambda message: seen.append(f"console: {message.text}"))
            page.on("pageerror", lambda error: seen.append(f"error: {error}"))
            page.on("dialog", lambda dialog: seen.append(f"dialog: {dialog.message}"))
            page.on(
                "request",
                lambda asked: seen.append(asked.url) if asked.url != path.as_uri() else None,
            )
            page.goto(path.as_uri())
            page.screenshot(path=_PICTURES / f"{request.node.name}.png")
            return page

        yield open_handout
        assert seen == []


def contrasts(page: Page, *selectors: str) -> dict[str, float]:
    """By WCAG 2, of the last element that each selector finds."""
    return {each: float(page.locator(each).last.evaluate(CONTRAST)) for each in selectors}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(open_handout: Open, scheme: str) -> None:
    """Contrast by WCAG 2: at least 4.5, in both colour schemes, code included."""
    page = open_handout(LESSON, color_scheme=scheme)
    text = contrasts(
        page, "h1", "h2", "h3", "dt", "dd", "nav a", ".mibyan-plain", ".answer p", ".answer a"
    )
    text |= contrasts(page, "td", "blockquote", "math", "pre", ".admonition-title", ".warning span")
    text |= contrasts(page, *(f".highlight .{name}" for name in ("kn", "o", "s2", "c1", "mi")))
    assert min(text.values()) >= 4.5, text
    assert contrasts(page, ".mibyan-language")[".mibyan-language"] >= 3


@pytest.mark.parametrize("width", [250, 1000])
def test_the_page_never_scrolls_sideways(open_handout: Open, width: int) -> None:
    """Wide code and tables scroll in their own boxes."""
    page = open_handout(LESSON, width=width)
    assert page.evaluate(_OVERFLOW) <= 0
    code = page.locator(".mibyan-code").first
    assert code.evaluate("box => box.scrollWidth > box.clientWidth") is (width == 250)


def test_hostile_texts_do_nothing(open_handout: Open) -> None:
    """Every payload as prompt and as answer: no script, no request, no way out of its box."""
    page = open_handout(HOSTILE)
    assert page.locator("main > article").count() == len(HOSTILE)
    assert page.locator("body > *").count() == 4
    assert page.evaluate(_OVERFLOW) <= 0
    assert page.locator("script, img, svg, iframe, form, input, object, link, base").count() == 0


def test_the_policy_holds_where_the_gate_would_not(browser: Browser, tmp_path: Path) -> None:
    """Markup that got into the page all the same would run and fetch nothing."""
    path = save(LESSON[:1], tmp_path / "handout.html").path
    markup = '<img src="https://evil.example/x.png" onerror="window.ran = true"><script>1</script>'
    path.write_text(path.read_text("utf-8").replace("</main>", f"{markup}</main>"), "utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        answered: list[str] = []
        page.on("response", lambda response: answered.append(response.url))
        with page.expect_console_message(lambda message: "Loading the image" in message.text):
            page.goto(path.as_uri())
        assert answered == [path.as_uri()]
        assert page.evaluate("window.ran") is None


def test_arabic_runs_from_the_right(open_handout: Open) -> None:
    """The page, its list, its boxes, lists and tables; code and formulas from the left."""
    page = open_handout(IN_ARABIC)
    found = {
        selector: page.locator(selector).first.evaluate(DIRECTION)
        for selector in ("html", "h1", "nav li", "h2", ".mibyan-plain", "h3", ".answer p", "ol")
    }
    assert set(found.values()) == {"rtl"}, found
    for selector in ("pre", ".mibyan-math"):
        assert page.locator(selector).first.evaluate(DIRECTION) == "ltr"
    box = page.locator(".question").first.evaluate("box => getComputedStyle(box).borderRightWidth")
    assert box == "4px"
    assert page.evaluate(_OVERFLOW) <= 0


def test_the_keyboard_reaches_the_questions(open_handout: Open) -> None:
    """First the way past the list, then the list; each link leads to its question."""
    page = open_handout(LESSON)
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED) == "Skip to the first question"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED).startswith("I tried prices.hist()")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#question-2$"))
    expect(page.locator("h2:target")).to_have_text("Question 2")


def test_a_screen_reader_finds_the_parts(open_handout: Open) -> None:
    """Landmarks, and an article by the name of each question."""
    page = open_handout(LESSON)
    for role in ("banner", "navigation", "main"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("navigation", name="Questions").get_by_role("link").count() == 5
    assert page.get_by_role("article", name="Question 3", exact=True).count() == 1


def test_it_prints_dark_on_white(open_handout: Open) -> None:
    """Also from a dark screen; long lines of code wrap instead of being cut off."""
    page = open_handout(LESSON, color_scheme="dark", width=400)
    page.emulate_media(media="print", color_scheme="dark")
    page.screenshot(path=_PICTURES / "print.png")
    assert contrasts(page, ".answer p")[".answer p"] >= 12
    assert page.locator(".skip").is_hidden()
    code = page.locator(".mibyan-code").first
    assert code.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.pdf(path=_PICTURES / "handout.pdf", format="A4")
