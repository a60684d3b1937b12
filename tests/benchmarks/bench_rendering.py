"""CPU of rendering an answer while it grows, ten frames a second, and of its last full render."""

from __future__ import annotations

import sys
import time

from mibyan_jupyter.rendering import LiveDocument
from tests.benchmarks.samples import Samples, in_turn, number
from tests.benchmarks.table import Row, as_text, at_most
from tests.e2e.answers import long_answer, tokens

REPETITIONS = 3
_LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000)
_TOKENS_A_FRAME = 100  # 1 000 tokens a second, ten frames a second


def measure() -> list[Row]:
    """The total at 100 000 tokens, and how it grows from 1 000 on."""
    pieces = tokens(long_answer(_LENGTHS[-1]))
    _render(pieces[:1_000])  # what is imported and compiled once
    ways = {length: lambda length=length: _render(pieces[:length]) for length in _LENGTHS}
    taken = in_turn(ways, REPETITIONS)
    times = {length: Samples(tuple(each), "s") for length, each in taken.items()}
    most, before = _LENGTHS[-1], _LENGTHS[-3]
    growth = times[most].median / times[before].median
    curve = " / ".join(number(each.median) for each in times.values())
    steps = " / ".join(f"{length:,}" for length in _LENGTHS)
    return [
        at_most("rendering, 100 000 tokens", times[most].median, 2, str(times[most]), unit="s"),
        at_most("rendering, 100 000 tokens / 10 000", growth, 12, f"{curve} s at {steps} tokens"),
    ]


def _render(pieces: list[str]) -> float:
    document, began = LiveDocument("bench"), time.process_time()
    for start in range(0, len(pieces), _TOKENS_A_FRAME):
        for piece in pieces[start : start + _TOKENS_A_FRAME]:
            document.append(piece)
        document.render()
    document.finish()
    return time.process_time() - began


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
