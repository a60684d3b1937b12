"""Headings of an answer that stands inside a larger document, below a heading of that document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOWEST = 6
# Our renderer nests no heading in a heading, and text holds no "<".
_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)


def nested_levels(levels: Iterable[int], below: int) -> list[int]:
    """A level for each heading below one of level `below`; going down, none is skipped."""
    above: list[int] = []
    nested = []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        nested.append(min(_LOWEST, below + len(above)))
    return nested


def nest_headings(html: str, below: int) -> str:
    """Safe HTML of this package, its headings below a heading of level `below`."""
    headings = _HEADING.findall(html)
    nested = iter(nested_levels((int(level) for level, _, _ in headings), below))

    def renamed(heading: re.Match[str]) -> str:
        tag = f"h{next(nested)}"
        return f"<{tag}{heading[2]}>{heading[3]}</{tag}>"

    return _HEADING.sub(renamed, html)
