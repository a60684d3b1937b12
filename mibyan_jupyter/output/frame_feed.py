"""Frames of the answers that grow: rendered once, on one thread, for every view.

The session's events go in on the I/O thread; one render worker a process makes at most ten frames
a second of each answer that somebody watches, the first at once.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
BYTES_A_FRAME = 20_000  # a tail that does not settle is shown less often as it grows


@dataclass(frozen=True, slots=True)
class LastFrame:
    """The turn has ended; `blocks` are safe HTML of its whole answer, rendered in one go."""

    turn: Turn
    blocks: tuple[str, ...]

    @property
    def html(self) -> str:
        """The whole answer."""
        return "".join(self.blocks)


Show = Callable[["Frame | LastFrame"], None]


@dataclass(slots=True, eq=False)
class _Viewer:
    show: Show
    caught_up: bool = False


@dataclass(slots=True, eq=False)
class _LiveTurn:
    """One growing answer; the I/O thread adds text, only the render worker touches `document`."""

    id: str
    text: deque[str] = field(default_factory=deque)
    length: int = 0  # of the text so far, as far as it is shown
    viewers: tuple[_Viewer, ...] = ()
    document: LiveDocument | None = None
    due: float = 0.0  # monotonic seconds
    changed: bool = False
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
            self._mark(turn, at_once=True)
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
        """Have it rendered when it is due; the worker is woken only for what it does not know."""
        is_news = at_once or not turn.changed
        turn.changed = True
        if at_once:
            turn.due = 0.0
        if is_news and turn.viewers:
            self._wake.notify()

    def _run(self) -> None:
        while True:
            turn = self._next_due()
            ended = turn.ended  # read first: all text that came before the end is there by now
            try:
                self._render(turn)
                blocks = _last_blocks(turn, ended) if ended else ()
            except Exception:
                log.exception("a frame could not be rendered")
                blocks = _as_typed(ended) if ended else ()
            if ended is not None:
                self._finish(turn, LastFrame(ended, blocks))

    def _next_due(self) -> _LiveTurn:
        with self._wake:
            while True:
                waiting = [turn for turn in self._turns.values() if turn.changed and turn.viewers]
                turn = min(waiting, key=lambda turn: turn.due, default=None)
                pause = None if turn is None else turn.due - time.monotonic()
                if turn is not None and pause is not None and pause <= 0:
                    turn.changed = False
                    turn.due = time.monotonic() + FRAME_SECONDS
                    return turn
                self._wake.wait(pause)

    def _render(self, turn: _LiveTurn) -> None:
        from mibyan_jupyter.rendering import LiveDocument

        if turn.text and turn.document is None:
            turn.document = LiveDocument(turn.id)
        if turn.document is None:
            return
        while turn.text:
            turn.document.append(turn.text.popleft())
        frame = turn.document.render()
        turn.due += FRAME_SECONDS * (len(frame.tail) // BYTES_A_FRAME)
        for viewer in turn.viewers:
            whole = frame if viewer.caught_up else _snapshot(frame, turn.document)
            viewer.caught_up = True
            viewer.show(whole)

    def _finish(self, turn: _LiveTurn, last: LastFrame) -> None:
        with self._wake:
            self._turns.pop(turn.id, None)
            viewers = turn.viewers
        for viewer in viewers:
            viewer.show(last)


def _snapshot(frame: Frame, document: LiveDocument) -> Frame:
    from mibyan_jupyter.rendering import Frame

    return Frame(frame.seq, document.settled, frame.tail)


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

    def watch(self, running: RunningTurn, show: Show) -> Callable[[], None]:
        """Call `show` on the render thread with each frame, at last with a LastFrame.

        The first frame holds all that has settled so far. Returns how to stop watching.
        """
        unwatch = self.watch_unended(running.id, show)
        if running.turn.ended:  # perhaps before we watched
            self._worker.end(running.turn)
        return unwatch

    def watch_unended(self, turn_id: str, show: Show) -> Callable[[], None]:
        """`watch`, for a subscriber of the session, who knows that the turn has not ended yet."""
        viewer = _Viewer(show)
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
