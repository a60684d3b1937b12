"""`docs/faults.md` is made from the table of faults. `MIBYAN_WRITE_README=1` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.session.faults import FAULTS, Fault
from tests.session.faults.answers import BROKEN, NO_ANSWER, REASONS
from tests.session.faults.connections import NETWORK
from tests.session.faults.events import TOLERATED
from tests.session.faults.pieces import BYTES, SILENCE, SIZES
from tests.session.faults.statuses import REFUSED, RETRIED

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
ENDS = {"full": "**full**", "kept": "**kept**, marked “cut off”", "none": "**none**: a failed turn"}
HEAD = """\
# What becomes of a fault

Each row is played on a real socket by `tests/session/test_faults.py`, which checks the outcome, the
text, the class of the error, its two lines and the number of requests. *Full*: the whole answer.
*Kept*: its text stays, marked; `%mibyan retry` asks again. *None*: a failed turn, which is shown
and never sent along; an earlier answer to its question stands. No line holds the key, a raw body
or a word of the libraries below.
"""
PARTS: dict[str, list[Fault]] = {
    "The network, TLS and proxies": NETWORK,
    "The server refuses": REFUSED,
    "The server refuses for now": RETRIED,
    "The server answers with something else": NO_ANSWER,
    "The connection breaks": BROKEN,
    "How the model ended": REASONS,
    "Strange events and errors in the stream": TOLERATED,
    "Silence": SILENCE,
    "Bytes": BYTES,
    "Sizes": SIZES,
}


def row(fault: Fault) -> str:
    error = f"`{fault.error.__name__}`" if fault.error else ""
    requests = fault.requests if fault.replies else ""
    return f"| {fault.name} | {ENDS[fault.outcome]} | {error} | {requests} |"


def page() -> str:
    parts = [HEAD]
    for title, faults in PARTS.items():
        head = [f"## {title}\n", "| fault | outcome | error | requests |", "|---|---|---|---|"]
        parts.append("\n".join([*head, *map(row, faults), ""]))
    return "\n".join(parts)


@pytest.mark.skipif(not PAGE.parent.exists(), reason="the sdist has no docs")
def test_the_page_shows_the_whole_table() -> None:
    """Every row, as it is tested."""
    if os.environ.get("MIBYAN_WRITE_README"):
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page(), "stale: run with MIBYAN_WRITE_README=1"
    assert sum(map(len, PARTS.values())) == len(FAULTS)


def test_every_name_is_one_row() -> None:
    """So that a failing row is found by its name."""
    names = [fault.name for fault in FAULTS]
    assert sorted(set(names)) == sorted(names)
