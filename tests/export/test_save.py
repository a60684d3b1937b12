"""Where a conversation is saved, what stands in the way, and what Python and `%mibyan` say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mibyan_jupyter.commands.all_commands import command_named
from mibyan_jupyter.commands.arguments import parse_arguments
from mibyan_jupyter.commands.registry import Notice
from mibyan_jupyter.errors import CommandError, ConfigurationError
from mibyan_jupyter.export.save import Saved, save
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import TurnRequest
from tests.export.conversations import LESSON, RUNNING, WAITING
from tests.fake_mibyan import FakeMibyan, Reply

_BEGINNINGS = {".html": "<!DOCTYPE html>", ".md": "# Lesson\n", ".ipynb": "{"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", [*_BEGINNINGS, ".HTML"])
def test_the_suffix_names_the_form(tmp_path: Path, suffix: str) -> None:
    """Whatever its case."""
    path = tmp_path / f"lesson{suffix}"
    assert save(LESSON, path) == Saved(path, questions=5, left_out=0)
    assert path.read_text("utf-8").startswith(_BEGINNINGS[suffix.lower()])
    assert names(tmp_path) == [path.name]


def test_what_has_not_ended_is_left_out_and_counted(tmp_path: Path) -> None:
    """A waiting and a running turn are not in the file."""
    saved = save((*LESSON, WAITING, RUNNING), tmp_path / "lesson.md")
    assert (saved.questions, saved.left_out) == (5, 2)
    assert "Still there?" not in saved.path.read_text("utf-8")


def test_a_bare_name_goes_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And `~` is the home folder; the path that comes back is absolute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert save(LESSON, "a.md").path == tmp_path / "a.md"
    assert save(LESSON, "~/b.md").path == tmp_path / "home" / "b.md"


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    """Without it the file stays as it was; with it, who reads the old one sees all of that."""
    path = tmp_path / "lesson.md"
    path.write_text("mine" * 10_000)
    with pytest.raises(CommandError, match="exists already") as raised:
        save(LESSON, path)
    assert "--force" in str(raised.value)
    with path.open() as old:
        save(LESSON, path, force=True)
        assert old.read() == "mine" * 10_000
    assert "mine" not in path.read_text("utf-8")


def test_a_link_that_leads_nowhere_counts_as_a_file(tmp_path: Path) -> None:
    """Nothing is written through it unasked."""
    (tmp_path / "lesson.md").symlink_to(tmp_path / "elsewhere.md")
    with pytest.raises(CommandError, match="exists already"):
        save(LESSON, tmp_path / "lesson.md")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lesson", r"\.html, \.md or \.ipynb"),
        ("lesson.pdf", "prints to PDF"),
        (".html", "does not say what to save"),
        ("nowhere/lesson.md", "There is no folder"),
        ("folder.md", "is a folder"),
        ("~nobody-of-this-name/lesson.md", "no home folder"),
        ("a\0b/lesson.md", "There is no folder"),
        ("x" * 5_000, "does not say what to save"),
    ],
)
def test_a_path_that_cannot_be_meant_is_refused(tmp_path: Path, name: str, message: str) -> None:
    """In two lines of bounded length, and nothing is written."""
    (tmp_path / "folder.md").mkdir()
    path = name if name.startswith("~") else f"{tmp_path}/{name}"
    with pytest.raises(CommandError, match=message) as raised:
        save(LESSON, path)
    assert len(str(raised.value).splitlines()) == 2
    assert len(str(raised.value)) < 500
    assert names(tmp_path) == ["folder.md"]


@pytest.mark.parametrize("place", ["/proc/lesson.md", "file/lesson.md", f"{'x' * 300}.md"])
def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path, place: str) -> None:
    """One that the system refuses even to root, a file as a folder, a name that is too long."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="could not be written: ") as raised:
        save(LESSON, tmp_path / place)
    assert len(str(raised.value).splitlines()) == 2
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("history", "message"),
    [((), "Nothing has been asked yet"), ((WAITING, RUNNING), "No question has been answered")],
    ids=["empty", "unanswered"],
)
def test_a_conversation_without_an_end_is_not_saved(
    tmp_path: Path, history: tuple[object, ...], message: str
) -> None:
    """Two lines say what to do."""
    with pytest.raises(CommandError, match=message):
        save(history, tmp_path / "lesson.md")  # type: ignore[arg-type]
    assert names(tmp_path) == []


def test_a_session_exports_itself(fake: FakeMibyan, tmp_path: Path) -> None:
    """`session.export` returns the absolute path; the newest answer is in it, no key is."""
    fake.enqueue(Reply.json("Because."))
    session = Session(base_url=fake.base_url, api_key="mb-0123456789abcdef")
    session.ask("Why?", stream=False)
    for suffix in (".html", ".md", ".ipynb"):
        path = session.export(str(tmp_path / f"why{suffix}"))
        assert path == tmp_path / f"why{suffix}"
        assert "Because." in path.read_text("utf-8")
        assert "mb-0123456789" not in path.read_text("utf-8")


def test_the_command_says_what_it_saved(fake: FakeMibyan, tmp_path: Path) -> None:
    """Where, how much, and what was left out; the running turn goes on."""
    fake.enqueue(Reply.json("Because."), Reply.stream(["Late."], hold_after=0))
    session = Session(base_url=fake.base_url)
    session.ask("Why?", stream=False)
    running = session.submit(TurnRequest("And now?"))
    fake.wait_for_requests(2)
    path = tmp_path / "why.html"

    def export(*words: str) -> str:
        command = command_named("export")
        result = command.run(session, parse_arguments(command.arguments, words, called="export"))
        assert isinstance(result, Notice)
        return result.text

    assert export(str(path)) == f"Saved as {path}, with 1 turn.\n1 turn left out: not answered yet."
    with pytest.raises(CommandError, match="exists already"):
        export(str(path))
    fake.release()
    running.wait()
    assert export(str(path), "--force") == f"Saved as {path}, with 2 turns."
    with pytest.raises(CommandError, match="name of the file is missing"):
        export()


def test_nothing_heavy_is_loaded_before_an_export() -> None:
    """Neither the commands nor a session bring Python-Markdown or the formulas' converter in."""
    code = (
        "import sys, mibyan_jupyter.commands.all_commands, mibyan_jupyter.session.session;"
        "print({'markdown', 'math_core', 'nh3', 'markdown_it'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"
