"""An answer in real JupyterLab: the renderer's CPU, delays and smoothness, ours and the peers'."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks.page import AnsweringPage, PageRun, lab_of
from tests.benchmarks.plot import delays_svg
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
)
from tests.e2e.browser import running_chromium
from tests.fake_mibyan import FakeMibyan

# Tokens, tokens a second, repetitions, and the goals of the issue: CPU, and how late a cell ends.
SIZES = ((1_000, 100, 5, 1.6), (5_000, 500, 5, 1.9), (20_000, 1_000, 3, 2.1))
_FLAT_OUT = 1e6
_PLOT = Path(__file__).parents[2] / "docs" / "last-token.svg"

Runs = dict[Way, list[PageRun]]


def measure() -> list[Row]:
    """The rows of all three sizes; the plot goes into docs/."""
    found: dict[int, Runs] = {}
    with _pages() as pages:
        for length, rate, repetitions, _ in SIZES:
            found[length] = _runs(pages, length, rate, repetitions)
            _say(found[length], length)
        swaps = {length: pages[MIBYAN].swap(length, rate) for length, rate, *_ in SIZES}
        looks = {length: pages[MIBYAN].look(length, rate) for length, rate, *_ in SIZES}
    _PLOT.write_text(delays_svg(_delays(found)), "utf-8")
    rows = [row for size in SIZES for row in _rows_of(size, found[size[0]])]
    for length, (cpu, share) in swaps.items():
        rows.append(without_goal(f"of which the swap, {length:,}", f"{share:.0%}", f"{cpu:.2f} s"))
    for length, look in looks.items():
        rows += [
            at_most(f"blank frames, {length:,} tokens", look.blank, 0, unit=""),
            at_most(f"the answer shrinks at most, {length:,} tokens", look.shrink, 20, unit="px"),
        ]
    return rows


@contextmanager
def _pages() -> Iterator[Mapping[Way, AnsweringPage]]:
    """One page in a context of its own for each way that is installed."""
    every = (MIBYAN, FINAL_HTML, READ_THEN_SHOW, MARKDOWN_AT_10, OPENAI_PRINT)
    ways = [w for w in (*every, CHATLAS_CHAT, AI_MAGICS, AI_COMMANDS) if w.is_installed]
    with ExitStack() as stack:
        fake = stack.enter_context(FakeMibyan())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(lab_of(ways, folder, fake))
        browser = stack.enter_context(running_chromium())
        yield {way: AnsweringPage(browser, lab, way, fake) for way in ways}


def _runs(pages: Mapping[Way, AnsweringPage], length: int, rate: float, repetitions: int) -> Runs:
    """What is paced alike takes turns; what waits for the whole answer need not wait for it."""

    def ask(way: Way, pace: float) -> Callable[[], PageRun]:
        return lambda: pages[way].ask(length, pace)

    runs: Runs = in_turn({way: ask(way, rate) for way in (MIBYAN, FINAL_HTML)}, repetitions)
    runs |= in_turn({READ_THEN_SHOW: ask(READ_THEN_SHOW, _FLAT_OUT)}, 3)
    if length == SIZES[1][0]:
        runs |= in_turn({MARKDOWN_AT_10: ask(MARKDOWN_AT_10, rate)}, 3)
    runs |= {w: [pages[w].ask(length, _FLAT_OUT)] for w in (AI_MAGICS, AI_COMMANDS) if w in pages}
    streaming = [w for w in (MARKDOWN_AT_10, OPENAI_PRINT, CHATLAS_CHAT) if w in pages]
    runs |= {w: [pages[w].ask(length, rate)] for w in streaming if w not in runs}
    return runs


def _say(runs: Runs, length: int) -> None:
    for way, taken in runs.items():
        for run in taken:
            sys.stderr.write(f"{length:>6} {way.name:<32} {run}\n")


def _rows_of(size: tuple[int, int, int, float], runs: Runs) -> list[Row]:
    length, rate, _, most = size
    of = f", {length:,} tokens at {rate}/s"
    ours, floor, markdown = runs[MIBYAN], runs[FINAL_HTML], runs[READ_THEN_SHOW]
    rows = [_cpu_row(f"renderer CPU{of} / one final text/html", ours, floor, most)]
    if len(runs[MARKDOWN_AT_10]) > 1:
        name = f"renderer CPU{of} / {MARKDOWN_AT_10.name}"
        rows.append(_cpu_row(name, ours, runs[MARKDOWN_AT_10], 0.35))
    streaming = _samples(ours, lambda run: run.longest_streaming)
    final = _samples(markdown, lambda run: run.longest)
    late = _samples(ours, lambda run: run.last_token)
    done = _samples(ours, lambda run: run.done)
    end_of_final = _samples(floor, lambda run: run.done)
    most_done = 400 if length <= 5_000 else 2 * end_of_final.median
    detail = f"one final text/html {end_of_final}"
    return [
        *rows,
        at_most(
            f"longest task while streaming{of} / one final Markdown",
            streaming.median / max(final.median, 50),  # shorter tasks are not reported
            0.5,
            f"{streaming} of {final}",
        ),
        at_most(f"last token in the page{of}", late.median, 200, str(late), unit="ms"),
        at_most(f"cell done{of}", done.median, round(most_done), f"{done}; {detail}", unit="ms"),
        without_goal(f"last token of the others{of}", "", _others(runs)),
    ]


def _cpu_row(name: str, ours: Sequence[PageRun], other: Sequence[PageRun], most: float) -> Row:
    cpu = Samples(tuple(run.cpu for run in ours), "s")
    compared = Samples(tuple(run.cpu for run in other), "s")
    return at_most(name, cpu.median / compared.median, most, f"{cpu} of {compared}")


def _samples(runs: Sequence[PageRun], of: Callable[[PageRun], float]) -> Samples:
    return Samples(tuple(of(run) for run in runs), "ms")


def _others(runs: Runs) -> str:
    late = {way: _samples(taken, lambda run: run.last_token) for way, taken in runs.items()}
    return ", ".join(f"{way.name} {delay}" for way, delay in late.items() if way is not MIBYAN)


def _delays(found: Mapping[int, Runs]) -> dict[str, dict[int, float]]:
    """Milliseconds by way and answer length; what was given up on is infinitely late."""
    lines: dict[str, dict[int, float]] = {}
    for length, runs in found.items():
        for way, taken in runs.items():
            median = _samples(taken, lambda run: run.last_token).median
            lines.setdefault(way.name, {})[length] = median
    return lines


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
