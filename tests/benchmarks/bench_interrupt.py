"""100 presses of ■ at random moments while an answer streams, in a real kernel."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.table import Row, as_text
from tests.fake_mibyan import FakeMibyan
from tests.kernel.notebook_kernel import NotebookKernel
from tests.kernel.presses import Press, percentile, press_at_random_moments

PRESSES = 100
GOAL_SECONDS = 0.3


def measure() -> list[Row]:
    """Seconds from the press to the idle kernel, and to the disconnect that the server sees."""
    presses = _press(PRESSES)
    measures = {
        "■ → reply and idle kernel": [press.to_idle for press in presses],
        "■ → server sees the disconnect": [press.to_disconnect for press in presses],
    }
    rows = [_row(name, seconds) for name, seconds in measures.items()]
    stopped = sum(press.cell.ename == "Stopped" for press in presses)
    of_all = f"{stopped} of {len(presses)}"
    return [*rows, Row("■ ends the cell as Stopped", of_all, "all", ok=stopped == len(presses))]


def _press(count: int) -> list[Press]:
    with (
        FakeMibyan() as fake,
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(
            Path(sys.executable), Path(home), {"MIBYAN_BASE_URL": fake.base_url}
        ) as kernel,
    ):
        kernel.ok("%load_ext mibyan_jupyter")
        return list(press_at_random_moments(kernel, fake, count=count, seed=100))


def _row(name: str, seconds: list[float]) -> Row:
    p50, p95 = percentile(seconds, 50), percentile(seconds, 95)
    detail = f"p50 {p50 * 1000:.0f} ms, max {max(seconds) * 1000:.0f} ms, {len(seconds)} presses"
    return Row(f"{name}, p95", f"{p95 * 1000:.0f} ms", "≤ 300 ms", p95 <= GOAL_SECONDS, detail)


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
