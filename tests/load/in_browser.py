"""Many reloads of a page whose sidebar is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.kernel_traffic import KernelTraffic

if TYPE_CHECKING:
    from tests.e2e.notebook_page import NotebookPage

_LINK = "mibyan-jupyter-panel"
_COMM_INFO = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    return Object.keys((await kernel.requestCommInfo({})).content.comms);
}"""


def left_by_reloads(notebook: NotebookPage, count: int) -> tuple[list[str], int]:
    """The comms that so many reloads leave, and how many more messages a question then causes.

    One more or less is none: a frame may come in two.
    """
    comms = set(notebook.page.evaluate(_COMM_INFO))
    told = _messages_of_a_question(notebook)
    assert told > 0
    for _ in range(count):
        notebook.reload()
        expect(sidebar(notebook).turns).to_have_count(1)
    more = _messages_of_a_question(notebook) - told
    left = {*notebook.page.evaluate(_COMM_INFO)} - comms | comms & {_LINK}
    return sorted(left), max(0, more - 1)


def _messages_of_a_question(notebook: NotebookPage) -> int:
    """How many messages of the link a question and its answer bring."""
    traffic = KernelTraffic(notebook.page)
    sidebar(notebook).ask("Count me")
    notebook.wait_until_page_rests()
    return sum(message.comm_id == _LINK for message in traffic.received)
