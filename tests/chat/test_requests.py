"""Requests of the panels: commands, settings, and what they may not do."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from mibyan_jupyter.chat.hub import ChatHub
from mibyan_jupyter.chat.requests import OPERATIONS
from mibyan_jupyter.session.session import Session
from tests.chat.conftest import open_panel
from tests.chat.panel import Panel, ended
from tests.fake_mibyan import FakeMibyan, Reply

KEY = "mb-secret-key-0123456789"


# ---- commands and settings -----------------------------------------------------------------------


def test_commands_are_the_same_as_in_a_cell(panel: Panel) -> None:
    """A table, a notice, a question, and an error that speaks of slashes."""
    assert panel.request("command", line="/status")["type"] == "table"
    notice = panel.request("command", line="/model mibyan-5")
    assert notice["text"] == "The model is mibyan-5."
    panel.wait_until(lambda: panel.header["model"] == "mibyan-5", "the new header")
    assert panel.request("command", line="/login")["type"] == "login"
    wrong = panel.request("command", line="/stats")
    assert (wrong["what"], wrong["hint"]) == (
        "There is no /stats.",
        "Did you mean /status? /help lists the commands.",
    )
    assert panel.request("command", line='/model "x')["type"] == "error"
    assert {each["name"] for each in panel.header["commands"]} >= {"fix", "explain", "reset"}


def test_a_command_can_ask(panel: Panel) -> None:
    """`/explain x` is a question of the panel's."""
    assert panel.request("command", line="/explain x")["type"] == "done"
    panel.wait_until(lambda: bool(panel.turns), "the question")
    assert panel.turns[0]["source"] == "panel"
    assert "`x` (@x)" in panel.turns[0]["prompt"]


def test_a_reply_goes_to_who_asked(hub: ChatHub, panel: Panel) -> None:
    """The other views hear of changes only."""
    other = open_panel(hub)
    before = len(other.replies)
    panel.request("complete")
    panel.ask("a")
    other.wait_until(lambda: ended(other), "the turn")
    assert len(other.replies) == before


def test_settings_hold_for_all_views(session: Session, hub: ChatHub, panel: Panel) -> None:
    """The context mode and the switches of one view are those of the session."""
    other = open_panel(hub)
    panel.request("set", context="mentioned")
    panel.request("switch", provider="cells", on=False)
    other.wait_until(
        lambda: (other.header["context"], other.header["without"]) == ("mentioned", ["cells"]),
        "the setting in the other view",
    )
    assert session.settings.context == "mentioned"
    assert panel.request("set", context="everything")["type"] == "error"


def test_switches_of_two_views_at_once_all_hold(
    session: Session, hub: ChatHub, panel: Panel
) -> None:
    """Each says what it switches, not how the others stand in its view, which may be old."""
    other = open_panel(hub)
    panel.send("switch", provider="cells", on=False)
    other.send("switch", provider="variables", on=False)
    panel.send("switch", provider="figures", on=False)
    other.request("switch", provider="figures", on=True)
    assert session.settings.context_without == ("cells", "variables")


def test_a_reply_comes_after_the_head_that_it_led_to(panel: Panel) -> None:
    """So a view that waits for the reply shows no older state of its switches."""
    request_id = panel.send("switch", provider="cells", on=False)
    panel.wait_until(lambda: request_id in panel.replies, "the reply")
    kinds = [(each["type"], each.get("re", "")) for each in panel.messages]
    assert kinds[-2:] == [("header", ""), ("done", request_id)]


# ---- what must not happen ------------------------------------------------------------------------


def test_a_failed_request_changes_nothing_and_says_why(session: Session, panel: Panel) -> None:
    """Without a key the question is not queued, and the two lines name what to do."""
    session.configure(base_url=None)
    reply = panel.request("ask", prompt="a")
    assert (reply["type"], reply["code"]) == ("error", "MissingKeyError")
    assert "%mibyan login" in reply["what"]
    assert session.history == ()


def test_without_a_notebook_nothing_is_written_into_one(panel: Panel) -> None:
    """A cell needs a kernel; the error says what to do instead."""
    reply = panel.request("next_cell", source="x")
    assert (reply["type"], reply["code"]) == ("error", "CommandError")
    assert reply["hint"]


def test_a_transcript_is_safe_html_and_text(fake: FakeMibyan, panel: Panel) -> None:
    """Questions and answers, each through the gate; one that runs is left out."""
    assert "Nothing" in panel.request("transcript")["text"]
    fake.enqueue(Reply.stream(["**bold** <script>"]), Reply.stream(["one", "two"], hold_after=1))
    panel.ask("<b>first</b>")
    panel.request("ask", prompt="second")
    panel.wait_until(lambda: len(panel.turns) == 2, "the second question")
    kept = panel.request("transcript")
    assert kept["type"] == "transcript"
    assert "<strong>bold</strong> &lt;script&gt;" in kept["html"]
    assert "&lt;b&gt;first&lt;/b&gt;" in kept["html"]
    assert "**bold** <script>" in kept["text"]
    assert "second" not in kept["text"]
    fake.release()
    panel.wait_until(lambda: panel.turns[1]["status"] == "complete", "the end")


def test_a_request_that_comes_twice_is_done_once(
    fake: FakeMibyan, session: Session, hub: ChatHub, panel: Panel
) -> None:
    """The id makes a repeated message harmless; once it is done, it gets the same reply."""
    request = {"id": "twice", "op": "ask", "args": {"prompt": "a"}}
    hub.receive(request, panel.take)
    hub.receive(request, panel.take)
    panel.wait_until(lambda: bool(panel.turns) and panel.turns[0]["status"] == "complete", "end")
    panel.ask("b")
    assert hub.receive(request, panel.take) == [{"type": "done", "re": "twice"}]
    assert [turn.prompt for turn in session.history] == ["a", "b"]
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"id": 1, "op": "ask", "args": {}},
        {"id": "x", "op": "ask", "args": []},
        {"id": "x", "op": "nope", "args": {}},
        {"id": "x", "op": "ask", "args": {"prompt": 3}},
        {"id": "x", "op": "ask", "args": {}},
        {"id": "x", "op": "ask", "args": {"prompt": "   "}},
        {"id": "x", "op": "set", "args": {"base_url": "http://evil.example"}},
        {"id": "x", "op": "version", "args": {"turn": "no", "number": True}},
    ],
    ids=repr,
)
def test_what_is_no_request_gets_an_error(hub: ChatHub, panel: Panel, raw: Any) -> None:
    """The shape is checked, and the panel goes on working."""
    for message in hub.receive(raw, panel.take):
        panel.take(message)
    panel.wait_until(
        lambda: any(reply["type"] == "error" for reply in panel.replies.values()), "an error"
    )
    assert panel.ask("still there?")["status"] == "complete"


def test_every_operation_of_the_front_end_is_known() -> None:
    """The two sides of the protocol name the same operations and arguments."""
    source = Path(__file__).parents[2] / "labextension" / "src" / "chat" / "protocol.ts"
    text = source.read_text("utf-8")
    declared = text[text.index("export interface IOperations") :]
    declared = declared[: declared.index("\n}")]
    for op in OPERATIONS:
        assert f"  {op}: " in declared
    count = sum(line.startswith("  ") and line[2].isalpha() for line in declared.splitlines())
    assert count == len(OPERATIONS) + 1  # snapshot is the hub's own


def test_the_key_is_in_no_message(fake: FakeMibyan) -> None:
    """Not in the header, the receipts, the snapshot or an error."""
    session = Session(base_url=fake.base_url, api_key=KEY)
    hub = ChatHub(session)
    panel = open_panel(hub)
    fake.enqueue(Reply.status(401, {"error": {"message": "Bad key"}}))
    turn = panel.ask("a")
    assert (turn["tokens"], panel.header["tokens"]) == (None, 0)  # nothing was answered
    panel.request("command", line="/status")
    panel.request("command", line=f"/login {KEY}")
    panel.open()
    assert turn["fault"]["code"] == "AuthenticationError"
    assert panel.header["key"] == "set"
    assert KEY not in json.dumps(panel.messages)
    hub.close()


def test_a_closed_hub_leaves_no_thread(session: Session) -> None:
    """Its thread ends, and lets go of the conversation that its last work was about."""
    before = set(threading.enumerate())
    hub = ChatHub(session)
    open_panel(hub).request("complete")
    mine = [each for each in set(threading.enumerate()) - before if each.name == "mibyan-panel"]
    assert len(mine) == 1
    hub.close()
    mine[0].join(5)
    assert not mine[0].is_alive()
