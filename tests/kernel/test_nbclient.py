"""A notebook without a browser: nbclient names no cells and types nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from tests.fake_mibyan import Reply
from tests.kernel.notebook_kernel import clean_environment, kernel_specs

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan

SOURCES = ("%load_ext mibyan_jupyter", "%%mibyan -o one\nFirst", "%%mibyan\nSecond", "one.text")


def executed(python: Path, home: Path, base_url: str, *sources: str) -> nbformat.NotebookNode:
    """The notebook of these cells after `jupyter execute`, saved and read again."""
    kernel_specs(python, home / "kernels")
    file = home / "notebook.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    command = Path(sys.executable).with_name("jupyter-execute")
    subprocess.run(
        [command, "--inplace", "--kernel_name=tested", file],
        env=clean_environment(home, {"JUPYTER_PATH": str(home), "MIBYAN_BASE_URL": base_url}),
        check=True,
        capture_output=True,
        timeout=60,
    )
    return nbformat.read(file, as_version=4)


def test_nbclient_runs_a_notebook(python: Path, tmp_path: Path, fake: FakeMibyan) -> None:
    """Two questions in one notebook: both answers are saved, and the second knows the first."""
    deltas = [f"**word{n}** and so on.\n\n" for n in range(60)]
    fake.enqueue(Reply.stream(deltas, tokens_per_second=80))
    notebook = executed(python, tmp_path, fake.base_url, *SOURCES)
    nbformat.validate(notebook)
    loaded, first, second, text = (cell.outputs for cell in notebook.cells)
    assert loaded == []
    assert [output.output_type for output in (*first, *second)] == ["display_data"] * 2
    assert "<strong>word59</strong>" in first[0].data["text/html"]
    assert first[0].data["text/plain"] == "".join(deltas)
    assert second[0].data["text/plain"] == "You said: Second"
    assert "word59" in text[0].data["text/plain"]
    asked = [message["content"] for message in fake.requests[1].json["messages"]]
    assert asked == ["First", "".join(deltas), "Second"]
