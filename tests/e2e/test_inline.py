"""The panel in a cell's output, in real JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.answers import held
from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.hostile import DANGEROUS, HOSTILE
from tests.e2e.kernel_traffic import KernelTraffic
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"
_LINE = "The Mibyan chat panel: run this cell to open it."
_LINK = "mibyan-jupyter-panel"
_BUSY = "import time\ntime.sleep(60)"
_SHUT_DOWN = "async () => await window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"


def line(notebook: NotebookPage, index: int) -> Locator:
    """What stands in the panel's output where no panel can be."""
    return notebook.area(index).locator(".mibyan-standing:visible")


def test_it_talks_by_the_sidebars_link(
    open_notebook: Callable[..., NotebookPage],
) -> None:
    """It shows what was said before it was there; the widget's comm carries nothing."""
    notebook = open_notebook(_PANEL)
    sidebar(notebook).ask("Before")
    traffic = KernelTraffic(notebook.page)
    notebook.run(1)
    inline = inline_panel(notebook, 1)
    expect(inline.turn(0)).to_contain_text("Before")
    inline.ask("Inside")
    assert {m.channel for m in traffic.sent if m.kind == "mibyan_request"} == {"control"}
    assert [m.kind for m in traffic.sent if m.comm_id] == []
    told = [m.kind for m in traffic.received if m.comm_id not in ("", _LINK)]
    assert set(told) == {"comm_open"}


def test_it_works_while_a_cell_runs(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Asking, streaming and stopping do not wait for the cell; nor does a page that reloads."""
    fake.enqueue(Reply.stream(["Begun", " never"], hold_after=1))
    notebook = open_notebook(_PANEL, _BUSY)
    notebook.run(1)
    notebook.start(2)
    inline = inline_panel(notebook, 1)
    inline.send("Long?")
    expect(inline.answer(0)).to_contain_text("Begun")
    notebook.command("docmanager:save")
    notebook.page.reload()
    expect(inline.answer(0)).to_contain_text("Begun", timeout=30_000)
    inline.action("stop", 0).click()
    inline.wait_for_status(0, "stopped")
    fake.wait_for_disconnect()
    inline.ask("Next")
    assert not notebook.is_done(2)
    notebook.command("notebook:interrupt-kernel")


def test_its_keys_are_its_own(open_notebook: Callable[..., NotebookPage]) -> None:
    """Shift+Enter starts a line and runs no cell; letters are text and no commands."""
    notebook = open_notebook(_PANEL, "ran = True")
    notebook.run(1)
    inline = inline_panel(notebook, 1)
    traffic = KernelTraffic(notebook.page)
    inline.box.press_sequentially("add")
    inline.box.press("Shift+Enter")
    inline.box.press_sequentially("bx")
    inline.action("export").press("Shift+Enter")
    inline.box.press("Escape")
    inline.box.press_sequentially("dd")
    expect(inline.box).to_have_value("add\nbxdd")
    assert [m.kind for m in traffic.sent if m.kind == "execute_request"] == []
    expect(notebook.page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)


def test_two_panels_of_one_kernel_are_both_live(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """What one asks streams into the other, in another cell and in one output with a box."""
    boxed = "from ipywidgets import VBox\nVBox([ChatPanel()])"
    notebook = open_notebook(_PANEL, boxed)
    notebook.run(1)
    notebook.run(2)
    one, other = inline_panel(notebook, 1), inline_panel(notebook, 2)
    for number, (asks, hears) in enumerate([(one, other), (other, one)]):
        fake.enqueue(Reply.stream(["so far", " all"], hold_after=1))
        asks.send("Hello")
        expect(hears.answer(number)).to_have_text("so far")
        fake.release()
        hears.wait_for_status(number, "complete")
        expect(hears.answer(number)).to_have_text("so far all")


def test_the_conversation_is_kept_in_the_notebook(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """As an output of the panel's own cell; again, and after a reload, it takes its place."""
    notebook = open_notebook(_PANEL, _PANEL)
    notebook.run(1)
    notebook.run(2)
    fake.enqueue(Reply.stream(["**bold** <script>alert(1)</script>"]), Reply.stream(["second"]))
    inline = inline_panel(notebook, 1)
    inline.ask("<b>First</b>")
    inline.action("keep").click()
    expect(notebook.outputs(1)).to_have_count(2)
    expect(notebook.outputs(1).nth(1).locator("strong")).to_have_text("bold")
    notebook.save()
    notebook.page.reload()
    expect(inline.turns).to_have_count(1, timeout=30_000)
    inline.ask("Second")
    inline.action("keep").click()
    expect(notebook.outputs(1).nth(1)).to_contain_text("second")
    saved = notebook.save()
    assert len(saved.cells[2].outputs) == 1
    panel, kept = saved.cells[1].outputs
    assert panel.data["text/plain"] == _LINE
    assert set(kept.data) == {"text/html", "text/plain"}
    assert "<script>" not in kept.data["text/html"]
    assert "&lt;b&gt;First&lt;/b&gt;" in kept.data["text/html"]
    assert "Second" in kept.data["text/plain"]


def test_a_saved_notebook_holds_no_conversation(
    open_notebook: Callable[..., NotebookPage], lab: LabServer
) -> None:
    """Neither in its outputs nor in the widgets' state, which JupyterLab saves if asked to."""
    saving = lab.preference("jupyterlab-manager/plugin", scope="@jupyter-widgets", saveState=True)
    with saving:
        notebook = open_notebook(_PANEL)
        notebook.run(1)
        inline_panel(notebook, 1).ask("Where is Zanzibar?")
        saved = notebook.save()
    assert "application/vnd.jupyter.widget-state+json" in saved.metadata.widgets
    assert "Zanzibar" not in str(saved)


def test_without_its_kernel_it_is_one_line(
    open_notebook: Callable[..., NotebookPage],
) -> None:
    """In a reopened notebook, trusted or not, with a new kernel or none; running brings it back."""
    notebook = open_notebook(_PANEL)
    notebook.run(1)
    inline_panel(notebook, 1).ask("Before")
    complaints: list[str] = []
    notebook.page.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    notebook.reopen()
    for _ in range(2):
        expect(line(notebook, 1)).to_have_text(_LINE)
        expect(notebook.outputs(1)).to_have_text(_LINE, use_inner_text=True)
        height = notebook.area(1).bounding_box()["height"]
        assert height < 40
        notebook.page.evaluate(_SHUT_DOWN)
    notebook.reopen(untrusted=True)
    expect(notebook.outputs(1)).to_have_text(_LINE)
    assert complaints == []


def test_a_new_kernel_takes_the_panel_over(open_notebook: Callable[..., NotebookPage]) -> None:
    """After a restart the line stands there; once the extension is loaded, the new conversation."""
    notebook = open_notebook(_PANEL)
    notebook.run(1)
    inline = inline_panel(notebook, 1)
    inline.ask("Before")
    notebook.page.evaluate(
        "async () => await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
    )
    expect(line(notebook, 1)).to_have_text(_LINE, timeout=30_000)
    notebook.run(0)
    expect(inline.turns).to_have_count(0)
    inline.ask("After")
    expect(inline.turn(0)).to_contain_text("After")


def test_it_fits_and_can_be_made_taller(open_notebook: Callable[..., NotebookPage]) -> None:
    """The corner is dragged with the mouse; in a narrow output nothing sticks out."""
    notebook = open_notebook(_PANEL)
    notebook.run(1)
    inline = inline_panel(notebook, 1)
    inline.ask("A")
    box = inline.root.bounding_box()
    mouse = notebook.page.mouse
    mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    mouse.down()
    mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] + 96, steps=4)
    mouse.up()
    assert inline.root.bounding_box()["height"] == pytest.approx(box["height"] + 100, abs=2)
    notebook.narrow_output_to(1, 300)
    sticks_out = (
        "root => [...root.querySelectorAll('*')].some(e => e.scrollWidth > root.clientWidth)"
    )
    assert not inline.root.evaluate(sticks_out)


def test_hostile_answers_run_nothing_and_call_nobody(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, outside: OutsideRequests
) -> None:
    """Neither while they stream, nor after, nor in what is kept."""
    parts = [f"{part}\n\n" for part in HOSTILE.split("\n\n")]
    fake.enqueue(held(parts))
    notebook = open_notebook(_PANEL)
    notebook.run(1)
    inline = inline_panel(notebook, 1)
    inline.send("Be evil")
    for number in range(1, len(parts) + 1):
        fake.wait_for_holds(number)
        assert inline.foreign(0, DANGEROUS).count() == 0
        fake.release()
    inline.wait_for_status(0, "complete")
    expect(inline.answer(0)).to_contain_text("The end.")
    inline.action("keep").click()
    expect(notebook.outputs(1).nth(1)).to_contain_text("The end.")
    kept = notebook.outputs(1).nth(1)
    assert inline.foreign(0, DANGEROUS).count() == 0
    assert kept.locator(DANGEROUS).count() == 0
    for shown in (inline.foreign(0, "*"), kept.locator("*")):
        names = shown.evaluate_all("all => all.flatMap(each => each.getAttributeNames())")
        assert not [name for name in names if name.startswith("on")]
    assert notebook.page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
