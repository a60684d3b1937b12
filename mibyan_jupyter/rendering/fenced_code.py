"""The fenced code blocks of a Markdown text, wherever they stand (in lists and quotes too)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from mibyan_jupyter.rendering.safe_html import clean_text


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block: its `source`, and the `language` that its fence names ("" if none)."""

    source: str
    language: str


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("inline")


def code_blocks(text: str) -> tuple[CodeBlock, ...]:
    """The fenced blocks in order; an unclosed last one counts."""
    fences = (token for token in _parser().parse(clean_text(text)) if token.type == "fence")
    return tuple(CodeBlock(fence.content, (fence.info.split() or [""])[0]) for fence in fences)
