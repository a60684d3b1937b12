"""Hostile answers in the browser that they aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import held
from tests.e2e.hostile import DANGEROUS, HANDLERS, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_PARTS = [f"{part}\n\n" for part in HOSTILE.split("\n\n")]
# Without what would take the page itself away.
_CONTROL = "".join(part for part in _PARTS if "<meta" not in part)
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
