"""The hub with a real session and a real server: state, requests, and what they may not do."""

from __future__ import annotations

from dataclasses import replace

from mibyan_jupyter.chat.hub import ChatHub
from mibyan_jupyter.rendering import render_markdown
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import CellRun, TurnRequest
from tests.chat.conftest import open_panel
from tests.chat.panel import Panel, ended
from tests.fake_mibyan import USAGE, FakeMibyan, Reply

# ---- one conversation ----------------------------------------------------------------------------


def test_a_question_of_the_panel_is_a_turn_of_the_session(
    fake: FakeMibyan, session: Session, panel: Panel
) -> None:
    """It streams, ends with its whole answer, and is in the history of the next question."""
    fake.enqueue(Reply.stream(["**bo", "ld**"], usage=USAGE))
    turn = panel.ask("Hi")
    assert (turn["prompt"], turn["status"], turn["source"]) == ("Hi", "complete", "panel")
    assert panel.html() == render_markdown("**bold**", turn["id"])
    assert (turn["tokens"], turn["tokens_estimated"], turn["behind"]) == (25, False, 0)
    session.ask("And?")
    assert [m["content"] for m in fake.requests[-1].json["messages"]] == ["Hi", "**bold**", "And?"]


def test_a_question_from_elsewhere_appears(session: Session, panel: Panel) -> None:
    """A cell's turn carries its cell, and takes its place when the cell runs again."""
    session.ask("old", source="cell", cell=CellRun("A", "1", "a.ipynb"))
    session.ask("other")
    session.ask("new", source="cell", cell=CellRun("A", "2", "a.ipynb"))
    panel.wait_until(
        lambda: (
            [(t["prompt"], t["status"]) for t in panel.turns]
            == [("new", "complete"), ("other", "complete")]
        ),
        "the new turn in the old one's place",
    )
    assert panel.turns[0]["cell"] == {"id": "A", "notebook": "a.ipynb"}


def test_a_view_that_opens_late_shows_everything(
    fake: FakeMibyan, session: Session, hub: ChatHub, panel: Panel
) -> None:
    """In the middle of an answer it has what the other view has, and both end alike."""
    text = "One.\n\nTwo.\n\nThree."
    fake.enqueue(Reply.stream([text, "\n\nEnd."], hold_after=1))
    session.submit(TurnRequest("a"))
    panel.wait_until(lambda: bool(panel.turns) and "Three" in panel.html(), "the third block")
    late = open_panel(hub)
    assert late.html() == panel.html()
    fake.release()
    for each in (late, panel):
        each.wait_until(lambda view=each: view.turns[0]["status"] == "complete", "the end")
    assert late.turns == panel.turns
    assert late.html() == render_markdown(f"{text}\n\nEnd.", late.turns[0]["id"])


def test_turns_from_before_the_first_panel_are_there(fake: FakeMibyan, session: Session) -> None:
    """Their answers are rendered when the first panel opens."""
    fake.enqueue(Reply.stream(["*early*"]))
    session.ask("before")
    hub = ChatHub(session)
    panel = open_panel(hub)
    panel.wait_until(lambda: "<em>early</em>" in panel.html(), "the rendered answer")
    hub.close()


def test_a_long_conversation_comes_back_in_one_go(session: Session, panel: Panel) -> None:
    """Its answers are one message, however many turns there are."""
    for number in range(8):
        session.ask(f"question {number}")
    turns = session.history
    panel.request("command", line="/reset")
    panel.wait_until(lambda: panel.turns == [], "an empty list")
    before = len(panel.messages)
    session.restore([replace(turn, id=f"again-{turn.id}") for turn in turns])
    panel.wait_until(
        lambda: len(panel.turns) == 8 and all(map(panel.html, range(8))), "all the answers"
    )
    panel.request("complete")  # so that all that came before it is here
    told = [m["type"] for m in panel.messages[before:] if m["type"] in ("turn", "snapshot")]
    assert told == ["snapshot", "snapshot"]


def test_a_session_that_nobody_watched_is_caught_up_with(
    fake: FakeMibyan, session: Session
) -> None:
    """A first panel that opens in the middle of an answer has its beginning, also if it stalls."""
    fake.enqueue(Reply.stream(["The beginning", " and", " the end."], hold_after=1))
    session.submit(TurnRequest("a"))
    fake.wait_for_holds()
    hub = ChatHub(session)
    panel = open_panel(hub)
    panel.wait_until(lambda: "The beginning" in panel.html(), "the text from before")
    fake.release()
    panel.wait_until(lambda: panel.turns[0]["status"] == "complete", "the end")
    frames = "".join(frame["tail"] for frame in panel.frames)
    assert "The beginning" in frames
    hub.close()


def test_what_reset_forgets_undo_shows_again(session: Session, panel: Panel) -> None:
    """The list empties, and comes back with its answers."""
    session.ask("a")
    panel.wait_until(lambda: bool(panel.turns) and "You said" in panel.html(), "the answer")
    assert panel.request("command", line="/reset")["type"] == "notice"
    panel.wait_until(lambda: panel.turns == [], "an empty list")
    panel.request("command", line="/reset --undo")
    panel.wait_until(lambda: bool(panel.turns) and "You said" in panel.html(), "the answer again")


def test_frames_come_on_one_clock(fake: FakeMibyan, session: Session, panel: Panel) -> None:
    """400 tokens over two seconds are about ten messages a second, however many views there are."""
    fake.enqueue(Reply.stream(["word "] * 400, tokens_per_second=200))
    session.ask("a")
    panel.wait_until(lambda: panel.turns[-1]["status"] == "complete", "the end")
    seconds = panel.turns[-1]["seconds"]
    assert 3 <= len(panel.frames) <= 10 * seconds + 3


# ---- the queue -----------------------------------------------------------------------------------


def test_the_queue_is_shown_and_a_waiting_question_can_be_taken_out(
    fake: FakeMibyan, session: Session, panel: Panel
) -> None:
    """Each waiting turn says how many come first; one that leaves moves the others up."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    for prompt in ("first", "second", "third"):
        panel.request("ask", prompt=prompt)
    fake.wait_for_holds()
    panel.wait_until(lambda: [t["behind"] for t in panel.turns] == [0, 1, 2], "the queue")
    panel.request("stop", turn=panel.turns[1]["id"])
    panel.wait_until(lambda: panel.turns[2]["behind"] == 1, "the third to move up")
    assert panel.turns[1]["status"] == "stopped"
    fake.release()
    panel.wait_until(lambda: panel.turns[2]["status"] == "complete", "the third answer")
    assert [request.prompt for request in fake.requests] == ["first", "third"]
    assert session.history[1].status == "stopped"


def test_a_refusal_is_shown_until_the_server_answers(fake: FakeMibyan, panel: Panel) -> None:
    """The turn says when it is asked again and why; with the first text that is gone."""
    fake.enqueue(Reply.status(503, headers={"Retry-After": "1"}), Reply.stream(["here"]))
    panel.request("ask", prompt="a")
    panel.wait_until(lambda: bool(panel.turns and panel.turns[0]["retrying"]), "the refusal")
    assert panel.turns[0]["retrying"]["seconds"] == 1
    assert panel.turns[0]["retrying"]["why"]
    panel.wait_until(lambda: panel.turns[0]["status"] == "complete", "the answer")
    assert panel.turns[0]["retrying"] is None


def test_stopping_a_named_turn_never_hits_another(fake: FakeMibyan, panel: Panel) -> None:
    """A late stop of an ended turn leaves the running one alone."""
    old = panel.ask("first")["id"]
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    panel.request("ask", prompt="second")
    fake.wait_for_holds()
    panel.request("stop", turn=old)
    fake.release()
    panel.wait_until(lambda: panel.turns[1]["status"] == "complete", "the second answer")


# ---- turns ---------------------------------------------------------------------------------------


def test_asking_again_keeps_the_earlier_answer_as_a_version(fake: FakeMibyan, panel: Panel) -> None:
    """Both can be looked at; the newest is the one that goes along."""
    fake.enqueue(Reply.stream(["*one*"]), Reply.stream(["*two*"]))
    old = panel.ask("a")
    panel.request("regenerate", turn=old["id"])
    panel.wait_until(lambda: "two" in panel.html() and ended(panel), "the new answer")
    (turn,) = panel.turns
    assert turn["versions"] == 2
    first = panel.request("version", turn=turn["id"], number=1)
    assert (first["number"], "".join(first["blocks"])) == (1, render_markdown("*one*", "x"))
    assert panel.request("version", turn=turn["id"], number=3)["type"] == "error"


def test_a_correction_asked_for_again_is_meant_for_the_same_cell(
    session: Session, panel: Panel
) -> None:
    """So is one that a reset forgot and undo brought back; an edited question is another one."""
    session.submit(TurnRequest("a", source="panel", corrects=CellRun("failing", ""))).wait()
    panel.wait_until(lambda: bool(panel.turns) and "You said" in panel.html(), "the answer")
    panel.request("regenerate", turn=panel.turns[0]["id"])
    panel.wait_until(lambda: ended(panel) and panel.turns[0]["versions"] == 2, "another answer")
    panel.request("command", line="/retry")
    panel.wait_until(lambda: ended(panel) and panel.turns[0]["versions"] == 3, "a third")
    panel.request("command", line="/reset")
    panel.request("command", line="/reset --undo")
    panel.wait_until(lambda: bool(panel.turns) and ended(panel), "the turn")
    assert panel.turns[0]["corrects"] == {"id": "failing", "notebook": ""}
    panel.request("edit", turn=panel.turns[0]["id"], prompt="b")
    panel.wait_until(lambda: ended(panel) and panel.turns[0]["prompt"] == "b", "the edited turn")
    assert panel.turns[0]["corrects"] is None


def test_a_cells_turn_is_not_asked_again_here(session: Session, panel: Panel) -> None:
    """Its answer stands in the cell, and the two may not differ."""
    session.ask("a", source="cell", cell=CellRun("A", "1"))
    panel.wait_until(lambda: bool(panel.turns), "the cell's turn")
    turn = panel.turns[0]["id"]
    for reply in (
        panel.request("regenerate", turn=turn),
        panel.request("edit", turn=turn, prompt="b"),
        panel.request("command", line="/retry"),
    ):
        assert (reply["type"], reply["hint"]) == ("error", "Run the cell again.")


def test_editing_forgets_what_followed(fake: FakeMibyan, panel: Panel) -> None:
    """The edited question is asked with what came before it only."""
    panel.ask("a")
    second = panel.ask("b")["id"]
    panel.ask("c")
    panel.request("edit", turn=second, prompt="B")
    panel.wait_until(
        lambda: (
            [(t["prompt"], t["status"]) for t in panel.turns]
            == [("a", "complete"), ("B", "complete")]
        ),
        "the edited question's answer",
    )
    assert [m["content"] for m in fake.requests[-1].json["messages"]] == ["a", "You said: a", "B"]


def test_an_answer_is_carried_on_as_it_was_asked_for(
    fake: FakeMibyan, session: Session, panel: Panel
) -> None:
    """The panel's button names the turn; what bounded its question bounds this, too."""
    fake.enqueue(Reply.stream(["half"], finish_reason="length"))
    cell = CellRun("A", "1")
    session.ask("a", source="cell", cell=cell, context="none", model="big", system="Pirate")
    session.configure(context="all")
    panel.wait_until(lambda: [t["status"] for t in panel.turns] == ["cut_off"], "the cell's turn")
    turn = panel.turns[0]["id"]
    assert panel.request("carry_on", turn=turn, prompt="Weiter!")["type"] == "done"
    panel.wait_until(lambda: len(panel.turns) == 2 and ended(panel), "the rest")
    assert fake.requests[-1].json["model"] == "big"
    sent = [m["content"] for m in fake.requests[-1].json["messages"]]
    assert sent == ["Pirate", "a", "half", "Weiter!"]
    assert session.history[1].request.context == "none"
    assert (panel.turns[1]["source"], panel.turns[1]["cell"]) == ("panel", None)
    refused = panel.request("carry_on", turn=turn, prompt="Weiter!")
    assert "would not be the last" in refused["what"]


def test_a_deleted_turn_leaves_every_view(hub: ChatHub, panel: Panel) -> None:
    """The other views lose it too."""
    other = open_panel(hub)
    turn = panel.ask("a")
    assert panel.request("delete", turn=turn["id"]) == {"type": "done", "re": panel_id(panel)}
    for view in (panel, other):
        view.wait_until(lambda view=view: view.turns == [], "an empty list")


def panel_id(panel: Panel) -> str:
    """The id of the newest reply."""
    return list(panel.replies)[-1]


def test_why_shows_what_was_sent(fake: FakeMibyan, panel: Panel) -> None:
    """The messages of the receipt are those that the server got."""
    turn = panel.ask("a")
    receipt = panel.request("why", turn=turn["id"])
    assert receipt["messages"] == fake.requests[-1].json["messages"]
    preview = panel.request("preview", prompt="b")
    assert [m["content"] for m in preview["messages"]] == ["a", "You said: a", "b"]


def test_a_turn_can_be_copied_as_markdown(fake: FakeMibyan, panel: Panel) -> None:
    """The question as a quote, the answer as the model wrote it."""
    fake.enqueue(Reply.stream(["**x**"]))
    turn = panel.ask("a\nb")
    reply = panel.request("markdown", turn=turn["id"])
    assert reply["text"] == "> a\n> b\n\n**x**"
