"""`%load_ext` is light: what is heavy loads on first use."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel

HEAVY = ("httpx", "ipywidgets", "anywidget", "markdown_it", "mdit_py_plugins", "nh3", "markdown")
LIGHT = ("nest_asyncio2", "keyring", "mibyan_jupyter.demo", "mibyan_jupyter.api.client")
LOAD = f"""
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "mibyan_jupyter")
count = len(set(sys.modules) - before)
shell.run_line_magic("mibyan", "version")
new = set(sys.modules) - before
print(json.dumps({{"heavy": [n for n in {HEAVY + LIGHT} if n in new], "count": count}}))
"""


def test_loading_imports_nothing_heavy(python: Path, tmp_path: Path) -> None:
    """In a fresh process none of httpx, the widgets, the Markdown engine and the gate is there."""
    environ = {"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        [python, "-c", LOAD], env=environ, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["heavy"] == []
    assert found["count"] < 35


LOADED = """
[name for name in ("context.slicing", "context.redaction.named_values", "context.pictures")
 if f"mibyan_jupyter.{name}" in __import__("sys").modules]
"""


def test_a_first_question_loads_only_what_there_is_something_for(
    start_kernel: StartKernel, fake: FakeMibyan
) -> None:
    """In an empty notebook it waits for none of what looks at cells, at names and at values."""
    kernel = start_kernel(MIBYAN_BASE_URL=fake.base_url)
    kernel.ok("%load_ext mibyan_jupyter")
    kernel.ok("%%mibyan\nWhat is a median?")
    assert kernel.value(LOADED) == []
    kernel.ok("api_key = 7")
    kernel.ok("%%mibyan\nWhat is api_key?")
    assert len(kernel.value(LOADED)) == 3
