"""A conversation as a handout: one HTML page, made to be read, printed and passed on.

Python-Markdown makes the page's skeleton and sees nothing but our own words and placeholders.
Prompts and answers, which passed the gate, take the placeholders' places afterwards, all in one
pass, so that a text which looks like a placeholder stays text.
"""

from __future__ import annotations

import re
import secrets
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import markdown  # type: ignore[import-untyped]

from mibyan_jupyter._version import __version__
from mibyan_jupyter.export.transcript import first_words
from mibyan_jupyter.rendering import render_markdown, render_plain
from mibyan_jupyter.rendering.headings import nest_headings
from mibyan_jupyter.rendering.mathml import with_mathml
from mibyan_jupyter.rendering.safe_html import clean_text, escape_text

if TYPE_CHECKING:
    from mibyan_jupyter.export.transcript import Transcript
    from mibyan_jupyter.export.words import Words
    from mibyan_jupyter.session.turns import Turn

_EXTENSIONS = ("admonition", "attr_list", "def_list", "md_in_html", "toc")
_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(transcript: Transcript) -> str:
    """The text of a `.html` file: no script, and nothing that a browser would fetch."""
    words = transcript.words
    return f"""<!DOCTYPE html>
<html lang="{words.language}" dir="{transcript.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_SECURITY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="mibyan-jupyter {__version__}">
<title>{escape(clean_text(transcript.title))}</title>
<style>
{_style_sheet()}</style>
</head>
<body>
{_body(transcript)}
</body>
</html>
"""


def _style_sheet() -> str:
    return files(__package__).joinpath("handout.css").read_text("utf-8")


def _body(transcript: Transcript) -> str:
    contents = _Placeholders()
    skeleton = "\n\n".join(
        (
            f'<a class="skip" href="#question-1">{transcript.words.skip}</a>',
            _header(transcript, contents),
            _list_of_questions(transcript),
            "<main markdown=1>",
            *(
                _article(turn, number, transcript.words, contents)
                for number, turn in enumerate(transcript.turns, 1)
            ),
            "</main>",
        )
    )
    toc = {"toc_depth": "2-2", "title": transcript.words.contents}
    page = markdown.Markdown(
        extensions=_EXTENSIONS, extension_configs={"toc": toc}, output_format="html"
    )
    return contents.put_into(page.convert(skeleton))


class _Placeholders:
    """Stand-ins for safe HTML while Python-Markdown works; nobody can foretell their names."""

    def __init__(self) -> None:
        self._token = f"placeholder{secrets.token_hex(12)}x"
        self._contents: list[str] = []

    def block(self, html: str) -> str:
        """A placeholder to stand as a paragraph of its own."""
        self._contents.append(html)
        return f"{self._token}{len(self._contents) - 1}"

    def line(self, text: str) -> str:
        """A placeholder for one line of plain text, to stand in another line."""
        return self.block(f'<span dir="auto">{escape_text(clean_text(text))}</span>')

    def put_into(self, page: str) -> str:
        """The page with the contents in their places, each without the paragraph around it."""
        placeholder = re.compile(rf"<p>{self._token}(\d+)</p>|{self._token}(\d+)")
        return placeholder.sub(lambda found: self._contents[int(found[1] or found[2])], page)


def _header(transcript: Transcript, contents: _Placeholders) -> str:
    facts = (f"{name}\n:   {contents.line(fact)}" for name, fact in transcript.facts)
    return "\n\n".join(
        (
            "<header markdown=1>",
            f"# {contents.line(transcript.title)} {{ #title }}",
            f"{transcript.words.subtitle}.",
            *facts,
            "</header>",
        )
    )


def _list_of_questions(transcript: Transcript) -> str:
    if len(transcript.turns) < 2:
        return ""
    return f'<nav aria-label="{transcript.words.contents}" markdown=1>\n[TOC]\n</nav>'


def _article(turn: Turn, number: int, words: Words, contents: _Placeholders) -> str:
    """One question in its box, and its answer below."""
    name = f"question-{number}"
    label = contents.line(first_words(turn.prompt))
    heading = f'## {words.question.format(number)} {{ #{name} data-toc-label="{label}" }}'
    prompt = contents.block(f'<div lang="">{render_plain(turn.prompt)}</div>')
    blocks = [
        f'<article aria-labelledby="{name}" markdown=1>',
        f'!!! question ""\n    {heading}\n\n    {prompt}',
    ]
    if turn.answer is not None:
        blocks.append(contents.block(_answer(turn.answer.text, f"q{number}")))
    if ending := words.ending(turn):
        reason = contents.line(turn.error.what) if turn.error else ""
        blocks.append(f'!!! warning "{ending}"\n    {reason}')
    return "\n\n".join((*blocks, "</article>"))


def _answer(text: str, document_id: str) -> str:
    html = nest_headings(with_mathml(render_markdown(text, document_id)), below=2)
    return f'<div class="answer" lang="">{html}</div>'
