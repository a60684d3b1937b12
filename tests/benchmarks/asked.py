"""One way in one kernel: its answers, counted and weighed as they leave the kernel."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ways import Way
from tests.fake_mibyan import FakeMibyan
from tests.kernel.notebook_kernel import CellResult, NotebookKernel

_SHOWS = ("stream", "display_data", "update_display_data", "execute_result", "clear_output")
_CPU = "__import__('time').process_time()"
_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: what it cost the kernel, and what stands in the cell then."""

    cell: CellResult
    cpu: float
    """Seconds of the kernel's process, all its threads."""

    @property
    def messages(self) -> int:
        """How many IOPub messages show something."""
        return len(self.cell.of_type(*_SHOWS))

    @property
    def size(self) -> int:
        """Their bytes: what the cell shows, without the headers that all ways have alike."""
        contents = (message["content"] for message in self.cell.of_type(*_SHOWS))
        return sum(len(json.dumps(content, ensure_ascii=False).encode()) for content in contents)

    @property
    def busiest(self) -> int:
        """The most messages within a second."""
        kinds = (message["msg_type"] for message in self.cell.messages)
        pairs = zip(kinds, self.cell.arrivals, strict=True)
        times = [arrived for kind, arrived in pairs if kind in _SHOWS]
        return max(sum(start <= other < start + 1 for other in times) for start in times)

    @property
    def text(self) -> str:
        """The answer's source as the cell keeps it, whatever its mime type."""
        datas = [output.get("data", {}) for output in self.cell.outputs]
        found = [data.get("text/markdown") or data.get("text/plain", "") for data in datas]
        return "".join([*found, self.cell.printed])


class WarmKernel:
    """A kernel in which one way is set up and has asked once."""

    def __init__(self, kernel: NotebookKernel, way: Way) -> None:
        self._way = way
        self.kernel = kernel
        kernel.ok(way.set_up, timeout=_START_SECONDS)

    def start(self) -> CellResult:
        """Send the question and do not wait."""
        return self.kernel.start(self._way.ask)

    def ask(self, timeout: float = 300) -> Asked:
        """Ask, and wait for the end of the answer."""
        before = float(self.kernel.value(_CPU))
        cell = self.kernel.ok(self._way.ask, timeout=timeout)
        return Asked(cell, float(self.kernel.value(_CPU)) - before)


@contextlib.contextmanager
def warm_kernel(way: Way, fake: FakeMibyan) -> Iterator[WarmKernel]:
    """A kernel of the way's own environment; what it asks first is echoed by `fake`."""
    with (
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(way.python, Path(home), way.environment(fake.base_url)) as kernel,
    ):
        warm = WarmKernel(kernel, way)
        warm.ask()
        yield warm


def seconds_until_shown(warm: WarmKernel, fake: FakeMibyan, word: str, holds: int) -> float:
    """From the moment the server may send `word` until an IOPub message that holds it is here.

    `fake` holds the answer before that word, as its hold number `holds`, and again after it.
    """
    cell = warm.start()
    fake.wait_for_holds(holds)
    warm.kernel.listen_for(0.15)  # what was shown meanwhile is not mistaken for the word
    began = time.monotonic()
    fake.release()
    warm.kernel.wait_until(lambda: _holds(cell, word), f"{word} to be shown")
    shown = cell.arrivals[-1]
    fake.release()
    warm.kernel.finish(cell)
    return shown - began


def _holds(cell: CellResult, word: str) -> bool:
    return bool(cell.messages) and word in json.dumps(cell.messages[-1]["content"])
