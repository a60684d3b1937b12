"""An answer in real JupyterLab: the renderer's CPU, delays and smoothness, ours and the peers'."""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mibyan_jupyter.output.frame_feed import SLOWEST_FRAME_SECONDS
from tests.benchmarks.page import AnsweringPage, PageRun, Swap, lab_of
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

_FLAT_OUT = 1e6
_PLOT = Path(__file__).parents[2] / "docs" / "last-token.svg"

Pages = Mapping[Way, AnsweringPage]
Runs = dict[Way, list[PageRun]]


@dataclass(frozen=True, slots=True)
class Size:
    """An answer, how often ours is asked for `beside` a final render and `alone`, and the goal of
    the renderer's CPU.
    """

    tokens: int
    rate: int
    beside: int
    alone: int
    most: float

    def __str__(self) -> str:
        return f"{self.tokens:,} tokens at {self.rate}/s"


SIZES = (Size(1_000, 100, 5, 3, 1.6), Size(5_000, 500, 5, 3, 1.9), Size(20_000, 1_000, 3, 2, 2.1))


def measure(sizes: Sequence[Size] = SIZES) -> list[Row]:
    """The rows of all sizes; the plot goes into docs/."""
    delays: dict[str, dict[int, float]] = {}
    given_up: set[Way] = set()
    rows = []
    with open_pages() as pages:
        for size in sizes:
            runs, swaps = _runs(pages, size, given_up)
            _say(runs, size)
            rows += _cpu_rows(size, runs, swaps)
            if size == SIZES[0]:  # the size at which the browser itself costs most
                rows.append(_browser_alone(pages[FINAL_HTML], size, _cpu(runs[FINAL_HTML])))
            rows += _smoothness_rows(size, runs)
            rows += _seen(pages[MIBYAN], size)
            for way, taken in runs.items():
                median = _samples(taken, lambda run: run.last_token).median
                delays.setdefault(way.name, {})[size.tokens] = median
                if math.isinf(median) and way is not MIBYAN:
                    given_up.add(way)
                    pages[way].close()  # it would go on to show what is late
            for way in given_up:
                delays[way.name][size.tokens] = math.inf
    if len(sizes) > 1:
        _PLOT.write_text(delays_svg(delays), "utf-8")
    return rows


@contextmanager
def open_pages(only: Sequence[Way] = ()) -> Iterator[Pages]:
    """One page in a context of its own for each way that is installed."""
    ours = (MIBYAN, FINAL_HTML, READ_THEN_SHOW, MARKDOWN_AT_10)
    every = (*ours, OPENAI_PRINT, CHATLAS_CHAT, AI_MAGICS, AI_COMMANDS)
    ways = [way for way in only or every if way.is_installed]
    with ExitStack() as stack:
        fake = stack.enter_context(FakeMibyan())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(lab_of(ways, folder, fake))
        browser = stack.enter_context(running_chromium())
        yield {way: AnsweringPage(browser, lab, way, fake) for way in ways}


def _runs(pages: Pages, size: Size, given_up: Collection[Way]) -> tuple[Runs, list[Swap]]:
    """The runs of each way, and ours once more with its swap apart.

    What waits for the whole answer need not wait for it, but for the final render, whose page
    idles for as long as ours works. What was given up on is not asked for more.
    """

    def ask(way: Way, pace: float) -> Callable[[], PageRun]:
        return lambda: pages[way].ask(size.tokens, pace)

    pairs = [_beside(pages, size) for _ in range(size.beside)]
    runs: Runs = in_turn({MIBYAN: ask(MIBYAN, size.rate)}, size.alone)
    runs |= {FINAL_HTML: [final for _, final in pairs]}
    runs |= in_turn({READ_THEN_SHOW: ask(READ_THEN_SHOW, _FLAT_OUT)}, 3)
    for way in (AI_MAGICS, AI_COMMANDS):
        runs |= {way: [ask(way, _FLAT_OUT)()]} if way in pages else {}
    for way in (MARKDOWN_AT_10, OPENAI_PRINT, CHATLAS_CHAT):
        if way in pages and way not in given_up:
            runs |= {way: [ask(way, size.rate)()]}
    return runs, [swap for swap, _ in pairs]


def _beside(pages: Pages, size: Size) -> tuple[Swap, PageRun]:
    """Ours and one final render at the same time, the swap after that: each has its own renderer,
    and the final one idles while ours works.
    """
    ours, final, finals = pages[MIBYAN], pages[FINAL_HTML], []
    final.start(size.tokens, size.rate)
    ours.start(size.tokens, size.rate, held=True)
    swap = ours.finish_held(meanwhile=lambda: finals.append(final.finish()))
    return swap, finals[0]


def _say(runs: Runs, size: Size) -> None:
    for way, taken in runs.items():
        for run in taken:
            sys.stderr.write(f"{size.tokens:>6} {way.name:<32} {run}\n")


def _cpu_rows(size: Size, runs: Runs, swaps: Sequence[Swap]) -> list[Row]:
    streaming = Samples(tuple(swap.streaming for swap in swaps), "s")
    swapping = Samples(tuple(swap.swapping for swap in swaps), "s")
    ours, floor = _cpu(runs[MIBYAN]), _cpu(runs[FINAL_HTML])
    apart = f"renderer CPU without the swap, {size} / one final text/html"
    rows = [
        _cpu_row(apart, streaming, floor, size.most),
        without_goal(f"renderer CPU of the swap, {size}", str(swapping)),
    ]
    if MARKDOWN_AT_10 in runs:
        at_10 = _cpu(runs[MARKDOWN_AT_10])
        rows.append(_cpu_row(f"renderer CPU, {size} / {MARKDOWN_AT_10.name}", ours, at_10, 0.35))
    return rows


def _browser_alone(page: AnsweringPage, size: Size, final: Samples) -> Row:
    """What the same growth costs where a script does it, with nothing of Jupyter or of ours."""
    seconds = size.tokens / size.rate
    frames = round(seconds / SLOWEST_FRAME_SECONDS)
    grown = Samples(tuple(page.grow_again(seconds, frames) for _ in range(size.beside)), "s")
    name = f"renderer CPU, {size}, a script in the page lets it grow / one final text/html"
    return without_goal(name, f"{grown.median / final.median:.2f} ×", f"{grown} of {final}")


def _smoothness_rows(size: Size, runs: Runs) -> list[Row]:
    ours, floor = runs[MIBYAN], runs[FINAL_HTML]
    streaming = _samples(ours, lambda run: run.longest_streaming)
    final = _samples(runs[READ_THEN_SHOW], lambda run: run.longest)
    late = _samples(ours, lambda run: run.last_token)
    done = _samples(ours, lambda run: run.done)
    end_of_final = _samples(floor, lambda run: run.done)
    most_done = 400 if size.tokens <= 5_000 else 2 * end_of_final.median
    return [
        at_most(
            f"longest task while streaming, {size} / one final Markdown",
            streaming.median / max(final.median, 50),  # shorter tasks are not reported
            0.5,
            f"{streaming} of {final}",
        ),
        at_most(f"last token in the page, {size}", late.median, 200, str(late), unit="ms"),
        at_most(
            f"cell done, {size}",
            done.median,
            round(most_done),
            f"{done}; one final text/html {end_of_final}",
            unit="ms",
        ),
        without_goal(f"last token of the others, {size}", "", _others(runs)),
    ]


def _seen(page: AnsweringPage, size: Size) -> list[Row]:
    """What a reader saw."""
    _, look = page.look(size.tokens, size.rate)
    return [
        Row(f"blank frames, {size}", str(look.blank), "none", not look.blank),
        at_most(f"the answer shrinks at most, {size}", look.shrink, 20, unit="px"),
    ]


def _cpu_row(name: str, ours: Samples, other: Samples, most: float) -> Row:
    return at_most(name, ours.median / other.median, most, f"{ours} of {other}")


def _cpu(runs: Sequence[PageRun]) -> Samples:
    return Samples(tuple(run.cpu for run in runs), "s")


def _samples(runs: Sequence[PageRun], of: Callable[[PageRun], float]) -> Samples:
    return Samples(tuple(of(run) for run in runs), "ms")


def _others(runs: Runs) -> str:
    late = {way: _samples(taken, lambda run: run.last_token) for way, taken in runs.items()}
    return ", ".join(f"{way.name} {delay}" for way, delay in late.items() if way != MIBYAN)


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
