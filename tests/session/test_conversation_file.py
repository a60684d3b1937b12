"""Saved and loaded conversations: equal to the last field, and nothing odd is let in."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.api.models import Message, Usage
from mibyan_jupyter.context.items import Receipt, ReceiptItem
from mibyan_jupyter.errors import (
    APIResponseError,
    CommandError,
    ConfigurationError,
    MibyanError,
    RateLimitError,
)
from mibyan_jupyter.session.conversation_file import as_text, from_text, load_conversation
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turn_json import READERS, annotations_of
from mibyan_jupyter.session.turns import Answer, CellRun, Turn, TurnRequest
from tests.export.conversations import LESSON, RUNNING, WAITING
from tests.fake_mibyan import USAGE, FakeMibyan, Reply

FULL = Turn(
    "t1-0",
    TurnRequest(
        "What?\ud83d \x00 ‏",
        "cell",
        CellRun("A", "1", "a.ipynb"),
        model="m",
        system="s",
        instruction="i",
        new=True,
        history=False,
        stream=False,
        replaces="t0",
        edits="t9",
        context="all",
        without=("cells", "figures"),
    ),
    "cut_off",
    Answer("text", "cut_off", "length", Usage(1, 2, 3), "m-1"),
    (Answer("older"),),
    (Message("system", "s"), Message("user", "What?")),
    Receipt((ReceiptItem("df", 3, "partial", "cut"),), {"key": 2}, "stats", ("slow",)),
    4,
    "m",
    datetime(2026, 1, 2, 3, 4, 5, 678, UTC),
    1.25,
    True,
    RateLimitError("Too many.", "Wait.", status_code=429),
    datetime(2026, 1, 2, 3, 4, 4, tzinfo=UTC),
)


def test_every_field_comes_back() -> None:
    """Also what JSON has no word for: times, tuples, errors, half a surrogate pair."""
    (back,) = from_text(as_text([FULL]))
    assert back == FULL
    assert back.error is not None
    assert (type(back.error), back.error.args) == (RateLimitError, ("Too many.",))
    assert (back.error.hint, back.error.status_code) == ("Wait.", 429)  # type: ignore[attr-defined]
    defaults = {field.name for field in fields(Turn) if getattr(FULL, field.name) == field.default}
    assert defaults == set(), "a field that this test does not cover"


def test_each_kind_of_field_can_be_read() -> None:
    """A new field of a turn is saved and loaded, or this fails."""
    for cls in (Turn, TurnRequest, CellRun, Answer, Usage, Message, Receipt, ReceiptItem):
        assert set(annotations_of(cls).values()) <= set(READERS)


def test_a_lesson_round_trips(tmp_path: Path) -> None:
    """Waiting and running turns are not in the file; all else is equal."""
    session = Session(base_url="http://127.0.0.1:1")
    session.restore((*LESSON, WAITING, RUNNING))
    path = session.save(tmp_path / "lesson.json")
    other = Session(base_url="http://127.0.0.1:1")
    other.load(path)
    assert other.history == LESSON
    assert other.save(tmp_path / "again.json").read_bytes() == path.read_bytes()
    assert (
        from_text(as_text([turn for turn in (*LESSON, WAITING, RUNNING) if turn.ended])) == LESSON
    )


def test_a_real_conversation_goes_on_where_it_was_saved(fake: FakeMibyan, tmp_path: Path) -> None:
    """The next question sends what it would have sent."""
    session = Session(base_url=fake.base_url)
    fake.enqueue(Reply.stream(["one"], usage=USAGE), Reply.stream(["tw"], finish_reason="length"))
    session.ask("first")
    session.ask("second")
    fake.enqueue(Reply.refused(500))
    with pytest.raises(MibyanError):
        session.ask("third")
    path = session.save(tmp_path / "a.json")
    later = Session(base_url=fake.base_url)
    later.load(path)
    assert (later.history, later.messages) == (session.history, session.messages)
    assert [type(turn.error) for turn in later.history] == [
        type(turn.error) for turn in session.history
    ]
    count = len(fake.requests)
    assert later.ask("fourth").text
    assert len(fake.requests) == count + 1, "loading sends nothing"


def test_loading_keeps_what_was_asked_here(fake: FakeMibyan, tmp_path: Path) -> None:
    """The loaded turns come first, and so does another run of a cell; again changes nothing."""
    session = Session(base_url=fake.base_url)
    session.ask("old", source="cell", cell=CellRun("A", "1"))
    path = session.save(tmp_path / "a.json")
    later = Session(base_url=fake.base_url)
    later.ask("new", source="cell", cell=CellRun("A", "2"))
    later.ask("other")
    for _ in range(2):
        later.load(path)
        assert [turn.prompt for turn in later.history] == ["old", "new", "other"]
    session.load(path)
    assert [turn.prompt for turn in session.history] == ["old"]


def test_what_was_sent_is_in_the_file_once() -> None:
    """The file grows with the conversation, not with its square."""
    sent: tuple[Message, ...] = ()
    turns = []
    for number in range(100):
        sent = (*sent, Message("user", f"{number:04}" * 250))
        turns.append(replace(FULL, id=str(number), sent=sent))
    text = as_text(turns)
    assert from_text(text) == tuple(turns)
    assert len(text) < 3 * 100 * 1000


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "[]", "{}", "null", "[" * 100_000, '{"format": 1}'),
        as_text(LESSON)[:-100],
        as_text(LESSON).replace('"complete"', '"waiting"'),
        as_text(LESSON).replace('"complete"', '"done"'),
        as_text(LESSON).replace('"prompt": "', '"prompt": 1, "x": "'),
        as_text([LESSON[0], LESSON[0]]),
    ],
)
def test_what_is_no_conversation_is_refused(tmp_path: Path, text: str) -> None:
    """In two lines, and the history stays as it was."""
    path = tmp_path / "a.json"
    path.write_text(text)
    session = Session(base_url="http://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="no saved conversation, or is damaged") as raised:
        session.load(path)
    assert len(str(raised.value).splitlines()) == 2
    assert session.history == ()


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    """No such file, a folder, bytes that are no text, another version, a file that exists."""
    session = Session(base_url="http://127.0.0.1:1")
    for name in ("none.json", ".", "a\0b"):
        with pytest.raises(CommandError):
            session.load(tmp_path / name)
    path = tmp_path / "a.json"
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="damaged"):
        load_conversation(path)
    path.write_text(as_text(LESSON).replace('"version": 1', '"version": 2'))
    with pytest.raises(ConfigurationError, match="format version 2"):
        load_conversation(path)
    with pytest.raises(CommandError, match="exists already"):
        session.save(path)
    session.save(path, force=True)
    assert load_conversation(path) == ()


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_a_file_with_any_one_value_changed_is_read_or_refused(data: st.DataObject) -> None:
    """Nothing but our two errors, whatever stands where."""
    whole = json.loads(as_text([FULL]))
    place: Any = whole
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    try:
        turns = from_text(json.dumps(whole))
    except (ValueError, ConfigurationError):
        return
    assert all(turn.ended and isinstance(turn.prompt, str) for turn in turns)
    assert from_text(as_text(turns)) == turns


def test_an_error_of_an_unknown_kind_stays_an_error() -> None:
    """A later version may have more of them."""
    cut = replace(FULL, error=APIResponseError("Cut.", "Again."))
    text = as_text([cut]).replace("APIResponseError", "QuotaError")
    (back,) = from_text(text)
    assert type(back.error) is MibyanError
    assert str(back.error) == "Cut.\nAgain."
