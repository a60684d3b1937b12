"""The handout's page: its structure, and that no text leaves its place in it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from mibyan_jupyter.export.handout import _Placeholders, write
from mibyan_jupyter.export.transcript import Transcript
from tests.export.conversations import HOSTILE, HOSTILE_TEXTS, IN_ARABIC, LESSON, turn
from tests.export.page import Page

_OURS = """
html head meta title style body header main article nav div span p a dl dt dd ul li
h1 h2 h3 h4 h5 h6
"""
_ANSWERS = """
ol blockquote hr br table thead tbody tr th td section pre code em strong s sub sup kbd
"""
_LINK = re.compile(r"https?://\S+|mailto:\S+|#[\w-]+", re.IGNORECASE)


@pytest.fixture(scope="module")
def lesson() -> Page:
    return Page(write(Transcript("Mean & median", LESSON)))


@pytest.fixture(scope="module")
def hostile() -> Page:
    return Page(write(Transcript("<script>alert(1)</script>", HOSTILE)))


# ---- structure -----------------------------------------------------------------------------------


def test_the_head_names_the_conversation(lesson: Page) -> None:
    """Title, date, model, notebook, number of questions; nothing of this machine."""
    assert lesson.texts("title") == lesson.texts("h1") == ["Mean & median"]
    assert lesson.texts("dt") == ["Date", "Model", "Notebook", "Questions"]
    assert lesson.texts("dd")[1:] == ["mibyan-4.1", "prices.ipynb", "5"]
    assert re.fullmatch(r"2026-11-2[345]", lesson.texts("dd")[0])
    assert "someone" not in "".join(lesson.texts("body"))


def test_the_list_of_questions_leads_to_each(lesson: Page) -> None:
    """Each entry is the beginning of a question, and a link to its heading."""
    entries = [
        (text, attributes["href"])
        for text, attributes in lesson.all("a")
        if attributes["href"].startswith("#question") and "class" not in attributes
    ]
    assert entries[0] == ("Why is the mean of @prices so far above its median?", "#question-1")
    assert [href for _, href in entries] == [f"#question-{number}" for number in range(1, 6)]
    assert [attributes["id"] for _, attributes in lesson.all("h2")] == [
        href[1:] for _, href in entries
    ]


def test_a_question_is_shown_as_it_was_typed(lesson: Page) -> None:
    """In an admonition of its own, white space and all."""
    prompts = lesson.texts("div", "mibyan-plain")
    assert prompts == [turn.prompt for turn in LESSON]
    assert len(lesson.all("div", "question")) == len(LESSON)


def test_headings_are_in_order(lesson: Page) -> None:
    """One title; questions below it; the headings of answers below their questions."""
    levels = lesson.headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == len(LESSON)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "Why the mean is far above the median" in lesson.texts("h3")


def test_an_answer_that_is_not_whole_is_marked(lesson: Page) -> None:
    """Stopped, cut off and failed ones say so; whole ones do not."""
    assert [text.strip() for text in lesson.texts("div", "warning")] == [
        "The answer was stopped here.",
        "The answer was cut off here: it reached the model's length limit.",
        "There is no answer to this question.\nToo many requests just now.",
    ]


def test_formulas_and_code_are_ready_to_read(lesson: Page) -> None:
    """MathML, and code in the colours that the page's own style sheet has."""
    assert len(lesson.all("math")) == 2
    assert "import" in lesson.texts("span", "kn")
    (style,) = lesson.texts("style")
    assert ".highlight .kn" in style


def test_footnotes_of_two_answers_are_kept_apart() -> None:
    """Each id is there once."""
    note = "See.[^1]\n\n[^1]: Note."
    page = Page(write(Transcript("T", (turn(1, "a", note), turn(2, "b", note)))))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"fn-q1-1", "fn-q2-1"} <= set(ids)


def test_one_question_needs_no_list() -> None:
    """The list of questions begins with the second."""
    assert Page(write(Transcript("T", LESSON[:1]))).all("nav") == []


def test_a_conversation_in_arabic_is_an_arabic_page() -> None:
    """Direction, language and our own words follow the questions."""
    page = Page(write(Transcript("الوسيط", IN_ARABIC)))
    assert page.all("html")[0][1] == {"lang": "ar", "dir": "rtl"}
    assert page.texts("h2") == ["السؤال 1", "السؤال 2"]
    assert page.texts("div", "warning")[0].strip() == "أُوقِف الجواب هنا."


# ---- safety --------------------------------------------------------------------------------------


def test_only_our_elements_come_out(hostile: Page) -> None:
    """Whatever prompts and answers hold; no handler, no class or address but allowed ones."""
    allowed = {*_OURS.split(), *_ANSWERS.split()}
    for tag, attributes in hostile.elements:
        assert tag in allowed or re.fullmatch(r"m[a-z]+", tag), tag
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "srcset", "background", "poster", "action"} & set(attributes)
        assert "href" not in attributes or (tag == "a" and _LINK.fullmatch(attributes["href"]))
        assert "url(" not in attributes.get("style", "")


def test_nothing_may_be_loaded(hostile: Page) -> None:
    """The page's own policy forbids scripts and every request; its style sheet asks for none."""
    policies = [
        attributes["content"]
        for _, attributes in hostile.all("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not re.search(r"url\(|@import|https?:", hostile.texts("style")[0])


def test_the_structure_stands_whatever_is_in_it(hostile: Page) -> None:
    """As many questions, headings and list entries as were asked, and each text in its place."""
    count = len(HOSTILE)
    assert len(hostile.all("article")) == hostile.headings.count(2) == count
    assert hostile.texts("h2") == [f"Question {number}" for number in range(1, count + 1)]
    assert len(hostile.all("div", "warning")) == 0
    assert len(hostile.all("nav")) == len(hostile.all("main")) == 1
    assert hostile.texts("title") == hostile.texts("h1") == ["<script>alert(1)</script>"]
    ids = [attributes["id"] for _, attributes in hostile.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_hostile_prompts_are_shown_as_typed(hostile: Page) -> None:
    """Text that looks like a placeholder, a heading or an extension's mark stays text."""
    shown = hostile.texts("div", "mibyan-plain")
    wanted = [re.sub(r"[\0\x01\ud800]", lambda m: "�" * (m[0] > "\x7f"), t) for t in HOSTILE_TEXTS]
    assert shown == wanted


def test_a_text_that_names_a_placeholder_is_not_replaced() -> None:
    """Contents are put in once, and what they hold is not looked at again."""
    contents = _Placeholders()
    first = contents.block("first")
    second = contents.block(f"<p>{first}</p>")
    assert contents.put_into(f"<p>{second}</p> {first}") == f"<p>{first}</p> first"


def test_placeholders_cannot_be_foretold() -> None:
    """Each page has its own."""
    assert _Placeholders().block("x") != _Placeholders().block("x")
