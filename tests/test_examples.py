"""The example notebooks run from top to bottom, as a reader runs them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # jupyter_client's and nbclient's own
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    """Every cell succeeds, and every `%%mibyan` cell ends as one safe output with its source."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    asked = [cell for cell in notebook.cells if cell.source.startswith("%%mibyan")]
    assert asked
    for cell in asked:
        (output,) = cell.outputs
        assert set(output.data) == {"text/html", "text/plain"}
        assert "complete" in output.data["text/html"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_committed_without_outputs(path: Path) -> None:
    """A reader sees outputs of their own, and no diff holds any."""
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
