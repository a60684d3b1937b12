"""Faults and pacing on demand: the `demo:…` words of a prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"(?<![\w:])demo:(cut|slow|stall|length|error=[45]\d\d|rate=\d{1,5})(?!\w)")

SLOW = 5.0
"""Tokens per second of `demo:slow`."""

WORDS: tuple[tuple[str, str], ...] = (
    ("demo:error=429", "an error status, any of 400–599"),
    ("demo:cut", "the connection breaks in the middle"),
    ("demo:stall", "the answer stops coming, but the connection stays open"),
    ("demo:length", "half an answer, with finish_reason `length`"),
    ("demo:slow", "five tokens a second"),
    ("demo:rate=500", "so many tokens a second"),
)
"""Each word with what it does, for the reply that lists them."""


@dataclass(frozen=True)
class Directives:
    """What a prompt asks the server to do beside answering."""

    error: int | None = None
    cut: bool = False
    stall: bool = False
    length: bool = False
    tokens_per_second: float | None = None


def directives_in(prompt: str) -> Directives:
    """Read the `demo:…` words of `prompt`; anything else that looks alike is plain text."""
    flags: set[str] = set()
    error = rate = None
    for word in _WORD.findall(prompt):
        name, _, number = word.partition("=")
        flags.add(name)
        if name == "error":
            error = int(number)
        elif name == "rate":
            rate = max(1.0, float(number))
    return Directives(
        error=error,
        cut="cut" in flags,
        stall="stall" in flags,
        length="length" in flags,
        tokens_per_second=rate or (SLOW if "slow" in flags else None),
    )
