"""A process that asks and journals until it is killed, and tells each piece of text it was given.

    python -m tests.journal.writer [--rotating]

Each line of its output is `monotonic seconds, turn id, text` as JSON, written when the text was
published, after the journal's turn. With `--rotating` the journal is written anew all the time.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import time

from mibyan_jupyter.journal.journal import Journal
from mibyan_jupyter.session.events import SessionEvent, TextAdded
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Answer, Turn, TurnRequest
from tests.fake_mibyan import FakeMibyan, RecordedRequest, Reply

NOTEBOOK = "killed.ipynb"
_numbers = itertools.count()


def answer(_: RecordedRequest) -> Reply:
    """Numbered words, 400 a second, or so few that a line takes seconds."""
    words = [f"w{next(_numbers)} " for _ in range(120)]
    for place in random.sample(range(120), 4):
        words[place] += random.choice(("\n", "\n\n", ". "))  # noqa: S311
    return Reply.stream(words, tokens_per_second=random.choice((20, 400)))  # noqa: S311


def tell(event: SessionEvent) -> None:
    if isinstance(event, TextAdded):
        line = json.dumps([time.monotonic(), event.turn_id, event.text])
        os.write(1, f"{line}\n".encode())


def main(*, rotating: bool) -> None:
    with FakeMibyan(default=answer) as fake:
        session = Session(base_url=fake.base_url)
        Journal(session, lambda: NOTEBOOK, largest=4_000)
        session.subscribe(tell)
        old = Turn("old", TurnRequest("Before?"), "complete", Answer("before " * 150_000))
        while True:
            running = session.submit(TurnRequest("Go on."))
            while rotating and not running.turn.ended:
                session.restore([old])  # a long record: each second one rotates the file
            running.wait()


if __name__ == "__main__":
    main(rotating="--rotating" in sys.argv)
