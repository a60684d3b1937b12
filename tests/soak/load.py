"""Much at once and much in a row: turns, tokens, sessions, reloads, clients."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.api.test_many_clients import CLIENTS, ask_all, is_clear
from tests.benchmarks.table import Row, at_most
from tests.e2e.browser import running_chromium
from tests.e2e.lab import LabServer, kernels_ended
from tests.e2e.notebook_page import NotebookPage
from tests.fake_mibyan import FakeMibyan
from tests.kernel.conftest import SET_UP, point_at
from tests.kernel.notebook_kernel import NotebookKernel
from tests.load.in_browser import left_by_reloads
from tests.load.in_kernel import after_turns, render_seconds, right_answers, told_its_own

TURNS, TOKENS, SESSIONS, RELOADS, PROMPTS = 1_000, 100_000, 20, 50, 10
MEGABYTES, CPU_SECONDS = 50, 2


def measure(_: float) -> list[Row]:
    """Rows of a fixed size, which take about three minutes."""
    return [_turns(), _long_answer(), _sessions(), _reloads(), _clients()]


@contextmanager
def _kernel(**server: Any) -> Iterator[tuple[NotebookKernel, FakeMibyan]]:
    with (
        FakeMibyan(**server) as fake,
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(Path(sys.executable), Path(home)) as kernel,
    ):
        kernel.ok(SET_UP)
        point_at(kernel, fake)
        yield kernel, fake


def _turns() -> Row:
    with _kernel() as (kernel, fake):
        grown = after_turns(kernel, fake, TURNS)
    detail = f"beside their text of {grown.text / 1e6:.1f} MB"
    return at_most(f"{TURNS:,} turns beside their text", grown.beside_text, MEGABYTES, detail, "MB")


def _long_answer() -> Row:
    with _kernel() as (kernel, fake):
        seconds = render_seconds(kernel, fake, TOKENS)
    return at_most(
        f"{TOKENS:,} tokens, rendered while they grow", seconds, CPU_SECONDS, unit="s CPU"
    )


def _sessions() -> Row:
    with _kernel(default=told_its_own) as (kernel, _):
        right = right_answers(kernel, SESSIONS)
    return Row(f"{SESSIONS} sessions at once", f"{right} right", f"{SESSIONS}", right == SESSIONS)


def _reloads() -> Row:
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeMibyan() as fake,
        LabServer(Path(folder)) as lab,
        running_chromium() as browser,
        kernels_ended(lab),
    ):
        lab.kernels_see(MIBYAN_BASE_URL=fake.base_url)
        lab.write_notebook("reloads.ipynb", ["%load_ext mibyan_jupyter"])
        notebook = NotebookPage(browser.new_page(), lab, "reloads.ipynb")
        notebook.run(0)
        comms, messages = left_by_reloads(notebook, RELOADS)
    value = f"{len(comms)} comms, {messages} more messages"
    return Row(f"{RELOADS} reloads leave", value, "0, 0", (comms, messages) == ([], 0))


def _clients() -> Row:
    asked, gateway, most_requests = ask_all(PROMPTS)
    unclear = sum(not is_clear(each) for each in asked)
    broken = sum(each.status != "complete" for each in asked)
    detail = (
        f"{len(asked):,} prompts; {gateway.refused} requests refused, {gateway.dropped} dropped;"
        f" {broken} ended in a typed error; at most {most_requests} requests for one"
    )
    ok = not unclear and most_requests <= 3
    return Row(f"{CLIENTS} clients, text lost or mixed up", f"{unclear}", "0", ok, detail)
