"""What is remembered, where it stands, and what is sent again (DESIGN §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_mibyan import Hold, Pause, Reply, Reset, chunk, sse

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel


def contents(body: dict[str, Any]) -> list[str]:
    """The texts of a request's messages."""
    return [message["content"] for message in body["messages"]]


def sent(fake: FakeMibyan) -> list[str]:
    """The texts that the last request held."""
    return contents(fake.requests[-1].json)


def prompts(kernel: NotebookKernel) -> list[str]:
    """The questions of the history, in order."""
    found: list[str] = kernel.value("[turn.prompt for turn in get_session().history]")
    return found


def ask(prompt: str, flags: str = "") -> str:
    """A cell that asks."""
    return f"%%mibyan {flags}\n{prompt}"


def test_a_conversation_goes_on_from_cell_to_cell(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Each request holds the earlier questions and answers, in order."""
    kernel.ok(ask("one"), "a")
    kernel.ok(ask("two"), "b")
    assert sent(fake) == ["one", "You said: one", "two"]
    roles = [message["role"] for message in fake.requests[-1].json["messages"]]
    assert roles == ["user", "assistant", "user"]


def test_a_cell_that_runs_again_replaces_its_turn(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Its new turn takes the old one's place and sends only what stood before it."""
    for cell_id, prompt in (("a", "one"), ("b", "two"), ("c", "three")):
        kernel.ok(ask(prompt), cell_id)
    kernel.ok(ask("two, again"), "b")
    assert prompts(kernel) == ["one", "two, again", "three"]
    assert sent(fake) == ["one", "You said: one", "two, again"]


def test_without_cell_ids_turns_are_appended(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A front end that names no cells gets a plain conversation."""
    for _ in range(2):
        kernel.ok(ask("one"))
    assert prompts(kernel) == ["one", "one"]
    assert sent(fake) == ["one", "You said: one", "one"]


NOTEBOOK = [
    ("get_session().ask('from Python 1'); get_session().ask('from Python 2');", "a"),
    (ask("one"), "b"),
    ("%mibyan retry", "c"),
    (ask("anew", "--new"), "d"),
    (ask("aside", "--no-history"), "e"),
    (ask("last", "-s 'Be brief'"), "f"),
]


def test_run_all_twice_sends_the_same_bytes(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Run All again repeats every request exactly, and does not double the history."""
    for _ in range(2):
        assert [cell.status for cell in kernel.run_all(*NOTEBOOK)] == ["ok"] * len(NOTEBOOK)
    bodies = [request.body for request in fake.requests]
    half = len(bodies) // 2
    assert half == 7
    assert bodies[:half] == bodies[half:]
    assert prompts(kernel) == ["from Python 1", "from Python 2", "one", "anew", "aside", "last"]


def test_further_asks_of_a_run_follow_its_first(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A cell that asks twice keeps both turns, side by side, when it runs again."""
    twice = "get_session().ask('1'); get_session().ask('2');"
    kernel.ok(twice, "a")
    kernel.ok(ask("after"), "b")
    kernel.ok(twice, "a")
    assert prompts(kernel) == ["1", "2", "after"]
    assert sent(fake) == ["1", "You said: 1", "2"]


def test_a_run_that_asks_nothing_changes_nothing(kernel: NotebookKernel) -> None:
    """Editing the question away keeps the cell's turn."""
    kernel.ok(ask("one"), "a")
    kernel.ok("1 + 1", "a")
    assert prompts(kernel) == ["one"]


def test_new_starts_a_conversation_and_deletes_nothing(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Requests start at the nearest `--new`; earlier turns stay in the history."""
    kernel.ok(ask("one"), "a")
    kernel.ok(ask("anew", "--new"), "b")
    assert sent(fake) == ["anew"]
    kernel.ok(ask("then"), "c")
    assert sent(fake) == ["anew", "You said: anew", "then"]
    assert prompts(kernel) == ["one", "anew", "then"]


def test_no_history_stands_alone(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`--no-history` sends no earlier turn and is itself never resent."""
    kernel.ok(ask("one"), "a")
    kernel.ok(ask("aside", "--no-history"), "b")
    assert sent(fake) == ["aside"]
    kernel.ok(ask("two"), "c")
    assert sent(fake) == ["one", "You said: one", "two"]


def test_failed_turns_are_shown_and_never_sent(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A turn without text stays in the history and out of the requests."""
    fake.enqueue(Reply.refused(500))
    assert kernel.run(ask("fails"), "a").status == "error"
    kernel.ok(ask("two"), "b")
    assert sent(fake) == ["two"]
    assert kernel.value("[t.status for t in get_session().history]") == ["failed", "complete"]


def test_stopped_and_cut_turns_are_sent(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """What came of an answer goes along with later questions, also when it is not whole."""
    stalled = Reply.stream(["stopped text", "never"], hold_after=1)
    head = [sse(chunk("cut text")), Pause(0.05), Reset()]
    fake.enqueue(stalled, Reply.raw(head), Reply.stream(["long text"], finish_reason="length"))
    cell = kernel.start(ask("one"), "a")
    kernel.wait_until(lambda: "stopped text" in cell.html, "the first words")
    kernel.interrupt()
    assert kernel.finish(cell).ename == "Stopped"
    assert kernel.run(ask("two"), "b").ename == "IncompleteAnswerError"
    kernel.ok(ask("three"), "c")
    kernel.ok(ask("four"), "d")
    assert sent(fake) == ["one", "stopped text", "two", "cut text", "three", "long text", "four"]
    statuses = kernel.value("[t.status for t in get_session().history]")
    assert statuses == ["stopped", "cut_off", "cut_off", "complete"]


def test_messages_is_what_comes_next(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`session.messages` foretells a request, and `turn.sent` tells what one held."""
    kernel.ok(ask("one"), "a")
    kernel.ok("session.system = 'Be brief.'")
    foretold = kernel.value("[m.content for m in session.messages]")
    kernel.ok(ask("two"), "b")
    assert sent(fake) == [*foretold, "two"]
    assert kernel.value("[m.content for m in session.history[-1].sent]") == sent(fake)


def test_reset_can_be_undone(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%mibyan reset` empties the history; `--undo` brings it back before what came since."""
    kernel.ok(ask("one"), "a")
    assert "1 turn forgotten" in kernel.ok("%mibyan reset").printed
    kernel.ok(ask("two"), "b")
    assert sent(fake) == ["two"]
    kernel.ok("%mibyan reset --undo")
    assert prompts(kernel) == ["one", "two"]


def test_reset_ends_what_runs(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A reset stops the running answer, and undo brings that back as it ended."""
    fake.enqueue(Reply.stream(["some", "more"], hold_after=1))
    kernel.ok("from mibyan_jupyter.session.turns import TurnRequest")
    kernel.ok("running = session.submit(TurnRequest('one'))")
    fake.wait_for_holds()
    kernel.wait_until(lambda: kernel.value("session.history[0].status") == "running", "the turn")
    kernel.ok("%mibyan reset")
    fake.wait_for_disconnect()
    assert kernel.value("running.wait(5).status") == "stopped"
    kernel.ok("%mibyan reset --undo")
    assert kernel.value("[t.status for t in session.history]") == ["stopped"]


def test_retry_takes_the_place_and_keeps_versions(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%mibyan retry` asks the newest question again; the earlier answers stay in `versions`."""
    kernel.ok(ask("one"), "a")
    fake.enqueue(Reply.stream(["first"]), Reply.stream(["second"]), Reply.stream(["third"]))
    kernel.ok(ask("two"), "b")
    for text in ("second", "third"):
        cell = kernel.ok("%mibyan retry", "c")
        assert text in cell.html
        assert sent(fake) == ["one", "You said: one", "two"]
    assert prompts(kernel) == ["one", "two"]
    assert kernel.value("[a.text for a in session.history[-1].versions]") == ["first", "second"]
    assert kernel.value("session.history[-1].answer.text") == "third"


def test_the_cell_of_a_retried_turn_still_replaces_it(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """After a retry elsewhere, running the question's own cell again does not double the turn."""
    kernel.ok(ask("one"), "a")
    kernel.ok("%mibyan retry", "b")
    kernel.ok(ask("one"), "a")
    assert sent(fake) == ["one"]
    assert prompts(kernel) == ["one"]


def test_a_failed_question_can_be_retried(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Retry after an error asks the same question; there is no earlier version to keep."""
    fake.enqueue(Reply.refused(429))
    kernel.run(ask("one"), "a")
    kernel.ok("%mibyan retry", "b")
    assert prompts(kernel) == ["one"]
    assert kernel.value("[list(session.history[0].versions), session.history[0].status]") == [
        [],
        "complete",
    ]


def test_continue_sends_no_more_than_its_question(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-c`, `-m` and `-s` of the question hold for it, whatever the session is set to."""
    kernel.ok("session.configure(context='all')\nsecret_plan = 1")
    fake.enqueue(Reply.stream(["half"], finish_reason="length"))
    kernel.ok("%%mibyan -c none -m big -s Pirate\nQ", "a")
    kernel.ok("%mibyan continue", "b")
    assert fake.requests[-1].json["model"] == "big"
    assert sent(fake) == ["Pirate", "Q", "half", "Please continue where your answer stopped."]


@pytest.mark.parametrize("budget", [60])
def test_oldest_turns_leave_a_full_request(
    kernel: NotebookKernel, fake: FakeMibyan, budget: int
) -> None:
    """`history_tokens` drops whole oldest turns, and the footer says how many."""
    kernel.ok(f"%config MibyanMagics.history_tokens = {budget}")
    for number in range(6):
        cell = kernel.ok(ask(f"question {number} {'x' * 40}"), f"cell {number}")
    assert "oldest turns not sent" in cell.html
    assert len(sent(fake)) < 11
    assert sent(fake)[0].startswith("question")


def test_a_turn_that_is_cut_before_any_text_fails(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """No text is no answer: the turn fails, whatever broke the wire."""
    fake.enqueue(Reply.wire([Hold(), Reset()]))
    cell = kernel.start(ask("one"), "a")
    fake.wait_for_holds()
    fake.release()
    assert kernel.finish(cell).ename == "APIConnectionError"
    assert kernel.value("session.history[0].status") == "failed"
