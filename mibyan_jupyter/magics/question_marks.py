"""A question mark at the end of a `%mibyan` line is part of the question, not a call for help."""

from __future__ import annotations

import re

_MAGIC = re.compile(r"\s*%mibyan\s+(\w\S*\s.*)")


def keep_question_marks(lines: list[str]) -> list[str]:
    """IPython reads `%mibyan context Why?` as help about `Why`; here it stays a call of the magic.

    Only in cells of nothing but such lines: elsewhere one may stand in a string. (`%mibyan?` and
    `%mibyan name?` are no questions.)
    """
    found = [_MAGIC.fullmatch(line.rstrip()) for line in lines if line.strip()]
    if not all(found) or not any(line.rstrip().endswith("?") for line in lines):
        return lines
    return [
        f"get_ipython().run_line_magic('mibyan', {match[1]!r})\n"
        for match in found
        if match is not None
    ]
