"""What all panels of one session share: its state, its listeners, and the thread for requests.

A request comes in on any thread (the kernel's control thread, a subshell, the main thread).
Snapshots and stops are answered there; everything else is done on the hub's own thread. Changes of
the state go to every listener, a reply to who asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from mibyan_jupyter.chat.requests import Requests, parse_request
from mibyan_jupyter.chat.state import ChatState
from mibyan_jupyter.chat.views import header_view
from mibyan_jupyter.chat.worker import Worker
from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.output.frame_feed import LastFrame, answer_blocks, feed_of
from mibyan_jupyter.session.events import (
    HistoryReplaced,
    SessionEvent,
    TurnEnded,
    TurnRemoved,
    TurnRetrying,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.io_thread import io_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.chat.requests import Request
    from mibyan_jupyter.chat.views import Json
    from mibyan_jupyter.rendering import Frame
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn

    Listener = Callable[[Json], None]

_REPLIES_KEPT = 100
_SENT_AGAIN = ("ask", "command")  # by a box whose first try was not answered in time


class ChatHub:
    """`listen` for messages, and hand in requests with `receive`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()
        self._replies: OrderedDict[str, list[Json]] = OrderedDict()
        self._worker = Worker("mibyan-panel")
        self._unsubscribe: Callable[[], None] = lambda: None
        self._closed = False
        self._feed = feed_of(session)
        self._state = ChatState(self._tell)
        self._requests = Requests(session)
        self._on_io(self._state.set_header, header_view(session))
        self._on_io(self._begin)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every change, on any thread; returns how to end that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return leave

    def receive(self, raw: object, tell: Listener) -> list[Json]:
        """One request; the messages that answer it at once, perhaps none. Never waits.

        What answers it later is told to `tell`, on any thread.
        """
        try:
            request = parse_request(raw)
        except MibyanError as error:
            return [{"type": "error", "re": "", "what": error.what, "hint": error.hint, "code": ""}]
        if request.op == "snapshot" and self._state.snapshot:
            self._worker.post(self._refresh_header)
            return [{**self._state.snapshot, "re": request.id}]
        if (replies := self._known(request.id)) is not None:
            return replies
        if request.op == "stop":
            return [self._requests.reply_to(request)]
        self._worker.post(lambda: self._run(request, tell))
        return []

    def after_requests(self, function: Callable[[], None]) -> None:
        """Run `function` on the requests' thread, in its turn among them."""
        self._worker.post(function)

    def close(self) -> None:
        """Stop following the session, and end the thread."""
        self._closed = True
        self._unsubscribe()
        self._worker.close()
        with self._lock:
            self._listeners = ()

    # ---- requests ----------------------------------------------------------------------------

    def _known(self, request_id: str) -> list[Json] | None:
        """The replies to a request that came before, none while it is done; None for a new one."""
        with self._lock:
            if request_id in self._replies:
                return self._replies[request_id]
            self._replies[request_id] = []
            while len(self._replies) > _REPLIES_KEPT:
                self._replies.popitem(last=False)
            return None

    def _run(self, request: Request, tell: Listener) -> None:
        if request.op == "snapshot":  # it came before there was one
            io_thread().call(_nothing())
            tell({**self._state.snapshot, "re": request.id})
            return
        reply = self._requests.reply_to(request)
        with self._lock:
            if request.id in self._replies and request.op in _SENT_AGAIN:
                self._replies[request.id] = [reply]
        self._refresh_header()
        self._on_io(tell, reply)  # after the head that it led to

    def _refresh_header(self) -> None:
        self._on_io(self._state.set_header, header_view(self._session))

    # ---- on the I/O loop ---------------------------------------------------------------------

    def _begin(self) -> None:
        if self._closed:
            return
        self._unsubscribe = self._session.subscribe(self._take)
        self._replace(self._session.history)
        for turn in self._session.history:
            if not turn.ended:
                self._watch(turn)

    def _take(self, event: SessionEvent) -> None:
        match event:
            case TurnWaiting(turn):
                self._put(turn)
                self._watch(turn)
                self._worker.post(self._refresh_header)
            case TurnStarted(turn):
                self._put(turn)
            case TurnRetrying(turn_id, _, seconds, why):
                self._state.retry(turn_id, seconds, why)
            case TurnEnded():
                self._worker.post(self._refresh_header)
            case TurnRemoved(turn_id):
                self._state.remove(turn_id)
            case HistoryReplaced(turns):
                self._replace(turns)
                self._worker.post(self._refresh_header)
            case _:
                pass  # text comes as frames

    def _put(self, turn: Turn) -> None:
        self._state.put(turn, [each.id for each in self._session.history])

    def _watch(self, turn: Turn) -> None:
        self._feed.watch_unended(turn.id, lambda item: self._on_io(self._show, turn.id, item))

    def _show(self, turn_id: str, item: Frame | LastFrame) -> None:
        if isinstance(item, LastFrame):
            self._state.end(item.turn, item.blocks)
        else:
            self._state.grow(turn_id, item.settled, item.tail)

    def _replace(self, turns: tuple[Turn, ...]) -> None:
        self._state.replace(turns)
        if unrendered := self._state.unrendered:
            self._worker.post(lambda: self._render(unrendered))

    def _render(self, turns: tuple[Turn, ...]) -> None:
        self._on_io(self._state.fill, {turn.id: answer_blocks(turn) for turn in turns})

    def _tell(self, message: Json) -> None:
        for listener in self._listeners:
            listener(message)

    def _on_io(self, function: Callable[..., None], *arguments: object) -> None:
        io_thread().post(function, *arguments)


async def _nothing() -> None:
    """Has been run when everything that was posted before it has."""
