"""`retry`, `continue`, `last` and `why`: which question is meant, and what is asked again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mibyan_jupyter.commands.registry import Ask, ShowTurn, Table
from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.session.events import SessionEvent, TextAdded
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import CellRun, Turn, TurnRequest
from tests.commands.test_commands import run, text_of
from tests.fake_mibyan import FakeMibyan, Reply

_runs = itertools.count()


def asked_by(session: Session, line: str) -> Turn:
    """The ended turn of a command that asks."""
    asked = run(session, line)
    assert isinstance(asked, Ask)
    return session.submit(asked.request).wait(10)


def ask(session: Session, prompt: str, cell: str = "", **options: Any) -> None:
    """Ask, in a new run of the cell."""
    options |= {"cell": CellRun(cell, str(next(_runs)))} if cell else {}
    session.ask(prompt, **options)


def cut_off(text: str) -> Reply:
    return Reply.stream([text], finish_reason="length")


def sent(fake: FakeMibyan) -> list[str]:
    return [message["content"] for message in fake.requests[-1].json["messages"]]


def wait_until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


# ---- continue ------------------------------------------------------------------------------------


def test_continue_asks_as_its_question_was_asked(fake: FakeMibyan, session: Session) -> None:
    """Model, system message, format and what may go along of the notebook are the question's."""
    fake.enqueue(cut_off("half"))
    bounds = {"context": "none", "without": ("figures",), "model": "big", "stream": False}
    ask(session, "q", "A", system="Pirate", instruction="Code only.", new=True, **bounds)
    turn = asked_by(session, "continue")
    request = turn.request
    assert {name: getattr(request, name) for name in bounds} == bounds
    assert not request.new
    assert fake.requests[-1].json["model"] == "big"
    assert sent(fake) == [
        "Pirate\n\nCode only.",
        "q",
        "half",
        "Please continue where your answer stopped.",
    ]


def test_continue_goes_on_where_its_answer_stands(fake: FakeMibyan, session: Session) -> None:
    """An earlier cell that ran again is carried on there, and its next run replaces both."""
    for prompt, cell in (("a", "A"), ("b", "B")):
        ask(session, prompt, cell)
    fake.enqueue(cut_off("half of a"), cut_off("more of a"))
    ask(session, "a", "A")
    session.asking_cell = lambda: CellRun("C", "1")
    for so_far in ("half of a", "more of a"):
        asked_by(session, "continue")
        assert sent(fake)[-2:] == [so_far, "Please continue where your answer stopped."]
    ask(session, "a", "A")
    assert [turn.prompt for turn in session.history] == ["a", "b"]


def test_continue_refuses_what_would_not_go_along(fake: FakeMibyan, session: Session) -> None:
    """Kept out of the history, followed by another answer, or too long: the model could not."""
    fake.enqueue(cut_off("half"))
    ask(session, "kept out", "A", history=False)
    refused(session)
    for prompt in ("a", "b"):
        ask(session, prompt)
    fake.enqueue(cut_off("half of a"))
    ask(session, "a", replaces=session.history[1].id)
    refused(session)
    fake.enqueue(cut_off("word " * 100))
    ask(session, "c")
    session.configure(history_tokens=20)
    refused(session)


def refused(session: Session) -> None:
    with pytest.raises(MibyanError, match="cannot be carried on") as raised:
        run(session, "continue")
    assert "%mibyan retry" in raised.value.hint
    assert len(str(raised.value).splitlines()) == 2


# ---- retry ---------------------------------------------------------------------------------------


def test_retry_of_an_edited_question_forgets_nothing(session: Session) -> None:
    """After an undo, what the edit had removed is there again, and stays."""
    for prompt in ("a", "b"):
        session.ask(prompt)
    session.ask("a2", edits=session.history[0].id)
    session.undo_reset()
    asked_by(session, "retry")
    assert [turn.prompt for turn in session.history] == ["a", "b", "a2"]


def test_retry_asks_the_question_that_was_stopped_while_it_waited(
    fake: FakeMibyan, session: Session
) -> None:
    """It is the newest though it never began; one that was asked since is newer still."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    first = session.submit(TurnRequest("runs"))
    fake.wait_for_holds()
    waiting = session.submit(TurnRequest("waits"))
    waiting.stop()
    assert waiting.wait(10).started is None
    fake.release()
    first.wait(10)
    assert asked_by(session, "retry").prompt == "waits"
    session.ask("newest")
    assert asked_by(session, "retry").prompt == "newest"


@pytest.mark.parametrize("waits", [False, True])
def test_retry_refuses_while_the_answer_is_on_its_way(
    fake: FakeMibyan, session: Session, *, waits: bool
) -> None:
    """What came so far would be lost; two lines say to stop it first."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    running = session.submit(TurnRequest("runs"))
    fake.wait_for_holds()
    if waits:
        running = session.submit(TurnRequest("waits"))
    wait_until(lambda: running.id in [turn.id for turn in session.history])
    with pytest.raises(MibyanError, match="still on its way") as raised:
        run(session, "retry")
    assert "Stop it first" in raised.value.hint
    fake.release()
    assert running.wait(10).status == "complete"


# ---- save ----------------------------------------------------------------------------------------


def test_save_says_what_is_not_in_the_file(
    fake: FakeMibyan, session: Session, tmp_path: Path
) -> None:
    """An answer that still runs is left out, as in an export."""
    session.ask("a")
    assert "left out" not in text_of(run(session, f"save {tmp_path / 'whole.json'}"))
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    running = session.submit(TurnRequest("runs"))
    fake.wait_for_holds()
    wait_until(lambda: len(session.history) == 2)
    said = text_of(run(session, f"save {tmp_path / 'part.json'}"))
    assert said.splitlines()[1:] == ["1 turn left out: not answered yet."]
    fake.release()
    running.wait(10)


# ---- why -----------------------------------------------------------------------------------------


def test_the_newest_question_is_the_one_asked_last(session: Session) -> None:
    """A cell that ran again stands at its place; `why` and `last` speak of it all the same."""
    for cell in ("A", "B", "A"):
        ask(session, f"of {cell}", cell)
    why, last = run(session, "why"), run(session, "last")
    assert isinstance(why, Table)
    assert isinstance(last, ShowTurn)
    assert "“of A”" in why.title
    assert last.turn.prompt == "of A"


# ---- a try that brings nothing -------------------------------------------------------------------


def fail(fake: FakeMibyan, again: Callable[[], object]) -> None:
    fake.enqueue(Reply.refused(400))
    with pytest.raises(MibyanError):
        again()


@pytest.mark.parametrize("by", ["retry", "rerun"])
def test_a_failed_try_leaves_the_answer_that_was_there(
    fake: FakeMibyan, session: Session, tmp_path: Path, by: str
) -> None:
    """`last`, the exports and the next requests have it; a new answer takes its place."""
    fake.enqueue(Reply.stream(["good"], finish_reason="length"))
    ask(session, "q", "A")
    for _ in range(2):
        fake.enqueue(Reply.refused(400))
        if by == "retry":
            assert asked_by(session, "retry").status == "failed"
        else:
            with pytest.raises(MibyanError):
                ask(session, "q", "A")
    (turn,) = session.history
    assert (turn.status, turn.answer) == ("failed", None)
    assert "an earlier answer stands" in text_of(run(session, "history"))
    last = run(session, "last")
    assert isinstance(last, ShowTurn)
    assert (last.turn.answer and last.turn.answer.text, last.turn.status) == ("good", "cut_off")
    for name in ("a.md", "a.html", "a.ipynb"):
        written = session.export(tmp_path / name).read_text("utf-8")
        assert "good" in written
        assert "There is no answer" not in written
    asked_by(session, "continue")
    assert sent(fake)[:-1] == ["q", "good"]
    fake.enqueue(Reply.stream(["better"]))
    ask(session, "q", "A")
    ask(session, "next")
    assert "better" in sent(fake)
    assert "good" not in sent(fake)


@pytest.mark.parametrize(("came", "standing"), [(0, "You said: q"), (1, "half")])
def test_a_try_that_was_stopped_leaves_the_newest_text(
    fake: FakeMibyan, session: Session, came: int, standing: str
) -> None:
    """While it runs nothing stands for it; partial text is an answer of its own."""
    ask(session, "q")
    fake.enqueue(Reply.stream(["half", "x"], hold_after=came))
    asked = run(session, "retry")
    assert isinstance(asked, Ask)
    events: list[SessionEvent] = []
    running = session.submit(asked.request, events.append)
    fake.wait_for_holds()
    wait_until(lambda: sum(isinstance(event, TextAdded) for event in events) == came)
    assert session.messages == ()
    running.stop()
    assert running.wait(10).status == "stopped"
    assert [message.content for message in session.messages] == ["q", standing]


def test_a_cell_whose_question_was_changed_keeps_no_answer_to_the_old_one(
    fake: FakeMibyan, session: Session
) -> None:
    """That would be an answer to something else."""
    ask(session, "q", "A")
    fail(fake, lambda: ask(session, "another", "A"))
    assert session.messages == ()
    assert session.history[0].versions == ()
