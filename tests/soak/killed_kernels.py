"""Kills a real kernel at a random moment of its conversation, and resumes in the next one."""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

from tests.fake_mibyan import FakeMibyan, Reply
from tests.journal.kills import SECONDS
from tests.kernel.conftest import SET_UP, point_at
from tests.kernel.notebook_kernel import CellResult, NotebookKernel

_WORD = re.compile(r"\bw\d+\b")


def kill_kernel(home: Path, chance: random.Random) -> tuple[int, list[str]]:
    """How many words had been on the screen a second before, and which are not restored."""
    environ = {"XDG_DATA_HOME": str(home / "data"), "JPY_SESSION_NAME": "/x/a.ipynb"}
    with FakeMibyan() as fake:
        for number in range(20):
            words = [f"w{number * 1000 + n} " for n in range(60)]
            fake.enqueue(Reply.stream(words, tokens_per_second=chance.choice((30, 200))))
        with _kernel(home / "first", fake, environ) as first:
            cells = [first.start(f"%%mibyan\nQuestion {n}", f"c{n}") for n in range(20)]
            first.wait_until(lambda: bool(cells[0].reply or cells[0].frames), "the first frame")
            first.listen_for(chance.uniform(0.5, 7))
            first.manager.signal_kernel(9)
            shown = _shown(cells, time.monotonic() - SECONDS)
        with _kernel(home / "second", fake, environ) as second:
            second.ok("%mibyan resume")
            texts = second.value("[t.answer.text for t in session.history if t.answer]")
    restored = set(_WORD.findall(" ".join(texts)))
    return len(shown), sorted(shown - restored)


def _kernel(home: Path, fake: FakeMibyan, environ: dict[str, str]) -> NotebookKernel:
    home.mkdir(parents=True)
    kernel = NotebookKernel(Path(sys.executable), home, environ)
    kernel.ok(SET_UP)
    point_at(kernel, fake)
    return kernel


def _shown(cells: list[CellResult], until: float) -> set[str]:
    """The words in what had arrived for the page by `until` (monotonic seconds)."""
    bundles = [
        str(message["content"].get("data", ""))
        for cell in cells
        for message, arrived in zip(cell.messages, cell.arrivals, strict=True)
        if arrived <= until
    ]
    return set(_WORD.findall(" ".join(bundles)))
