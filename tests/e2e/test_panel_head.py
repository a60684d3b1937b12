"""The panel's head and context, in real JupyterLab; the panel while a cell runs."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import START_MS, in_each_front_end
from tests.fake_mibyan import USAGE, Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

pytestmark = in_each_front_end

_PROMPT_SECONDS = 3


def test_the_head_tells_the_model_and_the_tokens(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The model is changed by a command, and asked; tokens are counted; settings are one click."""
    fake.enqueue(Reply.stream(["One"], usage=USAGE), Reply.stream(["Two"], usage=USAGE))
    notebook = open_notebook()
    chat = sidebar(notebook)
    model, facts = chat.root.locator(".mibyan-model"), chat.root.locator(".mibyan-head-facts")
    before = model.inner_text()
    expect(facts).to_have_text("this machine")
    chat.ask("First")
    expect(facts).to_contain_text(f"{USAGE['total_tokens']} tokens")
    chat.send("/model mibyan-other")
    expect(model).to_have_text("mibyan-other")
    chat.ask("Second")
    expect(facts).to_contain_text(f"{2 * USAGE['total_tokens']} tokens")
    assert [request.json["model"] for request in fake.requests] == [before, "mibyan-other"]
    editor = notebook.settings_behind(chat.action("settings")).locator(".jp-SettingsForm")
    expect(editor).to_contain_text("Enter sends", timeout=START_MS)


def test_a_new_chat_can_be_undone(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The conversation goes at once and comes back by one click; what is sent follows."""
    chat = sidebar(open_notebook())
    chat.ask("Remembered")
    chat.action("new").click()
    expect(chat.turns).to_have_count(0)
    expect(chat.root.locator(".mibyan-card")).to_contain_text("forgotten")
    chat.action("undo").click()
    expect(chat.turns).to_have_count(1)
    expect(chat.action("undo")).to_have_count(0)
    chat.ask("Still there?")
    assert len(fake.requests[-1].json["messages"]) == 3


def test_the_export_menu_writes_files(
    open_notebook: Callable[..., NotebookPage], lab: LabServer
) -> None:
    """One of each kind, beside the notebook, named by the moment; the panel says where."""
    chat = sidebar(open_notebook())
    chat.ask("To be kept")
    for name, suffix in (("Web page", "html"), ("Markdown", "md"), ("Notebook", "ipynb")):
        chat.action("export").click()
        chat.root.get_by_role("button", name=f"{name} (.{suffix})").click()
        expect(chat.root.locator(".mibyan-popover:visible")).to_have_count(0)
        notice = chat.root.locator(".mibyan-card").last
        expect(notice).to_contain_text(re.compile(rf"chat-[\d-]+\.{suffix}"))
        (file,) = _exports(lab.notebooks, suffix)
        assert "To be kept" in file.read_text(encoding="utf-8")
        file.unlink()


def _exports(folder: Path, suffix: str) -> list[Path]:
    return list(folder.glob(f"chat-*.{suffix}"))


def test_a_missing_key_leads_to_a_cell(
    open_notebook: Callable[..., NotebookPage], lab: LabServer
) -> None:
    """The head says so; its button puts the login into one cell, where Shift+Enter runs it."""
    lab.kernels_see()
    notebook = open_notebook("last = 1")
    chat = sidebar(notebook)
    expect(chat.root.locator(".mibyan-key-bar")).to_contain_text("No key is set.")
    login = notebook.page.locator(".jp-Notebook .cm-content", has_text="%mibyan login")
    for _ in range(2):
        chat.root.locator(".mibyan-key-bar").get_by_role("button", name="Set a key").click()
        expect(login).to_be_focused()
        expect(login).to_be_in_viewport()
    expect(notebook.cell(1).locator(".cm-content")).to_have_text("%mibyan login")
    expect(notebook.cell(1).locator(".jp-InputPrompt")).to_have_text("[ ]:")
    notebook.page.keyboard.press("Shift+Enter")
    expect(notebook.cell(1).locator(".jp-Stdin-input")).to_be_focused()


def test_the_context_is_chosen_in_the_panel(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """By its mode, and by a switch for each provider; what is sent follows."""
    notebook = open_notebook("secret_name = 421")
    notebook.run(1)
    chat = sidebar(notebook)
    chat.ask("What is @secret_name?")
    assert "421" in fake.requests[-1].prompt
    chat.root.get_by_role("button", name="What goes along").click()
    switches = chat.root.get_by_role("checkbox")
    names = switches.evaluate_all("boxes => boxes.map(box => box.name)")
    assert names
    for name in names:
        chat.root.get_by_role("checkbox", name=name, exact=True).uncheck()
    notebook.page.keyboard.press("Escape")
    expect(switches.first).to_be_hidden()
    chat.ask("And now, @secret_name?")
    assert fake.requests[-1].prompt == "And now, @secret_name?"
    chat.root.get_by_role("button", name="What goes along").click()
    for name in names:
        chat.root.get_by_role("checkbox", name=name, exact=True).check()
    notebook.page.keyboard.press("Escape")
    chat.ask("Again, @secret_name?")
    assert "421" in fake.requests[-1].prompt
    chat.root.get_by_label("Context", exact=True).select_option("none")
    chat.ask("And without, @secret_name?")
    assert fake.requests[-1].prompt == "And without, @secret_name?"


def test_a_cell_that_runs_delays_nothing(
    open_notebook: Callable[..., NotebookPage],
    fake: FakeMibyan,
    tmp_path: Path,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Sending and stopping take effect at once; the cell goes on, and ends on its own."""
    end = tmp_path / "end"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(end)!r}).exists(): time.sleep(0.05)"
    fake.enqueue(Reply.stream(["So far", " never"], hold_after=1))
    notebook = open_notebook(wait)
    chat = sidebar(notebook)
    notebook.start(1)
    expect(notebook.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    chat.type("While busy")
    began = time.monotonic()
    chat.box.press("Enter")
    fake.wait_for_requests(1)
    sent = time.monotonic() - began
    expect(chat.answer(0)).to_have_text("So far")
    began = time.monotonic()
    chat.action("stop", 0).click()
    fake.wait_for_disconnect()
    stopped = time.monotonic() - began
    chat.wait_for_status(0, "stopped")
    record_testsuite_property("sent_ms", round(sent * 1000))
    record_testsuite_property("stopped_ms", round(stopped * 1000))
    assert max(sent, stopped) <= _PROMPT_SECONDS
    assert not notebook.is_done(1)
    end.touch()
    notebook.wait_until_done(1)
