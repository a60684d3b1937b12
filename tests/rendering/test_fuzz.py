"""Random and hostile Markdown: never an exception, never HTML beyond the allow-list, and the same
in the end however the text was cut.

`corpus/` keeps texts that were trouble, and some chosen by hand; they are read on every run.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.rendering import LiveDocument, render_markdown
from tests.rendering.allowed_html import faults
from tests.rendering.payloads import PAYLOADS, PUBLIC

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
CASES = 10_000
SIGNS = [
    *(
        "[",
        "](",
        ")",
        "![",
        "[^a]",
        "[^a]: ",
        "[a]: ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "~~~",
        "|",
    ),
    *("|-|", "\n", "\n\n", "\r\n", "\r", "    ", "\t", "> ", "- ", "1. ", "# ", "---", "- [x] "),
    *(
        "$",
        "$$",
        "\\(",
        "\\[",
        "\\]",
        "\\",
        "&amp;",
        "&#0;",
        "<",
        "<sub>",
        "</sub>",
        "<!--",
        "<br>",
    ),
    *("https://a.b", "javascript:", "data:", "\0", "\x1b[31m", "\u202e", "\u200b", "\ud800", "ا"),
]
TEXTS = st.lists(
    st.sampled_from(SIGNS) | st.sampled_from([*PAYLOADS, *PUBLIC[::40]]) | st.text(max_size=4),
    max_size=5,
).map("".join)


def check(text: str, place: int) -> None:
    whole = render_markdown(text, "d")
    assert faults(whole) == []
    document = LiveDocument("d")
    document.append(text[: place % (len(text) + 1)])
    frame = document.render()
    assert faults("".join(frame.settled) + frame.tail) == []
    document.append(text[place % (len(text) + 1) :])
    assert document.finish() == whole


@settings(max_examples=CASES, deadline=None)
@given(TEXTS, st.integers(0, 999))
def test_no_markdown_breaks_the_renderer(text: str, place: int) -> None:
    """Whole, and while it grows, cut anywhere."""
    check(text, place)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus_is_rendered_as_before(path: Path) -> None:
    """Each text of it, cut at every place."""
    text = path.read_bytes().decode("utf-8", "surrogatepass")
    for place in range(len(text) + 1):
        check(text, place)
