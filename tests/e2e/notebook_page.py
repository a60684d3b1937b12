"""`NotebookPage`: one notebook in one JupyterLab tab, as its user sees it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.e2e.lab import LabServer

START_MS = 60_000
CELL_MS = 30_000

_PANEL = "const panel = window.jupyterapp.shell.currentWidget; const notebook = panel?.content;"
_IS_READY = f"""() => {{
    if (!window.jupyterapp?.shell) return false;
    {_PANEL}
    return notebook?.widgets?.length > 0 && panel.context.isReady
        && panel.sessionContext.session?.kernel?.status === "idle"
}}"""
_IS_DONE = f"""index => {{
    {_PANEL}
    const model = notebook.widgets[index].model;
    return model.executionCount !== null && model.executionState === "idle"
}}"""
_RUN = f"""index => {{
    {_PANEL}
    notebook.activeCellIndex = index;
    notebook.deselectAll();
    window.jupyterapp.commands.execute("notebook:run-cell");
}}"""
_COMMAND = "async ([id, args]) => { await window.jupyterapp.commands.execute(id, args); }"
_OUTPUTS = f"""index => {{
    {_PANEL}
    return notebook.widgets[index].model.outputs.toJSON();
}}"""
_TRUSTED = f"index => {{ {_PANEL} return notebook.widgets[index].model.trusted; }}"
_REST = """area => new Promise(resolve => {
    let timer;
    const rest = () => { observer.disconnect(); resolve(); };
    const restart = () => { clearTimeout(timer); timer = setTimeout(rest, 350); };
    const observer = new MutationObserver(restart);
    observer.observe(area, {subtree: true, childList: true, characterData: true});
    restart();
})"""
_SCROLL = f"async index => {{ {_PANEL} await notebook.scrollToItem(index, 'start'); }}"


class NotebookPage:
    """Opened on creation; cells are counted from 0."""

    def __init__(self, page: Page, lab: LabServer, name: str, *, workspace: str = "") -> None:
        self.page = page
        self.name = name
        self._lab = lab
        self._workspace = workspace or name.removesuffix(".ipynb")
        self._open()

    @property
    def _address(self) -> str:
        return f"lab/workspaces/{self._workspace}/tree/{self.name}"

    def _open(self) -> None:
        self.page.goto(self._lab.url + self._address)
        self.page.wait_for_function(_IS_READY, timeout=START_MS)

    def reload(self) -> None:
        """Press F5; the kernel goes on."""
        self.page.reload()
        self.page.wait_for_function(_IS_READY, timeout=START_MS)

    def leave(self) -> None:
        """Close the page; the kernel goes on."""
        self.page.goto("about:blank")

    def come_back(self) -> None:
        """Open the notebook again, as it was saved; its kernel has come to rest meanwhile."""
        self._open()

    def reopen(self, *, untrusted: bool = False) -> None:
        """Save, end the kernel, perhaps edit the file as a stranger would, and load it again."""
        notebook = self.save()
        self._lab.shut_kernels_down()
        if untrusted:
            notebook.metadata["edited_elsewhere"] = True
            self._lab.save_notebook(self.name, notebook)
        self.leave()
        self._open()

    def run(self, index: int) -> None:
        """Run the cell and wait for its end."""
        self.start(index)
        self.wait_until_done(index)

    def start(self, index: int) -> None:
        """Run the cell; it may still run when this returns."""
        self.page.evaluate(_RUN, index)

    def wait_until_done(self, index: int, timeout: float = CELL_MS) -> None:
        """Return when the cell has run to its end."""
        self.page.wait_for_function(_IS_DONE, arg=index, timeout=timeout)

    def is_done(self, index: int) -> bool:
        """Whether the cell has run to its end."""
        return bool(self.page.evaluate(_IS_DONE, index))

    def start_all(self) -> None:
        """Run > Run All Cells."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")

    def press_stop(self) -> None:
        """Click ■ in the notebook's toolbar."""
        self.page.locator('[data-jp-item-name="interrupt"]').click()

    def command(self, command_id: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        self.page.evaluate(_COMMAND, [command_id, arguments])

    def cell(self, index: int) -> Locator:
        """The cell, input and outputs."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def area(self, index: int) -> Locator:
        """All outputs of the cell."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def outputs(self, index: int) -> Locator:
        """Each output of the cell."""
        return self.area(index).locator(".jp-OutputArea-output")

    def bundles(self, index: int) -> list[dict[str, Any]]:
        """The cell's outputs as nbformat describes them."""
        return list(self.page.evaluate(_OUTPUTS, index))

    def show(self, index: int) -> None:
        """Scroll the cell's top into view."""
        self.page.evaluate(_SCROLL, index)
        expect(self.cell(index)).to_be_visible()

    def is_trusted(self, index: int) -> bool:
        """Whether JupyterLab shows the cell's outputs without sanitising them."""
        return bool(self.page.evaluate(_TRUSTED, index))

    def wait_until_frames_rest(self, index: int) -> None:
        """Return when the outputs have not changed for a while: longer than between two frames."""
        self.area(index).evaluate(_REST)

    def wait_until_page_rests(self) -> None:
        """The same for all that the page shows."""
        self.page.locator("body").evaluate(_REST)

    def use_theme(self, theme: str) -> None:
        """Settings > Theme."""
        self.command("apputils:change-theme", theme=theme)
        light = str("Light" in theme).lower()
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")

    def settings_behind(self, button: Locator) -> Page:
        """The page where the button opens the settings editor."""
        button.click()
        return self.page

    def narrow_output_to(self, index: int, width: int) -> None:
        """Fold the side bar and narrow the window until the output is so many pixels wide."""
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        height = (self.page.viewport_size or {})["height"]
        self.page.set_viewport_size({"width": 700, "height": height})
        self.wait_until_frames_rest(index)
        shown = self.outputs(index).first.evaluate("box => box.getBoundingClientRect().width")
        self.page.set_viewport_size({"width": 700 - round(shown) + width, "height": height})
        self.wait_until_frames_rest(index)

    def save(self) -> Any:
        """Save, and read the notebook from the disk."""
        self.command("docmanager:save")
        return self._lab.read_notebook(self.name)

    def screenshot(self, path: Path) -> None:
        """What the window shows now."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)


class Notebook7Page(NotebookPage):
    """The same in a tab of Notebook 7."""

    @property
    def _address(self) -> str:
        return f"notebooks/{self.name}"

    def settings_behind(self, button: Locator) -> Page:
        """The page of files, in a tab of its own, where the button opens the settings editor."""
        with self.page.expect_popup() as opened:
            button.click()
        return opened.value


FRONT_ENDS = {"jupyterlab": NotebookPage, "notebook7": Notebook7Page}
CHOSEN = os.environ.get("MIBYAN_FRONT_END", "jupyterlab")
# For a test, or as a module's `pytestmark`: where it runs, whatever MIBYAN_FRONT_END says.
in_each_front_end = pytest.mark.parametrize("front_end", list(FRONT_ENDS), indirect=True)
in_jupyterlab = pytest.mark.parametrize("front_end", ["jupyterlab"], indirect=True)
