"""The turns of one session as they happen: queue, request, answer, history.

Everything here runs on the I/O loop, so nothing needs a lock. `history` is an immutable tuple that
any thread may read.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.envelope import new_boundary
from mibyan_jupyter.context.redaction import secrets_in_environment
from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.session.answer_builder import AnswerBuilder, naming_context
from mibyan_jupyter.session.composing import compose
from mibyan_jupyter.session.events import (
    HistoryReplaced,
    SessionEvent,
    TextAdded,
    TurnEnded,
    TurnRemoved,
    TurnRetrying,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.forgotten import Forgotten
from mibyan_jupyter.session.history import (
    History,
    in_place_of,
    place,
    put_before,
    replace_turn,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable

    from mibyan_jupyter.api.client import Client, Retry
    from mibyan_jupyter.api.decoder import Completion
    from mibyan_jupyter.context.items import Gathered
    from mibyan_jupyter.context.provider import AskedContext
    from mibyan_jupyter.session.running_turn import RunningTurn
    from mibyan_jupyter.session.turns import Answer, Turn

log = logging.getLogger("mibyan_jupyter")


@dataclass(slots=True)
class _Streaming:
    """The one turn that is being answered."""

    running: RunningTurn
    builder: AnswerBuilder
    began: float
    task: asyncio.Task[bool]
    arrived: list[Completion] = field(default_factory=list)


class Conversation:
    """Answers one turn at a time, first come first served, and tells `publish` all of it."""

    def __init__(
        self,
        client: Callable[[], Client],
        gather: Callable[[AskedContext], Awaitable[Gathered]],
        publish: Callable[[SessionEvent], None],
    ) -> None:
        self.history: History = ()
        self._forgotten = Forgotten()
        self._pid = os.getpid()
        self._client = client
        self._gather = gather
        self._publish = publish
        self._waiting: deque[RunningTurn] = deque()
        self._streaming: _Streaming | None = None

    def submit(self, running: RunningTurn) -> None:
        """Put a turn in its place and in the queue."""
        self._begin_anew_after_fork()
        if edited := next((t for t in self.history if t.id == running.turn.request.edits), None):
            running.turn = replace(running.turn, inherits_new=edited.inherits_new)
            self.forget_from(edited.id)
        history, removed = place(self.history, running.turn)
        placed = next(turn for turn in history if turn.id == running.id)  # it may inherit a mark
        running.turn = replace(placed, versions=_earlier_answers(placed, removed))
        self.history = replace_turn(history, running.turn)
        asked = replace(running.turn, inherits_new=False)  # where it was forgotten it may be none
        self._forgotten.change(lambda history: in_place_of(removed, asked, history))
        for old in removed:
            self.stop(old.id)
            self._publish(TurnRemoved(old.id))
        self._waiting.append(running)
        behind = len(self._waiting) - 1 + (self._streaming is not None)
        if behind:
            running.gathered = None  # the notebook may be another by the time it starts
        self._tell(running, TurnWaiting(running.turn, behind))
        self._start_next()

    def _begin_anew_after_fork(self) -> None:
        """A forked child has the history, but nothing of what its parent was doing."""
        if self._pid != os.getpid():
            self._pid, self._streaming = os.getpid(), None
            self._waiting.clear()

    @property
    def growing(self) -> tuple[str, str] | None:
        """The id of the turn that is being answered, and its text so far."""
        streaming = self._streaming
        return (streaming.running.id, streaming.builder.text) if streaming else None

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
        """Empty the history, for `undo_reset`; what runs or waits is stopped."""
        self._stop_all()
        if self.history:  # a reset of nothing must not lose what an earlier one forgot
            self._forgotten.by_reset(self.history)
            self.history = ()
        self._publish(HistoryReplaced(()))

    def forget(self, turn_ids: Collection[str]) -> None:
        """Take these turns out of the history, for `undo_reset`, stopped where they run or wait."""
        gone = [turn for turn in self.history if turn.id in turn_ids]
        for turn in gone:
            self.stop(turn.id)
        if gone:
            self._forgotten.by_hand(self.history)
        left = tuple(turn for turn in self.history if turn.id not in turn_ids)
        self.history = without(self.history, turn_ids)
        self._take_from_history()
        for turn in gone:
            self._publish(TurnRemoved(turn.id))
        if self.history != left:  # a turn begins a conversation that did not before
            self._publish(HistoryReplaced(self.history))

    def forget_from(self, turn_id: str) -> None:
        """`forget` this turn and all that follow it."""
        ids = [turn.id for turn in self.history]
        if turn_id in ids:
            self.forget(ids[ids.index(turn_id) :])

    def undo_reset(self) -> None:
        """Bring back what the last reset forgot, else a deletion or an edit."""
        if turns := self._forgotten.give_back():
            self.restore(turns)

    def restore(self, turns: History) -> None:
        """Put these ended turns before those that are here, as `put_before` does."""
        self.history = put_before(turns, self.history)
        self._take_from_history()
        self._publish(HistoryReplaced(self.history))

    def _take_from_history(self) -> None:
        """What waits or runs is the turn that the history holds."""
        here = {turn.id: turn for turn in self.history}
        streaming = [self._streaming.running] if self._streaming else []
        for running in (*self._waiting, *streaming):
            running.turn = here.get(running.id, running.turn)

    def _stop_all(self) -> None:
        for running in tuple(self._waiting):
            self.stop(running.id)
        self.stop()

    def _start_next(self) -> None:
        if self._streaming is not None or not self._waiting:
            return
        running = self._waiting.popleft()
        builder = AnswerBuilder(running.turn.model, running.endpoint.key)
        task = asyncio.get_running_loop().create_task(self._stream(running))
        self._streaming = _Streaming(running, builder, time.monotonic(), task)
        # A callback, not the task's own last lines: a task cancelled early never reaches those.
        task.add_done_callback(self._streamed)

    async def _stream(self, running: RunningTurn) -> bool:
        """Send the request and read the answer; returns whether the server said `[DONE]`."""
        self._begin(running, running.gathered or await self._gather(running.asked))

        def on_retry(retry: Retry) -> None:
            event = TurnRetrying(running.id, retry.number, retry.seconds, retry.why)
            self._tell(running, event)

        async with self._client().post(running.endpoint, _body(running), on_retry) as stream:
            async for completions in stream:
                self._gather_arrived(completions)
        return stream.done

    def _gather_arrived(self, completions: Iterable[Completion]) -> None:
        """What arrives within one turn of the loop is told as one."""
        assert self._streaming is not None  # noqa: S101 - set before its task could run
        if not self._streaming.arrived:
            asyncio.get_running_loop().call_soon(self._tell_arrived, self._streaming)
        self._streaming.arrived += completions

    def _tell_arrived(self, streaming: _Streaming) -> None:
        completions, streaming.arrived = streaming.arrived, []
        self._tell_text(streaming, streaming.builder.add(completions))

    def _tell_text(self, streaming: _Streaming, text: str) -> None:
        if text:
            offset = streaming.builder.length - len(text)
            self._tell(streaming.running, TextAdded(streaming.running.id, offset, text))

    def _begin(self, running: RunningTurn, gathered: Gathered) -> None:
        composed = compose(
            self.history,
            running.turn,
            running.settings,
            gathered,
            secrets=secrets_in_environment(os.environ),
            boundary=new_boundary(),
        )
        running.turn = replace(
            running.turn,
            status="running",
            sent=composed.messages,
            receipt=composed.receipt,
            left_out=composed.left_out,
            started=datetime.now(UTC),
        )
        self.history = replace_turn(self.history, running.turn)
        self._tell(running, TurnStarted(running.turn))

    def _streamed(self, task: asyncio.Task[bool]) -> None:
        streaming = self._streaming
        assert streaming is not None  # noqa: S101 - set before the task could end
        self._tell_arrived(streaming)
        self._tell_text(streaming, streaming.builder.rest())
        stopped = task.cancelled()
        error = None if stopped else _as_ours(task.exception())
        status, answer, error = streaming.builder.end(
            done=not stopped and error is None and task.result(), stopped=stopped, error=error
        )
        seconds = time.monotonic() - streaming.began
        self._streaming = None
        turn = streaming.running.turn
        error = naming_context(error, turn.receipt)
        ended = replace(turn, status=status, answer=answer, error=error, seconds=seconds)
        self._conclude(streaming.running, ended)
        self._start_next()

    def _conclude(self, running: RunningTurn, turn: Turn) -> None:
        running.turn = turn
        self.history = replace_turn(self.history, turn)
        self._forgotten.change(lambda history: replace_turn(history, turn))
        self._tell(running, TurnEnded(turn))
        running.ended.set_result(turn)

    def _tell(self, running: RunningTurn, event: SessionEvent) -> None:
        if running.listener is not None:
            try:
                running.listener(event)
            except Exception:
                log.exception("a turn's listener failed")
        self._publish(event)


def _earlier_answers(turn: Turn, replaced: History) -> tuple[Answer, ...]:
    """What a turn keeps of those in whose place it stands.

    That is all answers to the question that is asked again, and the last one to the same question
    in a cell that runs again.
    """
    for old in replaced:
        answers = tuple(answer for answer in (*old.versions, old.answer) if answer)
        if old.id == turn.request.replaces:
            return answers
        resent = old.request.history or not turn.request.history
        if old.prompt == turn.prompt and resent:
            return tuple(answer for answer in answers if answer.text)[-1:]
    return ()


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
