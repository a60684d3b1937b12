"""One way in a page of JupyterLab: answers, and what they cost the renderer."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import nbformat
from playwright.sync_api import TimeoutError as PageTimeoutError

from tests.benchmarks.bare_growth import GROW
from tests.benchmarks.ways import Way, paced
from tests.e2e.answers import long_answer, tokens
from tests.e2e.lab import LabServer
from tests.e2e.notebook_page import NotebookPage
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.fake_mibyan import FakeMibyan, RecordedRequest

    Answer = Callable[[RecordedRequest], Reply]

_LAST = "Zanzibar."
_SET_UP_MS = 120_000
_GIVE_UP_SECONDS = 15
_AFTERWARDS_MS = 500  # JupyterLab looks for headings 200 ms after the last change
# Looks only after something has changed, so that it makes no frames of its own.
_WATCH = """last => {
    const watch = window.watch = {token: null, done: null, tasks: [], asked: false};
    const now = () => performance.timeOrigin + performance.now();
    const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[1];
    const look = () => {
        watch.asked = false;
        const outputs = cell.querySelectorAll(".jp-Cell-outputArea > .jp-OutputArea-child");
        const shown = outputs[outputs.length - 1];
        if (!watch.token && shown?.textContent.includes(last)) watch.token = now();
        const prompt = cell.querySelector(".jp-InputPrompt").textContent;
        if (watch.token && !watch.done && /[0-9]/.test(prompt)) watch.done = now();
        if (watch.done) observer.disconnect();
    };
    const observer = new MutationObserver(() => {
        if (!watch.asked) { watch.asked = true; requestAnimationFrame(look); }
    });
    observer.observe(cell, {subtree: true, childList: true, characterData: true});
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) {
            watch.tasks.push([performance.timeOrigin + task.startTime, task.duration]);
        }
    }).observe({type: "longtask"});
}"""
# After a frame has been painted: what the eye has just got.
_SAMPLE = """() => {
    const samples = window.samples = [];
    const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[1];
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
        const area = cell.querySelector(".jp-Cell-outputArea");
        samples.push([area.getBoundingClientRect().height, area.textContent.trim().length]);
        if (!watch.done) requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    channel.port2.postMessage(0);
}"""


@dataclass(frozen=True, slots=True)
class PageRun:
    """One answer: CPU in seconds of the renderer's process, the rest in milliseconds.

    Delays count from the server's last byte; infinite where the page was not waited for any more.
    """

    cpu: float
    last_token: float
    done: float
    longest: float
    longest_streaming: float


@dataclass(frozen=True, slots=True)
class Swap:
    """CPU seconds of the renderer: until the last text stood there, and from then on."""

    streaming: float
    swapping: float


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader saw: frames with nothing in them, and by how many pixels it shrank at most."""

    blank: int
    shrink: float


class AnsweringPage:
    """A notebook whose cell 1 asks, in a browser context and renderer of its own."""

    def __init__(self, browser: Browser, lab: LabServer, way: Way, fake: FakeMibyan) -> None:
        self._fake = fake
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        self._notebook = NotebookPage(context.new_page(), lab, f"{kernel_name(way)}.ipynb")
        self._page = self._notebook.page
        self._cdp = context.new_cdp_session(self._page)
        self._cdp.send("Performance.enable")
        for index in (0, 1):  # set up, and a first question that loads what is loaded once
            self._notebook.start(index)
            self._notebook.wait_until_done(index, _SET_UP_MS)

    def ask(self, length: int, rate: float) -> PageRun:
        """One answer of `length` tokens at `rate` a second."""
        self.start(length, rate)
        return self.finish()

    def start(self, length: int, rate: float, *, held: bool = False) -> None:
        """Ask, and do not wait; `held`: by the server between its last text and its end."""
        pieces = _pieces(length)
        stream = Reply.stream(pieces, tokens_per_second=rate, hold_after=len(pieces))
        self._number = len(self._fake.requests)
        self._seconds = length / rate + _GIVE_UP_SECONDS
        self._began = self._start(stream if held else paced(pieces, rate))
        self._fake.wait_for_requests(self._number + 1)

    def finish(self) -> PageRun:
        """Wait for the end of what was started."""
        self._wait("() => watch.done", self._seconds)
        self._page.wait_for_timeout(_AFTERWARDS_MS)
        cpu = self._cpu() - self._began
        watch = self._page.evaluate("() => watch")
        while (ended := self._fake.requests[self._number].finished_at) is None:
            self._page.wait_for_timeout(10)
        return _run_of(watch, cpu, (time.time() - time.monotonic() + ended) * 1000)

    def finish_held(self, meanwhile: Callable[[], object]) -> Swap:
        """Wait for the last text and `meanwhile`, let the server end, and wait for the swap."""
        self._wait("() => watch.token", self._seconds)
        self._page.wait_for_timeout(50)
        streamed = self._cpu()
        meanwhile()
        held = self._cpu()
        self._fake.release()
        self._wait("() => watch.done", _GIVE_UP_SECONDS)
        self._page.wait_for_timeout(_AFTERWARDS_MS)
        return Swap(streamed - self._began, self._cpu() - held)

    def look(self, length: int, rate: float) -> tuple[float, Look]:
        """CPU seconds, and what the answer looks like, frame by frame."""
        began = self._start(paced(_pieces(length), rate), _SAMPLE)
        self._wait("() => watch.done", length / rate + _GIVE_UP_SECONDS)
        cpu = self._cpu() - began
        return cpu, _look_of(self._page.evaluate("() => samples"))

    def grow_again(self, seconds: float, frames: int) -> float:
        """CPU seconds while a script alone puts the answer there once more, in so many frames."""
        began = self._cpu()
        self._page.evaluate(GROW, [seconds, frames])
        self._page.wait_for_timeout(_AFTERWARDS_MS)
        return self._cpu() - began

    def close(self) -> None:
        """End its renderer."""
        self._page.context.close()

    def _start(self, reply: Reply | Answer, sample: str = "") -> float:
        """Run the cell, watched; the renderer's CPU before."""
        self._fake.enqueue(reply)
        self._page.evaluate(_WATCH, _LAST)
        if sample:
            self._page.evaluate(sample)
        began = self._cpu()
        self._notebook.start(1)
        return began

    def _wait(self, condition: str, seconds: float) -> None:
        """Until it holds; given up silently, which the watch tells."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._page.wait_for_function(condition, polling=100, timeout=5_000)
            except PageTimeoutError:
                continue
            return

    def _cpu(self) -> float:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "ProcessTime"))


def _run_of(watch: dict[str, Any], cpu: float, ended: float) -> PageRun:
    tasks = [(start - ended, duration) for start, duration in watch["tasks"]]
    return PageRun(
        cpu,
        watch["token"] - ended if watch["token"] else math.inf,
        watch["done"] - ended if watch["done"] else math.inf,
        max((duration for _, duration in tasks), default=0.0),
        max((duration for start, duration in tasks if start < 0), default=0.0),
    )


def _look_of(samples: Sequence[Sequence[float]]) -> Look:
    begins = (n for n, (_, text) in enumerate(samples) if n and text and not samples[n - 1][1])
    shown = samples[next(begins, 0) :]
    heights = [height for height, _ in shown]
    shrinks = (before - after for before, after in pairwise(heights))
    return Look(sum(not text for _, text in shown), max(shrinks, default=0.0))


def _pieces(length: int) -> list[str]:
    return [*tokens(long_answer(length))[: length - 1], f"\n\n{_LAST}"]


def kernel_name(way: Way) -> str:
    """What its kernel and its notebook are called."""
    return "".join(letter for letter in way.name.lower() if letter.isalnum())


@contextmanager
def lab_of(ways: Sequence[Way], folder: Path, fake: FakeMibyan) -> Iterator[LabServer]:
    """A JupyterLab with a kernel and a notebook for each way."""
    with LabServer(folder / "lab") as lab:
        for way in ways:
            spec = {
                "argv": [str(way.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": way.name,
                "language": "python",
                "env": way.environment(fake.base_url),
            }
            place = folder / "lab" / "share" / "kernels" / kernel_name(way)
            place.mkdir(parents=True)
            (place / "kernel.json").write_text(json.dumps(spec))
            lab.save_notebook(f"{kernel_name(way)}.ipynb", _notebook(way))
        yield lab


def _notebook(way: Way) -> Any:
    cells = [nbformat.v4.new_code_cell(source) for source in (way.set_up, way.ask)]
    kernel = {"name": kernel_name(way), "display_name": way.name}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
