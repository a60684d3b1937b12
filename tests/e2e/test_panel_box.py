"""The panel's box and its answers' place, in real JupyterLab: typing, recalling, reading along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import held
from tests.e2e.chat_page import ChatPage, sidebar
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_REST = "scroller => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight"
_TOP = "scroller => scroller.scrollTop"
_AT_END = f"""() => {{
    const scroller = document.querySelector(".mibyan-sidebar .mibyan-scroll");
    return ({_REST})(scroller) <= 4;
}}"""


def options(chat: ChatPage) -> Locator:
    """What can be chosen above the box."""
    return chat.root.get_by_role("listbox").get_by_role("option")


def chosen(chat: ChatPage) -> Locator:
    """The one that Enter would take."""
    return options(chat).and_(chat.root.locator('[aria-selected="true"]'))


def test_the_keys_of_the_box(open_notebook: Callable[..., NotebookPage], fake: FakeMibyan) -> None:
    """Enter sends and Shift+Enter does not; ↑ goes back through the questions, ↓ to the draft."""
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.box.focus()
    notebook.page.keyboard.type("One")
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.keyboard.type("Two")
    expect(chat.box).to_have_value("One\nTwo")
    expect(chat.turns).to_have_count(0)
    notebook.page.keyboard.press("Enter")
    chat.wait_for_status(0, "complete")
    expect(chat.box).to_have_value("")
    assert "One\nTwo" in fake.requests[0].prompt
    chat.ask("Three")
    chat.type("Draft")
    for key, text in (
        ("ArrowUp", "Three"),
        ("ArrowUp", "One\nTwo"),
        ("ArrowDown", "Three"),
        ("ArrowDown", "Draft"),
    ):
        chat.box.press(key)
        expect(chat.box).to_have_value(text)
    assert len(fake.requests) == 2


def test_names_and_commands_are_completed(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """`@` offers variables and cells, `/` the commands; the keyboard alone chooses."""
    notebook = open_notebook("prices = [3, 5]", "total = sum(prices)")
    notebook.run(1)
    notebook.run(2)
    chat = sidebar(notebook)
    chat.box.focus()
    notebook.page.keyboard.type("Why is @pri")
    expect(options(chat)).to_have_text([re.compile("@prices.*list")])
    notebook.page.keyboard.press("Enter")
    expect(chat.box).to_have_value("Why is @prices ")
    notebook.page.keyboard.type("in @cell")
    expect(options(chat)).to_have_count(2)
    second = options(chat).nth(1).locator(".mibyan-option-label").inner_text()
    assert second in ("@cell:2", "@cell:3")
    notebook.page.keyboard.press("ArrowDown")
    expect(chosen(chat)).to_contain_text([second])
    notebook.page.keyboard.press("Tab")
    expect(chat.box).to_have_value(f"Why is @prices in {second} ")
    chat.type("")
    notebook.page.keyboard.type("/stat")
    expect(options(chat)).to_contain_text(["/status"])
    notebook.page.keyboard.press("Enter")
    expect(chat.box).to_have_value("/status ")
    notebook.page.keyboard.press("Enter")
    expect(chat.root.locator(".mibyan-card")).to_contain_text("model")
    assert fake.requests == []


def test_a_question_that_cannot_be_sent_stays(
    open_notebook: Callable[..., NotebookPage], lab: LabServer, fake: FakeMibyan
) -> None:
    """Without a key the text is kept, and two lines tell what is missing and the way to it."""
    lab.kernels_see()
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.type("Not lost")
    chat.box.press("Enter")
    fault = chat.root.locator(".mibyan-composer .mibyan-fault")
    expect(fault.locator(".mibyan-fault-what")).to_contain_text("No Mibyan key is set")
    expect(fault.locator(".mibyan-fault-hint")).to_contain_text("%mibyan demo")
    expect(chat.box).to_have_value("Not lost")
    expect(chat.box).to_be_editable()
    expect(chat.turns).to_have_count(0)
    assert fake.requests == []
    fault.locator('[data-action="login"]').click()
    expect(notebook.cell(1)).to_contain_text("%mibyan login")


def test_what_a_command_says_is_read_from_its_beginning(
    open_notebook: Callable[..., NotebookPage],
) -> None:
    """Also where it is longer than the view; the next one's end is seen, where that is short."""
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.send("/help")
    first, last = (chat.root.locator(".mibyan-card").nth(index) for index in (0, 1))
    expect(first.locator(".mibyan-card-title")).to_be_in_viewport()
    assert chat.root.locator(".mibyan-scroll").evaluate(_REST) > 100
    chat.send("/version")
    expect(last).to_be_in_viewport(ratio=1)


def test_the_reader_keeps_their_place(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The end is followed until one scrolls up; then a pill tells of new text and leads there."""
    long = "\n\n".join(f"Paragraph {number}." for number in range(1, 101))
    fake.enqueue(held([long, "\n\nMore below.\n\n", "The end."]))
    notebook = open_notebook()
    chat = sidebar(notebook)
    scroller, pill = chat.root.locator(".mibyan-scroll"), chat.root.locator(".mibyan-pill")
    chat.send("Tell me all")
    expect(chat.answer(0)).to_contain_text("Paragraph 100.")
    notebook.page.wait_for_function(_AT_END)
    expect(pill).to_be_hidden()
    scroller.hover()
    notebook.page.mouse.wheel(0, -700)
    notebook.page.wait_for_function(f"() => !({_AT_END})()")
    settled_at = _resting_place(scroller)
    fake.release()
    expect(pill).to_be_visible()
    expect(chat.answer(0)).to_contain_text("More below.")
    assert abs(scroller.evaluate(_TOP) - settled_at) <= 1
    pill.click()
    expect(pill).to_be_hidden()
    fake.release(2)
    chat.wait_for_status(0, "complete")
    expect(chat.answer(0)).to_contain_text("The end.")
    notebook.page.wait_for_function(_AT_END)
    expect(pill).to_be_hidden()


def test_what_is_opened_stays_in_sight(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Who opens something above the end is not led away to the end by its size."""
    answer = "\n\n".join(["A line."] * 9)
    fake.enqueue(Reply.stream([answer]), Reply.stream([answer]))
    chat = sidebar(open_notebook())
    chat.ask("One")
    chat.ask("Two")
    why = chat.action("why", 0)
    place = why.bounding_box()
    why.click()
    message = chat.turn(0).locator(".mibyan-receipt summary").last
    expect(message).to_be_visible()
    _resting_place(chat.root.locator(".mibyan-scroll"))
    assert why.bounding_box() == place
    message.click()
    _resting_place(chat.root.locator(".mibyan-scroll"))
    assert why.bounding_box() == place


def _resting_place(scroller: Locator) -> float:
    """Where the scroller stands once it has been there for some frames."""
    return float(
        scroller.evaluate(
            """scroller => new Promise(resolve => {
                let top = scroller.scrollTop, still = 0;
                const look = () => {
                    still = scroller.scrollTop === top ? still + 1 : 0;
                    top = scroller.scrollTop;
                    still < 20 ? requestAnimationFrame(look) : resolve(top);
                };
                look();
            })"""
        )
    )


def test_a_fast_answer_arrives_whole(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Of 2 000 tokens at 1 000 a second every one is in the panel, in its place."""
    words = [f"w{number}" for number in range(2000)]
    deltas = [f"{word}{chr(10) * 2 if n % 40 == 39 else ' '}" for n, word in enumerate(words)]
    fake.enqueue(Reply.stream(deltas, tokens_per_second=1000))
    chat = sidebar(open_notebook())
    chat.ask("Fast, please")
    chat.wait_for_status(0, "complete")
    assert chat.answer(0).inner_text().split() == words
