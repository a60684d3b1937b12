"""A smoke test of Notebook 7: the same panel, without JupyterLab's side bar buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.notebook_page import Notebook7Page
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.e2e.lab import LabServer
    from tests.fake_mibyan import FakeMibyan

_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"


def test_the_panel_in_notebook_7(lab: LabServer, fake: FakeMibyan, context: BrowserContext) -> None:
    """The View menu opens it; sidebar and inline panel show one conversation, also while busy."""
    cells = ["%load_ext mibyan_jupyter", _PANEL, "import time\ntime.sleep(60)"]
    lab.write_notebook("Seven.ipynb", cells)
    notebook = Notebook7Page(context.new_page(), lab, "Seven.ipynb")
    notebook.run(0)
    notebook.run(1)
    notebook.page.get_by_role("menuitem", name="View").click()
    notebook.page.get_by_role("menuitem", name="Open Mibyan Chat").click()
    side, inline = sidebar(notebook), inline_panel(notebook, 1)
    side.ask("From the sidebar")
    expect(inline.turn(0)).to_contain_text("From the sidebar")
    notebook.start(2)
    inline.box.fill("While")
    inline.box.press("Shift+Enter")
    inline.box.press_sequentially("busy")
    inline.box.press("Enter")
    side.wait_for_status(1, "complete")
    expect(side.turn(1)).to_contain_text("busy")
    assert not notebook.is_done(2)
    assert fake.requests[-1].json["messages"][-1]["content"].endswith("While\nbusy")
    notebook.command("notebook:interrupt-kernel")
    notebook.wait_until_done(2)


def test_code_and_commands_in_notebook_7(
    lab: LabServer, fake: FakeMibyan, context: BrowserContext
) -> None:
    """An answer streams and is stopped, its code goes below the cell; the commands are there."""
    begun = "```python\nprint(6 * 7)\n```\n\nAnd"
    fake.enqueue(Reply.stream([begun, " never"], hold_after=1))
    lab.write_notebook("Code.ipynb", ["%load_ext mibyan_jupyter", "last = True"])
    notebook = Notebook7Page(context.new_page(), lab, "Code.ipynb")
    notebook.run(0)
    side = sidebar(notebook)
    side.send("How?")
    expect(side.answer(0)).to_contain_text("And")
    side.action("stop", 0).click()
    side.wait_for_status(0, "stopped")
    fake.wait_for_disconnect()
    side.answer(0).locator(".mibyan-code").hover()
    side.action("insert", 0).click()
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("print(6 * 7)")
    present = set(notebook.page.evaluate("() => window.jupyterapp.commands.listCommands()"))
    assert {
        "mibyan:open",
        "mibyan:ask-about-cell",
        "mibyan:explain-cell",
        "mibyan:fix-cell",
    } <= present


def test_the_notebooks_page_of_notebook_7_loads_without_errors(
    lab: LabServer, context: BrowserContext
) -> None:
    """The list of files, where there is no notebook to follow."""
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if "mibyan" in said.text else None)
    page.goto(f"{lab.url}tree")
    expect(page.locator(".jp-DirListing")).to_be_visible(timeout=60_000)
    assert errors == []
