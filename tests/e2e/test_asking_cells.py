"""Cells that ask: edited as Markdown, and their answers' code is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_SOURCES = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .map(cell => cell.model.sharedModel.getSource())"""
_WITH_CODE = "So:\n\n```python\nprint(6 * 7)\n```\n"


def editor(notebook: NotebookPage, index: int) -> Locator:
    """The editor of a cell."""
    return notebook.cell(index).locator(".cm-content")


def test_a_question_is_edited_as_markdown(open_notebook: Callable[..., NotebookPage]) -> None:
    """Its text wraps, no bracket is closed, no line is indented as Python; the magic stands out."""
    notebook = open_notebook("")
    editor(notebook, 1).click()
    notebook.page.keyboard.type("%%mibyan -c none\nWhy does **this** loop (see below:\nend")
    magic = editor(notebook, 1).locator(".cm-line").first
    expect(magic).to_have_class("cm-line mibyan-magic-line")
    bold = editor(notebook, 1).locator("span", has_text="this").last
    expect(bold).to_have_css("font-weight", "700")
    assert notebook.page.evaluate(_SOURCES)[1].endswith("loop (see below:\nend")
    expect(editor(notebook, 1)).to_have_class("cm-content cm-lineWrapping")
    notebook.page.keyboard.press("Control+Home")
    notebook.page.keyboard.type("x = 1\n")
    expect(editor(notebook, 1)).not_to_have_class("cm-content cm-lineWrapping")


def test_code_in_an_answer_can_be_used(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Pointing at it brings a toolbar, which moves nothing: copy, insert, run when confirmed."""
    fake.enqueue(Reply.stream([_WITH_CODE]))
    notebook = open_notebook("%%mibyan\nHow?", "last = True")
    notebook.run(1)
    code = notebook.area(1).locator(".mibyan-code")
    height = code.bounding_box()
    code.hover()
    toolbar = code.get_by_role("toolbar")
    expect(toolbar).to_be_visible()
    assert code.bounding_box() == height
    expect(toolbar.locator('[data-action="replace"]')).to_have_count(0)
    toolbar.locator('[data-action="insert"]').click()
    expect(editor(notebook, 2)).to_have_text("print(6 * 7)")
    code.hover()
    toolbar.locator('[data-action="run"]').click()
    assert notebook.page.evaluate(_SOURCES)[-1] == "last = True"
    code.get_by_role("button", name="Run", exact=True).click()
    expect(notebook.area(3).or_(notebook.area(2)).get_by_text("42")).to_have_count(1)
    notebook.command("notebook:undo-cell-action")
    notebook.command("notebook:undo-cell-action")
    assert len(notebook.page.evaluate(_SOURCES)) == 3


def test_a_growing_answer_has_no_toolbar(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Each frame would throw it away again."""
    fake.enqueue(Reply.stream([_WITH_CODE, "More.", "End."], hold_after=1))
    notebook = open_notebook("%%mibyan\nHow?")
    notebook.start(1)
    code = notebook.area(1).locator(".mibyan-code")
    code.hover()
    expect(code.get_by_role("toolbar")).to_have_count(0)
    fake.release(3)
    notebook.wait_until_done(1)
    notebook.page.mouse.move(0, 0)
    code.hover()
    expect(code.get_by_role("toolbar")).to_be_visible()
