"""What stays of a conversation when questions are asked again, edited, deleted, brought back."""

from __future__ import annotations

import pytest

from mibyan_jupyter.errors import CommandError, MibyanError
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import CellRun, TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply


def _sent(session: Session) -> list[str]:
    return [message.content for message in session.messages]


def _fails(fake: FakeMibyan, session: Session, prompt: str, run: str) -> None:
    fake.enqueue(Reply.refused(400))
    with pytest.raises(MibyanError):
        session.ask(prompt, cell=CellRun("A", run))


def test_an_answer_that_was_not_to_be_resent_is_not(fake: FakeMibyan, session: Session) -> None:
    """Its cell runs again, without --no-history, and fails: the old answer does not stand."""
    session.ask("q", history=False, cell=CellRun("A", "run 1"))
    _fails(fake, session, "q", "run 2")
    assert _sent(session) == []


def test_runs_without_text_leave_the_newest_answer(fake: FakeMibyan, session: Session) -> None:
    """However many there are, and also one that was replaced before it had ended."""
    session.ask("q", cell=CellRun("A", "run 1"))
    fake.enqueue(Reply.stream(["never shown"], hold_after=0))
    session.submit(TurnRequest("q", cell=CellRun("A", "run 2")))
    fake.wait_for_requests(2)
    _fails(fake, session, "q", "run 3")
    _fails(fake, session, "q", "run 4")
    assert _sent(session) == ["q", "You said: q"]


def test_an_edited_question_stays_parted(session: Session) -> None:
    """It began a conversation since the turn that did was deleted; so does what it became."""
    session.ask("before")
    session.ask("first", new=True)
    session.ask("second")
    session.forget(session.history[1].id)
    session.submit(TurnRequest("edited", edits=session.history[1].id)).wait()
    assert _sent(session) == ["edited", "You said: edited"]


@pytest.mark.parametrize("meanwhile", ["ends", "is asked again"])
def test_an_undone_deletion_leaves_one_mark(
    fake: FakeMibyan, session: Session, meanwhile: str
) -> None:
    """Also where the turn that inherited it has changed meanwhile."""
    session.ask("first", new=True)
    fake.enqueue(Reply.stream(["one", " two"], hold_after=1))
    running = session.submit(TurnRequest("second"))
    fake.wait_for_holds()
    session.forget(session.history[0].id)
    fake.release()
    running.wait()
    if meanwhile == "is asked again":
        session.ask("second", replaces=running.id)
    session.undo_reset()
    assert [(t.prompt, t.begins_anew) for t in session.history] == [
        ("first", True),
        ("second", False),
    ]


def test_a_question_is_asked_again_with_a_part_that_is_gone(session: Session) -> None:
    """As after a restart: what it left out then is not there to be sent."""
    session.ask("q")
    session.ask("q", without=("mine",), replaces=session.history[0].id)
    assert session.history[0].status == "complete"


def test_nothing_is_carried_on_while_another_answer_comes(
    fake: FakeMibyan, session: Session
) -> None:
    """That one would be the last of what goes along."""
    from mibyan_jupyter.commands.conversation import continuation

    fake.enqueue(Reply.stream(["half"], finish_reason="length"))
    session.ask("q")
    fake.enqueue(Reply.stream(["other"], hold_after=1))
    other = session.submit(TurnRequest("other"))
    fake.wait_for_holds()
    with pytest.raises(CommandError, match="still on its way"):
        continuation(session, session.history[0])
    other.stop()
    other.wait()
