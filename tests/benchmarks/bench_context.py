"""Gathering context in a real kernel: the time of one gather, and what watching the cells costs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.table import Row, as_text
from tests.fake_mibyan import FakeMibyan
from tests.kernel.notebook_kernel import NotebookKernel

CELLS = 1_000
SIZES = (10, 100, CELLS, 10_000)
WIDTHS = (10, 100, 2_000, 20_000)
SMALL_CELL = "value_{n} = {n}\nprint(value_{n})"
_GATHER = """
import time, statistics
from mibyan_jupyter.context.provider import AskedContext
from mibyan_jupyter.context.privacy import Privacy
def gather_once(prompt):
    asked = AskedContext(prompt, "auto", (), Privacy.STATS, {})
    began = time.perf_counter()
    gathered = session.context_source.gather_here(asked)
    seconds = time.perf_counter() - began
    assert any(item.source.startswith("variable") for item in gathered.items)
    return seconds * 1000
def gather_ms(prompt):
    return statistics.median(gather_once(prompt) for _ in range(9))
"""
_LONG = """
import numpy as np, pandas as pd
long = pd.DataFrame(np.random.default_rng(0).normal(size=(10_000_000, 5)), columns=list("abcde"))
"""
# Names that are no numbered family: of such a one, only a few columns are looked at.
_WIDE = """
import itertools, string
def letters(count):
    words = itertools.product(string.ascii_lowercase, repeat=4)
    return ["".join(word) for word in itertools.islice(words, count)]
def wide_frame(count):
    return pd.DataFrame(np.random.default_rng(0).normal(size=(1000, count)), columns=letters(count))
"""
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
    """The rows of the context issue: gather times and how they grow, and the share of the hooks."""
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
        first = float(kernel.value("gather_once('What is `value_7`?')"))
        kernel.ok(_LONG, timeout=120)
        kernel.ok(_WIDE)
        long = float(kernel.value("gather_ms('What is @long?')"))
        wide = [_wide(kernel, width) for width in WIDTHS]
    cells = f"{CELLS:,} executed cells"
    grown = _growth(SIZES)
    return [
        Row("gather, 10 million rows", f"{long:.0f} ms", "≤ 50 ms", long <= 50, cells),
        Row("gather, 2 000 columns", f"{wide[2]:.0f} ms", "≤ 150 ms", wide[2] <= 150, cells),
        _curve("gather by columns", WIDTHS, wide),
        _curve("gather by executed cells", SIZES, grown),
        Row("the first gather of a kernel", f"{first:.0f} ms", "≤ 500 ms", first <= 500, cells),
        Row(f"hooks' CPU, {cells}", f"{small:.1f} %", "≤ 2 %", small <= 2),
        Row("hooks' CPU, 20 000 prints", f"{prints:.1f} %", "≤ 2 %", prints <= 2),
    ]


def _wide(kernel: NotebookKernel, width: int) -> float:
    kernel.ok(f"wide = wide_frame({width})", timeout=60)
    return float(kernel.value("gather_ms('What is @wide?')"))


def _growth(sizes: Sequence[int]) -> list[float]:
    """Milliseconds of one gather after so many executed cells, in a kernel of its own."""
    with (
        FakeMibyan() as fake,
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(
            Path(sys.executable), Path(home), {"MIBYAN_BASE_URL": fake.base_url}
        ) as kernel,
    ):
        kernel.ok("%load_ext mibyan_jupyter\nfrom mibyan_jupyter import get_session")
        kernel.ok(f"session = get_session()\n{_GATHER}")
        times, ran = [], 0
        for size in sizes:
            for number in range(ran, size):
                kernel.ok(SMALL_CELL.format(n=number))
            ran = size
            times.append(float(kernel.value(f"gather_ms('What is `value_{size - 1}`?')")))
        return times


def _curve(name: str, sizes: Sequence[int], times: Sequence[float]) -> Row:
    """Whether ten times as much takes at most ten times as long, at the large end."""
    (size, time), (most, longest) = list(zip(sizes, times, strict=True))[-2:]
    steps = " / ".join(f"{n:,}" for n in sizes)
    shown = " / ".join(f"{ms:.1f}" for ms in times)
    ok = longest <= time * (most / size) * 1.1
    return Row(name, f"{shown} ms", "linear or better", ok, steps)


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
