"""One live conversation in the sidebar, in an inline panel and in cells, in real JupyterLab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import RICH, held, tokens
from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import USAGE, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"


def test_one_conversation_in_three_places(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """What one view asks is in the other, and in the next cell's request; and back."""
    fake.enqueue(*(Reply.stream([answer]) for answer in ("one", "two", "three")))
    notebook = open_notebook(_PANEL, "%%mibyan\nfrom the cell")
    notebook.run(1)
    side, inline = sidebar(notebook), inline_panel(notebook, 1)
    side.ask("from the sidebar")
    expect(inline.answer(0)).to_have_text("one")
    inline.ask("from inside")
    expect(side.answer(1)).to_have_text("two")
    notebook.run(2)
    expect(side.answer(2)).to_have_text("three")
    expect(inline.turn(2)).to_contain_text("In a cell")
    sent = [message["content"] for message in fake.requests[-1].json["messages"]]
    assert sent[:-1] == ["from the sidebar", "one", "from inside", "two"]
    assert sent[-1].endswith("from the cell")


def test_an_answer_streams_block_by_block_into_both_views(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Text is there before the next token comes, and both end with the same whole answer."""
    fake.enqueue(held(["First **block**.\n\nSecond", " block.\n\n```python\nx = 1\n```\n"]))
    notebook = open_notebook(_PANEL)
    notebook.run(1)
    side, inline = sidebar(notebook), inline_panel(notebook, 1)
    side.send("Go")
    for view in (side, inline):
        expect(view.answer(0)).to_have_text(re.compile(r"First block\.\s*Second\s*$"))
    fake.release(2)
    for view in (side, inline):
        view.wait_for_status(0, "complete")
        expect(view.answer(0).locator("pre")).to_have_text("x = 1\n")


def test_a_rich_answer_is_typeset(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Tables, code and formulas look like in a cell; prices stay text."""
    fake.enqueue(Reply.stream(tokens(RICH), usage=USAGE))
    side = sidebar(open_notebook())
    side.ask("Why?")
    answer = side.answer(0)
    expect(answer.locator("mjx-container")).to_have_count(2)
    expect(answer.locator("td", has_text="$412k")).to_have_count(1)
    expect(answer.locator("pre .k").first).to_be_visible()
