"""An answer that grows: the same blocks as a whole render, and a sensible end at every moment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.rendering import LiveDocument, render_blocks, render_markdown
from mibyan_jupyter.rendering.live_document import LONGEST_TAIL
from tests.rendering.allowed_html import text_of

ANSWER = """\
# Means

The **mean** of `x` is $\\bar x$:

$$
\\bar x = \\frac{1}{n}

\\sum x_i
$$

| a | b |
|---|--:|
| 1 | 2 |

1. one
2. two

   ```python
   y = [1, 2]

   print(y)
   ```

> quoted
lazily

Setext
------
\\[
z
\\]
- [ ] task
    - nested

The end, with [a link](https://example.com).
"""

MARKDOWN_PIECES = [
    *("a", "b c", " ", "  ", "    ", "\n", "\n\n", "\t", "*", "**", "_", "`", "```", "~~~", "~~"),
    *("#", "# ", "- ", "* ", "1. ", "2) ", "> ", "---", "===", "|", "|-|", "| a |", "[", "](", ")"),
    *("!", "<", ">", "<sub>", "</sub>", "<br>", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\", "{"),
    *("https://a.b", "- [ ] ", "&amp;", "\r", "\r\n", "م", "\0", "\ud800", "```python\n", "$$\n"),
]
texts = st.lists(st.sampled_from(MARKDOWN_PIECES), max_size=40).map("".join)


def _without_definitions(text: str) -> bool:
    return "[^" not in text and "]:" not in text


def _grown(text: str, cuts: list[int]) -> tuple[LiveDocument, list[str]]:
    """A document that got the text in pieces, and all its settled blocks."""
    document, settled, start = LiveDocument("d"), [], 0
    for cut in [*sorted(cuts), len(text)]:
        document.append(text[start:cut])
        start = max(start, cut)
        settled += document.render().settled
    return document, settled


@settings(max_examples=600, deadline=None)
@given(text=texts.filter(_without_definitions), data=st.data())
def test_any_cutting_gives_the_same_blocks(text: str, data: st.DataObject) -> None:
    """However a text is cut, its settled blocks and the rest are those of the whole text."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    document, settled = _grown(text, cuts)
    assert "".join(settled) + render_markdown(document.unsettled, "d") == render_markdown(text, "d")
    assert document.text == text
    assert document.finish() == render_markdown(text, "d")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 31, 1000])
def test_answer_in_pieces(size: int) -> None:
    """A real answer settles into the same HTML in pieces of any size."""
    document, settled = _grown(ANSWER, list(range(size, len(ANSWER), size)))
    assert "".join(settled) + render_markdown(document.unsettled, "d") == render_markdown(
        ANSWER, "d"
    )
    assert document.finish_blocks() == render_blocks(ANSWER, "d")
    assert document.settled_since() == tuple(settled)
    assert len(settled) == 9
    assert document.unsettled.startswith("The end")


def test_frames_are_numbered_and_tell_only_what_is_new() -> None:
    """A frame holds the blocks settled since the last frame, once."""
    document = LiveDocument("d")
    document.append("one\n\ntwo")
    first = document.render()
    document.append("\n\nthree\n\nfour")
    second = document.render()
    third = document.render()
    assert [frame.seq for frame in (first, second, third)] == [1, 2, 3]
    assert (len(first.settled), len(second.settled), len(third.settled)) == (0, 2, 0)
    assert third.tail == second.tail


def test_empty_document_has_an_empty_frame() -> None:
    """Before any text there is nothing to show."""
    frame = LiveDocument("d").render()
    assert (frame.settled, frame.tail) == ((), "")


def test_line_end_cut_in_two() -> None:
    """A carriage return and a newline that arrive apart are one line end."""
    document = LiveDocument("d")
    for piece in ("a\r", "\nb\r", "\n\r", "\nc\n\r\nd"):
        document.append(piece)
        document.render()
    assert document.finish() == render_markdown("a\nb\n\nc\n\nd", "d")
    assert len(document.settled_since()) == 1


def test_open_formula_holds_what_follows() -> None:
    """Nothing settles behind block math whose end may still come."""
    document = LiveDocument("d")
    document.append("$$\na\n\nb\n\nc\n")
    assert document.render().settled == ()
    document.append("$$\n\nd\n")
    assert "a\n\nb\n\nc" in document.render().settled[0]


def test_dollars_that_never_close_hold_only_for_a_while() -> None:
    """A line of dollars without an end does not keep the rest of an answer from settling."""
    document = LiveDocument("d")
    document.append("$$\n\n" + "text\n\n" * 200)
    assert len(document.render().settled) > 100


def test_long_tail_is_shown_as_typed() -> None:
    """A tail beyond the limit shows its text, cheaply, until it settles."""
    document = LiveDocument("d")
    document.append("- **a**\n" * (LONGEST_TAIL // 8 + 1))
    frame = document.render()
    assert "mibyan-plain" in frame.tail
    assert "**a**" in text_of(frame.tail)


def test_a_long_block_that_is_stopped_stays_as_typed() -> None:
    """■ does not wait for a block that was too long for frames; a shorter one is formatted."""
    table = "| a |\n|---|\n" + "| 1 |\n" * (LONGEST_TAIL // 6)
    document = LiveDocument("d")
    document.append("# Long\n\n" + table)
    frame = document.render()
    assert document.blocks_at_stop() == (*frame.settled, frame.tail)
    assert "<table" not in frame.tail
    short = LiveDocument("d")
    short.append(ANSWER)
    assert short.blocks_at_stop() == short.finish_blocks()


def test_footnotes_while_growing_show_their_label() -> None:
    """A footnote has no number before the end of the answer, and shows its label until then."""
    document = LiveDocument("d")
    document.append("a[^x] b\n\nc\n\n[^x]: note\n")
    frame = document.render()
    assert "<sup>[x]</sup>" in frame.settled[0]
    assert "note" in frame.tail
    assert 'href="#fn-d-1"' in document.finish()
