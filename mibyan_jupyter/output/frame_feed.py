"""Frames of the answers that grow: rendered once, on one thread, for every view.

The session's events go in on the I/O thread; one render worker a process makes at most ten frames
a second of each answer that somebody watches, the first and the last at once.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from importlib import import_module
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.session.events import SessionEvent, TextAdded, TurnEnded
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.text import LONGEST_SHOWN, shown_part

if TYPE_CHECKING:
    from mibyan_jupyter.rendering import Frame, LiveDocument
    from mibyan_jupyter.session.running_turn import RunningTurn
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn

log = logging.getLogger("mibyan_jupyter")
FRAME_SECONDS = 0.1
SLOWEST_FRAME_SECONDS = 0.17
_SENDING_SECONDS = 0.2  # a first question is out by then, and no model has answered it
BYTES_A_FRAME = 20_000  # a tail that does not settle is shown less often as it grows


class LastFrame(NamedTuple):
    """The turn has ended; `blocks` are safe HTML of its whole answer, rendered in one go."""

    turn: Turn
    blocks: tuple[str, ...]

    @property
    def html(self) -> str:
        """The whole answer."""
        return "".join(self.blocks)


Show = Callable[["Frame | LastFrame"], None]
Interval = Callable[[float], float]


def even(_elapsed: float) -> float:
    """Ten frames a second, for a view in which a frame changes only what is new."""
    return FRAME_SECONDS


def slowing(elapsed: float) -> float:
    """Ten frames a second for the first second, six from 1.7 s on: for a cell's output.

    A frame costs JupyterLab the same whatever is new in it. But where nothing has changed for 0.2 s
    it looks for headings in all that the cell has put out, which costs more than the frame.
    """
    return min(max(FRAME_SECONDS, elapsed / 10), SLOWEST_FRAME_SECONDS)


@dataclass(slots=True, eq=False)
class _Viewer:
    """`interval` gives the seconds to the next frame from those since the first."""

    show: Show
    interval: Interval
    seen: int = 0  # settled blocks that it has been given
    behind: bool = True
    began: float | None = None  # monotonic seconds, as `due`
    due: float = 0.0


@dataclass(slots=True, eq=False)
class _LiveTurn:
    """One growing answer; the I/O thread adds text, only the render worker touches `document`."""

    id: str
    text: deque[str] = field(default_factory=deque)
    length: int = 0  # of the text so far, as far as it is shown
    viewers: tuple[_Viewer, ...] = ()
    document: LiveDocument | None = None
    ended: Turn | None = None


class RenderWorker:
    """The thread that renders; sleeps while nothing that is watched changes."""

    def __init__(self) -> None:
        self._turns: dict[str, _LiveTurn] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def growing(self) -> tuple[str, ...]:
        """The ids of the turns that it holds text or viewers of."""
        with self._wake:
            return tuple(self._turns)

    def add_text(self, turn_id: str, text: str) -> None:
        with self._wake:
            turn = self._turn(turn_id)
            if shown := text[: LONGEST_SHOWN - turn.length]:
                turn.length += len(shown)
                turn.text.append(shown)
                self._mark(turn)

    def end(self, ended: Turn) -> None:
        with self._wake:
            turn = self._turn(ended.id)
            turn.ended = ended
            self._mark(turn, at_once=True)
            if not turn.viewers:
                del self._turns[ended.id]

    def watch(self, turn_id: str, viewer: _Viewer) -> None:
        with self._wake:
            turn = self._turn(turn_id)
            turn.viewers = (*turn.viewers, viewer)
            self._wake.notify()
            if self._thread is None or not self._thread.is_alive():  # a fork leaves it behind
                self._thread = threading.Thread(target=self._run, name="mibyan-render", daemon=True)
                self._thread.start()

    def unwatch(self, turn_id: str, viewer: _Viewer) -> None:
        with self._wake:
            if turn := self._turns.get(turn_id):
                turn.viewers = tuple(v for v in turn.viewers if v is not viewer)
                if turn.ended and not turn.viewers:
                    del self._turns[turn_id]

    def drop(self, turn_ids: Iterable[str]) -> None:
        """Show no more of these turns, and forget them."""
        with self._wake:
            for turn_id in turn_ids:
                self._turns.pop(turn_id, None)

    def _turn(self, turn_id: str) -> _LiveTurn:
        return self._turns.setdefault(turn_id, _LiveTurn(turn_id))

    def _mark(self, turn: _LiveTurn, *, at_once: bool = False) -> None:
        """Have it shown when it is due; the worker is woken only for what it does not know."""
        is_news = at_once or not all(viewer.behind for viewer in turn.viewers)
        for viewer in turn.viewers:
            viewer.behind = True
            viewer.due = 0.0 if at_once else viewer.due
        if is_news:
            self._wake.notify()

    def _run(self) -> None:
        self._load()
        while True:
            turn, viewers, ended = self._next_due()
            try:
                _show_frame(turn, viewers)
                blocks = _last_blocks(turn, ended) if ended else ()
            except Exception:
                log.exception("a frame could not be rendered")
                blocks = _as_typed(ended) if ended else ()
            if ended is not None:
                self._finish(turn, LastFrame(ended, blocks))

    def _load(self) -> None:
        """Import what renders while the first question waits for its first word; not sooner, since
        a question that is on its way out would wait for it."""
        with self._wake:
            self._wake.wait_for(self._has_work, _SENDING_SECONDS)
        import_module("mibyan_jupyter.rendering.live_document")

    def _has_work(self) -> bool:
        return any(turn.text or turn.ended for turn in self._turns.values())

    def _next_due(self) -> tuple[_LiveTurn, list[_Viewer], Turn | None]:
        """The next turn to render, who is to see it, and its end: all its text is there by then."""
        with self._wake:
            while True:
                behind = [(v.due, t) for t in self._turns.values() for v in t.viewers if v.behind]
                due, turn = min(behind, key=itemgetter(0), default=(None, None))
                now = time.monotonic()
                if due is not None and turn is not None and due <= now:
                    viewers = [v for v in turn.viewers if v.behind and v.due <= now]
                    for viewer in viewers:
                        _begin_frame(turn, viewer, now)
                    return turn, viewers, turn.ended
                self._wake.wait(None if due is None else due - now)

    def _finish(self, turn: _LiveTurn, last: LastFrame) -> None:
        with self._wake:
            self._turns.pop(turn.id, None)
            viewers = turn.viewers
        for viewer in viewers:
            viewer.show(last)


def _begin_frame(turn: _LiveTurn, viewer: _Viewer, now: float) -> None:
    viewer.behind = False
    if turn.text or turn.document:  # before the first text it is not late for anything
        viewer.began = now if viewer.began is None else viewer.began
        viewer.due = now + viewer.interval(now - viewer.began)


def _show_frame(turn: _LiveTurn, viewers: list[_Viewer]) -> None:
    """Render what is new, and give each viewer what it has not seen."""
    if turn.text and turn.document is None:
        from mibyan_jupyter.rendering import LiveDocument

        turn.document = LiveDocument(turn.id)
    if turn.document is None:
        return
    while turn.text:
        turn.document.append(turn.text.popleft())
    frame = turn.document.render()
    for viewer in viewers:
        settled = turn.document.settled_since(viewer.seen)
        viewer.seen += len(settled)
        viewer.due += FRAME_SECONDS * (len(frame.tail) // BYTES_A_FRAME)
        viewer.show(replace(frame, settled=settled))


def _last_blocks(turn: _LiveTurn, ended: Turn) -> tuple[str, ...]:
    """`answer_blocks`, from what has settled where the document has the whole answer."""
    document = turn.document
    shown, rest = shown_part(ended.answer.text if ended.answer else "")
    if document is not None and document.text == shown:
        stopped = ended.status == "stopped"
        blocks = document.blocks_at_stop() if stopped else document.finish_blocks()
        return (*blocks, *_line_of(rest))
    return answer_blocks(ended)


def _line_of(rest: str) -> tuple[str, ...]:
    from mibyan_jupyter.rendering import quiet_line

    return (quiet_line(rest),) if rest else ()


def answer_blocks(turn: Turn) -> tuple[str, ...]:
    """Safe HTML of an ended turn's answer, block by block; none where there is no answer."""
    from mibyan_jupyter.rendering import render_blocks

    return render_blocks(turn.answer.text, turn.id) if turn.answer else ()


def _as_typed(turn: Turn) -> tuple[str, ...]:
    from mibyan_jupyter.rendering import render_plain

    return (render_plain(turn.answer.text),) if turn.answer else ()


class FrameFeed:
    """The frames of one session's turns; `feed_of(session)` gives the one that views share."""

    def __init__(self, session: Session, worker: RenderWorker) -> None:
        self._session = session
        self._worker = worker
        self._begun: set[str] = set()
        self._unsubscribe = session.subscribe(self._take)
        io_thread().post(self._catch_up)

    def close(self) -> None:
        """Show no more frames."""
        self._unsubscribe()
        io_thread().post(self._drop)

    def watch(
        self, running: RunningTurn, show: Show, interval: Interval = even
    ) -> Callable[[], None]:
        """Call `show` on the render thread with each frame, at last with a LastFrame.

        The first frame holds all that has settled so far. Returns how to stop watching.
        """
        unwatch = self.watch_unended(running.id, show, interval)
        if running.turn.ended:  # perhaps before we watched
            self._worker.end(running.turn)
        return unwatch

    def watch_unended(
        self, turn_id: str, show: Show, interval: Interval = even
    ) -> Callable[[], None]:
        """`watch`, for a subscriber of the session, who knows that the turn has not ended yet."""
        viewer = _Viewer(show, interval)
        self._worker.watch(turn_id, viewer)
        return lambda: self._worker.unwatch(turn_id, viewer)

    # ---- on the I/O loop ---------------------------------------------------------------------

    def _take(self, event: SessionEvent) -> None:
        if isinstance(event, TextAdded):
            if event.turn_id in self._begun:
                self._worker.add_text(event.turn_id, event.text)
            else:
                self._catch_up()
        elif isinstance(event, TurnEnded):
            self._begun.discard(event.turn.id)
            self._worker.end(event.turn)

    def _catch_up(self) -> None:
        """Take in all that an answer has so far; it may have begun before this feed."""
        turn_id, text = self._session.growing or ("", "")
        if text and turn_id not in self._begun:
            self._begun.add(turn_id)
            self._worker.add_text(turn_id, text)

    def _drop(self) -> None:
        self._worker.drop(turn.id for turn in self._session.history)


_worker = RenderWorker()
_feeds: weakref.WeakKeyDictionary[Session, FrameFeed] = weakref.WeakKeyDictionary()


def feed_of(session: Session) -> FrameFeed:
    """The feed of `session`, made on first use; make it before the turn is submitted."""
    if session not in _feeds:
        _feeds[session] = FrameFeed(session, _worker)
    return _feeds[session]


def close_feed(session: Session) -> None:
    """End the feed of `session`, if there is one."""
    if feed := _feeds.pop(session, None):
        feed.close()
