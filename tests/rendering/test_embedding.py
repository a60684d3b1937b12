"""Markdown that must not leave its place in a larger Markdown document, whatever it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mibyan_jupyter.rendering import render_markdown
from mibyan_jupyter.rendering.embedding import (
    embedded_markdown,
    escape_markdown,
    quoted_markdown,
)
from tests.rendering.allowed_html import text_of
from tests.rendering.payloads import PAYLOADS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_ACCEPTED = re.compile(r"</?(?:sub|sup|kbd|br)\b", re.IGNORECASE)
_PIECES = [
    *PAYLOADS,
    *("\n", "\n\n", "> ", "- ", "    ", "`", "``", "```", "~~~", "$$", "<", ">", "[", "](", "\\"),
    *("# x\n", "## Question 2\n", "x\n===\n", "x\ny\n---\n", "<!--", "-->", "<pre>", "</pre>"),
    *("<div>\n", "<b>", "</b>", "[^1]", "[^1]: note\n", "| a |\n|---|\n", "1. ", "\t"),
]


def document(text: str) -> str:
    """The text as a question's prompt and as its answer, with a question below."""
    prompt = quoted_markdown(text, "p1", below=2)
    answer = embedded_markdown(text, "a1", below=2)
    return f"# T\n\n## Question 1\n\n{prompt}\n\n{answer}\n\n## Question 2\n\nThe end.\n"


def parsed(text: str) -> list[Token]:
    """As any CommonMark renderer reads it, HTML included."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000})
    return md.enable(["table", "strikethrough"]).parse(text)


def headings(tokens: list[Token]) -> list[tuple[str, str]]:
    return [
        (token.tag, tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def html(tokens: Iterable[Token]) -> list[str]:
    """The HTML that a renderer would put onto the page as it stands."""
    found = [token.content for token in tokens if token.type == "html_block"]
    children = (child for token in tokens for child in token.children or ())
    found += [child.content for child in children if child.type == "html_inline"]
    return [tag for tag in found if not _ACCEPTED.match(tag)]


def check_structure(text: str) -> None:
    tokens = parsed(document(text))
    outer = [heading for heading in headings(tokens) if heading[0] in ("h1", "h2")]
    assert outer == [("h1", "T"), ("h2", "Question 1"), ("h2", "Question 2")]
    assert html(tokens) == []
    assert [token.content for token in tokens[-3:]] == ["", "The end.", ""]
    assert all(token.level == 0 for token in (tokens[-3], tokens[-1]))


@pytest.mark.parametrize(
    "text",
    [
        "## Question 2",
        "Question 2\n---",
        "over two\nlines\n===",
        "> # Quoted\n> Underlined\n> ===",
        "- # in an item\n- x\n  ---",
        "```python\nprint(1)",
        "````\n```",
        "~~~",
        "- item\n\n  ```\n  x",
        "<!-- swallow all",
        "<pre>\n\n## Question 2",
        "<div>\n## Question 2\n</div>",
        "text <b>bold</b> <!-- x --> <a href='x\ny'>",
        "`<b>` <b> `<b>`",
        "`a\n<div>\n`",
        "[x](`a) <script> `b",
        "</article></main></body>",
        "<![CDATA[\n\n# x",
        "<?php\n\n# x",
        "[Question 2]: https://evil.example",
        "| a |\n|---|",
        "1. x",
        "> lazy",
        "",
        "\n\n",
    ],
)
def test_the_document_around_it_stays_whole(text: str) -> None:
    """No text can look like a question, hide one, bring HTML in or run on into the next."""
    check_structure(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_mixed_pieces_stay_in_their_place(pieces: list[str]) -> None:
    """The same for payloads and marks that run together in any order."""
    check_structure("".join(pieces))


def test_what_is_no_danger_stays_as_it_was_written() -> None:
    """Code, comparisons, addresses and the tags that we render are untouched."""
    text = (
        "Use `List<int>` if x < 3 or y<z, see <https://a.b/c>, H<sub>2</sub>O.\n\n"
        "```html\n<div>\n# no heading\n[^1]\n```\n\n- a\n  - b\n\n| a | b |\n|---|--:|\n| 1 | 2 |"
    )
    assert embedded_markdown(text, "a1", below=2) == text


def test_headings_nest_below_the_documents_own() -> None:
    """The first is one level deeper than the document's, and their order is kept."""
    text = "# A\n\n## B ##\n\nC\n===\n\n### D"
    assert embedded_markdown(text, "a1", below=2) == "### A\n\n#### B ##\n\n### C\n\n#### D"


def test_footnotes_keep_to_themselves() -> None:
    """Their labels carry the text's own; what only looks like one is left alone."""
    text = "See.[^1] `[^a-z]` and [^2]\n\n[^1]: A note."
    assert (
        embedded_markdown(text, "a7", below=2)
        == "See.[^a7-1] `[^a-z]` and [^2]\n\n[^a7-1]: A note."
    )


def test_a_quote_keeps_its_line_breaks() -> None:
    """Each line of a prompt stays a line, and code in it stays code."""
    quoted = quoted_markdown("Why?\nBecause\n\n```\nx\n```", "p1", below=2)
    assert quoted == "> Why?  \n> Because  \n>\n> ```\n> x\n> ```"


@pytest.mark.parametrize(
    "text", ["a_b*c*", "[x](javascript:1)", "<b>&amp;", "`x` ~~y~~", "$x$ | #", "a\nb", "\\"]
)
def test_an_escaped_line_shows_exactly_its_text(text: str) -> None:
    """Whatever marks it holds."""
    shown = text_of(render_markdown(f"- {escape_markdown(text)}", "d")).strip()
    assert shown == " ".join(text.split())
