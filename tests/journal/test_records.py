"""The records of a journal lead to the conversation, whatever befell their lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.errors import APIResponseError
from mibyan_jupyter.journal.records import (
    OtherVersionError,
    header_line,
    history_line,
    recover,
    removed_line,
    text_line,
    turn_line,
    without_secrets,
)
from mibyan_jupyter.session.turns import Answer, Turn, TurnRequest
from tests.session.test_conversation_file import FULL

ASKED = Turn("t1", TurnRequest("One?"), "running", model="m")
DONE = replace(ASKED, status="complete", answer=Answer("yes"))
OTHER = Turn("t2", TurnRequest("Two?"), "complete", Answer("no"))
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.jsonl"))
HEADER = header_line(notebook="a.ipynb")


def test_turns_stand_in_their_places_with_their_newest_values() -> None:
    """New, changed, removed, and all replaced."""
    lines = [HEADER, turn_line(ASKED, 0), turn_line(OTHER, 0), turn_line(DONE, 1)]
    assert recover(lines).turns == (OTHER, DONE)
    assert recover([*lines, removed_line("t2")]).turns == (DONE,)
    assert recover([*lines, history_line([OTHER])]).turns == (OTHER,)
    assert recover([*lines, history_line([])]).turns == ()


def test_every_field_but_what_was_sent_comes_back() -> None:
    """The receipt stays, the notebook's content does not."""
    kept = without_secrets(FULL, lambda text: text)
    assert kept == replace(FULL, sent=())
    assert recover([HEADER, turn_line(kept, 0)]).turns == (kept,)


@pytest.mark.parametrize(
    "pieces",
    [
        [(0, "so "), (0, "so fa"), (0, "so far\n"), (7, "and on")],
        [(0, "so far\nand"), (7, "and on")],
        [],
    ],
)
def test_a_turn_that_had_not_ended_is_marked(pieces: list[tuple[int, str]]) -> None:
    """With text it is cut off and says why, without it is stopped; `continue` and `retry` fit."""
    lines = [HEADER, turn_line(ASKED, 0), *(text_line("t1", *piece) for piece in pieces)]
    (turn,) = recover(lines).turns
    if pieces:
        assert turn.answer == Answer("so far\nand on", "cut_off", model="m")
        assert (turn.status, type(turn.error)) == ("cut_off", APIResponseError)
        assert "kernel ended" in str(turn.error)
    else:
        assert (turn.status, turn.answer) == ("stopped", None)


@pytest.mark.parametrize(
    "damaged",
    [b"\n", b"{", b"\xff\xfe", b"[]", b"1", b"{}", b"[" * 100_000, b'{"kind":"turn"}', b"\0" * 9],
)
def test_a_damaged_line_is_counted_and_costs_no_other(damaged: bytes) -> None:
    """Wherever it stands, the header's place included."""
    lines = [HEADER, turn_line(DONE, 0), turn_line(OTHER, 1)]
    for place in range(4):
        found = recover([*lines[:place], damaged, *lines[place:]])
        assert (found.turns, found.damaged) == ((DONE, OTHER), 1)
    assert recover([damaged, *lines[1:]]).turns == (DONE, OTHER)


def test_a_record_of_an_unknown_kind_is_passed_over() -> None:
    """A later version may write more kinds; that is no damage."""
    assert recover([HEADER, b'{"kind":"mark"}', turn_line(DONE, 0)]).damaged == 0


@pytest.mark.parametrize("version", [0, 2, "x"])
def test_another_version_is_told(version: object) -> None:
    """And not read as if it were ours."""
    header = HEADER.replace(b'"version":1', f'"version":"{version}"'.encode())
    with pytest.raises(OtherVersionError, match=str(version)):
        recover([header, turn_line(DONE, 0)])


WHOLE = b"".join(
    (
        HEADER,
        history_line([OTHER]),
        turn_line(ASKED, 1),
        text_line("t1", 0, "some"),
        text_line("t1", 0, "some text\n"),
        turn_line(FULL, 2),
        removed_line("t2"),
    )
)


@settings(max_examples=10_000, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(WHOLE)),
            st.integers(0, 30),
            st.binary(max_size=8) | st.sampled_from([b"\n", b'"', b"{", b"null", b"-1", b"1e999"]),
        ),
        max_size=4,
    )
)
def test_whatever_bytes_stand_there_the_reader_gives_ended_turns(
    changes: list[tuple[int, int, bytes]],
) -> None:
    """10 000 journals with bytes cut out and put in: sound turns, or another version."""
    data = WHOLE
    for at, cut, put in changes:
        data = data[:at] + put + data[at + cut :]
    try:
        found = recover(data.splitlines(keepends=True))
    except OtherVersionError:
        return
    assert all(turn.ended and isinstance(turn.prompt, str) for turn in found.turns)
    assert len({turn.id for turn in found.turns}) == len(found.turns)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus_is_read_as_before(path: Path) -> None:
    """Files that once were trouble, or may be: what their whole lines tell is there."""
    (turn,) = (
        each for each in recover(path.read_bytes().splitlines(True)).turns if each.id == "t1"
    )
    assert turn.ended


@given(st.integers(0, len(WHOLE)))
def test_any_cut_of_the_file_is_readable(end: int) -> None:
    """The torn last line costs only itself."""
    found = recover(WHOLE[:end].splitlines(keepends=True))
    assert found.damaged <= 1
