"""Moments: the first text, the request on the wire, the first question of a kernel, stop."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

from tests.benchmarks.asked import WarmKernel, seconds_until_shown, warm_kernel
from tests.benchmarks.samples import Samples, in_turn
from tests.benchmarks.table import Row, as_text, at_most, without_goal
from tests.benchmarks.ways import CHATLAS_CHAT, DISPLAY_EACH, MIBYAN, OPENAI_PRINT, PRINT, Way
from tests.fake_mibyan import DONE, FakeMibyan, Hold, Reply, chunk, sse
from tests.kernel.notebook_kernel import NotebookKernel
from tests.kernel.test_link import LinkedPanel

REPETITIONS = 15
_FRESH_KERNELS = 9
_CELLS = 200
_LOAD = "%load_ext mibyan_jupyter"
_POST = """
import os, httpx
body = {"model": "m", "messages": [{"role": "user", "content": "Tell me"}]}
_ = httpx.Client().post(os.environ["MIBYAN_BASE_URL"] + "/chat/completions", json=body)
"""
_POST_ASYNC = _POST.replace("httpx.Client()", "await httpx.AsyncClient()")


def measure() -> list[Row]:
    """All rows, in milliseconds and as ratios."""
    with FakeMibyan() as fake:
        return [*_first_text(fake), _request(fake), *_first_question(fake), *_stop(fake)]


def _first_text(fake: FakeMibyan) -> list[Row]:
    ways = (MIBYAN, DISPLAY_EACH, PRINT, CHATLAS_CHAT, OPENAI_PRINT)
    holds = count(1, 2)
    with ExitStack() as stack:
        warm = {w: stack.enter_context(warm_kernel(w, fake)) for w in ways if w.is_installed}
        asking = {way: partial(_ask_held, fake, kernel, holds) for way, kernel in warm.items()}
        taken = in_turn(asking, REPETITIONS)
    times = {way: Samples(tuple(t * 1000 for t in each), "ms") for way, each in taken.items()}
    return _first_text_rows(times)


def _ask_held(fake: FakeMibyan, kernel: WarmKernel, holds: Iterator[int]) -> float:
    word, rest = sse(chunk("Medians")), [sse(chunk(" are robust.", finish_reason="stop")), DONE]
    fake.enqueue(Reply.raw([sse(chunk("", role="assistant")), Hold(), word, Hold(), *rest]))
    return seconds_until_shown(kernel, fake, "Medians", next(holds))


def _first_text_rows(times: dict[Way, Samples]) -> list[Row]:
    ours, rows = times[MIBYAN], []
    for way, most in ((DISPLAY_EACH, 1.5), (PRINT, 0.1)):
        detail = f"{ours} of {times[way]}"
        rows.append(
            at_most(f"first text / {way.name}", ours.median / times[way].median, most, detail)
        )
    others = ", ".join(f"{way.name} {each}" for way, each in times.items())
    return [*rows, without_goal("first text of all", str(ours), others)]


def _request(fake: FakeMibyan) -> Row:
    """From sending the cell to the request's arrival, in a notebook with much to look through."""
    with warm_kernel(MIBYAN, fake) as warm:
        kernel = warm.kernel
        kernel.ok("import pandas as pd\nprices = pd.DataFrame({'price': range(10_000)})")
        for number in range(_CELLS):
            kernel.ok(f"value_{number} = {number}\nprint(value_{number} * 2)", f"cell-{number}")
        warm.ask()
        times = Samples(tuple(_to_the_wire(fake, kernel) for _ in range(REPETITIONS)), "ms")
    detail = f"{times}; default context, {_CELLS} cells, one frame of 10 000 rows"
    return at_most("%%mibyan → request on the wire", times.median, 10, detail, unit="ms")


def _to_the_wire(fake: FakeMibyan, kernel: NotebookKernel, code: str = MIBYAN.ask) -> float:
    known, began = len(fake.requests), time.monotonic()
    cell = kernel.start(code, "asks")
    arrived = fake.wait_for_requests(known + 1, timeout=60)[-1].arrived_at
    kernel.finish(cell)
    return (arrived - began) * 1000


def _first_question(fake: FakeMibyan) -> list[Row]:
    ways = {
        "%%mibyan": lambda: _in_fresh_kernel(fake, _LOAD, MIBYAN.ask),
        "httpx": lambda: _in_fresh_kernel(fake, "pass", _POST),
        "httpx, async": lambda: _in_fresh_kernel(fake, "pass", _POST_ASYNC),
    }
    taken = in_turn(ways, _FRESH_KERNELS)
    ours, bare, bare_async = (Samples(tuple(each), "ms") for each in taken.values())
    name = "first %%mibyan of a kernel → request / import httpx; post"
    detail = f"{ours} of {bare}; with httpx.AsyncClient, which can be stopped: {bare_async}"
    return [at_most(name, ours.median / bare.median, 1.5, detail)]


def _in_fresh_kernel(fake: FakeMibyan, before: str, code: str) -> float:
    environment = MIBYAN.environment(fake.base_url)
    with (
        tempfile.TemporaryDirectory() as home,
        NotebookKernel(Path(sys.executable), Path(home), environment) as kernel,
    ):
        kernel.ok(before)
        kernel.listen_for(1.0)  # what a front end sends after a start has been done
        return _to_the_wire(fake, kernel, code)


def _stop(fake: FakeMibyan) -> list[Row]:
    """The panel's stop on the control channel, beside a round trip there."""
    with warm_kernel(MIBYAN, fake) as warm:
        panel = LinkedPanel(warm.kernel)
        panel.open()
        taken = in_turn(
            {
                "stop": lambda: _press_stop(fake, panel, warm.kernel),
                "kernel_info": lambda: _round_trip(warm.kernel),
            },
            REPETITIONS,
        )
    stop, trip = (Samples(tuple(each), "ms") for each in taken.values())
    name = "stop → server sees the close / a kernel_info round trip"
    return [at_most(name, stop.median / trip.median, 2, f"{stop} of {trip}; control channel")]


def _press_stop(fake: FakeMibyan, panel: LinkedPanel, kernel: NotebookKernel) -> float:
    known = len(fake.requests)
    fake.enqueue(Reply.stream(["Some", " words"], hold_after=1))
    panel.request("ask", prompt="Tell me")
    fake.wait_for_requests(known + 1)
    panel.wait_until(lambda: panel.turns[-1]["status"] == "running", "the answer")
    stop = {"id": f"s{known}", "op": "stop", "args": {"turn": panel.turns[-1]["id"]}}
    began = time.monotonic()
    kernel.start_control("mibyan_request", stop)
    left = fake.wait_for_disconnect(known + 1).disconnected_at
    panel.wait_until(lambda: panel.turns[-1]["status"] == "stopped", "the end")
    assert left is not None
    return (left - began) * 1000


def _round_trip(kernel: NotebookKernel) -> float:
    began = time.monotonic()
    kernel.control("kernel_info_request", {})
    return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
