"""5 000 tokens at 500 a second into the sidebar and an inline panel at once, in real JupyterLab."""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.table import Row, as_text
from tests.e2e.answers import long_answer, tokens
from tests.e2e.browser import running_chromium
from tests.e2e.chat_page import inline_panel, sidebar
from tests.e2e.kernel_traffic import KernelTraffic
from tests.e2e.lab import LabServer
from tests.e2e.notebook_page import NotebookPage
from tests.fake_mibyan import FakeMibyan, Reply

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOKENS = 5_000
TOKENS_PER_SECOND = 500
REPETITIONS = 5
_LAST = "The very last token."
_PANEL = "from mibyan_jupyter import ChatPanel\nChatPanel()"
_CELLS = ["%load_ext mibyan_jupyter", _PANEL]
_PACKAGE = Path(__file__).parents[2] / "mibyan_jupyter"
# Looked for before each painting: when the eye can have it, in milliseconds since 1970.
_WATCH = """last => {
    const watch = window.watch = {shown: {}, longTasks: [], ends: []};
    const observer = new PerformanceObserver(list =>
        watch.longTasks.push(...list.getEntries().map(entry => entry.duration)));
    observer.observe({type: "longtask"});
    const views = {side: ".mibyan-sidebar", inline: ".mibyan-inline"};
    const look = () => {
        for (const [name, place] of Object.entries(views)) {
            const answers = document.querySelectorAll(`${place} .mibyan-reply`);
            const end = answers[answers.length - 1]?.lastChild.previousSibling?.textContent ?? "";
            const tail = answers[answers.length - 1]?.lastChild.textContent ?? "";
            if (!(name in watch.shown) && (end + tail).includes(last)) {
                watch.shown[name] = performance.timeOrigin + performance.now();
            }
        }
        if (Object.keys(watch.shown).length < 2) requestAnimationFrame(look);
    };
    look();
}"""


@dataclass(frozen=True, slots=True)
class Run:
    """One answer: delays in milliseconds, CPU in seconds of the renderer's main thread."""

    delays: tuple[float, float]
    long_tasks: tuple[float, ...]
    cpu: float
    seconds: float
    messages: tuple[float, ...]

    @property
    def busiest(self) -> int:
        """The most messages of our link within a second."""
        times = self.messages
        return max(sum(start <= other < start + 1 for other in times) for start in times)


def measure() -> list[Row]:
    """The rows of the panel's issue: last token, long tasks, CPU, messages, size."""
    with (
        FakeMibyan() as fake,
        tempfile.TemporaryDirectory() as folder,
        LabServer(Path(folder)) as lab,
        running_chromium() as browser,
    ):
        lab.kernels_see(MIBYAN_BASE_URL=fake.base_url)
        runs = _runs(fake, lab, browser)
    return [*_rows(runs), *_sizes()]


def _runs(fake: FakeMibyan, lab: LabServer, browser: Browser) -> list[Run]:
    lab.write_notebook("Panel.ipynb", _CELLS)
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    notebook = NotebookPage(context.new_page(), lab, "Panel.ipynb")
    for index in range(len(_CELLS)):
        notebook.run(index)
    return [_run(fake, notebook) for _ in range(REPETITIONS)]


def _run(fake: FakeMibyan, notebook: NotebookPage) -> Run:
    """One answer in a conversation of its own."""
    pieces = [*tokens(long_answer(TOKENS))[:TOKENS], f"\n\n{_LAST}"]
    fake.enqueue(Reply.stream(pieces, tokens_per_second=TOKENS_PER_SECOND))
    side, inline = sidebar(notebook), inline_panel(notebook, 1)
    side.type("/reset")
    side.box.press("Enter")
    side.turns.first.wait_for(state="detached")
    traffic = KernelTraffic(notebook.page)
    notebook.page.evaluate(_WATCH, _LAST)
    main_thread, began = MainThread(notebook.page), time.monotonic()
    side.send("Tell me everything")
    notebook.page.wait_for_function("() => Object.keys(watch.shown).length === 2", timeout=60_000)
    for view in (side, inline):
        view.wait_for_status(0, "complete")
    cpu = main_thread.seconds()
    ended = fake.requests[-1].finished_at
    assert ended is not None
    ended_at = (time.time() - time.monotonic() + ended) * 1000
    watched = notebook.page.evaluate("() => window.watch")
    return Run(
        (watched["shown"]["side"] - ended_at, watched["shown"]["inline"] - ended_at),
        tuple(watched["longTasks"]),
        cpu,
        ended - began,
        tuple(m.moment for m in traffic.received if m.comm_id),
    )


class MainThread:
    """What a page's main thread has worked since this was made."""

    def __init__(self, page: Page) -> None:
        self._browser = page.context.new_cdp_session(page)
        self._browser.send("Performance.enable")

    def seconds(self) -> float:
        """CPU seconds of its tasks; once."""
        metrics = self._browser.send("Performance.getMetrics")["metrics"]
        self._browser.detach()
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def _rows(runs: list[Run]) -> list[Row]:
    last = [max(run.delays) for run in runs]
    longest = [max(run.long_tasks, default=0.0) for run in runs]
    shares = [run.cpu / run.seconds * 100 for run in runs]
    busiest = max(run.busiest for run in runs)
    many = f"median of {len(runs)}, {TOKENS:,} tokens at {TOKENS_PER_SECOND}/s in two views"
    return [
        Row(
            "last token in both views after the server's end",
            f"{statistics.median(last):.0f} ms",
            "≤ 200 ms",
            statistics.median(last) <= 200,
            f"{many}; {min(last):.0f}–{max(last):.0f} ms",
        ),
        Row(
            "longest task of the page",
            f"{statistics.median(longest):.0f} ms",
            "≤ 100 ms",
            statistics.median(longest) <= 100,
            f"{min(longest):.0f}–{max(longest):.0f} ms (0: none over 50 ms)",
        ),
        Row(
            "the page's CPU", f"{statistics.median(shares):.0f} %", "–", ok=True, detail="one core"
        ),
        Row("link's messages, busiest second", str(busiest), "≤ 50", busiest <= 50),
    ]


def _sizes() -> list[Row]:
    widget = _gzipped(*(_PACKAGE / "panel" / "static").iterdir())
    page = _gzipped(*(_PACKAGE / "labextension" / "static").glob("*.js"))
    return [
        Row(
            "inline bundle, gzipped", f"{widget:.1f} kB", "≤ 40 kB", widget <= 40, "with its style"
        ),
        Row("labextension, gzipped", f"{page:.1f} kB", "≤ 40 kB", page <= 40, "all its scripts"),
    ]


def _gzipped(*paths: Path) -> float:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths) / 1000


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
