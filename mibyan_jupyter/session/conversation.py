"""The turns of one session as they happen: queue, request, answer, history.

Everything here runs on the I/O loop, so nothing needs a lock. `history` is an immutable tuple that
any thread may read.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.api.models import Message
from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.session.answer_builder import AnswerBuilder
from mibyan_jupyter.session.events import (
    HistoryReplaced,
    SessionEvent,
    TextAdded,
    TurnEnded,
    TurnRemoved,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.history import (
    History,
    as_messages,
    earlier_turns,
    fit,
    place,
    replace_turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.api.client import Client
    from mibyan_jupyter.session.running_turn import RunningTurn
    from mibyan_jupyter.session.turns import Turn

log = logging.getLogger("mibyan_jupyter")


@dataclass(slots=True)
class _Streaming:
    """The one turn that is being answered."""

    running: RunningTurn
    builder: AnswerBuilder
    began: float
    task: asyncio.Task[bool]


class Conversation:
    """Answers one turn at a time, first come first served, and tells `publish` all of it."""

    def __init__(
        self, client: Callable[[], Client], publish: Callable[[SessionEvent], None]
    ) -> None:
        self.history: History = ()
        self._archive: History = ()
        self._client = client
        self._publish = publish
        self._waiting: deque[RunningTurn] = deque()
        self._streaming: _Streaming | None = None

    def submit(self, running: RunningTurn) -> None:
        """Put a turn in its place and in the queue."""
        running.turn = replace(running.turn, versions=self._earlier_versions(running.turn))
        self.history, removed = place(self.history, running.turn)
        for old in removed:
            self.stop(old.id)
            self._publish(TurnRemoved(old.id))
        self._waiting.append(running)
        behind = len(self._waiting) - 1 + (self._streaming is not None)
        self._tell(running, TurnWaiting(running.turn, behind))
        self._start_next()

    def stop(self, turn_id: str | None = None) -> None:
        """Stop the running turn, or the one that is named; the queue goes on."""
        streaming = self._streaming
        if streaming and turn_id in (None, streaming.running.id):
            streaming.task.cancel()
            return
        for running in tuple(self._waiting):
            if running.id == turn_id:
                self._waiting.remove(running)
                self._conclude(running, replace(running.turn, status="stopped"))

    def reset(self) -> None:
        """Archive the history and empty it; what runs or waits is stopped."""
        self._stop_all()
        if self.history:  # a reset of nothing must not lose what an earlier one kept
            self._archive, self.history = self.history, ()
        self._publish(HistoryReplaced(()))

    def undo_reset(self) -> None:
        """Bring back what the last `reset` archived, before what was asked since."""
        since, self.history, self._archive = self.history, self._archive, ()
        for turn in since:
            self.history, _ = place(self.history, turn)
        self._publish(HistoryReplaced(self.history))

    def _stop_all(self) -> None:
        for running in tuple(self._waiting):
            self.stop(running.id)
        self.stop()

    def _earlier_versions(self, turn: Turn) -> tuple[Any, ...]:
        for old in self.history:
            if old.id == turn.request.replaces:
                return (*old.versions, old.answer) if old.answer else old.versions
        return ()

    def _start_next(self) -> None:
        if self._streaming is not None or not self._waiting:
            return
        running = self._waiting.popleft()
        turn = self._begin(running)
        builder = AnswerBuilder(turn.model)
        task = asyncio.get_running_loop().create_task(self._stream(running, builder))
        self._streaming = _Streaming(running, builder, time.monotonic(), task)
        self._tell(running, TurnStarted(turn))
        # A callback, not the task's own last lines: a task cancelled early never reaches those.
        task.add_done_callback(self._streamed)

    def _begin(self, running: RunningTurn) -> Turn:
        turn, settings = running.turn, running.settings
        available = earlier_turns(self.history, turn)
        sent = fit(available, settings.history_tokens)
        system = settings.system if turn.request.system is None else turn.request.system
        system = "\n\n".join(filter(None, (system, turn.request.instruction)))
        running.turn = replace(
            turn,
            status="running",
            sent=(*as_messages(sent, system), Message("user", turn.prompt)),
            left_out=len(available) - len(sent),
            started=datetime.now(UTC),
        )
        self.history = replace_turn(self.history, running.turn)
        return running.turn

    async def _stream(self, running: RunningTurn, builder: AnswerBuilder) -> bool:
        """Send the request and read the answer; returns whether the server said `[DONE]`."""
        async with self._client().post(running.endpoint, _body(running)) as stream:
            async for completions in stream:
                offset = builder.length
                if text := builder.add(completions):
                    self._tell(running, TextAdded(running.id, offset, text))
        return stream.done

    def _streamed(self, task: asyncio.Task[bool]) -> None:
        streaming = self._streaming
        assert streaming is not None  # noqa: S101 - set before the task could end
        stopped = task.cancelled()
        error = None if stopped else _as_ours(task.exception())
        status, answer, error = streaming.builder.end(
            done=not stopped and error is None and task.result(), stopped=stopped, error=error
        )
        seconds = time.monotonic() - streaming.began
        self._streaming = None
        ended = replace(
            streaming.running.turn, status=status, answer=answer, error=error, seconds=seconds
        )
        self._conclude(streaming.running, ended)
        self._start_next()

    def _conclude(self, running: RunningTurn, turn: Turn) -> None:
        running.turn = turn
        self.history = replace_turn(self.history, turn)
        self._archive = replace_turn(self._archive, turn)  # a reset may have come in between
        self._tell(running, TurnEnded(turn))
        running.ended.set_result(turn)

    def _tell(self, running: RunningTurn, event: SessionEvent) -> None:
        if running.listener is not None:
            try:
                running.listener(event)
            except Exception:
                log.exception("a turn's listener failed")
        self._publish(event)


def _body(running: RunningTurn) -> dict[str, Any]:
    turn = running.turn
    body: dict[str, Any] = {
        **running.extra,
        "model": turn.model,
        "messages": [message.as_json() for message in turn.sent],
    }
    if turn.request.stream:
        body["stream"] = True
    return body


def _as_ours(error: BaseException | None) -> MibyanError | None:
    if error is None or isinstance(error, MibyanError):
        return error
    log.error("unexpected error while an answer was read", exc_info=error)
    return MibyanError(
        f"Something unexpected happened while the answer was read ({type(error).__name__}).",
        "Ask again with %mibyan retry; please report it if it comes back.",
    )
