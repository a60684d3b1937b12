"""The outputs of a cell in which an answer grows: pure Jupyter protocol, any front end.

Closed *pages* (a `display_id` each) and one live output, which holds the page's settled blocks and
the tail: one message a frame. At the end all of them become one output. Measured against seven
other ways in real JupyterLab. A front end draws the live output anew with each frame; ours draws
what is new in it.
"""

from __future__ import annotations

import re
import sys
import uuid
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.rendering import Frame

PAGE_BYTES = 3_000
PAGE_FRAMES = 3
MOST_OUTPUTS = 48  # JupyterLab hides what is beyond 50
_HEADING = re.compile("<h[1-6]")
BYTES_A_FRAME = 20_000  # an output that cannot be cut into pages is sent less often as it grows

LIVE = "application/vnd.mibyan.live"
"""Our labextension draws what is new of a `text/html` with this beside it (`liveOutputs.ts`)."""

Bundle = dict[str, str]


class Publisher(Protocol):
    """Sends a cell's outputs: the kernel's `display_pub`, or a test's."""

    def publish(
        self, data: Bundle, *, transient: dict[str, Any] | None = None, update: bool = False
    ) -> None: ...

    def clear_output(self, wait: bool = False) -> None: ...  # Jupyter's own


class CellOutput:
    """Begin (nothing shown) → `placeholder`? → `show` frames → `finish` with the one last output.

    `count` tells how many outputs this run of the cell has shown in all. Where some are not ours,
    `clear_output` would wipe those too, so beside them the answer keeps to the outputs it has.
    `opening` gives safe HTML to stand above the answer.
    """

    def __init__(
        self,
        publisher: Publisher,
        count: Callable[[], int],
        opening: Callable[[], str] = lambda: "",
    ) -> None:
        self._publisher = publisher
        self._opening = opening
        self._count = count
        self._displayed = 0
        self._frames = 0
        self._pages: list[_Page] = []
        self._frames_to_skip = 0

    @property
    def _live(self) -> _Page:
        if not self._pages:
            self._pages.append(_Page([self._opening()]))
        return self._pages[-1]

    def placeholder(self, html: str) -> None:
        """What stands there until the first frame."""
        self._publish(self._live, html)

    def show(self, frame: Frame) -> None:
        """The next frame: one message, two when a page is full."""
        live = self._live
        live.blocks += frame.settled
        self._frames += 1
        if live.size > self._page_bytes() and live.may_end and self._may_clear():
            live = self._next_page(live)
        if self._frames_to_skip > 0:
            self._frames_to_skip -= 1
        elif live.blocks or frame.tail:
            self._frames_to_skip = live.size // BYTES_A_FRAME
            self._publish(live, frame.tail)

    @property
    def is_long(self) -> bool:
        """Whether to `finish` keeps a page busy: it has several outputs to draw as one."""
        return len(self._pages) > 1

    def finish(self, bundle: Bundle) -> None:
        """Replace everything shown so far by one output."""
        shown = [page for page in self._pages if page.shown is not None]
        if not shown or self._may_clear():
            if shown:
                self._publisher.clear_output(wait=True)
            self._publisher.publish(bundle)
            return
        first, *rest = shown
        self._send(first, bundle)
        for page in rest:
            self._send(page, {})

    def discard(self) -> None:
        """Take away what was shown: there is no answer, and an error comes next."""
        if self._pages and self._may_clear():
            self._publisher.clear_output(wait=True)
        else:
            for page in self._pages:
                self._send(page, {})

    def _page_bytes(self) -> float:
        """When a page is full: each frame sends half of one, so it holds what three bring. A fast
        answer has few frames and large pages; each merge, due where there are many, sends all."""
        whole = sum(page.size for page in self._pages)
        return max(PAGE_BYTES, PAGE_FRAMES * whole / self._frames)

    def _next_page(self, full: _Page) -> _Page:
        self._frames_to_skip = 0
        self._publish(full)
        if len(self._pages) >= MOST_OUTPUTS:
            self._merge()
        self._pages.append(_Page([], after=full.blocks[-1]))
        return self._pages[-1]

    def _merge(self) -> None:
        merged = _Page([block for page in self._pages for block in page.blocks])
        self._pages = [merged]
        self._publisher.clear_output(wait=True)
        self._publish(merged)

    def _may_clear(self) -> bool:
        flush_streams()
        return self._count() == self._displayed

    def _publish(self, page: _Page, below: str = "") -> None:
        from mibyan_jupyter.rendering import wrap_answer

        html = wrap_answer(*page.blocks, below, after=page.after)
        self._send(page, {"text/html": html, LIVE: ""})

    def _send(self, page: _Page, bundle: Bundle) -> None:
        if bundle == page.shown:
            return
        update = page.shown is not None
        self._displayed += not update
        page.shown = bundle
        self._publisher.publish(bundle, transient={"display_id": page.display_id}, update=update)


class _Page:
    """One output of the cell, with the blocks that are settled in it; `after` stands above it."""

    def __init__(self, blocks: list[str], after: str = "") -> None:
        self.display_id = f"mibyan-{uuid.uuid4().hex[:12]}"
        self.blocks = blocks
        self.after = after
        self.shown: Bundle | None = None

    @property
    def size(self) -> int:
        return sum(map(len, self.blocks))

    @property
    def may_end(self) -> bool:
        """Not below a heading: the last element of an output has less space under it."""
        return not _HEADING.match(self.blocks[-1])


def flush_streams() -> None:
    """Send what the cell has printed so far, so that it is counted and stands in its place."""
    sys.stdout.flush()
    sys.stderr.flush()
