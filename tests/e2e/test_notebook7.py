"""What is different in Notebook 7: one notebook a page, a page of files, no side bar buttons.

What is the same is shown by the tests that are marked `in_each_front_end`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import ChatPage, sidebar
from tests.e2e.notebook_page import Notebook7Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

# JupyterLab asks for the list of running kernels every ten seconds.
_POLL_MS = 30_000
in_notebook7 = pytest.mark.parametrize("front_end", ["notebook7"], indirect=True)


@in_notebook7
def test_the_view_menu_opens_the_chat(open_notebook: Callable[..., NotebookPage]) -> None:
    """With the cursor in its box."""
    notebook = open_notebook()
    notebook.page.get_by_role("menuitem", name="View").click()
    notebook.page.get_by_role("menuitem", name="Open Mibyan Chat").click()
    chat = ChatPage(notebook.page.locator(".mibyan-sidebar .mibyan-notebook"))
    expect(chat.box).to_be_focused()


@in_notebook7
def test_each_page_has_the_chat_of_its_notebooks_kernel(
    open_notebook: Callable[..., NotebookPage],
    lab: LabServer,
    context: BrowserContext,
    fake: FakeMibyan,
) -> None:
    """Another kernel's is another one; where a kernel is shared, both pages say so."""
    one = open_notebook()
    chat = sidebar(one)
    chat.ask("In the first")
    for name in ("Apart.ipynb", "Beside.ipynb"):
        lab.write_notebook(name, ["%load_ext mibyan_jupyter"])
    apart = Notebook7Page(context.new_page(), lab, "Apart.ipynb")
    apart.run(0)
    expect(sidebar(apart).turns).to_have_count(0)
    sidebar(apart).ask("In the second")
    assert len(fake.requests[-1].json["messages"]) == 1
    lab.start_kernel("Beside.ipynb", shared_with=one.name)
    beside = sidebar(Notebook7Page(context.new_page(), lab, "Beside.ipynb"))
    expect(beside.root).to_contain_text(f"Shared with {one.name}")
    beside.ask("In the third")
    expect(chat.turn(1)).to_contain_text("In the third")
    expect(chat.turns).to_have_count(2)
    expect(chat.root).to_contain_text("Shared with Beside.ipynb", timeout=_POLL_MS)


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
