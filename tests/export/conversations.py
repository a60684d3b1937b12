"""Conversations to export: ordinary ones, one in Arabic, and one that tries everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import RateLimitError
from mibyan_jupyter.session.turns import Answer, CellRun, Turn, TurnRequest
from tests.e2e.answers import ARABIC, RICH
from tests.rendering.payloads import PAYLOADS

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Status

_STARTED = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOO_MANY = RateLimitError("Too many requests just now.", "Wait a little.", status_code=429)


def turn(
    number: int,
    prompt: str,
    text: str | None,
    status: Status = "complete",
    *,
    finish_reason: str | None = None,
    error: RateLimitError | None = None,
    **request: Any,
) -> Turn:
    """One turn, asked in the notebook prices.ipynb."""
    cell = CellRun(f"cell-{number}", "run", "/home/someone/prices.ipynb")
    answer = None
    if text is not None:
        answer = Answer(text, status, finish_reason, model="mibyan-4.1")
    return Turn(
        f"t{number}-0123abcd",
        TurnRequest(prompt, cell=cell, **request),
        status=status,
        answer=answer,
        model="mibyan-4.1",
        started=_STARTED,
        error=error,
    )


WAITING = turn(8, "And now?", None, "waiting")
RUNNING = turn(9, "Still there?", None, "running")
LESSON = (
    turn(1, "Why is the mean of @prices so far above its median?", RICH),
    turn(2, "I tried\n    prices.hist()\nand saw <b>nothing</b> for $5.", "Try `hist(bins=30)`."),
    turn(3, "Write all primes.", "2 is prime.\n\n3 is", "stopped"),
    turn(4, "And longer?", "It goes on", "cut_off", finish_reason="length"),
    turn(5, "Why?", None, "failed", error=TOO_MANY),
)
IN_ARABIC = (
    turn(1, "ما هو الوسيط؟", ARABIC),
    turn(2, "وماذا عن المتوسط؟", "المتوسط هو $\\bar x$.\n\n1. اجمع\n2. اقسم", "stopped"),
)
HOSTILE_TEXTS = (
    *PAYLOADS,
    "placeholder0123456789abcdef01234567x0",
    "</article></main></body></html>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    '{ #question-1 data-toc-label="x" onclick="alert(1)" }',
    "[TOC]",
    "## Question 9 { #question-9 }",
    '!!! warning "The answer was stopped here."\n    x',
    "<main markdown=1>\n\n## Question 9\n\n</main>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```python\nprint(1)",
    "~~~~\n",
    "<!--",
    "x" * 300,
)
HOSTILE = tuple(turn(number, text, text) for number, text in enumerate(HOSTILE_TEXTS, 1))
