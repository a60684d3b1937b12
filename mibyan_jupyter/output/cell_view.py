"""Follows one turn in the cell that asked: pumps its frames into the cell until it has ended."""

from __future__ import annotations

import queue
import sys
import time
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.kernel.iopub_tap import tap
from mibyan_jupyter.kernel.main_thread import main_thread
from mibyan_jupyter.kernel.request import execute_request
from mibyan_jupyter.output.cell_output import CellOutput, flush_streams
from mibyan_jupyter.output.footer import ending, footer
from mibyan_jupyter.output.frame_feed import LastFrame, feed_of, slowing
from mibyan_jupyter.output.waiting import WaitingLine
from mibyan_jupyter.session.events import TurnRetrying
from mibyan_jupyter.session.interrupts import on_interrupt
from mibyan_jupyter.text import shown_text

if TYPE_CHECKING:
    from mibyan_jupyter.kernel.main_thread import Call
    from mibyan_jupyter.output.cell_output import Bundle
    from mibyan_jupyter.output.formats import Format
    from mibyan_jupyter.rendering import Frame
    from mibyan_jupyter.session.events import SessionEvent
    from mibyan_jupyter.session.running_turn import RunningTurn
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Turn, TurnRequest

    Items = queue.SimpleQueue[Frame | LastFrame | TurnRetrying | Call]

_POLL_SECONDS = 0.25  # a blocked wait is deaf to ■ on Windows
_PAINT_SECONDS = 0.05  # until the browser has painted a frame


class CellView:
    """Shows one turn in the current cell; blocks until it has ended.

    `note` is a quiet line above the answer. Where outputs do not go straight to a notebook
    (`%%capture`, a terminal) there are no frames, only the one last output. `quiet` shows nothing.
    """

    def __init__(
        self,
        shell: Any,
        session: Session,
        answer_format: Format,
        *,
        note: str = "",
        quiet: bool = False,
    ) -> None:
        self._quiet = quiet
        self._session = session
        self._format = answer_format
        self._note = note
        self._publisher = shell.display_pub
        self._live = _is_kernel_publisher(self._publisher) and not quiet
        flush_streams()
        run = str(execute_request().get("header", {}).get("msg_id", ""))
        self._output = CellOutput(
            self._publisher, lambda: tap.count(run), opening=lambda: _quiet(note)
        )
        self._feed = feed_of(session)
        self._waiting = WaitingLine()
        self._shown_at = 0.0  # monotonic seconds

    def ask(self, request: TurnRequest) -> Turn:
        """Submit `request` and show its answer; the ended turn. ■ stops this turn only."""
        items: Items = queue.SimpleQueue()

        def listen(event: SessionEvent) -> None:
            if isinstance(event, TurnRetrying):
                items.put(event)

        if self._note and self._live:
            self._output.placeholder("")  # it is read before anything is sent
        with on_interrupt() as interrupt, main_thread.serving(items.put):
            running = self._session.submit(request, listen)
            interrupt.calls(running.stop)
            unwatch = self._feed.watch(running, items.put, slowing)
            try:
                return self._pump(running, items)
            finally:
                unwatch()

    def _pump(self, running: RunningTurn, items: Items) -> Turn:
        waiting = True
        while True:
            try:
                item = items.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if waiting:
                    self._show_waiting(running)
                continue
            if callable(item):
                item()
                continue
            if isinstance(item, TurnRetrying):
                self._waiting.retry(item)
                self._show_waiting(running)
                continue
            waiting = False
            if isinstance(item, LastFrame):
                self._finish(item)
                return item.turn
            if self._live and self._format.body is None:
                self._output.show(item)
                self._shown_at = time.monotonic()
            elif self._live:
                self._output.placeholder(_quiet("The answer is coming …"))

    def _show_waiting(self, running: RunningTurn) -> None:
        if self._live:
            self._output.placeholder(_quiet(self._waiting.text(running.turn)))

    def _finish(self, last: LastFrame) -> None:
        turn = last.turn
        if self._output.is_long:
            time.sleep(max(0, self._shown_at + _PAINT_SECONDS - time.monotonic()))
        if turn.answer is not None and not self._quiet:
            body = self._format.body(turn.answer) if self._format.body else last.html
            self._output.finish(final_bundle(turn, body, note=self._note))
        else:
            self._output.discard()


def final_bundle(turn: Turn, body: str | None = None, *, note: str = "") -> Bundle:
    """An ended turn as one output: safe HTML (`body`, or its Markdown) and the Markdown source."""
    from mibyan_jupyter.rendering import render_markdown, wrap_answer

    text = turn.answer.text if turn.answer else ""
    html = render_markdown(text, turn.id) if body is None else body
    plain = shown_text(text)
    return {
        "text/html": wrap_answer(_quiet(note), html, _quiet(footer(turn))),
        "text/plain": plain if turn.status == "complete" else f"{plain}\n\n[{ending(turn)}]",
    }


def _quiet(text: str) -> str:
    from mibyan_jupyter.rendering import quiet_line

    return quiet_line(text)


def _is_kernel_publisher(publisher: Any) -> bool:
    zmqshell = sys.modules.get("ipykernel.zmqshell")
    return zmqshell is not None and isinstance(publisher, zmqshell.ZMQDisplayPublisher)
