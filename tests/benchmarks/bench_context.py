"""Gathering context in a real kernel: the time of one gather, and what watching the cells costs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.table import Row, as_text
from tests.fake_mibyan import FakeMibyan
from tests.kernel.notebook_kernel import NotebookKernel

CELLS = 1_000
SMALL_CELL = "value_{n} = {n}\nprint(value_{n})"
_GATHER = """
import time, statistics
from mibyan_jupyter.context.provider import AskedContext
from mibyan_jupyter.context.privacy import Privacy
def gather_ms(prompt):
    asked = AskedContext(prompt, "auto", (), Privacy.STATS, {})
    seconds = []
    for _ in range(7):
        began = time.perf_counter()
        gathered = session.context_source.gather_here(asked)
        seconds.append(time.perf_counter() - began)
    assert any(item.source.startswith("variable") for item in gathered.items)
    return statistics.median(seconds) * 1000
"""
_LONG = """
import numpy as np, pandas as pd
long = pd.DataFrame(np.random.default_rng(0).normal(size=(10_000_000, 5)), columns=list("abcde"))
"""
_WIDE = "wide = pd.DataFrame(np.zeros((1000, 2000)), columns=[f'column_{n}' for n in range(2000)])"
# The CPU that our hooks take, measured inside them, beside the CPU of the whole cells.
_WATCH = """
import time
from mibyan_jupyter.kernel.iopub_tap import tap
from mibyan_jupyter.kernel.observe import observe
spent = [0.0]
def timed(function):
    def run(*arguments):
        began = time.thread_time()
        try:
            return function(*arguments)
        finally:
            spent[0] += time.thread_time() - began
    return run
tap._file = timed(tap._file)
shell = get_ipython()
for name in ("pre_run_cell", "post_run_cell"):
    hooks = shell.events.callbacks[name]
    hooks[:] = [timed(each) if "CellRecorder" in repr(each) else each for each in hooks]
def share(began):
    return spent[0] / (time.process_time() - began) * 100
"""


def measure() -> list[Row]:
    """The rows of the context issue: gather times, and the share of the hooks."""
    with (
        FakeMibyan() as fake,
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(
            Path(sys.executable), Path(home), {"MIBYAN_BASE_URL": fake.base_url}
        ) as kernel,
    ):
        kernel.ok("%load_ext mibyan_jupyter\nfrom mibyan_jupyter import get_session")
        kernel.ok("session = get_session()")
        kernel.ok(_WATCH)
        small = _small_cells(kernel)
        prints = _prints(kernel)
        kernel.ok(_GATHER)
        kernel.ok(_LONG, timeout=120)
        kernel.ok(_WIDE)
        long = float(kernel.value("gather_ms('What is @long?')"))
        wide = float(kernel.value("gather_ms('What is @wide?')"))
    cells = f"{CELLS:,} executed cells"
    return [
        Row("gather, 10 million rows", f"{long:.0f} ms", "≤ 50 ms", long <= 50, cells),
        Row("gather, 2 000 columns", f"{wide:.0f} ms", "≤ 150 ms", wide <= 150, cells),
        Row(f"hooks' CPU, {cells}", f"{small:.1f} %", "≤ 2 %", small <= 2),
        Row("hooks' CPU, 20 000 prints", f"{prints:.1f} %", "≤ 2 %", prints <= 2),
    ]


def _small_cells(kernel: NotebookKernel) -> float:
    kernel.ok("spent[0] = 0.0; began = time.process_time()")
    for number in range(CELLS):
        kernel.ok(SMALL_CELL.format(n=number))
    return float(kernel.value("share(began)"))


def _prints(kernel: NotebookKernel) -> float:
    kernel.ok("spent[0] = 0.0; began = time.process_time()")
    kernel.ok("for n in range(20_000): print('line', n)", timeout=60)
    return float(kernel.value("share(began)"))


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
