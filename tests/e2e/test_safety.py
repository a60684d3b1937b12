"""Hostile answers in the browser that they aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from playwright.sync_api import expect

from mibyan_jupyter.output.cell_output import LIVE
from mibyan_jupyter.panel.chat_panel import _PANEL_MIME
from tests.e2e.answers import held
from tests.e2e.chat_page import sidebar
from tests.e2e.hostile import DANGEROUS, HANDLERS, HOSTILE
from tests.e2e.notebook_page import NotebookPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.lab import LabServer
    from tests.fake_mibyan import FakeMibyan

_PARTS = [f"{part}\n\n" for part in HOSTILE.split("\n\n")]
# Without what would take the page itself away.
_CONTROL = "".join(part for part in _PARTS if "<meta" not in part)
_FRAME = (
    "<p>The end.</p><img src='x' onerror='window.__pwned = 1'><script>window.__pwned = 1</script>"
)
_PLAIN = f"from IPython.display import Markdown, display\ndisplay(Markdown({_CONTROL!r}))"


def test_hostile_answer_runs_nothing_and_calls_nobody(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, outside: OutsideRequests
) -> None:
    """Neither while it streams nor after; the same text as plain Markdown does both."""
    fake.enqueue(held(_PARTS))
    notebook = open_notebook("%%mibyan\nBe evil", _PLAIN)
    page, answer = notebook.page, notebook.outputs(1)
    notebook.start(1)
    for number, part in enumerate(_PARTS, start=1):
        fake.wait_for_holds(number)
        if not part.startswith("[leak]"):
            notebook.wait_until_frames_rest(1)
        assert answer.locator(DANGEROUS).count() == 0
        fake.release()
    notebook.wait_until_done(1)
    expect(answer).to_contain_text("The end.")
    expect(answer).to_contain_text("<script>window.__pwned='script'</script>")
    assert answer.locator(DANGEROUS).count() == 0
    assert not [name for name in answer.evaluate(HANDLERS) if name.startswith("on")]
    links = answer.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert links
    assert set(links) <= {"http:", "https:", "mailto:"}
    assert page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
    with page.expect_request(lambda request: "SECRET" in request.url):
        notebook.start(2)
    page.wait_for_function("() => window.__pwned")
    outside.urls.clear()


def test_a_notebook_that_is_opened_asks_and_runs_nothing(
    lab: LabServer, context: BrowserContext, fake: FakeMibyan, outside: OutsideRequests
) -> None:
    """Whatever its metadata and saved outputs say, also with the chat open beside it."""
    orders = {
        "code": "open('made', 'w')",
        "prompt": "Ask me",
        "kept": True,
        "mibyan_edit": {"cell": "one", "was": "1 + 1", "source": "open('made', 'w')"},
        "html": HOSTILE,
    }
    lab.write_notebook("stranger.ipynb", ["1 + 1", "%%mibyan\nAsk me"])
    notebook = lab.read_notebook("stranger.ipynb")
    notebook.metadata["mibyan_jupyter"] = orders
    for cell in notebook.cells:
        data = {_PANEL_MIME: orders, "text/plain": "kept"}
        marks = {"mibyan_jupyter": orders, "mibyan_edit": orders["mibyan_edit"]}
        frame = {"text/html": _FRAME, LIVE: ""}  # as if saved while an answer grew
        cell.outputs = [
            nbformat.v4.new_output("display_data", data, metadata=marks),
            nbformat.v4.new_output("display_data", frame),
        ]
        cell.metadata["mibyan_jupyter"] = orders
    lab.save_notebook("stranger.ipynb", notebook)
    page = NotebookPage(context.new_page(), lab, "stranger.ipynb")
    expect(sidebar(page).turns).to_have_count(0)
    page.wait_until_page_rests()
    expect(page.outputs(0).last).to_contain_text("The end.")
    assert [page.is_done(index) for index in (0, 1)] == [False, False]
    assert fake.requests == []
    assert [cell.source for cell in page.save().cells] == ["1 + 1", "%%mibyan\nAsk me"]
    assert not (lab.notebooks / "made").exists()
    assert page.page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
