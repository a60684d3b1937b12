"""What kill -9 leaves: 200 writers and 10 kernels, at random moments."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from tests.benchmarks.table import Row
from tests.journal.kills import SECONDS, kill_writers
from tests.soak.killed_kernels import kill_kernel

WRITERS, KERNELS, AT_ONCE = 200, 10, 8


def measure(seconds: float) -> list[Row]:
    """As many of both as there is time for; a row says how many that were."""
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        kernels = _kernels(Path(folder), deadline)
        writers = _writers(Path(folder), deadline)
    return [kernels, writers]


def _kernels(folder: Path, deadline: float) -> Row:
    chance = random.Random(1)  # noqa: S311
    lost: list[str] = []
    words = count = 0
    while count < KERNELS and time.monotonic() < deadline:
        shown, missing = kill_kernel(folder / f"k{count}", chance)
        lost += missing
        words += shown
        count += 1
    detail = f"{words:,} words had been shown {SECONDS:g} s before"
    ok = count == KERNELS and not lost and words > 0
    return Row(f"kernels killed: {count}", f"{len(lost)} words lost", "0 of 10", ok, detail)


def _writers(folder: Path, deadline: float) -> Row:
    kept = []
    while len(kept) < WRITERS and time.monotonic() < deadline:
        round_folder = folder / f"r{len(kept)}"
        kept += kill_writers(AT_ONCE, round_folder, at_once=AT_ONCE, seed=len(kept))
    lost = sum(bool(each.lost) for each in kept)
    torn = sum(each.damaged for each in kept)
    rotating = sum(each.mid_rotation for each in kept)
    shown = sum(each.shown for each in kept)
    detail = f"{shown:,} characters; {rotating} killed in a rotation, {torn} torn lines"
    ok = len(kept) >= WRITERS and not lost and torn <= len(kept)
    return Row(f"writers killed: {len(kept)}", f"{lost} lost text", "0 of 200", ok, detail)
