"""Markdown features, as the HTML of a whole document."""

from __future__ import annotations

import re

import pytest

from mibyan_jupyter.rendering import (
    code_blocks,
    quiet_line,
    render_code,
    render_markdown,
    render_plain,
    wrap_answer,
)
from tests.rendering.allowed_html import faults, links, text_of

FEATURES = {
    "paragraph": ("Hello *world*", '<p dir="auto">Hello <em>world</em></p>'),
    "heading": ("## Two", '<h2 dir="auto">Two</h2>'),
    "setext heading": ("Title\n===", '<h1 dir="auto">Title</h1>'),
    "strong": ("**a** __b__", "<strong>a</strong> <strong>b</strong>"),
    "strikethrough": ("~~old~~", "<s>old</s>"),
    "inline code": ("`a<b`", '<code dir="ltr">a&lt;b</code>'),
    "rule": ("a\n\n---\n", "<hr style="),
    "hard break": ("a  \nb", "a<br>\nb"),
    "quote": ("> a", '<blockquote dir="auto">\n<p dir="auto">a</p>'),
    "list after a paragraph": ("Items:\n- a\n- b", '<li dir="auto">b</li>'),
    "two-space nesting": ("- a\n  - b", '<li dir="auto">a\n<ul dir="auto">\n<li dir="auto">b'),
    "ordered list from three": ("3. a", '<ol start="3" dir="auto">'),
    "table": (
        "|a|b|\n|-|-|\n|1|2|",
        '<td class="mibyan-start" style="text-align:start" dir="auto">2',
    ),
    "table after text": ("Text:\n|a|\n|-|\n|1|", '<table class="mibyan-table"'),
    "aligned column": ("|a|\n|-:|\n|1|", '<th class="mibyan-right" style="text-align:right"'),
    "open task": ("- [ ] buy", '<li class="mibyan-task" style="list-style:none" dir="auto">☐ buy'),
    "done task": ("1. [x] buy", "☑ buy"),
    "a diff": ("```diff\n+new\n```", 'background-color:rgba(46,160,67,0.2)">+new'),
    "code with a language": ("```python\nfor x in y: pass\n```", '<span class="k">for</span>'),
    "language label": ("```c++ title\nint x;\n```", ">c++</div>"),
    "code in a list": ("- a\n  ```\n  x\n  ```", ">x\n</code></pre></div>\n</li>"),
    "unknown language": ("```nosuch\n<x>\n```", ">&lt;x&gt;\n</code>"),
    "indented code": ("    x = 1", ">x = 1"),
    "link": ('[a](https://b.c "t")', '<a href="https://b.c" title="t" target="_blank"'),
    "reference link": ("[a][r]\n\n[r]: https://b.c", '<a href="https://b.c"'),
    "autolink": ("<https://b.c>", '<a href="https://b.c"'),
    "mail autolink": ("<a@b.c>", '<a href="mailto:a@b.c"'),
    "bare URL": ("(see https://b.c/d_(e)).", ">https://b.c/d_(e)</a>)."),
    "bare URL in emphasis": ("**https://b.c**", ">https://b.c</a></strong>"),
    "image": ("![a plot](https://b.c/p.png)", ">a plot (image on b.c)</a>"),
    "linked image": ("[![x](https://b.c/p)](https://d.e)", ">x (image on b.c)</a></p>"),
    "sub and sup": ("H<sub>2</sub>O, x<sup>*n*</sup>", "H<sub>2</sub>O, x<sup><em>n</em></sup>"),
    "kbd": ("<kbd>Ctrl</kbd>", "<kbd>Ctrl</kbd>"),
    "break tag in a cell": ("|a|\n|-|\n|1<br/>2|", "1<br>\n2"),
    "unclosed sub": ("a <sub>b", "a &lt;sub&gt;b"),
    "other tags": ("<div>a</div>", "&lt;div&gt;a&lt;/div&gt;"),
    "entity": ("&copy; &lt;", "© &lt;"),
}


@pytest.mark.parametrize("name", FEATURES)
def test_feature(name: str) -> None:
    """Each everyday Markdown idiom becomes the expected HTML, all of it on the allow-list."""
    source, expected = FEATURES[name]
    html = render_markdown(source, "d")
    assert expected in html
    assert faults(html) == []


def test_footnotes_carry_the_document_id() -> None:
    """Footnotes of two answers on one page do not share an id."""
    source = "a[^n] b[^n]\n\n[^n]: the *note*"
    one, two = (re.findall(r' id="([^"]+)"', render_markdown(source, d)) for d in ("x1", "y2"))
    assert len(one) == len(set(one)) == 3
    assert not set(one) & set(two)


def test_footnote_links_stay_on_the_page() -> None:
    """A footnote reference and its way back point at each other's ids, in the same tab."""
    html = render_markdown("a[^n]\n\n[^n]: note", 'id "<1>')
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert {link["href"].removeprefix("#") for link in links(html)} == ids
    assert all("target" not in link for link in links(html))


def test_links_do_not_tell_where_they_come_from() -> None:
    """A link opens a new tab that learns neither the opener nor the referrer."""
    (link,) = links(render_markdown("[a](https://b.c)", "d"))
    assert link["rel"] == "noopener noreferrer nofollow"
    assert link["target"] == "_blank"


@pytest.mark.parametrize(
    "source", ["# a", "a", "- a", "1. a", "> a", "|a|\n|-|\n|b|"], ids=lambda s: s[:3]
)
def test_every_block_finds_its_own_direction(source: str) -> None:
    """Every block element carries dir=auto."""
    html = render_markdown(source.replace("a", "مرحبا"), "d")
    tags = re.findall(r"<(?:p|h\d|ul|ol|li|blockquote|table|th|td)\b[^>]*>", html)
    assert tags
    assert all('dir="auto"' in tag for tag in tags)


@pytest.mark.parametrize("source", ["`a`", "```\na\n```", "    a", "$a$", "$$a$$"])
def test_code_and_formulas_run_left_to_right(source: str) -> None:
    """Code and formulas are left to right, whatever surrounds them."""
    assert 'dir="ltr"' in render_markdown(source, "d")


def test_only_coloured_classes_are_emitted() -> None:
    """Highlighted code carries only the classes that JupyterLab has a colour for."""
    html = render_code("import os\n\nclass A:\n    x: int = f'{os}'  # c\n", "python")
    assert set(re.findall(r'<span class="(\w+)"', html)) <= {"kn", "k", "o", "s1", "si", "sa", "c1"}


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\u202e", "\\u202e"),
        ("\u2066", "\\u2066"),
        ("\u200b", "\\u200b"),
        ("\ufeff", "\\ufeff"),
        ("\u00ad", "\\u00ad"),
        ("\u2028", "\\u2028"),
        ("a\u200db", "a\\u200db"),
        ("a\u200d\u200cb", "a\\u200d\\u200cb"),
        ("a\u3164b", "a\\u3164b"),
        ("a\ufe01b", "a\\ufe01b"),
        ("\U000e0101", "\\U000e0101"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("❤\ufe0f\u200d🔥 1\ufe0f\u20e3", "❤\ufe0f\u200d🔥 1\ufe0f\u20e3"),
        ("می\u200cشود", "می\u200cشود"),
    ],
)
def test_invisible_characters_in_code_are_shown(hidden: str, shown: str) -> None:
    """What could make code look other than it runs is an escape; joiners in words stay."""
    for html in (render_code(f"x = '{hidden}'", "python"), render_markdown(f"`{hidden}`", "d")):
        assert shown in text_of(html)
        assert hidden == shown or hidden not in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\0b\x1b[1m\x7f", "ab[1m"), ("a\ud800b", "a\ufffdb"), ("a\r\nb\rc", "a\nb\nc")],
)
def test_control_characters_do_not_reach_the_page(text: str, shown: str) -> None:
    """Control characters vanish, lone surrogates are replaced, line ends are uniform."""
    assert text_of(render_markdown(text, "d")).strip() == shown


def test_plain_text_is_kept_as_typed() -> None:
    """Plain text shows every character and nothing is markup."""
    text = "  **a** <b> $x$\n\n\\(y\\)"
    html = render_plain(text)
    assert text_of(html).rstrip("\n") == text
    assert faults(html) == []


@pytest.mark.parametrize(
    ("after", "first", "once"),
    [
        ("A word.", "- a list", True),
        ("$$\nx\n$$", "1. a list", True),
        ("```\ncode\n```", "> a quotation", True),
        ("A word.", "Another one.", False),
        ("# Heading", "- a list", False),
        ("", "- a list", False),
    ],
)
def test_an_output_that_goes_on_with_an_answer_keeps_the_space_between_once(
    after: str, first: str, *, once: bool
) -> None:
    """Two outputs would keep what lies below one block and what lies above the next."""
    above = render_markdown(after, "t1") if after else ""
    html = wrap_answer(render_markdown(first, "t1"), after=above)
    assert ("margin:-1em 0 0" in html) == once


def test_footer_is_text() -> None:
    """The footer of an answer cannot hold markup or a formula."""
    html = wrap_answer("<p>a</p>", quiet_line("5 < 6 <b> costs $5 and $6"))
    assert faults(html) == []
    assert "5 &lt; 6 &lt;b&gt;" in html
    assert ">$</span>5" in html


def test_deep_nesting_keeps_its_text() -> None:
    """Blocks nested absurdly deep end as plain text; none of their text is lost."""
    source = "".join("  " * depth + f"- item{depth}\n" for depth in range(500))
    html = render_markdown(source, "d")
    assert faults(html) == []
    assert [n for n in range(500) if f"item{n}" not in html] == []


def test_rows_without_cells_do_not_multiply() -> None:
    """A short source cannot ask for a table of very many filled-up cells."""
    source = "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * 300
    assert len(render_markdown(source, "d")) < 20 * len(source)


def test_code_blocks_are_the_fences_wherever_they_stand() -> None:
    """Fences in lists and quotes count, an unclosed one too; indented code and prose do not."""
    text = "```py x\na\n```\n- ~~~\n  b\n  ~~~\n> ```sql\n> c\n> ```\n\n    indented\n\n```\nopen"
    blocks = [(block.source, block.language) for block in code_blocks(text)]
    assert blocks == [("a\n", "py"), ("b\n", ""), ("c\n", "sql"), ("open", "")]
