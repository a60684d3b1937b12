"""The inline panel where there is no labextension, as in VS Code and Colab."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.bare_host import BareHost
from tests.e2e.chat_page import ChatPage
from tests.e2e.hostile import DANGEROUS, HOSTILE
from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.notebook_kernel import NotebookKernel

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.e2e.browser import OutsideRequests

_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"
_CODE = "So:\n\n```python\nprint(6 * 7)\n```\n"


@pytest.fixture
def server() -> Iterator[FakeMibyan]:
    """A Mibyan that the kernel asks."""
    with FakeMibyan() as fake:
        yield fake


@pytest.fixture
def kernel(server: FakeMibyan, tmp_path: Path) -> Iterator[NotebookKernel]:
    """A kernel in which nothing has run."""
    environ = {"MIBYAN_BASE_URL": server.base_url}
    with NotebookKernel(Path(sys.executable), tmp_path, environ) as running:
        yield running


@pytest.fixture
def host(kernel: NotebookKernel, context: BrowserContext) -> Iterator[BareHost]:
    """The panel on the page; the test fails when the page has complained of anything."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield BareHost(page, kernel, _PANEL)
    assert complaints == []


@pytest.fixture
def chat(host: BareHost) -> ChatPage:
    """The panel."""
    return ChatPage(host.page.locator("#output.mibyan-inline"))


def test_it_asks_streams_and_stops(chat: ChatPage, server: FakeMibyan) -> None:
    """By the widget's own comm, in a kernel where nothing was loaded before."""
    server.enqueue(Reply.stream(["One **block**.\n\n", "Two", " never"], hold_after=2))
    chat.send("Go")
    expect(chat.answer(0).locator("strong")).to_have_text("block")
    expect(chat.turn(0)).to_have_attribute("data-status", "running")
    expect(chat.answer(0)).to_contain_text("Two")
    chat.action("stop", 0).click()
    chat.wait_for_status(0, "stopped")
    server.wait_for_disconnect()
    expect(chat.answer(0)).not_to_contain_text("never")
    chat.ask("And on")
    assert server.requests[-1].json["messages"][-1]["content"].endswith("And on")


def test_it_shares_the_kernels_conversation(
    chat: ChatPage, kernel: NotebookKernel, server: FakeMibyan
) -> None:
    """A cell's question is in the panel, and the panel's in the next cell's request."""
    server.enqueue(*(Reply.stream([answer]) for answer in ("one", "two")))
    kernel.ok("%load_ext mibyan_jupyter")
    chat.ask("From the panel")
    kernel.ok("%%mibyan -c none\nFrom a cell", "A")
    chat.wait_for_status(1, "complete")
    expect(chat.turn(1)).to_contain_text("In a cell")
    sent = [message["content"] for message in server.requests[-1].json["messages"]]
    assert sent == ["From the panel", "one", "From a cell"]


def test_code_goes_where_a_host_without_cells_can_put_it(
    chat: ChatPage, host: BareHost, kernel: NotebookKernel, server: FakeMibyan
) -> None:
    """Copied, or below the next cell that runs; no button for what cannot be done here."""
    host.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.enqueue(Reply.stream([_CODE]))
    chat.ask("How?")
    code = chat.answer(0).locator(".mibyan-code")
    code.hover()
    buttons = code.get_by_role("toolbar").get_by_role("button")
    assert buttons.evaluate_all("all => all.map(each => each.title)") == [
        "Copy the code",
        "To the next cell",
    ]
    buttons.nth(0).click()
    expect(code.get_by_title("Copied")).to_have_count(1)
    assert host.page.evaluate("() => navigator.clipboard.readText()") == "print(6 * 7)"
    buttons.nth(1).click()
    expect(code.get_by_title("Done")).to_have_count(1)
    (payload,) = kernel.ok("1").payload
    assert (payload["source"], payload["text"]) == ("set_next_input", "print(6 * 7)")
    for absent in ("keep", "settings", "replace", "run"):
        expect(chat.action(absent)).to_have_count(0)


def test_a_draft_and_the_conversation_survive_a_reload(chat: ChatPage, host: BareHost) -> None:
    """What was not sent is in the box again; what was said is told by the kernel."""
    chat.ask("Sent")
    chat.type("Not sent")
    host.page.wait_for_function("() => Object.values(localStorage).includes('Not sent')")
    host.page.reload()
    expect(chat.box).to_have_value("Not sent")
    expect(chat.turn(0)).to_contain_text("Sent")
    chat.box.press("Enter")
    chat.wait_for_status(1, "complete")


def test_hostile_answers_run_nothing_and_call_nobody(
    chat: ChatPage, host: BareHost, server: FakeMibyan, outside: OutsideRequests
) -> None:
    """The page has no other guard than the kernel's gate."""
    server.enqueue(Reply.stream([HOSTILE]))
    chat.ask("Be evil")
    expect(chat.answer(0)).to_contain_text("The end.")
    assert chat.foreign(0, DANGEROUS).count() == 0
    assert host.page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
