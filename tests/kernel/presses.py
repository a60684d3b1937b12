"""■ at random moments while an answer streams, measured; the tests and `make bench` share it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import CellResult, NotebookKernel

_DELTAS = [f"word{n} " for n in range(60)]
_TOKENS_PER_SECOND = 100
# The stream stalls after its last delta: a late press finds it open, too.
_LATEST_PRESS = 1.1 * len(_DELTAS) / _TOKENS_PER_SECOND


@dataclass(frozen=True)
class Press:
    """One ■ and what came of it; all times in seconds."""

    cell: CellResult
    moment: float
    """After the request had arrived at the server."""
    to_idle: float
    """From the press until the front end saw the reply and the idle kernel."""
    to_disconnect: float
    """From the press until the server saw the client leave."""


def press_at_random_moments(
    kernel: NotebookKernel, fake: FakeMibyan, *, count: int, seed: int
) -> Iterator[Press]:
    """Ask and press ■, `count` times; each request is the fake's newest."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    for number in range(count):
        arrived = len(fake.requests) + 1
        fake.enqueue(
            Reply.stream(_DELTAS, tokens_per_second=_TOKENS_PER_SECOND, hold_after=len(_DELTAS))
        )
        moment = chance.uniform(0, _LATEST_PRESS)
        cell = kernel.start("%%mibyan --new\nAt length", f"press {number}")
        request = fake.wait_for_requests(arrived)[-1]
        kernel.listen_until(request.arrived_at + moment)
        pressed = time.monotonic()
        kernel.interrupt()
        kernel.finish(cell)
        left = fake.wait_for_disconnect(arrived).disconnected_at
        assert left is not None
        assert cell.idle_at is not None
        yield Press(cell, moment, cell.idle_at - pressed, left - pressed)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(percent) // 100) - 1)]


def table(presses: Sequence[Press]) -> str:
    """p50, p95 and the maximum, in milliseconds."""
    rows = {
        "press → reply and idle": [press.to_idle for press in presses],
        "press → server sees the disconnect": [press.to_disconnect for press in presses],
    }
    lines = [f"{f'{len(presses)} presses':36}{'p50':>9}{'p95':>9}{'max':>9}"]
    for name, seconds in rows.items():
        columns = (percentile(seconds, 50), percentile(seconds, 95), max(seconds))
        lines.append(f"{name:36}" + "".join(f"{value * 1000:6.0f} ms" for value in columns))
    return "\n".join(lines)
