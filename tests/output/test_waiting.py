"""The line of a cell that waits for its first text."""

from __future__ import annotations

from mibyan_jupyter.output.waiting import WaitingLine
from mibyan_jupyter.session.events import TurnRetrying
from mibyan_jupyter.session.turns import Turn, TurnRequest


def test_it_counts_down_to_the_next_request() -> None:
    """Whole seconds, rounded up; once the request is out it waits for the model again."""
    times = [100.0]
    line = WaitingLine(clock=lambda: times[0])
    turn = Turn("t1", TurnRequest("Hi"), status="running", model="mibyan-4.1")
    assert line.text(turn) == "Waiting for mibyan-4.1 …"
    line.retry(TurnRetrying("t1", 1, 2.5, "Too many requests (429)"))

    def text_at(moment: float) -> str:
        times[0] = moment
        return line.text(turn)

    assert [text_at(moment) for moment in (100.0, 100.6, 102.4, 102.5, 200.0)] == [
        "Too many requests (429). Asking again in 3 s …",
        "Too many requests (429). Asking again in 2 s …",
        "Too many requests (429). Asking again in 1 s …",
        "Waiting for mibyan-4.1 …",
        "Waiting for mibyan-4.1 …",
    ]
    line.retry(TurnRetrying("t1", 2, 1.0, "The server failed (500)"))
    assert line.text(turn) == "The server failed (500). Asking once more in 1 s …"


def test_a_turn_in_the_queue_says_so() -> None:
    """It waits for another answer, not for the model."""
    assert "earlier answer" in WaitingLine().text(Turn("t1", TurnRequest("Hi"), model="m"))
