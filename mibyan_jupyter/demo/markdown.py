"""Quoting for replies: text from a request becomes part of a Markdown text, never its markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TICKS = re.compile(r"`+")


def shortened(text: str, limit: int = 60) -> str:
    """`text` on one line, without control characters, at most `limit` characters long."""
    line = " ".join(text[: 4 * limit].split())
    visible = "".join(character for character in line if character.isprintable())
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def inline(text: str, limit: int = 60) -> str:
    """`text` as a code span, whatever backticks it holds."""
    content = shortened(text, limit) or " "
    ticks = "`" * (_longest_run(content) + 1)
    pad = " " if "`" in content else ""
    return f"{ticks}{pad}{content}{pad}{ticks}"


def fenced(code: str, language: str = "python") -> str:
    """`code` as a fenced block, whatever fences it holds."""
    ticks = "`" * max(3, _longest_run(code) + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; pipes in cells are escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines
    )


def bullets(items: Iterable[str]) -> str:
    """A list with one line an item."""
    return "\n".join(f"- {item}" for item in items)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
