"""An answer while it grows: each block is rendered once, only the unsettled rest again."""

from __future__ import annotations

from dataclasses import dataclass

from mibyan_jupyter.rendering.answer import render_blocks, render_plain
from mibyan_jupyter.rendering.markdown import growing_blocks, settled_blocks
from mibyan_jupyter.rendering.safe_html import clean_text
from mibyan_jupyter.rendering.unfinished import complete_unfinished

_REACHES_FURTHER = ("[^", "]:")  # footnotes, and where links are defined

LONGEST_TAIL = 16_000
"""A longer tail (characters) is shown as typed until it settles."""
TAIL_HIGHLIGHT_LIMIT = 6_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What a view shows next."""

    seq: int
    """1, 2, 3 … in one document."""
    settled: tuple[str, ...]
    """Safe HTML of the blocks that settled since the last frame, in order."""
    tail: str
    """Safe HTML of the unsettled rest; "" when there is none."""


class LiveDocument:
    """One growing answer: `append` pieces, `render` a frame now and then, `finish` once.

    A block settles when a later block has begun on a complete line; its HTML never changes again.
    The rest, the tail, is completed and rendered anew in each frame. What only the whole document
    can tell (footnote numbers, links defined further down) is right in the HTML of `finish`.
    """

    def __init__(self, document_id: str) -> None:
        self._document_id = document_id
        self._pieces: list[str] = []
        self._rendered_pieces = 0
        self._carriage_return = ""
        self._tail = ""
        self._next_attempt = 0
        self._settled: list[str] = []
        self._seq = 0

    def append(self, text: str) -> None:
        """Add a piece, cut anywhere."""
        self._pieces.append(text)

    @property
    def text(self) -> str:
        """The whole Markdown, as it was appended."""
        return "".join(self._pieces)

    def settled_since(self, count: int = 0) -> tuple[str, ...]:
        """Safe HTML of the blocks that have settled so far, but for the first `count`."""
        return tuple(self._settled[count:])

    @property
    def unsettled(self) -> str:
        """The Markdown, as of the last frame, whose HTML may still change."""
        return self._tail + self._carriage_return

    def render(self) -> Frame:
        """The next frame, at a cost that grows with the tail, not with the document."""
        self._take_new_text()
        newly_settled = self._settle()
        self._settled += newly_settled
        self._seq += 1
        return Frame(self._seq, tuple(newly_settled), self._render_tail())

    def finish(self) -> str:
        """Safe HTML of the whole document."""
        return "".join(self.finish_blocks())

    def finish_blocks(self) -> tuple[str, ...]:
        """`finish`, block by block; what has settled is rendered again only where it must be."""
        if any(mark in self.text for mark in _REACHES_FURTHER):
            return render_blocks(self.text, self._document_id)
        self._take_new_text()
        return (*self._settled, *render_blocks(self.unsettled, self._document_id))

    def blocks_at_stop(self) -> tuple[str, ...]:
        """`finish_blocks` without a wait: of an unfinished block too long for frames, as typed."""
        self._take_new_text()
        if len(self.unsettled) <= LONGEST_TAIL:
            return self.finish_blocks()
        return (*self._settled, render_plain(self.unsettled))

    def _take_new_text(self) -> None:
        new = self._carriage_return + "".join(self._pieces[self._rendered_pieces :])
        self._rendered_pieces = len(self._pieces)
        self._carriage_return = "\r" if new.endswith("\r") else ""
        self._tail += clean_text(new.removesuffix("\r"))

    def _settle(self) -> list[str]:
        complete = self._tail.rfind("\n") + 1
        if complete < self._next_attempt or complete == 0:
            return []
        lines = self._tail[:complete].split("\n")
        count, settled = settled_blocks(self._tail[:complete])
        cut = sum(len(line) + 1 for line in lines[:count])
        self._tail = self._tail[cut:]
        rest = complete - cut
        # A long block is looked at again only when it has grown by a part of its own length.
        self._next_attempt = rest + max(1, rest // 8)
        return settled

    def _render_tail(self) -> str:
        if not self._tail.strip():
            return ""
        if len(self._tail) > LONGEST_TAIL:
            return render_plain(self._tail)
        completed = complete_unfinished(self._tail)
        return "".join(growing_blocks(completed, highlight_limit=TAIL_HIGHLIGHT_LIMIT))
