"""The state that all panels of a session share: numbered messages, and a snapshot of them all.

Pure but for `send`. Everything here runs on the session's I/O loop; `snapshot` is a value, which
any thread may read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mibyan_jupyter.chat.views import Json, turn_view

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from mibyan_jupyter.session.turns import Turn


@dataclass(slots=True)
class _Shown:
    """One turn as it is shown: its newest value, and the HTML so far."""

    turn: Turn
    blocks: tuple[str, ...] = ()
    tail: str = ""
    behind: int = 0
    retrying: Json | None = None
    view: Json = field(default_factory=dict)


class ChatState:
    """Begin with `replace`; then each change is one message to `send`, with the next number."""

    def __init__(self, send: Callable[[Json], None]) -> None:
        self._send = send
        self._run = uuid.uuid4().hex[:12]
        self._seq = 0
        self._header: Json = {}
        self._shown: dict[str, _Shown] = {}
        self._order: tuple[str, ...] = ()
        self._queue: list[str] = []
        self.snapshot: Json = {}

    def replace(self, turns: Sequence[Turn]) -> None:
        """The whole conversation is another one."""
        kept = self._shown
        self._shown = {turn.id: kept.get(turn.id) or _Shown(turn) for turn in turns}
        self._order = tuple(self._shown)
        self._queue = [turn.id for turn in turns if not turn.ended]
        for turn in turns:
            self._view(turn)
        self._tell_all()

    def fill(self, answers: Mapping[str, Sequence[str]]) -> None:
        """The blocks of `unrendered` turns, by their ids."""
        for turn_id, blocks in answers.items():
            if (shown := self._shown.get(turn_id)) is not None:
                shown.blocks = tuple(blocks)
                self._view(shown.turn)
        self._tell_all()

    @property
    def unrendered(self) -> tuple[Turn, ...]:
        """Ended turns with an answer that nobody has rendered for us yet."""
        turns = [shown.turn for shown in self._shown.values() if not shown.blocks]
        return tuple(turn for turn in turns if turn.ended and turn.answer and turn.answer.text)

    def put(self, turn: Turn, order: Sequence[str]) -> None:
        """A turn is new or has changed; `order` are the ids of all turns in their places."""
        if turn.id not in order:
            return  # it was forgotten in between
        if turn.id not in self._shown:
            self._shown[turn.id] = _Shown(turn)
        if not turn.ended and turn.id not in self._queue:
            self._queue.append(turn.id)
        self._order = tuple(each for each in order if each in self._shown)
        self._shown[turn.id].behind = self._behind(turn.id)
        self._changed(turn)

    def retry(self, turn_id: str, seconds: float, why: str) -> None:
        """The server refused for now, and is asked again in `seconds`."""
        if (shown := self._shown.get(turn_id)) is not None:
            shown.retrying = {"seconds": seconds, "why": why}
            self._changed(shown.turn)

    def end(self, turn: Turn, blocks: Sequence[str]) -> None:
        """A turn has ended, and this is its whole answer."""
        self._leave_queue(turn.id)
        if (shown := self._shown.get(turn.id)) is not None:
            shown.blocks, shown.tail, shown.behind = tuple(blocks), "", 0
            shown.retrying = None
            self._changed(turn)

    def grow(self, turn_id: str, settled: Sequence[str], tail: str) -> None:
        """An answer grew by `settled` blocks; `tail` is its unsettled rest."""
        if (shown := self._shown.get(turn_id)) is None:
            return
        before, shown.retrying = len(shown.blocks), None
        shown.blocks, shown.tail = (*shown.blocks, *settled), tail
        self._view(shown.turn)
        frame = {"id": turn_id, "from": before, "settled": list(settled), "tail": tail}
        self._tell("frame", frame)

    def remove(self, turn_id: str) -> None:
        """A turn has left the conversation."""
        if self._shown.pop(turn_id, None) is not None:
            self._order = tuple(each for each in self._order if each != turn_id)
            self._tell("removed", {"id": turn_id})
        self._leave_queue(turn_id)

    def set_header(self, header: Json) -> None:
        """What the head of the panel shows; told only where it is new."""
        if header != self._header:
            self._header = header
            self._tell("header", {"header": header})

    def _behind(self, turn_id: str) -> int:
        return self._queue.index(turn_id) if turn_id in self._queue else 0

    def _leave_queue(self, turn_id: str) -> None:
        if turn_id in self._queue:
            self._queue.remove(turn_id)
            self._move_up(self._queue)

    def _move_up(self, waiting: Collection[str]) -> None:
        for each in waiting:
            shown = self._shown.get(each)
            if shown is not None and shown.behind != self._behind(each):
                shown.behind = self._behind(each)
                self._changed(shown.turn)

    def _changed(self, turn: Turn) -> None:
        view = self._view(turn)
        self._tell("turn", {"turn": view, "index": self._order.index(turn.id)})

    def _view(self, turn: Turn) -> Json:
        shown = self._shown[turn.id]
        if shown.turn is not turn or not shown.view:
            shown.turn = turn
            shown.view = turn_view(turn)
        shown.view = {
            **shown.view,
            "blocks": shown.blocks,
            "tail": shown.tail,
            "behind": shown.behind,
            "retrying": shown.retrying,
        }
        return shown.view

    def _tell_all(self) -> None:
        self._seq += 1
        self._remember()
        self._send(self.snapshot)

    def _tell(self, kind: str, content: Json) -> None:
        self._seq += 1
        self._remember()
        self._send({"type": kind, "run": self._run, "seq": self._seq, **content})

    def _remember(self) -> None:
        turns = [self._shown[turn_id].view for turn_id in self._order]
        self.snapshot = {
            "type": "snapshot",
            "run": self._run,
            "seq": self._seq,
            "turns": turns,
            "header": self._header,
        }
