"""Text from outside, bounded."""

from __future__ import annotations

from mibyan_jupyter.rendering import render_code, render_markdown, render_math, render_plain
from mibyan_jupyter.session.turns import Answer
from mibyan_jupyter.text import LONGEST_SHOWN, shown_part, shown_text


def test_a_text_of_ordinary_length_is_shown_whole() -> None:
    """Up to the limit nothing is taken away, and nothing said."""
    text = "x" * LONGEST_SHOWN
    assert shown_part(text) == (text, "")
    assert shown_text(text) == text


def test_of_a_longer_text_the_beginning_is_shown_and_the_rest_counted() -> None:
    """In every rendering, and in the plain text that a notebook keeps."""
    text = "b" * LONGEST_SHOWN + "z" * 1_234
    words = "1,234 more characters are not shown here"
    shown = [render_markdown(text, "d"), render_plain(text), render_code(text, "python")]
    shown += [render_math(text), *Answer(text)._repr_mimebundle_().values()]
    for each in shown:
        assert words in each
        assert "z" * 9 not in each
        assert each.count("b") >= LONGEST_SHOWN
