"""One answer at a time: the others wait, in order, and can be stopped alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

WATCH = """
from mibyan_jupyter.session.turns import TurnRequest
events = []
unsubscribe = session.subscribe(lambda event: events.append(event))
def seen(*kinds):
    named = [(type(e).__name__, e) for e in events if type(e).__name__ in kinds]
    return [[name, e.turn.prompt, getattr(e, "behind", None)] for name, e in named]
"""


def test_a_question_from_a_thread_waits_for_its_turn(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A second ask waits (TurnWaiting), is sent after the first has ended, and knows of it."""
    kernel.ok(WATCH)
    fake.enqueue(Reply.stream(["1"], hold_after=1), Reply.stream(["2"]), Reply.stream(["3"]))
    cell = kernel.ok(
        "import threading\n"
        "running = session.submit(TurnRequest('one'))\n"
        "threads = [threading.Thread(target=session.ask, args=(p,)) for p in ('two', 'three')]\n"
        "for behind, thread in enumerate(threads, 2):\n"
        "    thread.start()\n"
        "    while len(seen('TurnWaiting')) < behind: pass\n"
    )
    assert cell.status == "ok"
    fake.wait_for_holds()
    assert len(fake.requests) == 1
    fake.release()
    kernel.ok("for thread in threads: thread.join(20)\nunsubscribe()")
    assert kernel.value("seen('TurnWaiting')") == [
        ["TurnWaiting", "one", 0],
        ["TurnWaiting", "two", 1],
        ["TurnWaiting", "three", 2],
    ]
    order = [prompt for _, prompt, _ in kernel.value("seen('TurnStarted', 'TurnEnded')")]
    assert order == ["one", "one", "two", "two", "three", "three"]
    assert [message["content"] for message in fake.requests[2].json["messages"]] == [
        *("one", "1", "two", "2", "three")
    ]


def test_cells_queued_behind_a_streaming_one_all_run(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Run All: the cells behind an answer wait in the kernel, and each of them runs."""
    fake.enqueue(Reply.stream(["slowly"] * 5, hold_after=2))
    first = kernel.start("%%mibyan\nLong", "a")
    fake.wait_for_holds()
    queued = [kernel.start(code, code) for code in ("x = 1", "%%mibyan\nSecond", "x + 1")]
    fake.release()
    assert [kernel.finish(cell).status for cell in (first, *queued)] == ["ok"] * 4
    assert "You said: Second" in queued[1].plain
    assert queued[2].outputs[0]["data"]["text/plain"] == "2"


def test_a_waiting_cell_says_so_and_stops_alone(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ in a cell that waits ends that wait only; the running answer goes on."""
    kernel.ok(WATCH)
    fake.enqueue(Reply.stream(["running", " on"], hold_after=1))
    kernel.ok("running = session.submit(TurnRequest('one'))")
    fake.wait_for_holds()
    cell = kernel.start("%%mibyan\ntwo", "b")
    kernel.wait_until(lambda: "Waiting for an earlier answer" in cell.html, "the cell to wait")
    kernel.interrupt()
    assert kernel.finish(cell).ename == "Stopped"
    assert cell.html == ""
    assert fake.requests[0].disconnected_at is None
    fake.release()
    assert kernel.value("running.wait(10).answer.text") == "running on"
    assert len(fake.requests) == 1
    assert kernel.value("[t.status for t in session.history]") == ["complete", "stopped"]


def test_stop_without_a_name_spares_the_queue(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`session.stop()` ends the running answer; the one behind it is asked next."""
    kernel.ok(WATCH)
    fake.enqueue(Reply.stream(["held", " back"], hold_after=1))
    kernel.ok("one, two = (session.submit(TurnRequest(p)) for p in ('one', 'two'))")
    fake.wait_for_holds()
    assert "stopped" in kernel.ok("%mibyan stop").printed
    fake.wait_for_disconnect()
    assert kernel.value("[one.wait(10).status, two.wait(10).status]") == ["stopped", "complete"]


def test_a_late_stop_hits_no_other_turn(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Stopping a turn that has ended leaves the next one alone."""
    kernel.ok(WATCH)
    kernel.ok("one = session.submit(TurnRequest('one')); one.wait(10)")
    fake.enqueue(Reply.stream(["held", " back"], hold_after=1))
    kernel.ok("two = session.submit(TurnRequest('two'))")
    fake.wait_for_holds()
    kernel.ok("one.stop()")
    fake.release()
    assert kernel.value("two.wait(10).status") == "complete"
