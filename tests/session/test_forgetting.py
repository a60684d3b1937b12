"""What leaves a conversation, and how it comes back: reset, forget, edit, ask again, undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from mibyan_jupyter.session.events import HistoryReplaced, SessionEvent, TurnRemoved
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import CellRun, TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply


def sent(fake: FakeMibyan, number: int = -1) -> list[str]:
    return [message["content"] for message in fake.requests[number].json["messages"]]


def prompts(session: Session) -> list[str]:
    return [turn.prompt for turn in session.history]


def test_reset_archives_and_undo_brings_back(session: Session) -> None:
    """Nothing is lost by a reset; what runs is stopped first."""
    session.ask("a")
    events: list[SessionEvent] = []
    session.subscribe(events.append)
    session.reset()
    assert (session.history, session.messages) == ((), ())
    session.ask("b")
    session.undo_reset()
    assert [turn.prompt for turn in session.history] == ["a", "b"]
    assert [type(e) for e in events if isinstance(e, HistoryReplaced)] == [HistoryReplaced] * 2


def test_a_second_reset_loses_nothing(session: Session) -> None:
    """Resetting an empty conversation keeps what the first reset archived."""
    session.ask("a")
    session.reset()
    session.reset()
    session.undo_reset()
    assert [turn.prompt for turn in session.history] == ["a"]


def test_undo_loses_neither_run_of_a_cell(session: Session) -> None:
    """The one that a reset forgot is no longer its cell's; a further run leaves it alone."""
    session.ask("old", cell=CellRun("A", "1"))
    session.ask("other", cell=CellRun("B", "2"))
    session.reset()
    session.ask("new", cell=CellRun("A", "3"))
    session.undo_reset()
    assert prompts(session) == ["old", "other", "new"]
    assert [turn.cell_id for turn in session.history] == [None, "B", "A"]
    session.ask("newest", cell=CellRun("A", "4"))
    assert prompts(session) == ["old", "other", "newest"]


def test_what_is_loaded_and_what_was_reset_both_stay(session: Session, tmp_path: Path) -> None:
    """They hold two runs of one cell."""
    session.ask("old", cell=CellRun("A", "1"))
    session.save(tmp_path / "old.json")
    session.ask("new", cell=CellRun("A", "2"))
    session.reset()
    session.load(tmp_path / "old.json")
    session.undo_reset()
    assert prompts(session) == ["new", "old"]


def test_a_replaced_turn_keeps_its_answer_as_a_version(fake: FakeMibyan, session: Session) -> None:
    """Asking again takes the place; the earlier answers stay in `versions`."""
    fake.enqueue(Reply.stream(["first"]), Reply.stream(["second"]))
    session.ask("a")
    events: list[SessionEvent] = []
    session.subscribe(events.append)
    old = session.history[0].id
    session.ask("a", replaces=old)
    (turn,) = session.history
    assert turn.answer is not None
    assert (turn.answer.text, [answer.text for answer in turn.versions]) == ("second", ["first"])
    assert TurnRemoved(old) in events
    assert sent(fake) == ["a"]


def test_a_forgotten_turn_is_not_sent_and_can_come_back(fake: FakeMibyan, session: Session) -> None:
    """Only that turn leaves; undo puts it back into its place, before what was asked since."""
    for prompt in ("a", "b", "c"):
        session.ask(prompt)
    events: list[SessionEvent] = []
    session.subscribe(events.append)
    gone = session.history[1].id
    session.forget(gone)
    session.ask("d")
    assert prompts(session) == ["a", "c", "d"]
    assert TurnRemoved(gone) in events
    assert "b" not in sent(fake)
    session.undo_reset()
    assert prompts(session) == ["a", "b", "c", "d"]


def test_forgetting_a_running_turn_stops_it(fake: FakeMibyan, session: Session) -> None:
    """Its request ends, the next question is answered, and undo shows what had come."""
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    running = session.submit(TurnRequest("a"))
    fake.wait_for_holds()
    session.forget(running.id)
    assert running.wait(10).status == "stopped"
    assert session.ask("b").status == "complete"
    session.undo_reset()
    assert [(turn.prompt, turn.status) for turn in session.history] == [
        ("a", "stopped"),
        ("b", "complete"),
    ]


def test_forgetting_what_is_not_there_changes_nothing(session: Session) -> None:
    """An undo that was possible before stays possible."""
    session.ask("a")
    session.reset()
    session.forget("no such turn")
    session.undo_reset()
    assert prompts(session) == ["a"]


def test_an_edited_question_forgets_what_followed(fake: FakeMibyan, session: Session) -> None:
    """It stands last, sends only what came before it, and undo brings the others back."""
    for prompt in ("a", "b", "c"):
        session.ask(prompt)
    session.ask("B", edits=session.history[1].id)
    assert prompts(session) == ["a", "B"]
    assert sent(fake) == ["a", "You said: a", "B"]
    session.undo_reset()
    assert prompts(session) == ["a", "b", "c", "B"]


def test_an_edit_that_cannot_be_asked_forgets_nothing(session: Session) -> None:
    """The error comes before anything is touched."""
    session.ask("a")
    with pytest.raises(TypeError):
        session.ask(None, edits=session.history[0].id)  # type: ignore[arg-type]
    assert prompts(session) == ["a"]


def test_undo_brings_back_what_the_last_reset_forgot(session: Session) -> None:
    """Whatever was deleted or edited since; that comes back next, and where it stood."""
    for prompt in ("r1", "r2", "r3"):
        session.ask(prompt)
    session.reset()
    session.ask("oops")
    session.ask("kept")
    session.forget(session.history[0].id)
    session.undo_reset()
    assert prompts(session) == ["r1", "r2", "r3", "kept"]
    session.undo_reset()
    assert prompts(session) == ["r1", "r2", "r3", "oops", "kept"]
    session.undo_reset()
    assert prompts(session) == ["r1", "r2", "r3", "oops", "kept"]


def test_undo_brings_back_no_run_that_another_has_replaced(session: Session) -> None:
    """A cell that ran again, or a question asked again, since a deletion stands as it is now."""
    session.ask("old", cell=CellRun("A", "1"))
    session.ask("deleted")
    session.ask("again")
    session.forget(session.history[1].id)
    session.ask("new", cell=CellRun("A", "2"))
    session.ask("again", replaces=session.history[1].id)
    now = [turn.id for turn in session.history]
    session.undo_reset()
    assert prompts(session) == ["new", "deleted", "again"]
    assert [session.history[0].id, session.history[2].id] == now


def test_a_conversation_stays_parted_when_its_first_turn_is_deleted(
    fake: FakeMibyan, session: Session
) -> None:
    """The turn that follows begins it then, also where it is asked again; undo is as before."""
    session.ask("before")
    session.ask("fresh start", new=True)
    session.ask("next")
    session.forget(session.history[1].id)
    session.ask("next", replaces=session.history[-1].id)
    assert sent(fake) == ["next"]
    session.ask("then")
    assert sent(fake) == ["next", "You said: next", "then"]
    assert [message.content for message in session.preview("p").messages][:-1] == [
        *sent(fake),
        "You said: then",
    ]
    session.forget(session.history[1].id)
    session.ask("last")
    assert sent(fake) == ["then", "You said: then", "last"]


def test_undoing_the_deletion_of_a_first_turn_leaves_one_mark(session: Session) -> None:
    """What followed it belongs to its conversation again."""
    session.ask("before")
    session.ask("fresh start", new=True)
    session.ask("next")
    session.forget(session.history[1].id)
    assert [turn.begins_anew for turn in session.history] == [False, True]
    session.undo_reset()
    assert [turn.begins_anew for turn in session.history] == [False, True, False]


def test_a_waiting_question_is_parted_too(fake: FakeMibyan, session: Session) -> None:
    """It follows a first turn that is deleted while it waits, and sends nothing from before."""
    session.ask("before")
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    first = session.submit(TurnRequest("fresh start", new=True))
    fake.wait_for_holds()
    waiting = session.submit(TurnRequest("next"))
    events: list[SessionEvent] = []
    session.subscribe(events.append)
    session.forget(first.id)
    assert waiting.wait(10).status == "complete"
    assert sent(fake) == ["next"]
    assert session.history[-1].begins_anew
    assert any(isinstance(event, HistoryReplaced) for event in events), "views show the mark"
