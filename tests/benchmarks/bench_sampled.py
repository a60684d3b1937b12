"""The renderer's CPU while each frame is looked at, as when the goals were set: not by default.

What looks costs both sides the same CPU for as long as the answer streams.
"""

from __future__ import annotations

import sys
from functools import partial

from tests.benchmarks.bench_browser import SIZES, Size, open_pages
from tests.benchmarks.samples import Samples, in_turn
from tests.benchmarks.table import Row, as_text, at_most
from tests.benchmarks.ways import FINAL_HTML, MIBYAN

REPETITIONS = 3


def measure() -> list[Row]:
    """Ours against one final render of the same answer."""
    rows = []
    with open_pages((MIBYAN, FINAL_HTML)) as pages:
        for size in SIZES:
            asking = {
                way: partial(page.look, size.tokens, size.rate) for way, page in pages.items()
            }
            taken = in_turn(asking, REPETITIONS)
            ours, floor = (
                Samples(tuple(cpu for cpu, _ in taken[way]), "s") for way in (MIBYAN, FINAL_HTML)
            )
            rows.append(_row(size, ours, floor))
    return rows


def _row(size: Size, ours: Samples, floor: Samples) -> Row:
    name = f"renderer CPU, each frame looked at, {size} / one final text/html"
    return at_most(name, ours.median / floor.median, size.most, f"{ours} of {floor}")


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
