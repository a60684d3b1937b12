"""The panel for everyone: keyboard, screen reader, contrast, little room, little motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.answers import ARABIC, RICH, held, tokens
from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import in_each_front_end
from tests.e2e.panel_scenes import drag_to_width
from tests.e2e.test_look import CONTRAST, DIRECTION
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.chat_page import ChatPage
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_FOCUS = """() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    const frame = getComputedStyle(focused.closest(".mibyan-box") ?? focused);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return {
        name: focused.getAttribute("aria-label") || focused.title || focused.textContent,
        ring: ring || frame.boxShadow !== "none",
        inside: focused.closest(".mibyan-chat") !== null,
    };
}"""
_OVERFLOWS = "box => box.scrollWidth - box.clientWidth"
_IS_WHOLE = "box => box.scrollHeight <= box.clientHeight"
_CORNER = """box => {
    const { left, top, bottom } = box.getBoundingClientRect();
    return [Math.round(left), top, bottom];
}"""
_TEXT_EDGE = """box => {
    const text = new Range();
    text.selectNodeContents(box);
    return Math.round(text.getBoundingClientRect().left);
}"""
_BROKEN_WORDS = r"""root => {
    const broken = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        for (const word of texts.currentNode.data.matchAll(/\S+/g)) {
            const range = new Range();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(each => each.top));
            if (lines.size > 1) broken.push(word[0]);
        }
    }
    return broken;
}"""
_MOVES = """root => root.getAnimations({subtree: true})
    .filter(each => each.playState === "running").length"""
_LISTEN = """root => {
    window.heard = [];
    new MutationObserver(() => heard.push(root.textContent)).observe(
        root, {childList: true, subtree: true, characterData: true});
}"""


def _stops(notebook: NotebookPage, key: str) -> list[str]:
    """The names of what has the focus, press after press, until it leaves the panel."""
    names: list[str] = []
    while (focus := notebook.page.evaluate(_FOCUS))["inside"]:
        assert focus["ring"], focus
        names.append(focus["name"])
        assert len(names) < 40, names
        notebook.page.keyboard.press(key)
    return names


def _walk(notebook: NotebookPage, first: str) -> list[str]:
    """The names along a toolbar, by the arrow keys, until it begins again; each has its ring."""
    names = [first]
    notebook.page.keyboard.press("ArrowRight")
    while (focus := notebook.page.evaluate(_FOCUS))["name"] != first:
        assert focus["ring"], focus
        names.append(focus["name"])
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowLeft")
    assert notebook.page.evaluate(_FOCUS)["name"] == names[-1]
    return names


def test_the_keyboard_alone_reaches_everything(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Tab goes from the head over the turns to the box; arrows go along each toolbar."""
    fake.enqueue(Reply.stream(["So:\n\n```python\nprint(6 * 7)\n```\n"]))
    notebook = open_notebook("last = 1")
    keyboard = notebook.page.keyboard
    chat = sidebar(notebook)
    chat.ask("How?")
    expect(chat.root.get_by_role("toolbar", name="Code")).to_have_count(1)
    chat.action("new").focus()
    keyboard.press("Shift+Tab")
    keyboard.press("Tab")
    stops = _stops(notebook, "Tab")
    assert stops[0] == "New chat"
    box = stops.index("Your question")
    assert stops[box:][:4] == [
        "Your question",
        "Context",
        "What goes along",
        "Preview what would be sent",
    ]
    toolbars = [each for each in stops if each in ("New chat", "Copy the code", "Ask again")]
    assert toolbars == ["New chat", "Copy the code", "Ask again"], stops
    chat.action("new").focus()
    assert _walk(notebook, "New chat") == ["New chat", "Export", "Settings"]
    chat.action("regenerate", 0).focus()
    assert _walk(notebook, "Ask again") == [
        "Ask again",
        "Edit the question",
        "Copy as Markdown",
        "Why: what was sent",
        "Delete",
    ]
    code = chat.root.get_by_role("toolbar", name="Code").get_by_role("button")
    code.first.focus()
    assert _walk(notebook, "Copy the code") == [
        "Copy the code",
        "Insert below the selected cell",
        "Replace the selected cell",
        "Insert below and run",
    ]
    keyboard.press("End")
    keyboard.press("Enter")
    expect(chat.root.get_by_role("alertdialog")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.root.get_by_role("alertdialog")).to_have_count(0)
    expect(code.last).to_be_focused()


def test_a_screen_reader_hears_beginning_and_end(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The conversation is a log that is not read token by token; start and end are announced."""
    fake.enqueue(held([f"Part {number}. " for number in range(4)]))
    chat = sidebar(open_notebook())
    expect(chat.root.get_by_role("log")).to_have_attribute("aria-live", "off")
    live = chat.root.locator("[aria-live=polite]")
    expect(live).to_have_count(1)
    live.evaluate(_LISTEN)
    chat.send("Go")
    for number in range(4):
        expect(chat.answer(0)).to_contain_text(f"Part {number}.")
        fake.release()
    chat.wait_for_status(0, "complete")
    expect(live).to_contain_text("complete")
    heard = chat.root.page.evaluate("() => heard")
    assert heard == ["Answer started.", "Answer complete."]


@pytest.mark.parametrize("theme", ["JupyterLab Dark High Contrast", "JupyterLab Dark"])
def test_text_can_be_read_in_each_theme(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, theme: str
) -> None:
    """Contrast by WCAG 2: at least 4.5, also for what is muted, in answers, head, foot and box."""
    fake.enqueue(Reply.stream(tokens(RICH)), Reply.status(401, {"error": {"message": "No."}}))
    notebook = open_notebook("%%mibyan\nWhy?", "%%mibyan\nAnd now?")
    notebook.run(1)
    notebook.run(2)
    notebook.use_theme(theme)
    _assert_readable(notebook)
    notebook.use_theme("JupyterLab Light")
    _assert_readable(notebook)


def _assert_readable(notebook: NotebookPage) -> None:
    chat = sidebar(notebook)
    chat.wait_for_status(1, "failed")
    expect(chat.answer(0)).to_contain_text("it takes six lines")
    parts = (
        ".mibyan-prompt, .mibyan-reply h2, .mibyan-reply p, .mibyan-reply li, .mibyan-reply td, "
        ".mibyan-reply pre, .mibyan-reply blockquote, .mibyan-reply a, .mibyan-language, "
        ".mibyan-facts, .mibyan-model, .mibyan-head-facts, .mibyan-context select, "
        ".mibyan-origin, .mibyan-fault div, .mibyan-source span"
    )
    found = chat.root.locator(parts)
    assert found.count() > 20
    low = {
        found.nth(n).evaluate("each => `${each.className || each.tagName}`"): contrast
        for n in range(found.count())
        if (contrast := found.nth(n).evaluate(CONTRAST)) < 4.5
    }
    assert low == {}


def test_a_narrow_panel_shows_everything(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """At 250 px nothing sticks out, and code alone scrolls sideways; Arabic runs from the right."""
    fake.enqueue(Reply.stream(tokens(RICH)), Reply.stream(tokens(ARABIC)))
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.ask("Why?")
    chat.ask("ما هو الوسيط؟")
    drag_to_width(notebook, chat, 250)
    box = chat.root.bounding_box()
    assert box is not None
    assert box["width"] <= 260
    for part in (".mibyan-chat", ".mibyan-scroll", ".mibyan-head", ".mibyan-composer"):
        assert chat.root.locator(part).evaluate(_OVERFLOWS) <= 0, part
    code = chat.answer(0).locator(".mibyan-code").first
    assert code.evaluate(_OVERFLOWS) > 0
    expect(code).to_have_attribute("data-cut", "right")
    chat.action("copy", 0).first.focus()
    notebook.page.keyboard.press("Shift+Tab")
    expect(code).to_be_focused()
    notebook.page.keyboard.press("ArrowRight")
    expect(code).to_have_attribute("data-cut", "left right")
    code.evaluate("code => code.scrollTo({left: 1e4, behavior: 'instant'})")
    expect(code).to_have_attribute("data-cut", "left")
    question, answer = chat.turn(1).locator(".mibyan-prompt"), chat.answer(1)
    assert question.evaluate(DIRECTION) == "rtl"
    directions = {tag: answer.locator(tag).first.evaluate(DIRECTION) for tag in ("p", "li", "pre")}
    assert directions == {"p": "rtl", "li": "rtl", "pre": "ltr"}


@pytest.mark.parametrize("width", [250, 450])
def test_a_table_of_a_command_breaks_no_word(
    open_notebook: Callable[..., NotebookPage], width: int
) -> None:
    """Also in a narrow panel: short columns stay whole, long ones wrap, and the table scrolls."""
    notebook = open_notebook()
    chat = sidebar(notebook)
    drag_to_width(notebook, chat, width)
    chat.ask("What may be said of a question that is longer than the column it stands in?")
    for command in ("/history", "/context", "/why"):
        chat.send(command)
    tables = chat.root.locator(".mibyan-card table")
    expect(tables).to_have_count(3)
    for table in tables.all():
        assert table.evaluate(_BROKEN_WORDS) == []
        assert table.locator("..").evaluate("box => getComputedStyle(box).overflowX") == "auto"
    assert chat.root.locator(".mibyan-scroll").evaluate(_OVERFLOWS) <= 0


@pytest.mark.parametrize("width", [250, 700])
def test_everything_keeps_to_the_same_lines(
    open_notebook: Callable[..., NotebookPage], width: int
) -> None:
    """Names, the box and what opens above it begin at one edge; the box is covered by nothing."""
    notebook = open_notebook()
    notebook.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    chat = sidebar(notebook)
    drag_to_width(notebook, chat, width)
    chat.ask("One line")
    chat.action("edit", 0).click()
    assert chat.turn(0).locator(".mibyan-editor textarea").evaluate(_IS_WHOLE)
    notebook.page.keyboard.press("Escape")
    edge, top = chat.root.locator(".mibyan-box").evaluate(_CORNER)[:2]
    for name in (".mibyan-model", ".mibyan-notebook-name"):
        assert chat.root.locator(name).evaluate(_TEXT_EDGE) == edge
    chat.root.get_by_role("button", name="What goes along").click()
    opened = [chat.root.locator(".mibyan-switches").evaluate(_CORNER)]
    chat.box.focus()
    notebook.page.keyboard.type("/")
    opened.append(chat.root.locator(".mibyan-completions").evaluate(_CORNER))
    for left, _, bottom in opened:
        assert left == edge
        assert bottom <= top


def test_nothing_moves_for_who_wants_no_motion(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """While an answer streams no animation runs; without that wish one does."""
    fake.enqueue(Reply.stream(["So far", " all"], hold_after=1))
    chat = sidebar(open_notebook())
    chat.send("Go")
    expect(chat.answer(0)).to_have_text("So far")
    assert _moving(chat) > 0
    chat.root.page.emulate_media(reduced_motion="reduce")
    assert _moving(chat) == 0
    fake.release()
    chat.wait_for_status(0, "complete")


def _moving(chat: ChatPage) -> int:
    return int(chat.root.evaluate(_MOVES))
