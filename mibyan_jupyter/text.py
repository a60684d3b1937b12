"""Text from outside, made fit for a page, a terminal and UTF-8; pure."""

from __future__ import annotations

import re

LONGEST_SHOWN = 500_000
"""Characters (some 125,000 tokens) of an answer that outputs hold; its `.text` holds all."""

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


def shown_part(text: str) -> tuple[str, str]:
    """As much of `text` as an output holds, and words that tell of the rest; "" for none."""
    rest = len(text) - LONGEST_SHOWN
    words = f"{rest:,} more characters are not shown here; the answer's .text has them all."
    return text[:LONGEST_SHOWN], words if rest > 0 else ""


def shown_text(text: str) -> str:
    """`shown_part` as one text."""
    shown, rest = shown_part(text)
    return f"{shown}\n\n[{rest}]" if rest else shown
