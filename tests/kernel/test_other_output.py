"""What else a cell shows stays, in its place, beside the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

ASK = 'get_ipython().run_cell_magic("mibyan", "", {!r})'
SLOW = Reply.stream([f"**word{n}** and more.\n\n" for n in range(30)], tokens_per_second=60)


def test_prints_around_an_answer_stay(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """What is printed before stands above the answer, what is printed after below it."""
    fake.enqueue(SLOW)
    cell = kernel.ok(f"print('before')\n{ASK.format('One')}\nprint('after')")
    kinds = [output["output_type"] for output in cell.outputs]
    assert kinds == ["stream", "display_data", "stream"]
    assert cell.printed == "before\nafter\n"
    assert "word29" in cell.html


def test_two_answers_in_one_cell_both_stay(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A cell that asks twice shows both answers, in order."""
    fake.enqueue(SLOW, Reply.stream(["the second"] * 20, tokens_per_second=60))
    cell = kernel.ok(f"{ASK.format('One')}\n{ASK.format('Two')}")
    first, second = cell.answers
    assert "word29" in first["data"]["text/plain"]
    assert "the second" in second["data"]["text/plain"]
    assert len(cell.outputs) == 2


def test_a_thread_that_prints_meanwhile_loses_nothing(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Lines printed by a thread while the answer streams all stay; so does the answer."""
    fake.enqueue(Reply.stream([f"**word{n}** text.\n\n" * 20 for n in range(60)], pause=0.02))
    cell = kernel.ok(
        "import threading, time\n"
        "def tick():\n"
        "    for n in range(10): print('tick', n, flush=True); time.sleep(0.1)\n"
        "thread = threading.Thread(target=tick); thread.start()\n"
        f"{ASK.format('One')}\nthread.join()"
    )
    assert cell.printed == "".join(f"tick {n}\n" for n in range(10))
    shown = [output for output in cell.answers if output["data"].get("text/plain")]
    assert len(shown) == 1
    assert "word59" in shown[0]["data"]["text/plain"]
    assert cell.most_outputs <= 50


def test_an_error_beside_a_print_takes_only_the_frames(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A placeholder disappears when the answer fails; what the cell printed does not."""
    fake.enqueue(Reply.stream([], hold_after=0))
    cell = kernel.start(f"print('before')\n{ASK.format('One')}")
    kernel.wait_until(lambda: "Waiting for" in cell.html, "the placeholder")
    fake.release()
    assert kernel.finish(cell).ename == "APIResponseError"
    assert cell.printed == "before\n"
    assert "Waiting for" not in cell.html


def test_an_answer_after_a_failed_one_in_the_same_cell(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A cell that catches the first failure and asks again shows the second answer alone."""
    fake.enqueue(Reply.refused(500), Reply.stream(["good"]))
    cell = kernel.ok(f"try:\n    {ASK.format('One')}\nexcept Exception: pass\n{ASK.format('Two')}")
    assert len(cell.outputs) == 1
    assert "good" in cell.plain
