"""What a file says about its conversation, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mibyan_jupyter.export.transcript import Transcript, first_words, title_from
from mibyan_jupyter.export.words import ARABIC, ENGLISH, direction_of, words_for
from tests.export.conversations import LESSON, turn


def test_facts_name_each_thing_once() -> None:
    """Two days, two models; a turn that was asked without a notebook names none."""
    first = turn(1, "a", "b")
    assert first.started is not None
    assert first.answer is not None
    later = replace(
        first,
        answer=replace(first.answer, model="other"),
        started=first.started + timedelta(days=2),
        request=replace(first.request, cell=None),
    )
    facts = dict(Transcript("T", (first, later, later)).facts)
    start, end = (f"{one.started.astimezone():%Y-%m-%d}" for one in (first, later) if one.started)
    assert facts == {
        "Date": f"{start} – {end}",
        "Model": "mibyan-4.1, other",
        "Notebook": "prices.ipynb",
        "Questions": "3",
    }


def test_a_console_is_not_named() -> None:
    """Only a notebook is something that a reader can look for."""
    asked = turn(1, "a", "b")
    assert asked.request.cell is not None
    cell = asked.request.cell._replace(notebook="console-1-0123")
    asked = replace(asked, request=replace(asked.request, cell=cell))
    assert "Notebook" not in dict(Transcript("T", (asked,)).facts)


@pytest.mark.parametrize(
    ("name", "title"),
    [("week_3-medians", "Week 3 medians"), ("الوسيط", "الوسيط"), ("--", "--"), ("a  b", "A b")],
)
def test_the_title_is_the_files_name(name: str, title: str) -> None:
    """With spaces, and a capital letter to begin with."""
    assert title_from(name) == title


def test_a_long_question_is_named_by_its_first_words() -> None:
    """In one line, cut between words where there are any."""
    assert first_words(" Why\n is it? ") == "Why is it?"
    assert first_words("word " * 40) == " ".join(["word"] * 15) + "…"
    assert first_words("x" * 100) == "x" * 40 + "…"


@pytest.mark.parametrize(
    ("prompts", "words", "direction"),
    [
        (["Why?", "ما هو الوسيط؟", "And now?"], ENGLISH, "ltr"),
        (["1. ما هو df؟", "ولماذا؟", "Why?"], ARABIC, "rtl"),
        (["میانه چیست؟"], ENGLISH, "rtl"),
        (["מהו החציון?"], ENGLISH, "rtl"),
        (["123"], ENGLISH, "ltr"),
    ],
    ids=["english", "arabic", "persian", "hebrew", "no letters"],
)
def test_words_and_direction_follow_most_questions(
    prompts: list[str], words: object, direction: str
) -> None:
    """Arabic only for Arabic; from the right for everything that is written so."""
    assert words_for(prompts) is words
    assert direction_of(prompts) == direction


def test_both_languages_say_how_each_turn_ended() -> None:
    """In words of their own, and nothing for a whole answer."""
    for words in (ENGLISH, ARABIC):
        endings = [words.ending(turn) for turn in LESSON]
        assert endings[:2] == ["", ""]
        assert len(set(endings[2:])) == 3
    cut = turn(1, "a", "b", "cut_off", finish_reason="content_filter")
    assert ENGLISH.ending(cut) != ENGLISH.ending(turn(1, "a", "b", "cut_off"))
    assert ENGLISH.ending(turn(1, "a", None, "stopped")) == "The answer was stopped here."
