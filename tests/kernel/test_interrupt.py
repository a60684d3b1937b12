"""■ while an answer streams: the stream is closed, the text kept, and the next cell runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Hold, Reply
from tests.kernel.presses import percentile, press_at_random_moments, table

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel
    from tests.kernel.presses import Press

MOST_SECONDS = 3  # loose: `make bench` measures on a quiet machine


def test_twenty_presses_at_random_moments(
    kernel: NotebookKernel, fake: FakeMibyan, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whenever ■ comes, the answer so far is kept and shown, marked stopped, and nothing hangs."""
    presses = []
    for press in press_at_random_moments(kernel, fake, count=20, seed=20):
        presses.append(press)
        check_stopped(kernel, press)
        assert kernel.ok("1 + 1").outputs[0]["data"]["text/plain"] == "2"
    with capsys.disabled():
        print(f"\n{stack}: {table(presses)}")  # noqa: T201 - the measurement is part of the result
    assert percentile([press.to_idle for press in presses], 95) < MOST_SECONDS
    assert percentile([press.to_disconnect for press in presses], 95) < MOST_SECONDS


def check_stopped(kernel: NotebookKernel, press: Press) -> None:
    """The cell, its turn and its one answer agree that it was stopped."""
    cell = press.cell
    assert (cell.status, cell.ename) == ("error", "Stopped")
    assert len(cell.traceback) == 1
    status, text = kernel.value(
        "[(t := get_session().history[-1]).status, t.answer.text if t.answer else None]"
    )
    assert status == "stopped"
    if text is None:
        assert [output["output_type"] for output in cell.outputs] == ["error"]
        return
    answer, error = cell.outputs
    assert error["output_type"] == "error"
    assert answer["data"]["text/plain"] == f"{text}\n\n[stopped]"
    assert text.split()[-1].startswith("word")
    assert "· stopped" in answer["data"]["text/html"]


def test_a_press_before_any_answer(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ while the server has not answered at all ends the request; no text is kept."""
    fake.enqueue(Reply.wire([Hold()]))
    cell = kernel.start("%%mibyan\nSilence")
    fake.wait_for_holds()
    kernel.interrupt()
    kernel.finish(cell)
    fake.wait_for_disconnect()
    assert cell.traceback == ["Stopped: no answer had come yet."]
    assert [output["output_type"] for output in cell.outputs] == ["error"]


def test_cells_behind_a_stopped_one_are_aborted(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Run All ends at the stopped cell, as for any error; running on works."""
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    cell = kernel.start("%%mibyan\nLong")
    behind = [kernel.start(code) for code in ("ran = True", "%%mibyan\nNext")]
    fake.wait_for_holds()
    kernel.interrupt()
    assert kernel.finish(cell).ename == "Stopped"
    assert [kernel.finish(each).status for each in behind] == ["aborted", "aborted"]
    assert len(fake.requests) == 1
    assert "You said: Again" in kernel.ok("%%mibyan\nAgain").plain


def test_stopping_binds_nothing(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-o` leaves its name as it was when the answer is stopped."""
    kernel.ok("answer = 'before'")
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    cell = kernel.start("%%mibyan -o answer\nLong")
    kernel.wait_until(lambda: "held" in cell.html, "the first words")
    kernel.interrupt()
    kernel.finish(cell)
    assert kernel.value("answer") == "before"


def test_a_blocking_ask_is_stopped(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ during `session.ask` raises Stopped, closes the stream and keeps the text."""
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    cell = kernel.start("session.ask('Long')")
    fake.wait_for_holds()
    kernel.wait_until(lambda: fake.requests[0].arrived_at > 0, "the request")
    kernel.interrupt()
    assert kernel.finish(cell).ename == "Stopped"
    fake.wait_for_disconnect()
    assert kernel.value("session.history[-1].status") == "stopped"


def test_interrupting_other_code_is_as_ever(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """After an answer ■ raises KeyboardInterrupt in the user's code, and spares our streams."""
    kernel.ok("%%mibyan\nOne")
    kernel.ok("from mibyan_jupyter.session.turns import TurnRequest")
    fake.enqueue(Reply.stream(["in the", " background"], hold_after=1))
    kernel.ok("running = session.submit(TurnRequest('one'))")
    fake.wait_for_holds()
    cell = kernel.start("import time\nprint('busy')\nfor _ in range(3000): time.sleep(0.01)")
    kernel.wait_until(lambda: "busy" in cell.printed, "the loop to run")
    kernel.interrupt()
    assert kernel.finish(cell).ename == "KeyboardInterrupt"
    fake.release()
    assert kernel.value("running.wait(10).status") == "complete"


AWAITED = {
    "aask": "await session.aask('x')",
    "astream": "async for delta in session.astream('x'):\n    print(delta)",
}


@pytest.mark.parametrize("code", AWAITED.values(), ids=AWAITED.keys())
def test_an_awaited_answer_is_stopped_in_one_line(
    kernel: NotebookKernel, fake: FakeMibyan, code: str
) -> None:
    """■ on `await` closes the stream and shows one line, not asyncio's frames."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    cell = kernel.start(code)
    fake.wait_for_holds(1)
    kernel.interrupt()
    kernel.finish(cell)
    fake.wait_for_disconnect()
    assert cell.traceback == ["Stopped: what had come is kept."]
    assert kernel.value("session.history[-1].status") == "stopped"


@pytest.mark.parametrize("stop", ["session.stop()", "%mibyan stop", "%mibyan reset"])
def test_stopping_an_answer_that_a_task_awaits_leaves_the_kernel_alive(
    kernel: NotebookKernel, fake: FakeMibyan, stop: str
) -> None:
    """The task ends as cancelled; a KeyboardInterrupt in it would end the kernel."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    kernel.ok("import asyncio\ntask = asyncio.create_task(session.aask('x'))")
    kernel.ok("await asyncio.sleep(0)")
    fake.wait_for_holds(1)
    kernel.ok(stop)
    kernel.ok("await asyncio.wait([task])")
    assert kernel.value("task.cancelled()")
    kernel.ok("%%mibyan\nNext")
