"""What the panel does with turns, their code and their cells, in real JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.chat_page import ChatPage
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_NOTEBOOK = "window.jupyterapp.shell.currentWidget.content"
_SOURCES = f"() => {_NOTEBOOK}.widgets.map(cell => cell.model.sharedModel.getSource())"
_SELECT = f"index => {{ {_NOTEBOOK}.activeCellIndex = index; }}"
_IS_SELECTED = f"index => {_NOTEBOOK}.activeCellIndex === index"
_CLIPBOARD = "() => navigator.clipboard.readText()"
_CODE = "So:\n\n```python\nprint(6 * 7)\n```\n"


def sources(notebook: NotebookPage) -> list[str]:
    """What is in each cell."""
    return list(notebook.page.evaluate(_SOURCES))


def select(notebook: NotebookPage, index: int) -> None:
    """Make the cell the selected one."""
    notebook.page.evaluate(_SELECT, index)


def undo_in(notebook: NotebookPage, index: int) -> None:
    """Click into the cell and press Ctrl+Z."""
    notebook.cell(index).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+z")


def allow_clipboard(notebook: NotebookPage) -> None:
    """Let the page read what it has copied."""
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])


def confirmation(chat: ChatPage) -> Locator:
    """The question before something that cannot be taken back."""
    return chat.root.get_by_role("alertdialog")


def prompts(fake: FakeMibyan) -> list[str]:
    """The last line of each question that was sent."""
    return [request.prompt.splitlines()[-1] for request in fake.requests]


def test_code_goes_into_the_notebook(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """It is copied, inserted, put in place of the selected cell; it runs only when confirmed."""
    fake.enqueue(Reply.stream([_CODE]))
    notebook = open_notebook("old = 1")
    allow_clipboard(notebook)
    chat = sidebar(notebook)
    chat.ask("How?")
    code = chat.answer(0).locator(".mibyan-code")
    code.hover()
    chat.action("copy", 0).first.click()
    expect(chat.root).to_contain_text("Copied")
    assert notebook.page.evaluate(_CLIPBOARD) == "print(6 * 7)"
    select(notebook, 1)
    chat.action("insert", 0).click()
    expect(notebook.cell(2).locator(".cm-content")).to_have_text("print(6 * 7)")
    select(notebook, 1)
    chat.action("replace", 0).click()
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("print(6 * 7)")
    undo_in(notebook, 1)
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("old = 1")
    select(notebook, 2)
    chat.action("run", 0).click()
    expect(confirmation(chat)).to_contain_text("Run this code in a new cell")
    assert sources(notebook)[1:] == ["old = 1", "print(6 * 7)"]
    confirmation(chat).get_by_role("button", name="Run", exact=True).click()
    notebook.wait_until_done(3)
    expect(notebook.area(3)).to_have_text("42")
    expect(notebook.outputs(2)).to_have_count(0)
    assert sources(notebook)[1:] == ["old = 1", "print(6 * 7)", "print(6 * 7)"]


def test_an_answer_is_stopped_and_asked_for_again(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The text so far stays; each answer is kept beside the newer ones, and one goes through."""
    fake.enqueue(Reply.stream(["Half", " never"], hold_after=1))
    fake.enqueue(Reply.stream(["Second"]), Reply.stream(["Third"]))
    chat = sidebar(open_notebook())
    chat.send("Which?")
    expect(chat.answer(0)).to_have_text("Half")
    chat.action("stop", 0).click()
    chat.wait_for_status(0, "stopped")
    fake.wait_for_disconnect()
    expect(chat.answer(0)).to_have_text("Half")
    expect(chat.turn(0).locator(".mibyan-foot")).to_contain_text("stopped")
    chat.action("again", 0).click()
    expect(chat.answer(0)).to_have_text("Second")
    chat.wait_for_status(0, "complete")
    chat.action("regenerate", 0).click()
    expect(chat.answer(0)).to_have_text("Third")
    foot = chat.turn(0).locator(".mibyan-foot")
    expect(foot).to_contain_text("3/3")
    expect(chat.action("later", 0)).to_be_disabled()
    for action, place, text in (
        ("earlier", "2/3", "Second"),
        ("earlier", "1/3", "Half"),
        ("later", "2/3", "Second"),
        ("later", "3/3", "Third"),
    ):
        chat.action(action, 0).click()
        expect(foot).to_contain_text(place)
        expect(chat.answer(0)).to_have_text(text)
    assert [m["role"] for m in fake.requests[2].json["messages"]] == ["user"]


def test_a_question_is_changed_and_deleted(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Only when confirmed; a changed question is asked without the turns that came after it."""
    chat = sidebar(open_notebook())
    for question in ("One", "Two", "Three"):
        chat.ask(question)
    chat.action("edit", 1).click()
    editor = chat.turn(1).locator(".mibyan-editor textarea")
    expect(editor).to_have_value("Two")
    editor.fill("Two, changed")
    editor.press("Enter")
    expect(confirmation(chat)).to_contain_text("and the 1 turn after it")
    expect(chat.turns).to_have_count(3)
    assert len(fake.requests) == 3
    confirmation(chat).get_by_role("button", name="Forget and ask").click()
    expect(chat.turns).to_have_count(2)
    chat.wait_for_status(1, "complete")
    expect(chat.turn(1).locator(".mibyan-prompt")).to_have_text("Two, changed")
    sent = [m["content"] for m in fake.requests[-1].json["messages"] if m["role"] == "user"]
    assert [content.splitlines()[-1] for content in sent] == ["One", "Two, changed"]
    chat.action("delete", 0).click()
    confirmation(chat).get_by_role("button", name="Cancel").click()
    expect(confirmation(chat)).to_have_count(0)
    expect(chat.turns).to_have_count(2)
    chat.action("delete", 0).click()
    confirmation(chat).get_by_role("button", name="Delete").click()
    expect(chat.turns).to_have_count(1)
    expect(chat.turn(0).locator(".mibyan-prompt")).to_have_text("Two, changed")


def test_a_turn_tells_what_was_sent(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """It copies as Markdown, shows its receipt; the eye shows the same before anything is sent."""
    fake.enqueue(Reply.stream(["It is **5**."]))
    notebook = open_notebook("prices = [3, 5]")
    notebook.run(1)
    allow_clipboard(notebook)
    chat = sidebar(notebook)
    chat.ask("What is @prices?")
    chat.action("copy", 0).click()
    expect(chat.root).to_contain_text("Copied")
    assert notebook.page.evaluate(_CLIPBOARD) == "> What is @prices?\n\nIt is **5**."
    chat.action("why", 0).click()
    receipt = chat.turn(0).locator(".mibyan-receipt")
    expect(receipt.locator("table")).to_contain_text("prices")
    message = receipt.locator("details").last
    message.locator("summary").click()
    expect(message.locator("pre")).to_have_text(fake.requests[0].prompt)
    chat.action("why", 0).click()
    expect(receipt).to_have_count(0)
    chat.type("And the mean of @prices?")
    chat.root.get_by_role("button", name="Preview what would be sent").click()
    card = chat.root.locator(".mibyan-card")
    expect(card.locator("table")).to_contain_text("prices")
    card.locator("summary").first.click()
    expect(card.locator("pre").first).to_contain_text("And the mean of @prices?")
    expect(chat.box).to_have_value("And the mean of @prices?")
    assert len(fake.requests) == 1


def test_a_cells_turn_leads_to_its_cell(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """One goes there and runs it again, which replaces the turn; never is it edited here."""
    fake.enqueue(Reply.stream(["First"]), Reply.stream(["Second"]))
    notebook = open_notebook("%%mibyan -c none\nFrom a cell", "x = 1")
    notebook.run(1)
    chat = sidebar(notebook)
    expect(chat.answer(0)).to_have_text("First")
    expect(chat.turn(0)).to_contain_text("In a cell")
    expect(chat.action("edit", 0)).to_have_count(0)
    select(notebook, 2)
    chat.action("go", 0).click()
    notebook.page.wait_for_function(_IS_SELECTED, arg=1)
    select(notebook, 2)
    again = chat.turn(0).get_by_role("button", name="Run the cell again")
    again.click()
    expect(chat.answer(0)).to_have_text("Second")
    chat.wait_for_status(0, "complete")
    expect(chat.turns).to_have_count(1)
    expect(notebook.area(1)).to_contain_text("Second")
    select(notebook, 1)
    notebook.command("notebook:delete-cell")
    expect(chat.turn(0)).to_contain_text("cell gone")
    for action in ("go", "regenerate", "edit"):
        expect(chat.action(action, 0)).to_have_count(0)
    expect(chat.action("delete", 0)).to_have_count(1)


def test_questions_wait_for_a_cells_answer(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """They say so, one that waits can be cancelled, and the next is answered in its turn."""
    fake.enqueue(Reply.stream(["Begun", " done"], hold_after=1))
    notebook = open_notebook("%%mibyan -c none\nFrom a cell")
    notebook.start(1)
    chat = sidebar(notebook)
    expect(chat.answer(0)).to_have_text("Begun")
    chat.send("Never mind")
    expect(chat.turn(1)).to_contain_text("waits for 1 answer")
    chat.turn(1).get_by_role("button", name="Cancel").click()
    chat.wait_for_status(1, "stopped")
    chat.send("After it")
    expect(chat.turn(2)).to_contain_text("waits for 1 answer")
    chat.wait_for_status(0, "running")
    fake.release()
    chat.wait_for_status(2, "complete")
    chat.wait_for_status(0, "complete")
    expect(chat.answer(0)).to_have_text("Begun done")
    assert prompts(fake) == ["From a cell", "After it"]


def test_fix_replaces_the_cell_that_failed(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """By one click on the answer to `/fix`, whatever is selected; undo brings the old code back."""
    fake.enqueue(Reply.stream(["```python\nx = 1 / 1\n```\n"]))
    notebook = open_notebook("x = 1 / 0", "other = 2")
    notebook.run(1)
    select(notebook, 2)
    chat = sidebar(notebook)
    chat.ask("/fix")
    assert "ZeroDivisionError" in fake.requests[0].prompt
    chat.turn(0).get_by_role("button", name="Replace the failing cell").click()
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("x = 1 / 1")
    assert sources(notebook)[2] == "other = 2"
    undo_in(notebook, 1)
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("x = 1 / 0")
