"""The Markdown file: readable, and with a structure that no text can break."""

from __future__ import annotations

import re

from mibyan_jupyter.export.markdown_file import write
from mibyan_jupyter.export.transcript import Transcript
from tests.export.conversations import HOSTILE, IN_ARABIC, LESSON
from tests.rendering.test_embedding import headings, html, parsed


def test_it_reads_as_markdown() -> None:
    """Title, facts, each question as a quote below its heading, its answer, how that ended."""
    text = write(Transcript("Mean *and* median", LESSON[1:3]))
    date = re.search(r"2026-11-2[345]", text)
    assert date is not None
    assert (
        text
        == f"""# Mean \\*and\\* median

Questions to Mibyan, and its answers.

- Date: {date[0]}
- Model: mibyan-4.1
- Notebook: prices.ipynb
- Questions: 2

## Question 1

> I tried{"  "}
>     prices.hist(){"  "}
> and saw &lt;b>nothing&lt;/b> for $5.{"  "}

Try `hist(bins=30)`.

## Question 2

> Write all primes.{"  "}

2 is prime.

3 is

*The answer was stopped here.*
"""
    )


def test_a_failed_question_says_why() -> None:
    """In one line."""
    text = write(Transcript("T", LESSON[-1:]))
    assert text.endswith("*There is no answer to this question.* Too many requests just now.\n")


def test_hostile_texts_leave_the_structure_whole() -> None:
    """The headings above the answers' are ours, in our order, and nothing is HTML."""
    tokens = parsed(write(Transcript("<b>T</b>", HOSTILE)))
    outer = [content for tag, content in headings(tokens) if tag in ("h1", "h2")]
    questions = [f"Question {number}" for number in range(1, len(HOSTILE) + 1)]
    assert outer == ["\\<b\\>T\\</b\\>", *questions]
    assert html(tokens) == []


def test_a_conversation_in_arabic_has_arabic_headings() -> None:
    """Our own words follow the questions."""
    text = write(Transcript("الوسيط", IN_ARABIC))
    assert "\n## السؤال 2\n" in text
    assert text.endswith("*أُوقِف الجواب هنا.*\n")
