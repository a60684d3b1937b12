"""What leaves the kernel while an answer streams, and what that costs it: ours and the peers'."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from operator import attrgetter

from tests.benchmarks.asked import Asked, WarmKernel, warm_kernel
from tests.benchmarks.samples import Samples, in_turn
from tests.benchmarks.table import Row, as_text, at_most, without_goal
from tests.benchmarks.ways import (
    AI_COMMANDS,
    AI_MAGICS,
    CHATLAS_CHAT,
    FINAL_HTML,
    MARKDOWN_AT_10,
    MIBYAN,
    OPENAI_PRINT,
    READ_THEN_SHOW,
    Way,
    paced,
)
from tests.e2e.answers import long_answer, tokens
from tests.fake_mibyan import FakeMibyan

REPETITIONS = 5
_SHORT, _LONG = 5_000, 20_000
_AS_OFTEN = 1_300  # tokens/s at which the short one has as many messages a token as the long one
_MEASURED = (
    *(MIBYAN, READ_THEN_SHOW, FINAL_HTML, MARKDOWN_AT_10),
    *(CHATLAS_CHAT, OPENAI_PRINT, AI_MAGICS, AI_COMMANDS),
)

Runs = Mapping[Way, Sequence[Asked]]


def measure() -> list[Row]:
    """CPU and messages at 1 000 tokens/s; bytes at 500/s, one way after the other; their growth."""
    ways = [way for way in _MEASURED if way.is_installed]
    with FakeMibyan() as fake, ExitStack() as stack:
        warm = {way: stack.enter_context(warm_kernel(way, fake)) for way in ways}
        asking = {way: partial(_ask, fake, warm[way], _SHORT, 1_000) for way in ways}
        often = {way: asking[way] for way in (MIBYAN, READ_THEN_SHOW, FINAL_HTML)}
        runs: dict[Way, list[Asked]] = in_turn(often, REPETITIONS)
        runs |= {way: [asking[way]()] for way in ways if way not in often}
        weighed = [way for way in (MIBYAN, MARKDOWN_AT_10, CHATLAS_CHAT) if way in warm]
        slow = {way: [_ask(fake, warm[way], _SHORT, 500)] for way in weighed}
        grown = _ask(fake, warm[MIBYAN], _LONG, 1_000)
        short = [_ask(fake, warm[MIBYAN], _SHORT, _AS_OFTEN) for _ in range(3)]
        as_often = sorted(short, key=attrgetter("size"))[1]
    rows = [*_cpu_rows(runs), *_byte_rows(slow), _growth_row(as_often, grown)]
    return [*rows, _busiest_row((*runs[MIBYAN], grown))]


def _ask(fake: FakeMibyan, kernel: WarmKernel, length: int, rate: float) -> Asked:
    fake.enqueue(paced(tokens(long_answer(length))[:length], rate))
    return kernel.ask()


def _cpu_rows(runs: Runs) -> list[Row]:
    cpu = {way: Samples(tuple(run.cpu for run in taken), "s") for way, taken in runs.items()}
    ours = cpu[MIBYAN]
    rows = []
    for way, most in ((READ_THEN_SHOW, 1.5), (CHATLAS_CHAT, 0.2)):
        if way in cpu:
            detail = f"{ours} of {cpu[way]}"
            measure = f"kernel CPU, 5 000 tokens at 1 000/s / {way.name}"
            rows.append(at_most(measure, ours.median / cpu[way].median, most, detail))
    others = ", ".join(f"{way.name} {cpu[way]}" for way in cpu if way != MIBYAN)
    return [*rows, without_goal("kernel CPU of all, the same", str(ours), others)]


def _byte_rows(slow: Runs) -> list[Row]:
    size = {way: taken[0].size for way, taken in slow.items()}
    ours = size[MIBYAN]
    rows = []
    for way, most in ((CHATLAS_CHAT, 0.01), (MARKDOWN_AT_10, 0.5)):
        if way in size:
            detail = f"{ours / 1000:,.0f} kB of {size[way] / 1000:,.0f} kB"
            measure = f"IOPub bytes, 5 000 tokens at 500/s / {way.name}"
            rows.append(at_most(measure, ours / size[way], most, detail))
    return rows


def _growth_row(short: Asked, long: Asked) -> Row:
    """At the same messages a token: those come less often as an answer goes on."""
    each = f"{short.messages / _SHORT:.4f} and {long.messages / _LONG:.4f} messages a token"
    detail = f"{long.size / 1000:,.0f} kB of {short.size / 1000:,.0f} kB; {each}"
    return at_most("IOPub bytes, 20 000 tokens / 5 000", long.size / short.size, 4.5, detail)


def _busiest_row(runs: Sequence[Asked]) -> Row:
    busiest = max(run.busiest for run in runs)
    return at_most("IOPub messages, busiest second", busiest, 50, unit="/s")


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
