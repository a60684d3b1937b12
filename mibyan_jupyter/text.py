"""Text from outside, made fit for a page, a terminal and UTF-8; pure."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without control characters, and with U+FFFD for what UTF-8 cannot hold.

    Tab, LF and CR stay. A surrogate pair, which JSON escapes may leave as two, becomes its
    character.
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("", text)


def one_line(text: str, limit: int) -> str:
    """`text` in one printable line of at most `limit` characters."""
    return " ".join(printable(text).split())[:limit]
