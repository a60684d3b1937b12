"""A conversation as readable Markdown.

The questions are its second-level headings, with their text as a quote. What stands in prompts and
answers is embedded, so that it cannot look like a question, hide one, or run on into the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.rendering.embedding import (
    embedded_markdown,
    escape_markdown,
    quoted_markdown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.export.transcript import Transcript
    from mibyan_jupyter.export.words import Words
    from mibyan_jupyter.session.turns import Turn


def write(transcript: Transcript) -> str:
    """The text of a `.md` file."""
    blocks = [heading(transcript)]
    for number, turn in enumerate(transcript.turns, 1):
        blocks += _blocks_of(turn, number, transcript.words)
    return "\n\n".join(blocks) + "\n"


def heading(transcript: Transcript) -> str:
    """The title and what is known about the conversation."""
    facts = (f"- {name}: {escape_markdown(fact)}" for name, fact in transcript.facts)
    title = f"# {escape_markdown(transcript.title)}"
    return "\n\n".join((title, f"{transcript.words.subtitle}.", "\n".join(facts)))


def _blocks_of(turn: Turn, number: int, words: Words) -> Iterator[str]:
    yield f"## {words.question.format(number)}"
    yield quoted_markdown(turn.prompt, f"p{number}", below=2)
    if turn.answer is not None:
        yield embedded_markdown(turn.answer.text, f"a{number}", below=2)
    if ending := words.ending(turn):
        yield f"*{ending}* {escape_markdown(turn.error.what) if turn.error else ''}".rstrip()
