"""The command registry: parsing, help, and what commands return, without any door."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NoReturn

import pytest

from mibyan_jupyter import keys
from mibyan_jupyter.commands.all_commands import COMMANDS, command_named
from mibyan_jupyter.commands.arguments import parse_arguments, split_words
from mibyan_jupyter.commands.registry import Ask, AskSecret, Notice, Result, ShowTurn, Table
from mibyan_jupyter.errors import CommandError, ConfigurationError, MibyanError
from mibyan_jupyter.keys import FileStore, Key
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply


def run(session: Session, line: str) -> Result:
    name, *words = split_words(line)
    command = command_named(name)
    arguments = parse_arguments(command.arguments, words, called=f"%mibyan {name}")
    return command.run(session, arguments)


def text_of(result: Result) -> str:
    if isinstance(result, Notice):
        return result.text
    assert isinstance(result, Table)
    return "\n".join(" | ".join(row) for row in (result.columns, *result.rows))


def test_the_commands_are_these() -> None:
    """The subcommands that the manual promises."""
    wanted = "status help login logout model history last reset retry continue stop demo version"
    wanted += " export context why fix explain private save load resume forget"
    assert set(COMMANDS) == set(wanted.split())
    assert all(command.summary and command.name == name for name, command in COMMANDS.items())


def test_status_says_where_text_goes_and_never_the_key(session: Session) -> None:
    """Server, model and the key's origin; not the key."""
    session.set_key("mb-0123456789")
    shown = text_of(run(session, "status"))
    assert session.base_url in shown
    assert "mibyan-4.1" in shown
    assert "set in this kernel" in shown
    assert "0123" not in shown


def test_help_lists_all_and_explains_one(session: Session) -> None:
    """Each command is in the list; its arguments are in its own help."""
    shown = text_of(run(session, "help"))
    assert all(f"%mibyan {name}" in shown for name in COMMANDS)
    assert "--undo" in text_of(run(session, "help reset"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("histroy", "Did you mean %mibyan history"),
        ("reset --redo", "unrecognized arguments: --redo"),
        ("model a b", "unrecognized arguments: b"),
        ("model a ABCDEFGHIJKLMNOPQRSTUVWXYZ", "an argument that is not known"),
        ("reset --undo=ABCDEFGHIJKLMNOPQRSTU", "an argument that is not known"),
        ("private df ABCDEFGHIJKLMNOPQRSTUVWXYZ", "an argument that is not known"),
        ("help nothing", "no %mibyan nothing"),
        ("x" * 500, "no %mibyan xxx"),
    ],
)
def test_a_typing_error_is_explained(session: Session, line: str, message: str) -> None:
    """Two lines: what was wrong, and what to type."""
    with pytest.raises(CommandError, match=message) as raised:
        run(session, line)
    assert len(str(raised.value).splitlines()) == 2
    assert len(str(raised.value)) < 300
    assert "ABCDEFGHIJ" not in str(raised.value), "it may be a key"


@pytest.mark.parametrize(
    ("line", "on_windows", "words"),
    [
        (r"export C:\notes\new.html", True, ["export", r"C:\notes\new.html"]),
        (r'export "C:\my notes\a.md"', True, ["export", r"C:\my notes\a.md"]),
        (r"export my\ notes.md", False, ["export", "my notes.md"]),
        ('-s "Don\'t # be long"', False, ["-s", "Don't # be long"]),
        ("context What of @cell:3 # 1?", False, ["context", "What", "of", "@cell:3", "#", "1?"]),
    ],
)
def test_a_line_is_split_as_its_machines_shell_does(
    line: str, on_windows: bool, words: list[str]
) -> None:
    """A Windows path keeps its backslashes; elsewhere they escape."""
    assert split_words(line, on_windows=on_windows) == words


def test_login_asks_for_the_key_and_logout_forgets_it(session: Session) -> None:
    """The key holds for this base URL; nothing repeats it."""
    asked = run(session, "login")
    assert isinstance(asked, AskSecret)
    said = asked.then(Key("mb-0123456789"))
    assert session.find_key() is not None
    assert "0123" not in said.text
    assert "forgotten in this kernel" in text_of(run(session, "logout"))
    assert session.find_key() is None
    assert "No key was kept" in text_of(run(session, "logout"))


def test_login_save_keeps_it_for_the_next_session(fake: FakeMibyan, session: Session) -> None:
    """Another session finds it, logout removes it everywhere."""
    asked = run(session, "login --save")
    assert isinstance(asked, AskSecret)
    assert "saved in" in asked.then(Key("mb-0123456789")).text
    later = Session(base_url=fake.base_url)
    assert later.find_key() is not None
    run(later, "logout")
    assert later.find_key() is None


def test_logout_forgets_the_key_of_a_server_that_was_left(
    fake: FakeMibyan, session: Session
) -> None:
    """`login --save`, another base URL (as `demo` sets one), logout: it is saved nowhere."""
    asked = run(session, "login --save")
    assert isinstance(asked, AskSecret)
    asked.then(Key("mb-0123456789"))
    session.base_url = "http://localhost:1/v1"
    assert "keys.json" in text_of(run(session, "logout"))
    session.base_url = fake.base_url
    assert session.find_key() is None


def test_model_shows_and_sets(session: Session) -> None:
    """Without a name it shows, with one it sets."""
    assert "mibyan-4.1" in text_of(run(session, "model"))
    assert "other" in text_of(run(session, "model other"))
    assert session.model == "other"


@pytest.mark.parametrize("command", ["history", "why"])
def test_a_question_is_named_in_one_line_without_secrets(session: Session, command: str) -> None:
    """The table stays in the notebook; a language without spaces is cut as any other."""
    session.ask("token = 'ghp_" + "a1B2" * 9 + "'\nwhat is it?")
    session.ask("这是" * 60)
    older, newest = run(session, command.replace("why", "why 1")), run(session, command)
    assert isinstance(older, Table)
    assert isinstance(newest, Table)
    assert "ghp_" not in older.title + text_of(older)
    assert "what is it?" in older.title + text_of(older)
    assert "这是" * 29 + "这…" in newest.title + text_of(newest)


def test_history_last_and_retry(fake: FakeMibyan, session: Session) -> None:
    """The list of questions, the newest answer again, the newest question again."""
    assert "Nothing has been asked" in text_of(run(session, "history"))
    assert "no answer yet" in text_of(run(session, "last"))
    with pytest.raises(MibyanError, match="no question"):
        run(session, "retry")
    session.ask("first question\nin two lines")
    fake.enqueue(Reply.refused(500))
    with pytest.raises(MibyanError):
        session.ask("second question")
    shown = text_of(run(session, "history"))
    assert "first question in two lines | complete" in shown
    assert "second question | failed" in shown
    last = run(session, "last")
    assert isinstance(last, ShowTurn)
    assert last.turn.prompt.startswith("first")
    again = run(session, "retry")
    assert isinstance(again, Ask)
    session.submit(again.request).wait(10)
    assert [turn.status for turn in session.history] == ["complete", "complete"]


def test_reset_and_its_undo(session: Session) -> None:
    """A reset says how much it forgot, and how to take it back."""
    session.ask("x")
    assert "1 turn forgotten" in text_of(run(session, "reset"))
    assert session.history == ()
    assert "back: 1 turn" in text_of(run(session, "reset --undo"))
    assert len(session.history) == 1
    assert "nothing to bring back" in text_of(run(session, "reset --undo"))
    assert len(session.history) == 1


def test_continue_carries_on_what_was_cut_off(fake: FakeMibyan, session: Session) -> None:
    """It asks with the partial answer in the history; a whole answer needs no more."""
    for refused in (0, 1):
        with pytest.raises(MibyanError, match="No answer was cut off"):
            run(session, "continue")
        if not refused:
            session.ask("x")
    fake.enqueue(Reply.stream(["one two"], finish_reason="length"))
    assert session.ask("y").status == "cut_off"
    asked = run(session, "continue")
    assert isinstance(asked, Ask)
    assert session.submit(asked.request).wait(10).status == "complete"
    sent = [message["content"] for message in fake.requests[-1].json["messages"]]
    assert sent[-2:] == ["one two", "Please continue where your answer stopped."]


def test_stop_says_whether_it_stopped(fake: FakeMibyan, session: Session) -> None:
    """With nothing on its way it says so."""
    assert "Nothing is running" in text_of(run(session, "stop"))
    fake.enqueue(Reply.stream(["so far"], hold_after=1))
    running = session.submit(TurnRequest("x"))
    while not session.history:
        time.sleep(0.01)
    assert "is stopped" in text_of(run(session, "stop"))
    assert running.wait(10).status == "stopped"
    assert "Nothing is running" in text_of(run(session, "stop"))


def test_demo_answers_without_a_key_and_can_be_left(session: Session) -> None:
    """The demo is on this machine; `--off` goes back to the layers below."""
    session.configure(base_url=None)
    assert "no model is behind it" in text_of(run(session, "demo"))
    assert session.base_url.startswith("http://127.0.0.1:")
    assert session.ask("hello").text
    assert "mibyanai.com" in text_of(run(session, "demo --off"))


def test_leaving_the_demo_restores_what_was_set(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base URL that this kernel had set comes back, or none; asking twice changes nothing."""
    before = session.base_url
    for line in ("demo", "demo"):
        run(session, line)
    assert before in text_of(run(session, "demo --off"))
    assert session.base_url == before
    assert "not on" in text_of(run(session, "demo --off"))
    assert session.base_url == before
    session.configure(base_url=None)
    run(session, "demo")
    run(session, "demo --off")
    monkeypatch.setenv("MIBYAN_BASE_URL", "http://127.0.0.1:1/v1")
    assert session.base_url == "http://127.0.0.1:1/v1", "the layers below speak again"


def test_a_base_url_set_during_the_demo_stays(session: Session) -> None:
    """`--off` leaves the demo only; where the kernel has gone since is not undone."""
    run(session, "demo")
    session.base_url = "http://127.0.0.1:1/v1"
    assert "not on" in text_of(run(session, "demo --off"))
    assert session.base_url == "http://127.0.0.1:1/v1"
    run(session, "demo")
    run(session, "demo --off")
    assert session.base_url == "http://127.0.0.1:1/v1"


class _LockedStore(FileStore):
    name = "the locked store"

    def _fail(self, *_: object) -> NoReturn:
        raise RuntimeError("locked")

    read = write = delete = _fail


def test_a_locked_store_breaks_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """`status` and `logout` say it and work; a server without keys is asked, with a warning."""
    monkeypatch.setattr(keys, "key_stores", lambda: [_LockedStore()])
    monkeypatch.setattr(keys, "_failed", {})
    monkeypatch.setattr(keys, "_told", set())
    for line in ("status", "logout"):
        assert "The locked store could not be used" in text_of(run(session, line))
    with pytest.warns(UserWarning, match="locked store"):
        assert session.ask("hello").text
    session.ask("again, without a warning")


def test_login_save_with_a_damaged_file_loses_nothing(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what to do; the file stays, and the key holds in this kernel."""
    file = tmp_path / "keys.json"
    file.write_text("{damaged")
    monkeypatch.setattr(keys, "key_stores", lambda: [FileStore(file)])
    monkeypatch.setattr(keys, "_failed", {})
    asked = run(session, "login --save")
    assert isinstance(asked, AskSecret)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        asked.then(Key("mb-0123456789"))
    assert file.read_text() == "{damaged"
    assert session.find_key() is not None
