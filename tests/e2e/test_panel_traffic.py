"""What the panel leaves and sends: several tabs, many reloads, hostile answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import held
from tests.e2e.chat_page import ChatPage, sidebar
from tests.e2e.hostile import DANGEROUS, HOSTILE
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply
from tests.load.in_browser import left_by_reloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_RELOADS = 20


@in_each_front_end
def test_two_tabs_show_one_live_conversation(
    open_notebook: Callable[..., NotebookPage], lab: LabServer, fake: FakeMibyan
) -> None:
    """Each streams what the other asks, also when it is opened in the middle of an answer."""
    fake.enqueue(Reply.stream(["Begun", " and done"], hold_after=1), Reply.stream(["Back"]))
    one = open_notebook()
    first = sidebar(one)
    first.send("From the first")
    expect(first.answer(0)).to_have_text("Begun")
    second = sidebar(_beside(one, lab))
    expect(second.answer(0)).to_have_text("Begun")
    fake.release()
    for chat in (first, second):
        chat.wait_for_status(0, "complete")
        expect(chat.answer(0)).to_have_text("Begun and done")
    second.ask("From the second")
    expect(first.answer(1)).to_have_text("Back")


def _beside(notebook: NotebookPage, lab: LabServer) -> NotebookPage:
    """The same notebook in a workspace of its own, in a second tab of the browser."""
    page = notebook.page.context.new_page()
    return type(notebook)(page, lab, notebook.name, workspace="beside")


def test_reloads_leave_nothing_in_the_kernel(open_notebook: Callable[..., NotebookPage]) -> None:
    """After 20 of them there is no comm of ours, and a question causes no more messages."""
    assert left_by_reloads(open_notebook(), _RELOADS) == ([], 0)


@in_each_front_end
def test_hostile_answers_run_nothing_and_call_nobody(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, outside: OutsideRequests
) -> None:
    """Neither while they stream, nor after, nor when their code is used and the page reloaded."""
    parts = [f"{part}\n\n" for part in HOSTILE.split("\n\n")]
    fake.enqueue(held(parts))
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.send(HOSTILE)
    for number in range(1, len(parts) + 1):
        fake.wait_for_holds(number)
        assert chat.foreign(0, DANGEROUS).count() == 0
        fake.release()
    chat.wait_for_status(0, "complete")
    expect(chat.answer(0)).to_contain_text("The end.")
    _assert_harmless(notebook, outside)
    _use_the_code(notebook, chat)
    _assert_harmless(notebook, outside)
    chat.action("why", 0).click()
    expect(chat.turn(0).locator(".mibyan-receipt")).to_be_visible()
    _assert_harmless(notebook, outside)
    notebook.reload()
    expect(sidebar(notebook).answer(0)).to_contain_text("The end.")
    _assert_harmless(notebook, outside)


def _use_the_code(notebook: NotebookPage, chat: ChatPage) -> None:
    """Copy HTML, which can be used for nothing else; insert Python."""
    code, python = chat.answer(0).locator(".mibyan-code").all()
    code.hover()
    expect(code.locator('[data-action="run"]')).to_have_count(0)
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code.locator('[data-action="copy"]').click()
    expect(code.locator('[data-action="copy"]')).to_have_attribute("title", "Copied")
    assert "__pwned='fence'" in notebook.page.evaluate("() => navigator.clipboard.readText()")
    python.hover()
    python.locator('[data-action="insert"]').click()
    expect(notebook.cell(1).locator(".cm-content")).to_contain_text("__pwned='code'")
    assert not notebook.is_done(1)


def _assert_harmless(notebook: NotebookPage, outside: OutsideRequests) -> None:
    chat = sidebar(notebook)
    notebook.wait_until_page_rests()
    assert chat.foreign(0, DANGEROUS).count() == 0
    assert chat.turn(0).locator(".mibyan-question, .mibyan-receipt").locator(DANGEROUS).count() == 0
    names = chat.turn(0).locator("*").evaluate_all("all => all.flatMap(e => e.getAttributeNames())")
    assert not [name for name in names if name.startswith("on")]
    links = chat.answer(0).locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    assert notebook.page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
