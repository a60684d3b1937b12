"""The panel while a cell runs: sending, cold and warm, and stopping, on both lines of ipykernel."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.samples import Samples
from tests.benchmarks.table import Row, as_text
from tests.benchmarks.ways import IPYKERNEL_6, MIBYAN
from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.notebook_kernel import NotebookKernel
from tests.kernel.test_link import LinkedPanel

GOAL_MS = 300
_FRESH_KERNELS = 5
_WARM = 4  # questions of one kernel after its first
_BUSY = "import time\nprint('runs', flush=True)\nwhile True:\n    time.sleep(0.01)"
_VERSION = "import importlib.metadata as m; print(m.version('ipykernel'))"


def measure() -> list[Row]:
    """Three rows for each ipykernel that is there."""
    pythons = [Path(sys.executable), IPYKERNEL_6]
    with FakeMibyan() as fake:
        return [row for python in pythons if python.exists() for row in _rows(fake, python)]


def _rows(fake: FakeMibyan, python: Path) -> list[Row]:
    first: list[float] = []
    later: list[float] = []
    stops: list[float] = []
    for _ in range(_FRESH_KERNELS):
        with _busy_panel(fake, python) as (kernel, panel):
            pressed = [_ask_and_stop(fake, kernel, panel) for _ in range(1 + _WARM)]
        sent, stopped = zip(*pressed, strict=True)
        first.append(sent[0])
        later += sent[1:]
        stops += stopped
    told = [str(python), "-c", _VERSION]
    version = subprocess.run(told, capture_output=True, text=True, check=True).stdout.strip()
    return [
        _row("first question → request on the wire", version, first),
        _row("a later question → request on the wire", version, later),
        _row("stop → server sees the disconnect", version, stops),
    ]


@contextlib.contextmanager
def _busy_panel(fake: FakeMibyan, python: Path) -> Iterator[tuple[NotebookKernel, LinkedPanel]]:
    """A panel that was opened before its kernel's first cell began to run."""
    with (
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(python, Path(home), MIBYAN.environment(fake.base_url)) as kernel,
    ):
        kernel.ok("%load_ext mibyan_jupyter")
        panel = LinkedPanel(kernel)
        panel.open()
        cell = kernel.start(_BUSY)
        kernel.wait_until(lambda: bool(cell.printed), "the cell to begin")
        yield kernel, panel
        assert not cell.done


def _ask_and_stop(
    fake: FakeMibyan, kernel: NotebookKernel, panel: LinkedPanel
) -> tuple[float, float]:
    """Milliseconds from each press to its effect at the server."""
    fake.enqueue(Reply.stream(["Some", " words"], hold_after=1))
    number, turns = len(fake.requests) + 1, len(panel.turns)
    began = time.monotonic()
    kernel.start_control("mibyan_request", _request(f"a{number}", "ask", prompt="Tell me"))
    sent = fake.wait_for_requests(number)[-1].arrived_at - began
    panel.wait_until(lambda: len(panel.turns) > turns and "Some" in panel.html(), "the text")
    stop = _request(f"s{number}", "stop", turn=panel.turns[-1]["id"])
    began = time.monotonic()
    kernel.start_control("mibyan_request", stop)
    left = fake.wait_for_disconnect(number).disconnected_at
    assert left is not None
    panel.wait_until(lambda: panel.turns[-1]["status"] == "stopped", "the end")
    return sent * 1000, (left - began) * 1000


def _request(request_id: str, op: str, **args: str) -> dict[str, object]:
    return {"id": request_id, "op": op, "args": args}


def _row(name: str, version: str, milliseconds: list[float]) -> Row:
    times = Samples(tuple(milliseconds), "ms")
    return Row(
        f"{name}, a cell running, ipykernel {version}",
        f"{times.median:.0f} ms",
        f"≤ {GOAL_MS} ms",
        max(milliseconds) <= GOAL_MS,
        f"{times}, {len(milliseconds)} presses; all of them are to meet it",
    )


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
