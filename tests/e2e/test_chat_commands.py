"""The commands about cells, from the menu, the cell's toolbar, the keyboard and other code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import in_each_front_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_SELECT = """index => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    notebook.mode = "command";
    notebook.activate();
}"""
_ENABLED = "id => window.jupyterapp.commands.isEnabled(id)"
_CELL_ID = "index => window.jupyterapp.shell.currentWidget.content.widgets[index].model.id"
_DESCRIBED = """async () => {
    const { commands } = window.jupyterapp;
    const ids = commands.listCommands().filter(id => id.startsWith("mibyan:"));
    const described = await Promise.all(ids.map(id => commands.describedBy(id)));
    return Object.fromEntries(ids.map((id, n) => [id, described[n].args.properties]));
}"""


def test_a_cell_that_failed_can_be_fixed_by_one_click(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Its toolbar has a button for it, and no other cell's; the chat opens with the correction."""
    notebook = open_notebook("x = 1", "1/0")
    notebook.run(1)
    button = notebook.page.locator('.jp-cell-toolbar [data-jp-item-name="mibyan-fix"]:visible')
    expect(notebook.page.locator(".jp-cell-toolbar:visible")).to_have_count(1)
    expect(button).to_have_count(0)
    assert not notebook.page.evaluate(_ENABLED, "mibyan:fix-cell")
    notebook.run(2)
    button.click()
    chat = sidebar(notebook)
    chat.wait_for_status(0, "complete")
    assert "ZeroDivisionError" in fake.requests[-1].json["messages"][-1]["content"]


def test_an_older_failure_is_fixed_too(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The cell that is meant goes along, not the newest error's."""
    notebook = open_notebook("int('seven')", "1/0")
    notebook.run(1)
    notebook.run(2)
    notebook.command("mibyan:fix-cell", cell=notebook.page.evaluate(_CELL_ID, 1))
    sidebar(notebook).wait_for_status(0, "complete")
    asked = fake.requests[-1].json["messages"][-1]["content"]
    assert "@cell:2" in asked
    assert "ValueError: invalid literal" in asked


def test_the_menu_of_a_cell_explains_it(open_notebook: Callable[..., NotebookPage]) -> None:
    """By its number where it has run, else by what stands there."""
    notebook = open_notebook("x = 1", "y = 2")
    notebook.run(1)
    for index in (1, 2):
        notebook.cell(index).locator(".jp-InputArea-editor").click(button="right")
        notebook.page.get_by_role("menuitem", name="Explain This Cell").click()
        sidebar(notebook).wait_for_status(index - 1, "complete")
    chat = sidebar(notebook)
    expect(chat.turn(0)).to_contain_text("In [2] (@cell:2)")
    expect(chat.turn(1)).to_contain_text("y = 2")


def test_keys_put_the_cell_into_the_box(open_notebook: Callable[..., NotebookPage]) -> None:
    """Q, Q in command mode; the cursor is behind it, and nothing is sent."""
    notebook = open_notebook("x = 1")
    notebook.run(1)
    chat = sidebar(notebook)
    expect(chat.box).to_be_focused()  # as it opens, or it would take the keys' place later
    notebook.page.evaluate(_SELECT, 1)
    expect(notebook.page.locator(".jp-Notebook.jp-mod-commandMode:focus-within")).to_have_count(1)
    notebook.page.keyboard.press("q")
    notebook.page.keyboard.press("q")
    expect(chat.box).to_have_value("@cell:2 ")
    expect(chat.box).to_be_focused()
    notebook.page.keyboard.type("Why?")
    expect(chat.box).to_have_value("@cell:2 Why?")
    expect(chat.turns).to_have_count(0)


def test_a_command_waits_until_the_extension_is_loaded(
    open_notebook: Callable[..., NotebookPage],
) -> None:
    """It shows the way, and then does what was asked for."""
    notebook = open_notebook("x = 1")
    notebook.page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel() }"
    )
    notebook.page.evaluate(_SELECT, 1)
    notebook.command("mibyan:ask-about-cell", question="What is x?")
    notebook.page.get_by_role("button", name="Load it").click()
    chat = sidebar(notebook)
    chat.wait_for_status(0, "complete")
    expect(chat.turn(0)).to_contain_text(re.compile(r"What is x\?.*x = 1", re.DOTALL))


def test_the_palette_has_the_commands(open_notebook: Callable[..., NotebookPage]) -> None:
    """Fixing only for a cell that failed; the keyboard alone finds and runs them."""
    notebook = open_notebook("1/0")
    # Notebook 7 has an entry of its own to show each side panel.
    labels = notebook.page.locator(
        ".lm-CommandPalette-item:visible .lm-CommandPalette-itemLabel"
    ).filter(has_text=re.compile("^Open Mibyan Chat$|This Cell$"))
    search = notebook.page.locator(".lm-CommandPalette-input")
    for offered in (3, 4):
        notebook.page.evaluate(_SELECT, 1)
        notebook.page.keyboard.press("Control+Shift+c")
        search.fill("mibyan")
        expect(labels).to_have_count(offered)
        notebook.page.keyboard.press("Escape")
        notebook.run(1)
    notebook.page.keyboard.press("Control+Shift+c")
    search.fill("mibyan explain")
    notebook.page.keyboard.press("Enter")
    chat = sidebar(notebook)
    chat.wait_for_status(0, "complete")
    expect(chat.turn(0)).to_contain_text("@cell:")


def test_arguments_are_described(open_notebook: Callable[..., NotebookPage]) -> None:
    """Other code can see what each command takes."""
    described = open_notebook().page.evaluate(_DESCRIBED)
    assert {command: set(arguments) for command, arguments in described.items()} == {
        "mibyan:open": set(),
        "mibyan:ask-about-cell": {"cell", "underPointer", "question"},
        "mibyan:explain-cell": {"cell", "underPointer"},
        "mibyan:fix-cell": {"cell", "underPointer"},
    }
