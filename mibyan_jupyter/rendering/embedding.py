"""Markdown made fit to stand inside a larger Markdown document, whatever is in it.

Its headings nest below the document's, HTML shows as text (as in our own rendering), a code block
ends with the text, and footnotes keep to themselves. All else stays as it was written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from mibyan_jupyter.rendering.headings import nested_levels
from mibyan_jupyter.rendering.limits import add_limits
from mibyan_jupyter.rendering.safe_html import clean_text
from mibyan_jupyter.rendering.tags import add_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_PASSES = 5
_CODE = ("fence", "code_block")
_MARK = re.compile(r"[\\`*_\[<>#&~|$]")
_TAG_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_FOOTNOTE = re.compile(r"[ >]*\[\^([^\]\s]+)\]:")
_HASHES = re.compile("#+")


def escape_markdown(text: str) -> str:
    """Markdown that shows exactly this text within a line that begins otherwise."""
    return _MARK.sub(r"\\\g<0>", " ".join(clean_text(text).split()))


def embedded_markdown(text: str, label: str, *, below: int) -> str:
    """The text, to stand below a heading of level `below`; its footnotes carry `label`."""
    lines = clean_text(text).strip("\n").split("\n")
    lines = _without_html(_with_own_footnotes(lines, label))
    return "\n".join(_with_closed_fence(_with_nested_headings(lines, below)))


def quoted_markdown(text: str, label: str, *, below: int) -> str:
    """`embedded_markdown` as a quote that keeps the text's line breaks."""
    # Behind the quote's mark a tab would be narrower than it was.
    lines = clean_text(text).expandtabs(4).split("\n")
    code = _code_lines(lines)
    broken = (
        line if number in code or not line.strip() else f"{line}  "
        for number, line in enumerate(lines)
    )
    embedded = embedded_markdown("\n".join(broken), label, below=below)
    return "\n".join(f"> {line}" if line else ">" for line in embedded.split("\n"))


@cache
def _parser() -> MarkdownIt:
    """A parser that reads HTML as others do, but for the tags that our rendering accepts."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
    md.enable(["table", "strikethrough"])
    add_tags(md)
    add_limits(md)
    return md


def _parsed(lines: Sequence[str]) -> list[Token]:
    return _parser().parse("\n".join(lines))


def _code_lines(lines: Sequence[str]) -> set[int]:
    maps = (token.map for token in _parsed(lines) if token.type in _CODE and token.map)
    return {number for start, end in maps for number in range(start, end)}


# ---- HTML ----------------------------------------------------------------------------------------


def _without_html(lines: list[str]) -> list[str]:
    """The lines with `&lt;` where a tag would open: again and again, since tags hide Markdown."""
    for _ in range(_PASSES):
        escaped = _escape_tags(lines)
        if escaped == lines:
            return lines
        lines = escaped
    code = _code_lines(lines)
    return [line if number in code else _without_tags(line) for number, line in enumerate(lines)]


def _escape_tags(lines: list[str]) -> list[str]:
    escaped = list(lines)
    for (start, end), tags in _tags_by_place(lines).items():
        marked = [_without_tags(line, tuple(tags)) for line in lines[start:end]]
        if marked == lines[start:end]:  # not found as the parser read them: then all of them
            marked = [_without_tags(line) for line in marked]
        escaped[start:end] = marked
    return escaped


def _tags_by_place(lines: list[str]) -> dict[tuple[int, int], list[str]]:
    """The beginnings of tags between two lines, as far as a renderer would take them for HTML."""
    places: dict[tuple[int, int], list[str]] = defaultdict(list)
    for token in _parsed(lines):
        if token.map is None:
            continue
        start, end = token.map
        if token.type == "html_block":  # beyond a blank line there may be code, which stays
            blank = (number for number in range(start, end) if not lines[number].strip())
            places[start, next(blank, end)].append("<")
        elif token.type == "plain":
            places[start, end].append("<")
        for child in token.children or ():
            if child.type == "html_inline":
                places[start, end].append(child.content.partition("\n")[0])
    return places


def _without_tags(line: str, tags: tuple[str, ...] = ("<",)) -> str:
    """The line with all escaped that begins like one of these tags."""
    return _TAG_OPENING.sub(
        lambda found: "&lt;" if line.startswith(tags, found.start()) else "<", line
    )


# ---- footnotes, headings, fences -----------------------------------------------------------------


def _with_own_footnotes(lines: list[str], label: str) -> list[str]:
    code = _code_lines(lines)
    definitions = (_FOOTNOTE.match(line) for number, line in enumerate(lines) if number not in code)
    names = {re.escape(found[1]) for found in definitions if found}
    if not names:
        return lines
    reference = re.compile(rf"\[\^({'|'.join(sorted(names))})\]")
    return [
        line if number in code else reference.sub(rf"[^{label}-\1]", line)
        for number, line in enumerate(lines)
    ]


def _with_nested_headings(lines: list[str], below: int) -> list[str]:
    tokens = _parsed(lines)
    headings = [
        (token, tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    levels = nested_levels((int(token.tag[1]) for token, _ in headings), below)
    nested = list(lines)
    for (token, text), level in reversed(list(zip(headings, levels, strict=True))):
        if token.map:
            start, end = token.map
            nested[start:end] = [_heading(nested[start], text, "#" * level, token.markup)]
    return nested


def _heading(line: str, text: str, hashes: str, markup: str) -> str:
    """The heading in the `#` way; `text` is that of one underlined, maybe of several lines."""
    if markup.startswith("#"):
        return _HASHES.sub(hashes, line, count=1)
    first = text.partition("\n")[0]
    before = line[: max(line.find(first), 0)]
    return f"{before}{hashes} {' '.join(text.split())}"


def _with_closed_fence(lines: list[str]) -> list[str]:
    """The lines, with the end of a fence that would run on into the document."""
    last = next((token for token in reversed(_parsed(lines)) if token.level == 0), None)
    if last is None or last.type != "fence" or last.map is None:
        return lines
    start, end = last.map
    closing = re.compile(rf" {{0,3}}{re.escape(last.markup)}{re.escape(last.markup[0])}*[ \t]*")
    is_closed = end - start > 1 and closing.fullmatch(lines[end - 1])
    return lines if is_closed else [*lines, last.markup]
