"""The sidebar follows the notebook and its kernel, and says plainly where things stand."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import START_MS, in_each_front_end, in_jupyterlab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Response

    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_SESSION = "window.jupyterapp.shell.currentWidget.sessionContext"
_RESTART = f"() => {{ {_SESSION}.restartKernel() }}"
_SHUT_DOWN = f"async () => {{ await {_SESSION}.shutdown() }}"
_KERNEL_ID = f"() => {_SESSION}.session.kernel.id"
_SHARE = """async ([path, id]) => {
    const opened = await window.jupyterapp.commands.execute(
        "docmanager:open", { path, factory: "Notebook", kernel: { id } });
    await opened.context.ready;
    await opened.sessionContext.ready;
}"""
_SHOW = """name => {
    const { shell } = window.jupyterapp;
    const found = [...shell.widgets("main")].find(each => each.title.label === name);
    shell.activateById(found.id);
}"""
# A headless browser tells no page that it has the focus again.
_COME_BACK = "() => window.dispatchEvent(new Event('focus'))"
_CLOSE = "() => { window.jupyterapp.shell.currentWidget.dispose() }"


def _saves_both(response: Response) -> bool:
    sent = response.request.post_data or ""
    return "mibyan-jupyter" in response.url and "left" in sent and "enterSends" in sent


def standing(notebook: NotebookPage) -> Locator:
    """What the sidebar says instead of a conversation."""
    return notebook.page.locator(".mibyan-sidebar .mibyan-standing:visible")


def remedy(notebook: NotebookPage, name: str) -> Locator:
    """A button below that."""
    return standing(notebook).get_by_role("button", name=name)


@pytest.fixture
def open_unloaded(
    front_end: type[NotebookPage],
    lab: LabServer,
    fake: FakeMibyan,  # noqa: ARG001 - its kernels ask the fake
    context: BrowserContext,
) -> Callable[..., NotebookPage]:
    """`open_unloaded("One")`: a notebook whose kernel has not loaded Mibyan, sidebar open."""

    def open_unloaded(name: str, **environment: str) -> NotebookPage:
        if environment:
            lab.kernels_see(**environment)
        lab.write_notebook(f"{name}.ipynb", ["x = 1"])
        notebook = front_end(context.new_page(), lab, f"{name}.ipynb")
        notebook.command("mibyan:open")
        return notebook

    return open_unloaded


@pytest.fixture
def own_settings(lab: LabServer) -> Iterator[None]:
    """What the test sets is its own."""
    with lab.preference("chat", scope="mibyan-jupyter"):
        yield


@in_each_front_end
def test_one_click_loads_the_extension(
    open_unloaded: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """The sidebar says that the kernel has not loaded it; after the click the chat is there."""
    notebook = open_unloaded("Unloaded")
    expect(standing(notebook)).to_contain_text("not loaded")
    assert fake.requests == []
    remedy(notebook, "Load it").click()
    sidebar(notebook).ask("Are you there?")
    assert notebook.page.evaluate(f"() => {_SESSION}.session.kernel.status") == "idle"
    expect(standing(notebook)).to_have_count(0)


@in_each_front_end
def test_a_kernel_that_lacks_the_package_is_told_apart(
    open_unloaded: Callable[..., NotebookPage], tmp_path: Path
) -> None:
    """The sidebar names the side that lacks it, and puts the command for it into a cell."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class NotInstalled:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'mibyan_jupyter':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, NotInstalled())\n"
    )
    notebook = open_unloaded("Lacking", PYTHONPATH=str(tmp_path))
    remedy(notebook, "Load it").click()
    expect(standing(notebook)).to_contain_text("lacks the package mibyan-jupyter")
    remedy(notebook, "Put the command into a cell").click()
    expect(notebook.cell(1)).to_contain_text("%pip install mibyan-jupyter")


@pytest.mark.parametrize("how", ["restarted by its user", "killed"])
@in_each_front_end
def test_a_new_kernel_process_starts_afresh(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, how: str
) -> None:
    """The old conversation is not shown before one resumes it, and nothing is sent by that; what
    was typed stays.
    """
    notebook = open_notebook("import os\nprint(os.getpid())")
    chat = sidebar(notebook)
    chat.ask("Before")
    chat.type("Not sent yet")
    if how == "killed":
        notebook.run(1)
        os.kill(int(notebook.bundles(1)[0]["text"]), signal.SIGKILL)
    else:
        notebook.page.evaluate(_RESTART)
    expect(standing(notebook)).to_contain_text("not loaded", timeout=30_000)
    for button in notebook.page.locator(".jp-Dialog button.jp-mod-accept").all():
        button.click()  # JupyterLab says that the kernel was restarted
    remedy(notebook, "Load it").click()
    expect(chat.box).to_have_value("Not sent yet")
    expect(chat.turns).to_have_count(0)
    expect(chat.action("resume")).to_have_text("Resume (1 turn)")
    chat.action("resume").click()
    expect(chat.turns).to_have_count(1)
    expect(chat.answer(0)).to_contain_text("You said: Before")
    expect(chat.action("resume")).to_be_hidden()
    assert len(fake.requests) == 1
    chat.ask("After")
    expect(chat.turns).to_have_count(2)
    assert [m["content"] for m in fake.requests[-1].json["messages"]][:2] == [
        fake.requests[0].json["messages"][0]["content"],
        "You said: Before",
    ]


@in_each_front_end
def test_without_a_kernel_one_can_be_chosen(open_notebook: Callable[..., NotebookPage]) -> None:
    """A kernel that was shut down leaves no conversation and no error, but a way on."""
    notebook = open_notebook()
    sidebar(notebook).ask("Before")
    notebook.page.evaluate(_SHUT_DOWN)
    expect(standing(notebook)).to_contain_text("no kernel")
    remedy(notebook, "Choose a kernel").click()
    expect(notebook.page.locator(".jp-Dialog")).to_contain_text("Select Kernel")


@in_jupyterlab
def test_it_follows_the_notebook(
    open_notebook: Callable[..., NotebookPage], lab: LabServer, fake: FakeMibyan
) -> None:
    """Each notebook has its own conversation and draft, which are there when one comes back."""
    one = open_notebook()
    chat = sidebar(one)
    chat.ask("In the first")
    chat.type("A draft")
    lab.write_notebook("Second.ipynb", ["%load_ext mibyan_jupyter"])
    one.command("docmanager:open", path="Second.ipynb", factory="Notebook")
    remedy(one, "Load it").click()
    second = sidebar(one)
    expect(second.turns).to_have_count(0)
    expect(second.box).to_have_value("")
    second.ask("In the second")
    assert [m["content"] for m in fake.requests[-1].json["messages"]][:-1] == []
    one.page.evaluate(_SHOW, one.name)
    expect(sidebar(one).turns).to_have_count(1)
    expect(sidebar(one).box).to_have_value("A draft")
    one.page.evaluate(_CLOSE)
    expect(second.turn(0)).to_contain_text("In the second")
    one.page.evaluate(_CLOSE)
    expect(standing(one)).to_contain_text("Open a notebook")


@in_jupyterlab
def test_notebooks_of_one_kernel_share_one_conversation(
    open_notebook: Callable[..., NotebookPage], lab: LabServer
) -> None:
    """And the sidebar says so, in both; it leads to a cell of the other, or names that notebook."""
    one = open_notebook("%%mibyan -c none\nFrom the first")
    one.run(1)
    lab.write_notebook("Beside.ipynb", ["1"])
    one.page.evaluate(_SHARE, ["Beside.ipynb", one.page.evaluate(_KERNEL_ID)])
    beside = sidebar(one)
    expect(beside.root).to_contain_text(f"Shared with {one.name}")
    expect(beside.turns).to_have_count(1)
    beside.ask("From the second")
    beside.action("go", 0).click()
    expect(sidebar(one).root).to_contain_text("Shared with Beside.ipynb")
    expect(sidebar(one).turns).to_have_count(2)
    one.page.evaluate(_CLOSE)
    expect(beside.turn(0)).to_contain_text(f"In a cell of {one.name}")
    expect(beside.action("go", 0)).to_have_count(0)


@in_each_front_end
@pytest.mark.usefixtures("own_settings")
def test_the_settings_take_effect_at_once(open_notebook: Callable[..., NotebookPage]) -> None:
    """What Enter does and the side, changed in the settings editor that the chat opens."""
    notebook = open_notebook()
    chat = sidebar(notebook)
    page = notebook.settings_behind(chat.action("settings"))
    editor = page.locator(".jp-SettingsForm")
    editor.get_by_label("Enter sends").uncheck(timeout=START_MS)
    with page.expect_response(_saves_both):
        editor.locator('select[id$="_side"]').select_option("left")
    notebook.page.bring_to_front()
    notebook.page.evaluate(_COME_BACK)
    expect(notebook.page.locator("#jp-left-stack .mibyan-sidebar")).to_have_count(1)
    notebook.command("mibyan:open")
    chat.box.fill("One")
    chat.box.press("Enter")
    chat.box.press_sequentially("Two")
    expect(chat.box).to_have_value("One\nTwo")
    chat.box.press("Shift+Enter")
    expect(chat.turns).to_have_count(1)


@in_each_front_end
def test_a_draft_survives_a_reload(
    open_notebook: Callable[..., NotebookPage], lab: LabServer
) -> None:
    """The question that was not sent yet is in the box again, and the conversation beside it."""
    notebook = open_notebook()
    chat = sidebar(notebook)
    chat.ask("Sent")
    chat.type("Not sent")
    expect(chat.box).to_have_value("Not sent")
    notebook.page.wait_for_function(
        "() => Object.values(localStorage).some(value => value === 'Not sent')"
    )
    again = sidebar(type(notebook)(notebook.page, lab, notebook.name))
    expect(again.box).to_have_value("Not sent")
    expect(again.turn(0)).to_contain_text("Sent")
