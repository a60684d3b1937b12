"""The notebook file: valid, safe to open, and one to go on from."""

from __future__ import annotations

import nbformat
import pytest

from mibyan_jupyter.export.notebook_file import write
from mibyan_jupyter.export.transcript import Transcript
from tests.export.conversations import HOSTILE, LESSON, turn
from tests.rendering.allowed_html import faults


def saved(*turns: object) -> nbformat.NotebookNode:
    """The notebook of these turns, read and checked by nbformat."""
    notebook = nbformat.reads(write(Transcript("T", turns)), as_version=4)  # type: ignore[arg-type]
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    return notebook


@pytest.mark.parametrize("turns", [LESSON, HOSTILE], ids=["lesson", "hostile"])
def test_it_is_a_valid_notebook_with_safe_outputs(turns: tuple[object, ...]) -> None:
    """HTML through the gate and plain text, never Markdown, whatever was said."""
    notebook = saved(*turns)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert outputs
    for output in outputs:
        if output.output_type == "display_data":
            assert set(output.data) == {"text/html", "text/plain"}
            assert faults(output.data["text/html"]) == []


def test_questions_are_cells_that_ask_them() -> None:
    """As typed, below the magic, after the cell that loads the extension."""
    cells = saved(*LESSON).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# T\n")
    assert cells[1].source == "%load_ext mibyan_jupyter"
    assert [cell.source for cell in cells[2:]] == [f"%%mibyan\n{turn.prompt}" for turn in LESSON]


def test_flags_that_shape_the_conversation_are_kept() -> None:
    """A new beginning, a turn that is not resent, a model for one turn."""
    asked = turn(1, "Why?", "Because.", new=True, history=False, model="other model")
    assert saved(asked).cells[2].source == "%%mibyan --new --no-history -m 'other model'\nWhy?"


def test_answers_are_outputs_and_say_how_they_ended() -> None:
    """The text itself, a mark where it is not whole, an error where there is none."""
    whole, stopped, failed = (saved(*LESSON).cells[2:][number].outputs for number in (1, 2, 4))
    assert whole[0].data["text/plain"] == "Try `hist(bins=30)`."
    assert stopped[0].data["text/plain"].endswith("\n\nThe answer was stopped here.")
    assert "The answer was stopped here." in stopped[0].data["text/html"]
    assert [output.output_type for output in failed] == ["error"]
    assert failed[0].traceback == ["RateLimitError: Too many requests just now.", "Wait a little."]
