"""What stands around an answer: its outer element, and quiet lines above and below it.

Apart from what renders Markdown, so that the first question of a kernel does not wait for that.
"""

from __future__ import annotations

import re

from mibyan_jupyter.rendering.safe_html import clean_text, escape_text
from mibyan_jupyter.rendering.styles import styled

_SPACE_BELOW = re.compile(r"</(?:p|ol|ul|blockquote|table|div)>\s*\Z")
_SPACE_ABOVE = ("<ol", "<ul", "<blockquote", '<div class="mibyan-math"')


def quiet_line(text: str) -> str:
    """A small grey line of plain text, such as an answer's footer; "" for no text."""
    line = f'<div class="mibyan-footer" dir="auto">{escape_text(clean_text(text))}</div>'
    return styled(line) if text else ""


def wrap_answer(*parts: str, after: str = "") -> str:
    """One output: the outer element around safe HTML of this package (blocks, quiet lines).

    Where it goes on an answer whose last block in another output is `after`, the space that both
    keep between blocks is there once, as within one output.
    """
    answer = styled('<div class="mibyan-answer">') + "".join(parts) + "</div>"
    if _SPACE_BELOW.search(after) and "".join(parts).startswith(_SPACE_ABOVE):
        return styled('<div class="mibyan-joined">') + answer + "</div>"
    return answer
