"""What the journal costs the I/O thread: microseconds a token, against the same without it."""

from __future__ import annotations

import tempfile
import time
from unittest.mock import patch

from mibyan_jupyter.journal.journal import Journal
from mibyan_jupyter.session.events import TextAdded, TurnStarted
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Turn, TurnRequest
from tests.benchmarks.table import Row

TOKENS = 50_000
_LINE = " The median is the middle value of a sorted sample, whatever its tail is\n"


def measure() -> list[Row]:
    """CPU of 50 000 tokens in lines of 15, written straight to a file."""
    with tempfile.TemporaryDirectory() as folder, patch.dict("os.environ", XDG_DATA_HOME=folder):
        cost = io_thread().call(_stream())
    value = f"{cost * 1e6:.1f} µs"
    return [Row("journal, a token", value, "≤ 20 µs", ok=cost <= 20e-6)]


async def _stream() -> float:
    session = Session(base_url="http://127.0.0.1:1")
    turn = Turn("t1", TurnRequest("Go on."), "running")
    session.restore([turn])
    journal = Journal(session, lambda: "bench.ipynb")
    session._publish(TurnStarted(turn))
    words = [f"{word} " for word in _LINE.strip().split()]
    words[-1] = f"{words[-1].strip()}\n"
    began = time.process_time()
    for number in range(TOKENS):
        session._publish(TextAdded("t1", 0, words[number % len(words)]))
    spent = time.process_time() - began
    journal.close()
    return spent / TOKENS
