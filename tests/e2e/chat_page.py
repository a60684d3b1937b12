"""`ChatPage`: one chat panel, in the sidebar or in a cell's output, as its user sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.e2e.notebook_page import NotebookPage

_NOT_OURS = ":not(.mibyan-code-head *)"
_ENDED = ("complete", "stopped", "cut_off", "failed")


class ChatPage:
    """A panel below `root`; turns are counted from 0."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    @property
    def box(self) -> Locator:
        """Where the question is typed."""
        return self.root.locator(".mibyan-composer textarea")

    @property
    def turns(self) -> Locator:
        """Every turn."""
        return self.root.locator(".mibyan-turn")

    def turn(self, index: int) -> Locator:
        """One turn: question, answer, and what can be done with it."""
        return self.turns.nth(index)

    def answer(self, index: int) -> Locator:
        """The answer of a turn."""
        return self.turn(index).locator(".mibyan-reply")

    def foreign(self, index: int, selector: str) -> Locator:
        """Elements of an answer that are not the panel's own, as its icons are."""
        return self.answer(index).locator(selector).and_(self.root.locator(_NOT_OURS))

    def action(self, name: str, turn: int | None = None) -> Locator:
        """A button by its action's name: of one turn, or of the whole panel."""
        inside = self.root if turn is None else self.turn(turn)
        return inside.locator(f'[data-action="{name}"]')

    def type(self, text: str) -> None:
        """Type a question, and do not send it."""
        self.box.fill(text)

    def send(self, text: str) -> None:
        """Type a question and press Enter; returns when it has left the box."""
        self.type(text)
        self.box.press("Enter")
        expect(self.box).to_have_value("")

    def ask(self, text: str) -> int:
        """Send a question and wait for the end of its answer; the index of its turn."""
        index = self.turns.count()
        self.send(text)
        self.wait_for_status(index, *_ENDED)
        return index

    def wait_for_status(self, index: int, *statuses: str) -> None:
        """Return when the turn has one of these statuses."""
        selectors = ",".join(f'.mibyan-turn[data-status="{status}"]' for status in statuses)
        expect(self.turn(index).and_(self.root.locator(selectors))).to_have_count(1)


def sidebar(notebook: NotebookPage) -> ChatPage:
    """Open the sidebar; the chat of the current notebook in it."""
    notebook.command("mibyan:open")
    shown = notebook.page.locator(".mibyan-sidebar .mibyan-notebook:not([hidden])")
    expect(shown).to_have_count(1)
    return ChatPage(shown)


def inline_panel(notebook: NotebookPage, index: int) -> ChatPage:
    """The panel in the outputs of a cell that shows a ChatPanel()."""
    shown = notebook.area(index).locator(".mibyan-inline")
    expect(shown).to_have_count(1)
    return ChatPage(shown)
