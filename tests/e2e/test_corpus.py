"""Every payload that we know, in every place that shows an answer, in the browser they aim at."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.alarm import Alarm
from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.hostile import DANGEROUS, HANDLERS
from tests.fake_mibyan import Reply
from tests.rendering.payloads import PAYLOADS, PUBLIC, one_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_TEXT = one_document([*PAYLOADS, *PUBLIC])
_PIECE = 6_000  # characters
_ANSWER = [_TEXT[start : start + _PIECE] for start in range(0, len(_TEXT), _PIECE)]
_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"
_LAST = "The end of them all."
_FOREIGN = f":is({DANGEROUS}):not(.mibyan-code-head *)"  # the panel's icons are ours
_SLOW_MS = 60_000


@pytest.fixture
def alarm(context: BrowserContext) -> Alarm:
    """It hangs in every page of the test."""
    return Alarm(context)


def check_harmless(shown: Locator) -> None:
    """All of them stand there as text; no element and no attribute of theirs does."""
    expect(shown).to_contain_text(_LAST, timeout=_SLOW_MS)
    assert shown.locator("hr").count() > len(PAYLOADS) + len(PUBLIC)
    assert shown.locator(_FOREIGN).count() == 0
    assert not [name for name in shown.evaluate(HANDLERS) if name.startswith("on")]


def test_no_payload_runs_or_calls_out(
    open_notebook: Callable[..., NotebookPage],
    fake: FakeMibyan,
    lab: LabServer,
    alarm: Alarm,
    outside: OutsideRequests,
) -> None:
    """In a cell, inline and in the sidebar, live and at last; reopened; in the handout."""
    fake.enqueue(Reply.stream([*_ANSWER, _LAST], pause=0.02))
    notebook = open_notebook(_PANEL, "%%mibyan -c none\nBe evil", "%mibyan export all.html")
    notebook.run(1)
    inline, side = inline_panel(notebook, 1), sidebar(notebook)
    alarm.fetched.clear()
    notebook.start(2)
    notebook.wait_until_done(2, timeout=_SLOW_MS)
    for shown in (notebook.outputs(2), inline.answer(0), side.answer(0)):
        check_harmless(shown)
    assert (alarm.rung, alarm.fetched, outside.urls) == ([], [], [])
    notebook.run(3)
    notebook.reopen()
    check_harmless(notebook.outputs(2))
    alarm.fetched.clear()
    page = notebook.page
    page.goto("about:blank")
    handout = (lab.notebooks / "all.html").read_text()
    page.set_content(handout.replace("Content-Security-Policy", "No-Policy"))
    check_harmless(page.locator("body"))
    assert (alarm.rung, alarm.fetched, outside.urls) == ([], [], [])


def test_the_alarm_is_awake(
    context: BrowserContext, alarm: Alarm, outside: OutsideRequests
) -> None:
    """The same payloads as raw HTML run scripts and call out."""
    page = context.new_page()
    raw = [text for text in [*PAYLOADS, *PUBLIC[::20]] if text.startswith("<")]
    frames = "".join(f'<iframe srcdoc="{escape(text)}"></iframe>' for text in raw)
    page.set_content(frames, wait_until="commit")  # some of them never come to rest
    until = time.monotonic() + 30
    while not (len(alarm.rung) > len(raw) / 10 and alarm.fetched and outside.urls):
        assert time.monotonic() < until, (len(alarm.rung), alarm.fetched, outside.urls)
        page.wait_for_timeout(50)
    page.close()
    outside.urls.clear()
