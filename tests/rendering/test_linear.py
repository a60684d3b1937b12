"""The cost of hostile or long text grows with its length, not with its square."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from mibyan_jupyter.rendering import LiveDocument, render_markdown
from mibyan_jupyter.rendering.unfinished import complete_unfinished
from tests.rendering.allowed_html import faults

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = [
    *("[", "![", "[a](", "*", "_", "`", "``a`", ">", "|", "$", "\\(", "~~", "<", "*a_ ", "a**b"),
    *("[^", "&", "](", "<sub>", "![a][", "$$a\n", "\\[a\n", "- a\n", "> a\n", "|a\n", "[a\n"),
    *("a\n\n", "word ", "https://a.b ", "_a*", "$a$", "```\n"),
]
ANSWER = """\
## Section

Prose with **bold** words, `code` and $x^2$, as long as a model writes it, over a line or two.

- first item
- second item

| a | b |
|---|---|
| 1 | 2 |

```python
def mean(values):
    return sum(values) / len(values)
```

"""


def _seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return median(once() for _ in range(3))


def _grow(text: str, frames: int) -> LiveDocument:
    document = LiveDocument("d")
    size = max(1, len(text) // frames)
    for start in range(0, len(text), size):
        document.append(text[start : start + size])
        document.render()
    return document


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
@pytest.mark.parametrize("work", [lambda text: render_markdown(text, "d"), complete_unfinished])
def test_hostile_text_takes_linear_time(work: Callable[[str], str], piece: str) -> None:
    """Twice the text takes about twice the time, and 10 000 pieces take less than a few seconds."""
    small, large = (_seconds(lambda n=n: work(piece * n)) for n in (5_000, 10_000))
    assert large < max(3.5 * small, 0.05)
    assert large < 4


@pytest.mark.parametrize("piece", ["[", "![", "*", "`", "$", "|", "- a\n", "[^"], ids=repr)
def test_hostile_text_while_it_grows(piece: str) -> None:
    """Hostile text of 20 000 pieces stays affordable in frames, and safe."""
    start = time.process_time()
    document = _grow(piece * 20_000, 10)
    assert time.process_time() - start < 15
    assert faults(document.render().tail) == []


def test_one_line_of_a_megabyte() -> None:
    """A line of a megabyte renders at once, and in frames."""
    text = "some words " * 100_000
    assert _seconds(lambda: render_markdown(text, "d")) < 3
    assert _seconds(lambda: _grow(text, 20)) < 6


def test_an_answer_costs_the_same_per_character_however_long() -> None:
    """Frames of a long answer cost in proportion to its length."""
    short, long = (_seconds(lambda n=n: _grow(ANSWER * n, 20 * n)) for n in (10, 40))
    assert long < 4 * 2 * short
