"""Cells with questions in the hands of their user: ■ and Run All."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan


def test_stop_button_keeps_the_partial_text(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """■ ends the stream, the text so far stays and says that it was stopped; the next cell runs."""
    fake.enqueue(Reply.stream(["The first **half**", " and more"], hold_after=1))
    notebook = open_notebook("%%mibyan\nGo", "print('still', 'alive')")
    notebook.start(1)
    expect(notebook.area(1).locator("strong")).to_have_text("half")
    notebook.press_stop()
    notebook.wait_until_done(1)
    fake.wait_for_disconnect()
    area = notebook.area(1)
    expect(area).to_contain_text("The first half")
    expect(area.locator(".mibyan-footer").last).to_contain_text("stopped")
    expect(area).not_to_contain_text("Traceback")
    notebook.run(2)
    expect(notebook.area(2)).to_have_text("still alive")


def test_run_all_answers_every_cell_in_order(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Three questions queued at once get three answers, each below its own cell."""
    words = ["Alpha", "Beta", "Gamma"]
    fake.enqueue(*(Reply.stream(["It is ", f"**{word}**", "."], pause=0.15) for word in words))
    notebook = open_notebook(*(f"%%mibyan\nQuestion {word}" for word in words))
    notebook.start_all()
    notebook.wait_until_done(3)
    for index, word in enumerate(words, start=1):
        expect(notebook.area(index).locator("strong")).to_have_text(word)
        expect(notebook.outputs(index)).to_have_count(1)
    assert [request.prompt for request in fake.requests] == [f"Question {word}" for word in words]


def test_a_page_that_closes_while_an_answer_comes_loses_nothing(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The answer goes on in the kernel: the conversation has it whole, for cells and the chat."""
    fake.enqueue(Reply.stream(["What came **before**", " and after."], hold_after=1))
    notebook = open_notebook("%%mibyan\nTell me", "%mibyan last")
    notebook.start(1)
    expect(notebook.area(1)).to_contain_text("What came before")
    notebook.save()
    notebook.leave()
    fake.release()
    notebook.come_back()
    notebook.run(2)
    expect(notebook.area(2)).to_contain_text("What came before and after.")
    expect(notebook.area(2)).to_contain_text("complete")
    expect(sidebar(notebook).root).to_contain_text("What came before and after.")
    assert len(fake.requests) == 1
