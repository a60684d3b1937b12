"""`Panel`: a front end in Python, which applies the kernel's messages as the real one does."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
_STATE = frozenset({"snapshot", "turn", "removed", "frame", "header"})
_ids = itertools.count(1)


class Panel:
    """One view of a conversation; `take` messages on any thread, `wait_until` something shows.

    `send` carries a request to the kernel's side. A message with a number that does not follow the
    last one fails the test.
    """

    def __init__(self, send: Callable[[Json], object]) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._run = ""
        self._seq = -1
        self.turns: list[Json] = []
        self.header: Json = {}
        self.frames: list[Json] = []
        self.messages: list[Json] = []
        self.replies: dict[str, Json] = {}
        self.gaps: list[Json] = []
        self._early: list[Json] = []

    def take(self, message: Json) -> None:
        """Apply one message of the kernel's."""
        with self._changed:
            self.messages.append(message)
            if message["type"] not in _STATE:
                self.replies.setdefault(message.get("re", ""), message)
            elif message["type"] == "snapshot":
                self._begin(message)
            elif self._run:
                self._follow(message)
            else:
                self._early.append(message)
            self._changed.notify_all()

    def send(self, op: str, **args: Any) -> str:
        """Send a request, and return its id."""
        request_id = f"r{next(_ids)}"
        self._send({"id": request_id, "op": op, "args": args})
        return request_id

    def open(self) -> None:
        """Ask for a snapshot and wait for it."""
        self.send("snapshot")
        self.wait_until(lambda: bool(self._run and self.header), "a snapshot")

    def request(self, op: str, **args: Any) -> Json:
        """Send a request and wait for its reply."""
        request_id = self.send(op, **args)
        self.wait_until(lambda: request_id in self.replies, f"a reply to {op}")
        return self.replies[request_id]

    def ask(self, prompt: str, **args: Any) -> Json:
        """Ask, and wait until the newest turn has ended."""
        before = {turn["id"] for turn in self.turns}
        assert self.request("ask", prompt=prompt, **args)["type"] == "done"
        self.wait_until(lambda: any(self._new(before)), "the end of a turn")
        return self._new(before)[0]

    def _new(self, before: set[str]) -> list[Json]:
        ended = ("complete", "stopped", "cut_off", "failed")
        return [t for t in self.turns if t["id"] not in before and t["status"] in ended]

    def wait_until(self, reached: Callable[[], bool], what: str, timeout: float = 20) -> None:
        """Return once `reached()`; an AssertionError names `what` never came."""
        with self._changed:
            assert self._changed.wait_for(reached, timeout), (
                f"Waited {timeout} s for {what}; turns: {self.turns}; gaps: {self.gaps}"
            )

    def html(self, index: int = -1) -> str:
        """What the answer of a turn looks like now; "" while there is none."""
        if not self.turns:
            return ""
        turn = self.turns[index]
        return "".join(turn["blocks"]) + str(turn["tail"])

    def _begin(self, snapshot: Json) -> None:
        self._run, self._seq = snapshot["run"], snapshot["seq"]
        self.turns = [dict(turn) for turn in snapshot["turns"]]
        self.header = snapshot["header"]
        early, self._early = self._early, []
        for message in early:  # they took another channel, and overtook the snapshot
            self._follow(message)

    def _follow(self, message: Json) -> None:
        if message["seq"] <= self._seq:
            return
        if (message["run"], message["seq"]) != (self._run, self._seq + 1):
            self.gaps.append(message)
        self._seq = message["seq"]
        getattr(self, f"_take_{message['type']}")(message)

    def _take_turn(self, message: Json) -> None:
        turn = dict(message["turn"])
        self.turns = [each for each in self.turns if each["id"] != turn["id"]]
        self.turns.insert(message["index"], turn)

    def _take_removed(self, message: Json) -> None:
        self.turns = [each for each in self.turns if each["id"] != message["id"]]

    def _take_header(self, message: Json) -> None:
        self.header = message["header"]

    def _take_frame(self, message: Json) -> None:
        self.frames.append(message)
        (turn,) = (each for each in self.turns if each["id"] == message["id"])
        assert message["from"] == len(turn["blocks"])
        turn["blocks"] = [*turn["blocks"], *message["settled"]]
        turn["tail"] = message["tail"]


def ended(panel: Panel) -> bool:
    """Whether the newest turn is complete."""
    return bool(panel.turns) and panel.turns[-1]["status"] == "complete"
