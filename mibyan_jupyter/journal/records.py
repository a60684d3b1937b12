"""What a journal holds: one JSON record a line, and the conversation they lead to. Pure.

    {"kind": "journal", "version": 1, …}           the first line
    {"kind": "turn", "at": 3, "turn": {…}}         a turn is new (at this place) or has changed
    {"kind": "text", "turn": "t1-…", "at": 20, "text": "…"}  its answer from character 20 on
    {"kind": "removed", "turn": "t1-…"}            it left the conversation
    {"kind": "history", "turns": [{…}, …]}         the whole conversation is this

Every line is ASCII, so no cut falls into a character. A line that cannot be read is counted and
passed over: a later record of the same turn makes up for it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from mibyan_jupyter.errors import APIResponseError
from mibyan_jupyter.session.turn_json import turn_as_json, turn_from_json
from mibyan_jupyter.session.turns import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mibyan_jupyter.session.turns import Turn

VERSION = 1


class OtherVersionError(ValueError):
    """The journal is of a format version that we cannot read; `args[0]` names it."""


class Recovered(NamedTuple):
    """A conversation from a journal; all its turns have ended. `damaged` lines were passed over."""

    turns: tuple[Turn, ...]
    damaged: int = 0


def without_secrets(turn: Turn, clean: Callable[[str], str]) -> Turn:
    """The turn with its texts as `clean` leaves them, and without what was sent along.

    That shows the notebook, and later questions do not need it.
    """

    def cleaned(answer: Answer) -> Answer:
        return replace(answer, text=clean(answer.text))

    request = turn.request
    system = None if request.system is None else clean(request.system)
    return replace(
        turn,
        request=replace(request, prompt=clean(request.prompt), system=system),
        answer=cleaned(turn.answer) if turn.answer else None,
        versions=tuple(map(cleaned, turn.versions)),
        sent=(),
    )


def header_line(**facts: str | int) -> bytes:
    """The first line; `facts` tell a person which run it is."""
    return _line({"kind": "journal", "version": VERSION, **facts})


def turn_line(turn: Turn, place: int) -> bytes:
    """A turn that is new or has changed."""
    return _line({"kind": "turn", "at": place, "turn": turn_as_json(turn)})


def text_line(turn_id: str, offset: int, text: str) -> bytes:
    """The answer's text from `offset` on, as far as it is known."""
    return _line({"kind": "text", "turn": turn_id, "at": offset, "text": text})


def removed_line(turn_id: str) -> bytes:
    """A turn that left the conversation."""
    return _line({"kind": "removed", "turn": turn_id})


def history_line(turns: Sequence[Turn]) -> bytes:
    """The whole conversation."""
    return _line({"kind": "history", "turns": [turn_as_json(turn) for turn in turns]})


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"


def recover(lines: Iterable[bytes]) -> Recovered:
    """The conversation that the lines lead to; raises OtherVersionError."""
    replay = _Replay()
    damaged = 0
    for line in lines:
        try:
            replay.take(json.loads(line))
        except OtherVersionError:
            raise
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
            damaged += 1
    return Recovered(tuple(map(replay.ended, replay.turns)), damaged)


class _Replay:
    """Takes records in their order; `turns` is the conversation so far."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._texts: dict[str, list[tuple[int, str]]] = {}

    def take(self, record: dict[str, Any]) -> None:
        match record["kind"]:
            case "journal":
                if record["version"] != VERSION:
                    raise OtherVersionError(str(record["version"])[:20])
            case "turn":
                self._put(turn_from_json(record["turn"]), int(record["at"]))
            case "text":
                self._grow(str(record["turn"]), int(record["at"]), record["text"])
            case "removed":
                self.turns = [turn for turn in self.turns if turn.id != record["turn"]]
            case "history":
                turns = [turn_from_json(value) for value in record["turns"]]
                self.turns = list({turn.id: turn for turn in turns}.values())

    def _put(self, turn: Turn, place: int) -> None:
        ids = [each.id for each in self.turns]
        if turn.id in ids:
            self.turns[ids.index(turn.id)] = turn
        else:
            self.turns.insert(max(place, 0), turn)

    def _grow(self, turn_id: str, offset: int, text: str) -> None:
        """Replace what was known from `offset` on: an unfinished line comes again, longer."""
        if not isinstance(text, str):
            raise TypeError("text is text")
        parts = self._texts.setdefault(turn_id, [])
        while parts and parts[-1][0] >= offset:
            parts.pop()
        if parts:
            start, before = parts[-1]
            parts[-1] = (start, before[: offset - start])
        parts.append((offset, text))

    def ended(self, turn: Turn) -> Turn:
        """The turn, marked as cut where the kernel ended before it."""
        if turn.ended:
            return turn
        text = "".join(part for _, part in self._texts.get(turn.id, ()))
        if not text:
            return replace(turn, status="stopped")
        answer = Answer(text, "cut_off", model=turn.model)
        return replace(turn, status="cut_off", answer=answer, error=_kernel_ended())


def _kernel_ended() -> APIResponseError:
    return APIResponseError(
        "The answer was cut off: the kernel ended while it came.",
        "What came is kept; %mibyan continue has it carried on, %mibyan retry asks again.",
    )
