"""What the kernel knows of the page, and what it has done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_SOURCES = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .map(cell => cell.model.sharedModel.getSource())"""
_EDIT = """([index, source]) => window.jupyterapp.shell.currentWidget.content.widgets[index]
    .model.sharedModel.setSource(source)"""
_UNDO = """index => window.jupyterapp.shell.currentWidget.content.widgets[index].editor.undo()"""
_CORRECTED = Reply.stream(["Divide by one:\n\n```python\nanswer = 1 / 1\n```\n"])


def test_a_question_knows_the_order_and_the_edits_of_the_page(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Cells that ran out of order or were edited since are named in what is sent."""
    notebook = open_notebook(
        "box['lid'] += 1", "box = {'lid': 1}", "%%mibyan\nWhat is @box?", "%%mibyan\nAnd @box now?"
    )
    notebook.run(2)
    notebook.run(1)
    notebook.run(3)
    assert "`box` ran out of order: " in fake.requests[-1].prompt
    notebook.page.evaluate(_EDIT, [1, "box['lid'] += 2"])
    notebook.run(4)
    assert "`box` was changed by a cell that has changed since" in fake.requests[-1].prompt


def test_fix_apply_puts_the_correction_into_the_cell_that_failed(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """It is shown as a diff, runs not by itself, can be undone there, and no cell is added."""
    fake.enqueue(_CORRECTED)
    notebook = open_notebook("answer = 1 / 0", "%mibyan fix --apply")
    before = notebook.page.evaluate(_SOURCES)
    notebook.run(1)
    notebook.run(2)
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("answer = 1 / 1")
    expect(notebook.area(2)).to_contain_text("+answer = 1 / 1")
    assert notebook.page.evaluate(_SOURCES)[2:] == before[2:]
    expect(notebook.area(1)).to_contain_text("ZeroDivisionError")
    notebook.page.evaluate(_UNDO, 1)
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("answer = 1 / 0")
    saved = notebook.save().cells[2].outputs
    assert all("transient" not in output for output in saved)


def test_fix_apply_keeps_what_was_edited_while_the_answer_came(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """An edited cell stays as it is; the correction stands below it."""
    fake.enqueue(Reply.stream(["Wait.\n\n```python\nanswer = 1 / 1\n```\n", "Done."], hold_after=1))
    notebook = open_notebook("answer = 1 / 0", "%mibyan fix --apply")
    notebook.run(1)
    notebook.start(2)
    fake.wait_for_holds()
    notebook.page.evaluate(_EDIT, [1, "answer = 'mine'"])
    fake.release()
    expect(notebook.cell(2).locator(".cm-content")).to_have_text("answer = 1 / 1")
    assert notebook.page.evaluate(_SOURCES)[1:3] == ["answer = 'mine'", "answer = 1 / 1"]
    notebook.wait_until_done(3)
