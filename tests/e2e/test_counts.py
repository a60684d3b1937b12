"""What a frame costs the page, by count: the elements that it puts there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.answers import long_answer, tokens
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

TOKENS = 1_500
# What typesetting puts into formulas is the page's own work.
_COUNT = """() => {
    const counts = window.counts = [];
    const area = document.querySelectorAll(".jp-Notebook .jp-Cell-outputArea")[1];
    const elements = node => node instanceof Element ? 1 + node.querySelectorAll("*").length : 0;
    new MutationObserver(records => {
        let added = 0;
        for (const record of records) {
            if (record.target.closest("mjx-container, .mibyan-math")) continue;
            for (const node of record.addedNodes) added += elements(node);
        }
        if (added) counts.push(added);
    }).observe(area, {subtree: true, childList: true});
}"""


def test_a_frame_touches_only_what_is_new(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """What all frames put there is hardly more than the answer, and none puts there much of it;
    rendering pages anew put there four times the answer, rendering it whole 20 times.
    """
    fake.enqueue(Reply.stream(tokens(long_answer(TOKENS))[:TOKENS], tokens_per_second=500))
    notebook = open_notebook("%%mibyan\nTell me everything")
    notebook.page.evaluate(_COUNT)
    notebook.run(1)
    *frames, whole = notebook.page.evaluate("() => counts")
    assert len(frames) > 15
    assert max(frames) < whole / 4
    assert sum(frames) < 1.5 * whole
