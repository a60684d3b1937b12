"""A long answer in sidebar, inline panel and cell: few messages, in order, nodes that stay."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import long_answer, tokens
from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.kernel_traffic import KernelTraffic
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"
_LINK = "mibyan-jupyter-panel"
_STATIC = Path(__file__).parents[2] / "mibyan_jupyter" / "panel" / "static"
# Blocks that left the page: their place was taken by others.
_COUNT_BLOCKS = """() => {
    const isBlock = node => node.classList?.contains("mibyan-block");
    window.removed = 0;
    new MutationObserver(list => {
        for (const each of list) removed += [...each.removedNodes].filter(isBlock).length;
    }).observe(document.body, {subtree: true, childList: true});
}"""


@in_each_front_end
def test_a_long_answer_streams_in_order_with_few_messages(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """A cell's answer at 1000 tokens a second in three views; settled blocks keep their nodes."""
    text = long_answer(2_000)
    fake.enqueue(Reply.stream(tokens(text), tokens_per_second=1_000))
    notebook = open_notebook(_PANEL, "%%mibyan\nEverything")
    notebook.run(1)
    side, inline = sidebar(notebook), inline_panel(notebook, 1)
    expect(inline.box).to_be_visible()
    notebook.page.evaluate(_COUNT_BLOCKS)
    traffic = KernelTraffic(notebook.page)
    notebook.start(2)
    for view in (side, inline):
        view.wait_for_status(0, "complete")
    notebook.wait_until_done(2)
    told = [message.content["data"] for message in traffic.received if message.comm_id == _LINK]
    frames = [each for each in told if each["type"] == "frame"]
    changes = [each["seq"] for each in told if each["type"] in ("turn", "frame", "header")]
    numbers = changes[changes.index(frames[0]["seq"]) :]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    settled = 0
    for frame in frames:
        assert frame["from"] == settled
        settled += len(frame["settled"])
    assert len(frames) > 10
    times = [message.moment for message in traffic.received if message.channel == "iopub"]
    busiest = max(sum(start <= other < start + 1 for other in times) for start in times)
    assert busiest <= 50
    blocks = side.answer(0).locator(".mibyan-block").count()
    assert notebook.page.evaluate("() => window.removed") <= 2 * 2
    assert blocks > 50
    assert side.answer(0).text_content() == inline.answer(0).text_content()


def test_the_widgets_bundle_is_small() -> None:
    """At most 40 kB on the wire, its style included."""
    assert sum(len(gzip.compress(path.read_bytes())) for path in _STATIC.iterdir()) <= 40_000
