"""The cell's outputs as a front end applies them: pages, merge, the one last output."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.output.cell_output import MOST_OUTPUTS, PAGE_BYTES, Bundle, CellOutput
from mibyan_jupyter.rendering import Frame

FINAL: Bundle = {"text/html": "<p>final</p>", "text/plain": "final"}


class Cell:
    """A notebook cell that applies the display protocol, and counts messages."""

    def __init__(self) -> None:
        self.outputs: list[tuple[str | None, Bundle]] = []
        self.messages = 0
        self.shown_in_all = 0
        self.most = 0
        self._clear_next = False

    def publish(
        self, data: Bundle, *, transient: dict[str, Any] | None = None, update: bool = False
    ) -> None:
        self.messages += 1
        name = (transient or {}).get("display_id")
        if update:
            self.outputs = [(n, data if n == name else old) for n, old in self.outputs]
            return
        self.print_other(name, data)

    def print_other(self, name: str | None, data: Bundle) -> None:
        if self._clear_next:
            self.outputs, self._clear_next = [], False
        self.shown_in_all += 1
        self.outputs.append((name, data))
        self.most = max(self.most, len(self.outputs))

    def clear_output(self, wait: bool = False) -> None:
        assert wait, "clearing at once makes the page jump"
        self.messages += 1
        self._clear_next = True

    @property
    def html(self) -> str:
        return "".join(bundle.get("text/html", "") for _, bundle in self.outputs)


def frames(count: int, block: str = "<p>block</p>" * 40) -> list[Frame]:
    return [Frame(n, (f"{block}<!--{n}-->",), f"<p>tail {n}</p>") for n in range(1, count + 1)]


def output_in(cell: Cell) -> CellOutput:
    return CellOutput(cell, lambda: cell.shown_in_all)


def test_a_long_answer_stays_within_few_outputs_and_ends_as_one() -> None:
    """Pages close, merge and at last become the one output."""
    cell = Cell()
    output = output_in(cell)
    for frame in frames(400):
        output.show(frame)
        assert f"tail {frame.seq}<" in cell.html
        assert cell.html.count("tail") == 1
    assert cell.most <= MOST_OUTPUTS
    assert [f"<!--{n}-->" in cell.html for n in range(1, 401)] == [True] * 400
    output.finish(FINAL)
    assert [bundle for _, bundle in cell.outputs] == [FINAL]


def test_pages_stand_as_close_as_blocks_do() -> None:
    """The space between two lists is there once, whether or not a page ends between them."""
    cell = Cell()
    output = output_in(cell)
    for number in range(60):
        output.show(Frame(number + 1, (f"<ul><li>{'word ' * 20}</li></ul>",), ""))
    assert cell.html.count("margin:-1em 0 0") == len(cell.outputs) - 1 > 0


def test_no_page_ends_with_a_heading() -> None:
    """It stands close to its text, which JupyterLab leaves to it only within one output."""
    cell = Cell()
    output = output_in(cell)
    text, heading = f"<p>{'word ' * 200}</p>", "<h2>Next</h2>"
    for number in range(80):
        settled = (text, heading) if number % 2 else (text,)
        output.show(Frame(number + 1, settled, ""))
    *pages, _ = [bundle["text/html"] for _, bundle in cell.outputs]
    assert len(pages) > 10
    assert [page for page in pages if page.removesuffix("</div>").endswith("</h2>")] == []


def test_a_frame_is_one_message_and_two_when_a_page_is_full() -> None:
    """Short answers cost a message a frame; only page ends cost more."""
    cell = Cell()
    output = output_in(cell)
    for frame in frames(50, "<p>x</p>"):
        output.show(frame)
    full_pages = 50 * len("<p>x</p><!--10-->") // PAGE_BYTES
    assert cell.messages <= 50 + 2 * full_pages + 1


def test_a_frame_that_changes_nothing_sends_nothing() -> None:
    """The last frame of an answer is often the same as the one before."""
    cell = Cell()
    output = output_in(cell)
    output.show(Frame(1, (), "<p>a</p>"))
    output.show(Frame(2, (), "<p>a</p>"))
    assert cell.messages == 1


def test_what_was_there_before_stays() -> None:
    """An earlier output of the cell is never cleared; the answer is one output beside it."""
    cell = Cell()
    cell.print_other(None, {"text/plain": "printed"})
    output = output_in(cell)
    for frame in frames(400):
        output.show(frame)
    output.finish(FINAL)
    assert [bundle for _, bundle in cell.outputs] == [{"text/plain": "printed"}, FINAL]
    assert cell.messages < 150, "a growing output that cannot be cut is sent less often"


def test_what_comes_meanwhile_stays() -> None:
    """A thread that prints into the cell keeps its lines; the whole answer is in one output."""
    cell = Cell()
    output = output_in(cell)
    for number, frame in enumerate(frames(60)):
        output.show(frame)
        if number == 30:
            cell.print_other(None, {"text/plain": "printed"})
    output.finish(FINAL)
    bundles = [bundle for _, bundle in cell.outputs if bundle]
    assert bundles == [FINAL, {"text/plain": "printed"}]


def test_a_placeholder_gives_way() -> None:
    """The first frame stands where the placeholder stood; without any answer nothing is left."""
    cell = Cell()
    output = output_in(cell)
    output.placeholder("<p>waiting</p>")
    assert "waiting" in cell.html
    output.show(Frame(1, (), "<p>a</p>"))
    assert "waiting" not in cell.html
    assert len(cell.outputs) == 1
    output.discard()
    cell.print_other(None, {"text/plain": "error"})
    assert cell.html == ""


def test_the_opening_stands_above_all_frames() -> None:
    """The first-use line is there from the first message."""
    cell = Cell()
    output = CellOutput(cell, lambda: cell.shown_in_all, opening=lambda: "<p>note</p>")
    output.placeholder("<p>waiting</p>")
    for frame in frames(60):
        output.show(frame)
        assert cell.html.index("note") < cell.html.index("block")


@given(st.lists(st.tuples(st.integers(0, 9000), st.booleans(), st.booleans()), max_size=60))
def test_any_course_ends_as_the_one_answer(course: list[tuple[int, bool, bool]]) -> None:
    """Foreign outputs stay and the answer is there once, in whatever order all of it comes."""
    cell = Cell()
    output = output_in(cell)
    printed = 0
    for seq, (size, has_tail, prints) in enumerate(course):
        blocks = (f"<p>{'x' * size}</p>",) if size else ()
        output.show(Frame(seq, blocks, "<p>t</p>" if has_tail else ""))
        if prints:
            cell.print_other(None, {"text/plain": "printed"})
            printed += 1
    output.finish(FINAL)
    bundles = [bundle for _, bundle in cell.outputs if bundle]
    assert bundles.count(FINAL) == 1
    assert len(bundles) == printed + 1
