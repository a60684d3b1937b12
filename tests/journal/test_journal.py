"""The journal of a session in this process: rotation, failures, forks, and what is pruned."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mibyan_jupyter.journal import files
from mibyan_jupyter.journal.files import JournalFile, delete_runs, new_path, read_run, runs_of
from mibyan_jupyter.journal.journal import Journal
from mibyan_jupyter.journal.lock import is_held
from mibyan_jupyter.journal.records import header_line, turn_line
from mibyan_jupyter.session.events import TextAdded
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Answer, CellRun, Turn, TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply

NOTEBOOK = "a.ipynb"
ENDED = Turn("t0", TurnRequest("Before?"), "complete", Answer("yes"))


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def settle() -> None:
    """Wait until the I/O loop has done what was posted."""

    async def nothing() -> None: ...

    io_thread().call(nothing())


@pytest.fixture
def journal(session: Session) -> Iterator[Journal]:
    """The journal of the session."""
    one = Journal(session, lambda: NOTEBOOK)
    yield one
    one.close()
    settle()


def dead_run(*turns: Turn, notebook: str = NOTEBOOK) -> Path:
    """A journal that an earlier process left."""
    path = new_path(notebook)
    lines = [turn_line(turn, place) for place, turn in enumerate(turns)]
    JournalFile(path, header_line() + b"".join(lines)).close()
    return path


@pytest.mark.usefixtures("journal")
def test_the_history_can_be_read_back_at_any_time(session: Session) -> None:
    """Asked, asked again, forgotten, reset, undone: the file leads to the same turns."""
    for prompt in ("one", "two", "three"):
        session.ask(prompt)
    session.ask("two again", replaces=session.history[1].id)
    session.forget(session.history[0].id)
    (path,) = runs_of(NOTEBOOK)

    def written() -> list[str]:
        return [turn.prompt for turn in read_run(path).turns]

    assert written() == ["two again", "three"]
    session.reset()
    assert written() == []
    session.undo_reset()
    assert written() == [turn.prompt for turn in session.history]


def test_a_rotated_file_holds_the_conversation_and_no_past(
    fake: FakeMibyan, session: Session
) -> None:
    """It stays below twice what the conversation takes, also in the middle of an answer."""
    journal = Journal(session, lambda: NOTEBOOK, largest=3_000)
    for number in range(20):
        fake.enqueue(Reply.stream(["line\n"] * 20))
        session.ask(f"q{number}")
        if number % 4 == 3:
            session.reset()
    (path,) = runs_of(NOTEBOOK)
    assert path.stat().st_size < 10_000
    session.undo_reset()
    fake.enqueue(Reply.stream([f"w{n} and more\n" for n in range(500)] + ["rest"], hold_after=501))
    arrived = threading.Event()
    session.subscribe(
        lambda event: (
            arrived.set() if isinstance(event, TextAdded) and "rest" in event.text else None
        )
    )
    running = session.submit(TurnRequest("long"))
    assert arrived.wait(20)
    settle()
    cut = read_run(path).turns[-1]
    assert cut.answer is not None
    assert cut.answer.text.startswith("".join(f"w{n} and more\n" for n in range(500)))
    running.stop()
    running.wait(10)
    assert read_run(path).turns[-1].status == "stopped"
    journal.close()
    settle()


def test_the_header_counts_what_can_be_resumed(session: Session, journal: Journal) -> None:
    """The newest dead run that holds turns; none once something was asked or restored."""
    dead_run(ENDED, ENDED, notebook="other.ipynb")
    dead_run(ENDED)
    dead_run()
    assert journal.resumable == 1
    assert [turn.prompt for turn in journal.resume().turns] == ["Before?"]
    assert journal.resumable == 0
    session.reset()
    assert journal.resumable == 0


def test_resuming_comes_before_what_was_asked_since(session: Session, journal: Journal) -> None:
    """And a second time changes nothing."""
    dead_run(ENDED)
    session.ask("Since")
    for _ in range(2):
        journal.resume()
        assert [turn.prompt for turn in session.history] == ["Before?", "Since"]


def test_a_full_device_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    """/dev/full refuses the first byte: no file takes the run's name."""
    path = tmp_path / "run.jsonl"
    path.with_suffix(".new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        JournalFile(path, b"first\n")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_is_told_and_tried_again(
    session: Session, tmp_path: Path, journal: Journal
) -> None:
    """The folder is a file: each turn tries, the trouble is told once, then all is written."""
    blocked = tmp_path / "data" / "mibyan-jupyter"
    blocked.parent.mkdir()
    blocked.write_text("")
    session.ask("one")
    told = journal.trouble_once()
    assert "not kept on disk" in told
    assert journal.place == told
    assert journal.trouble in told
    session.ask("two")
    assert journal.trouble_once() == ""
    blocked.unlink()
    session.ask("three")
    assert "not kept" not in journal.place
    assert journal.trouble == ""
    (path,) = runs_of(NOTEBOOK)
    assert [turn.prompt for turn in read_run(path).turns] == ["one", "two", "three"]


@pytest.mark.usefixtures("journal")
def test_a_forked_child_writes_nothing(session: Session) -> None:
    """What it asks is its own, and the journal is its parent's alone."""
    session.ask("parent")
    (path,) = runs_of(NOTEBOOK)
    before = path.read_bytes()
    child = os.fork()
    if child == 0:
        try:
            session.ask("child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert path.read_bytes() == before


def test_old_runs_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest five of a notebook, the newest bytes of all, and no draft of a dead process."""
    paths = [dead_run(ENDED) for _ in range(8)]
    draft = paths[0].with_name("left.new")
    draft.write_text("")
    files.prune(NOTEBOOK)
    assert runs_of(NOTEBOOK) == paths[:2:-1]
    assert not draft.exists()
    monkeypatch.setattr(files, "BYTES_KEPT", paths[-1].stat().st_size * 2)
    files.prune(NOTEBOOK)
    assert runs_of(NOTEBOOK) == paths[:5:-1]


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """Held by a child it is seen; dead it is not, and what holds no lock is never alive."""
    path = tmp_path / "run.jsonl"
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            JournalFile(path, b"x\n")
            os.write(ready[1], b"1")
            os.read(done[0], 1)
        finally:
            os._exit(0)
    os.read(ready[0], 1)
    assert is_held(path)
    os.write(done[1], b"1")
    os.waitpid(child, 0)
    assert not is_held(path)
    assert not is_held(tmp_path / "none")
    assert delete_runs([path, tmp_path / "none"]) == 1
    for end in (*ready, *done):
        os.close(end)


def test_the_journal_is_written_before_views_hear_of_a_line(
    fake: FakeMibyan, session: Session
) -> None:
    """A subscriber that comes after it finds each whole line in the file already."""
    missing: list[str] = []

    def look(event: object) -> None:
        if isinstance(event, TextAdded) and event.text.endswith("\n"):
            (path,) = runs_of(NOTEBOOK)
            written = path.read_text()
            missing.extend(line for line in event.text.splitlines() if line not in written)

    journal = Journal(session, lambda: NOTEBOOK)
    session.subscribe(look)
    fake.enqueue(Reply.stream([f"line {n}\n" for n in range(100)]))
    session.ask("lines")
    assert missing == []
    journal.close()
    settle()


def on_disk() -> str:
    """All that lies in this notebook's journals, as written."""
    return "".join(path.read_text() for path in runs_of(NOTEBOOK))


@pytest.mark.usefixtures("journal")
def test_switched_off_amid_an_answer_it_writes_no_more(fake: FakeMibyan, session: Session) -> None:
    """Neither the rest of that answer nor its end, then or once it is switched on again."""
    fake.enqueue(Reply.stream(["early\n", "late\n", "end"], hold_after=1))
    arrived = threading.Event()
    session.subscribe(lambda event: arrived.set() if isinstance(event, TextAdded) else None)
    running = session.submit(TurnRequest("q"))
    assert arrived.wait(10)
    settle()
    session.configure(journal=False)
    fake.release()
    assert running.wait(10).status == "complete"
    assert "early" in on_disk()
    assert "late" not in on_disk()
    session.configure(journal=True)
    session.ask("next")
    assert "next" in on_disk()
    assert "late" not in on_disk()


@pytest.mark.usefixtures("journal")
def test_what_was_asked_while_it_was_off_is_never_written(
    fake: FakeMibyan, session: Session
) -> None:
    """Nor is its answer, when it is asked again later and becomes an earlier version."""
    session.ask("kept")
    session.configure(journal=False)
    fake.enqueue(Reply.stream(["unkept answer"]))
    session.ask("unkept question")
    session.configure(journal=True)
    session.ask("later")
    (path, *_) = runs_of(NOTEBOOK)
    assert [turn.prompt for turn in read_run(path).turns] == ["kept", "later"]
    session.ask("asked openly", replaces=session.history[1].id)
    assert "unkept" not in on_disk()


def test_switched_off_it_says_what_still_lies_there(session: Session, journal: Journal) -> None:
    """What was written before stays, until it is forgotten."""
    session.ask("before")
    session.configure(journal=False)
    assert "what was written before stays: %mibyan forget deletes it" in journal.place
    journal.forget()
    assert journal.place == "no (MibyanMagics.journal is off)"


def test_what_was_forgotten_is_not_written_as_an_earlier_version(
    fake: FakeMibyan, session: Session, journal: Journal
) -> None:
    """Asked again twice, the answer since then is kept as a version, the forgotten one is not."""
    fake.enqueue(*(Reply.stream([f"answer {name}"]) for name in ("zero", "one", "two", "three")))
    session.ask("q")
    session.ask("q", replaces=session.history[-1].id)
    journal.forget()
    for _ in range(2):
        session.ask("q", replaces=session.history[-1].id)
    (path,) = runs_of(NOTEBOOK)
    (turn,) = read_run(path).turns
    assert [answer.text for answer in turn.versions] == ["answer two"]
    assert "answer zero" not in on_disk()
    assert "answer one" not in on_disk()
    assert len(session.history[0].versions) == 3, "here all of them stay"


@pytest.mark.parametrize("again", ["a rerun of its cell", "an undone reset"])
def test_what_was_forgotten_is_not_written_with_another_turn(
    fake: FakeMibyan, session: Session, again: str, journal: Journal
) -> None:
    """Whatever makes it an earlier answer of that turn."""
    fake.enqueue(Reply.stream(["answer zero"]), Reply.stream(["answer one"]))
    session.ask("q", cell=CellRun("A", "run 1"))
    session.reset()
    journal.forget()
    session.undo_reset()
    old = session.history[0].id
    if again == "a rerun of its cell":
        session.ask("q", cell=CellRun("A", "run 2"))
    else:
        session.ask("q", replaces=old)
    assert [answer.text for answer in session.history[0].versions] == ["answer zero"]
    assert "answer one" in on_disk()
    assert "answer zero" not in on_disk()


def test_an_answer_that_was_forgotten_while_it_came_stays_off_the_disk(
    fake: FakeMibyan, session: Session, journal: Journal
) -> None:
    """Also when another question begins a new file before it has ended."""
    fake.enqueue(Reply.stream(["early words\n", "late words\n"], hold_after=1))
    arrived = threading.Event()
    session.subscribe(lambda event: arrived.set() if isinstance(event, TextAdded) else None)
    session.submit(TurnRequest("forgotten"))
    assert arrived.wait(10)
    settle()
    journal.forget()
    after = session.submit(TurnRequest("after"))
    settle()
    assert "after" in on_disk()
    assert "words" not in on_disk()
    fake.release()
    after.wait(10)
    assert "words" not in on_disk()


def test_what_a_reset_took_away_is_forgotten_too(session: Session, journal: Journal) -> None:
    """Brought back by undo, it stays off the disk."""
    session.ask("forgotten")
    session.reset()
    journal.forget()
    session.undo_reset()
    session.ask("after")
    assert len(session.history) == 2
    assert "after" in on_disk()
    assert "forgotten" not in on_disk()


@pytest.mark.usefixtures("journal")
def test_a_mark_that_moved_on_is_written(session: Session) -> None:
    """The turn after a deleted first turn begins the conversation in the file too."""
    session.ask("before")
    session.ask("fresh start", new=True)
    session.ask("next")
    session.forget(session.history[1].id)
    (path,) = runs_of(NOTEBOOK)
    assert [turn.begins_anew for turn in read_run(path).turns] == [False, True]
