"""Text from outside, made fit for a page, a terminal and UTF-8; pure."""

from __future__ import annotations

import re

LONGEST_SHOWN = 500_000
"""Characters (some 125,000 tokens) of an answer that outputs hold; its `.text` holds all."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Characters that change how code looks without being seen: direction marks and overrides, zero
# widths, fillers (which Python takes for letters), selectors, tags. Joiners and the two selectors
# of emoji are kept beside a non-ASCII letter, where Persian and emoji need them.
_LETTER = "[^\x00-\x7f\u200c\u200d\ufe0e\ufe0f]"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    f"|(?<!{_LETTER})[\u200c\u200d\ufe0e\ufe0f](?!{_LETTER})"
)


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


def unhidden(code: str) -> str:
    """Code whose invisible characters show as escapes such as `\\u202e`."""
    return _INVISIBLE.sub(_escape_sequence, code)


def _escape_sequence(hidden: re.Match[str]) -> str:
    code_point = ord(hidden[0])
    return f"\\u{code_point:04x}" if code_point <= 0xFFFF else f"\\U{code_point:08x}"
