"""Kills writers at random moments, and looks at what their journals have kept."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from mibyan_jupyter.journal.files import read_run

_ROOT = Path(__file__).parents[2]
SECONDS = 1.0  # what was shown so long before the kill must be there


@dataclass(frozen=True, slots=True)
class Kept:
    """What one killed writer left; `lost` names text that had been shown and is gone.

    `shown` counts characters that had to be there, `behind` those shown that are not, of the last
    second. `mid_rotation` tells that the kill hit while the file was written anew.
    """

    lost: tuple[str, ...]
    shown: int
    behind: int
    damaged: int
    mid_rotation: bool


def kill_writers(count: int, folder: Path, *, at_once: int = 4, seed: int = 0) -> list[Kept]:
    """Run and kill `count` writers, every fourth one while it rotates its file."""
    chance = random.Random(seed)  # noqa: S311
    kept: list[Kept] = []
    for first in range(0, count, at_once):
        writers = [
            _Writer(folder / f"w{number}", rotating=number % 4 == 3)
            for number in range(first, min(first + at_once, count))
        ]
        kept += [writer.kill_after(chance.uniform(0, 1.5)) for writer in writers]
    return kept


class _Writer:
    def __init__(self, home: Path, *, rotating: bool) -> None:
        home.mkdir(parents=True)
        self._rotating = rotating
        self._journals = home / "mibyan-jupyter" / "journal"
        self._output = home / "told"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journal.writer", *["--rotating"] * rotating],
                cwd=_ROOT,
                env={**os.environ, "XDG_DATA_HOME": str(home)},
                stdout=output,
            )

    def kill_after(self, seconds: float) -> Kept:
        """Kill it so long after its first text; a rotating one in the next rotation."""
        while not self._output.stat().st_size:
            assert self._process.poll() is None, "the writer died by itself"
            time.sleep(0.01)
        time.sleep(seconds)
        if self._rotating:
            self._hold_in_a_rotation(time.monotonic() + 5)
        moment = time.monotonic()
        self._process.kill()
        self._process.wait()
        return self._compare(moment)

    def _hold_in_a_rotation(self, deadline: float) -> None:
        """Stop it there: a rotation is over before a kill that sees it arrives, now and then."""
        while time.monotonic() < deadline:
            if not self._is_rotating():
                continue
            self._process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)
            if self._is_rotating():
                return
            self._process.send_signal(signal.SIGCONT)

    def _is_rotating(self) -> bool:
        return any(path.suffix == ".new" for path in self._journals.iterdir())

    def _compare(self, killed: float) -> Kept:
        (path,) = self._journals.glob("*.jsonl")
        run = read_run(path)
        texts = {turn.id: turn.answer.text if turn.answer else "" for turn in run.turns}
        due: dict[str, str] = defaultdict(str)
        told: dict[str, str] = defaultdict(str)
        for line in self._output.read_bytes().split(b"\n")[:-1]:
            moment, turn, text = json.loads(line)
            told[turn] += text
            if moment <= killed - SECONDS:
                due[turn] += text
        # A whole line was written before it was told: it must be there at any time.
        lines = {turn: text[: text.rfind("\n") + 1] for turn, text in told.items()}
        wanted = {turn: max(due[turn], lines[turn], key=len) for turn in told}
        missing = {t: text for t, text in wanted.items() if not texts.get(t, "").startswith(text)}
        return Kept(
            tuple(f"{turn}: {text[-40:]!r}" for turn, text in missing.items()),
            sum(map(len, wanted.values())),
            sum(max(len(text) - len(texts.get(turn, "")), 0) for turn, text in told.items()),
            run.damaged,
            self._rotating and self._is_rotating(),
        )
