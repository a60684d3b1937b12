"""Secrets out of text, before it leaves the machine: `redact(text, secrets)`. Pure.

What is replaced: the values of secret-like environment variables, keys known by their shape,
passwords in addresses, and what is written under a secret's name, also in printed tables. In its
place stands `«redacted: kind»`, and the rest of the text stays exactly as it was. What a picture
has `«withheld: kind»` for the same reason counts as replaced.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.redaction.environment import Secrets, secrets_in_environment
from mibyan_jupyter.context.redaction.shapes import PERSONAL, SHAPES, Shape
from mibyan_jupyter.context.redaction.wording import TELLING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Redacted", "Secrets", "redact", "secrets_in_environment"]

_MOST_ROUNDS = 8
_WITHHELD = re.compile(r"«withheld: ([a-z ]{1,40})»")


class Redacted(NamedTuple):
    """A text without its secrets; `counts` says how many were replaced, by kind."""

    text: str
    counts: Mapping[str, int]


def redact(text: str, secrets: Secrets, *, personal: bool = False) -> Redacted:
    """`text` with every secret replaced; with `personal`, e-mail addresses and phones too.

    Doing it again changes nothing. Takes time in proportion to the text.
    """
    counts: Counter[str] = Counter()
    shapes = (*SHAPES, *PERSONAL) if personal else SHAPES
    for _ in range(_MOST_ROUNDS):
        before = text
        text = _once(text, secrets, shapes, counts)
        if text == before:
            break
    return Redacted(text, dict(counts))


def _once(text: str, secrets: Secrets, shapes: tuple[Shape, ...], counts: Counter[str]) -> str:
    def put(kind: str) -> str:
        counts[kind] += 1
        return f"«redacted: {kind}»"

    text = _WITHHELD.sub(lambda found: put(found[1]), text)
    text, found = secrets.replace(text, "«redacted: environment value»")
    if found:
        counts["environment value"] += found
    words = text.lower()
    for shape in shapes:
        if any(word in words for word in shape.words):
            text = shape.pattern.sub(partial(_put, shape, counts), text)
    if not any(part in words for part in TELLING):
        return text  # and a first question need not load what looks for names
    from mibyan_jupyter.context.redaction.named_values import replace_named
    from mibyan_jupyter.context.redaction.printed_tables import replace_under_headers

    return replace_under_headers(replace_named(text, put), put)


def _put(shape: Shape, counts: Counter[str], match: re.Match[str]) -> str:
    """The match with its secret replaced, or as it was."""
    secret = match["secret"]
    if not shape.accept(secret):
        return match[0]
    counts[shape.kind] += 1
    start, end = (at - match.start() for at in match.span("secret"))
    return f"{match[0][:start]}«redacted: {shape.kind}»{match[0][end:]}"
