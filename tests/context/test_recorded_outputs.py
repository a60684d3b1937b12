"""The outputs of a cell run as text, as a reader of the notebook sees them; and what is kept."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib import pyplot as plt

from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.kernel.recorded_outputs import RecordedOutputs
from mibyan_jupyter.kernel.recorder import CellRecorder


def stream(text: str) -> tuple[str, dict[str, Any]]:
    return "stream", {"name": "stdout", "text": text}


def shown(**data: str) -> tuple[str, dict[str, Any]]:
    return "display_data", {"data": {name.replace("_", "/"): text for name, text in data.items()}}


def clear(*, wait: bool) -> tuple[str, dict[str, Any]]:
    return "clear_output", {"wait": wait}


def seen(*messages: tuple[str, dict[str, Any]]) -> list[tuple[str, str]]:
    outputs = RecordedOutputs()
    grown = sum(outputs.take(*message) for message in messages)
    assert grown == outputs.size
    return [(output.kind, output.text) for output in outputs.seen()]


def test_kinds_of_output() -> None:
    """Printed text as one, then what each display was; answers of ours are not recorded."""
    assert seen(
        stream("a"),
        stream("b\n"),
        shown(text_html="<div>\n<table border=1>", text_plain="x\n1"),
        shown(image_png="…", text_plain="<Image>"),
        ("display_data", {"data": {"application/vnd.plotly.v1+json": {}}}),
        ("display_data", {"data": {"application/vnd.jupyter.widget-view+json": {}}}),
        shown(text_html='<div class="mibyan-answer">', text_plain="answer"),
        ("execute_result", {"data": {"text/plain": "3"}}),
    ) == [
        ("text", "ab\n"),
        ("table", "x\n1\n"),
        ("figure", "<Image>\n"),
        ("figure", ""),
        ("widget", ""),
        ("text", "3\n"),
    ]


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ((stream("10%\r20%\r"), stream("30%\rdone\n")), "done\n"),
        ((stream("kept\n50%"), stream("\r100%\n")), "kept\n100%\n"),
        ((stream("dos\r\nline\r\n"),), "dos\r\nline\r\n"),
        ((stream("\x1b[31mred\x1b[0m \x1b[?25l!"),), "red !"),
        ((stream("gone"), clear(wait=False), stream("new")), "new"),
        ((stream("gone"), clear(wait=True), stream("new")), "new"),
        ((stream("kept"), clear(wait=True)), "kept"),
    ],
)
def test_text_is_what_a_reader_sees(messages: tuple[Any, ...], text: str) -> None:
    """Lines that were written over, colours and cleared outputs are not there."""
    assert seen(*messages) == [("text", text)]


def test_a_progress_bar_does_not_use_up_the_room() -> None:
    """A thousand updates are one line, and what is printed after them is kept."""
    bar = (stream(f"\r{n:4d} " + "#" * 90) for n in range(1_000))
    assert seen(*bar, stream("\nafter\n"))[0][1].endswith("after\n")


def test_only_the_first_of_much_output_is_kept() -> None:
    """16 000 characters a cell."""
    assert len(seen(*[stream("x" * 999 + "\n")] * 50)[0][1]) < 16_001


def test_all_outputs_together_are_bounded() -> None:
    """The oldest go first; runs that never become a cell (a widget's) count as well."""
    recorder = CellRecorder(SimpleNamespace(), most_output=100_000)
    for run in range(1_000):
        recorder.output(f"r{run}", *stream("x" * 1_000))
    assert len(recorder._outputs) < 110
    assert "r999" in recorder._outputs


def after(recorder: CellRecorder, number: int, error: BaseException | None = None) -> None:
    info = SimpleNamespace(silent=False, store_history=True, cell_id=f"c{number}", raw_cell="x")
    recorder.before_cell(info)
    recorder.after_cell(
        SimpleNamespace(
            info=info, execution_count=number, error_in_exec=error, error_before_exec=None
        )
    )


def test_the_newest_cells_are_kept_and_the_others_counted() -> None:
    """What is dropped is known to be missing."""
    recorder = CellRecorder(SimpleNamespace(), most_cells=10)
    for number in range(25):
        recorder.output(f"count-{number}", *stream("x"))
        after(recorder, number)
    assert [cell.execution_count for cell in recorder.cells] == list(range(15, 25))
    assert recorder.forgotten == 15
    assert len(recorder._outputs) == 10


def test_of_old_failures_the_words_are_kept() -> None:
    """Frames and variables of the newest twenty; a notebook that fails for hours stays small."""
    recorder = CellRecorder(SimpleNamespace(compile=None, user_ns={}))
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as caught:
        error = caught
    for number in range(30):
        after(recorder, number, error)
    frames = [bool(cell.failure and cell.failure.errors[0].frames) for cell in recorder.cells]
    assert frames == [False] * 10 + [True] * 20
    assert all(cell.failure and cell.failure.name == "ZeroDivisionError" for cell in recorder.cells)


def test_a_cell_that_runs_again_is_not_deleted() -> None:
    """Its deletion was undone, or it was cut and put back."""
    recorder = CellRecorder(SimpleNamespace())
    recorder.deleted = frozenset({"c1", "c2"})
    after(recorder, 1)
    assert recorder.deleted == {"c2"}


def pictures(outputs: RecordedOutputs) -> list[str]:
    return [each.pictures.get(Privacy.STATS, "") for each in outputs.seen()]


def figure_message(figure: Any) -> tuple[str, dict[str, Any]]:
    return shown(image_png="…", text_plain=repr(figure))


def test_a_figure_is_read_while_it_is_shown() -> None:
    """Each of several once, in their order; one that is shown again is read again."""
    outputs = RecordedOutputs()
    try:
        one, two = (plt.figure() for _ in range(2))
        one.suptitle("first")
        two.suptitle("second")
        for figure in (one, two, two):
            outputs.take(*figure_message(figure))
        assert ["'first'" in pictures(outputs)[0], "'second'" in pictures(outputs)[1]] == [True] * 2
        assert len(pictures(outputs)) == 3
    finally:
        plt.close("all")


def test_a_figure_is_not_read_where_that_would_not_be_right() -> None:
    """After it was closed, when it is another's, and off the main thread."""
    outputs = RecordedOutputs()
    try:
        figure = plt.figure()
        outputs.take(*shown(image_png="…", text_plain="<Figure size 1x1 with 0 Axes>"))
        thread = threading.Thread(target=outputs.take, args=figure_message(figure))
        thread.start()
        thread.join()
    finally:
        plt.close("all")
    outputs.take(*figure_message(figure))
    assert pictures(outputs) == ["", "", ""]
