"""The cost of hostile or long text grows with its length, not with its square."""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from mibyan_jupyter.rendering import LiveDocument, render_markdown
from mibyan_jupyter.rendering.markdown import blocks
from mibyan_jupyter.rendering.unfinished import complete_unfinished
from tests.rendering.allowed_html import faults, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = [
    *("[", "![", "[a](", "*", "_", "`", "``a`", ">", "|", "$", "\\(", "~~", "<", "*a_ ", "a**b"),
    *("[^", "&", "](", "<sub>", "![a][", "$$a\n", "\\[a\n", "- a\n", "> a\n", "|a\n", "[a\n"),
    *("a\n\n", "word ", "https://a.b ", "_a*", "$a$", "```\n", "||\n", "|-|\n", "[a]: b\n", "1. "),
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
    """CPU seconds; of short work the median, since a pause for garbage would count too much."""

    def once() -> float:
        gc.freeze()  # what other tests have left is not searched for garbage meanwhile
        try:
            start = time.process_time()
            work()
            return time.process_time() - start
        finally:
            gc.unfreeze()

    first = once()
    return first if first > 0.3 else median((first, once(), once()))


def _grow(text: str, frames: int) -> LiveDocument:
    document = LiveDocument("d")
    size = max(1, len(text) // frames)
    for start in range(0, len(text), size):
        document.append(text[start : start + size])
        document.render()
    return document


def _blocks_of(text: str) -> list[str]:
    """All of it, also what is too long to be shown."""
    return list(blocks(text, "d"))


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
@pytest.mark.parametrize("work", [lambda text: render_markdown(text, "d"), complete_unfinished])
def test_hostile_text_takes_linear_time(work: Callable[[str], str], piece: str) -> None:
    """Twice the text takes about twice the time, twice, and 20 000 pieces take no more than 4 s."""
    small, middle, large = (_seconds(lambda n=n: work(piece * n)) for n in (5_000, 10_000, 20_000))
    assert middle < max(3.5 * small, 0.05)
    assert large < max(3.5 * middle, 0.1)
    assert large < 4


@pytest.mark.parametrize("piece", ["[", "![", "*", "`", "$", "|", "- a\n", "[^"], ids=repr)
def test_hostile_text_while_it_grows(piece: str) -> None:
    """Hostile text of 20 000 pieces stays affordable in frames, and safe."""
    start = time.process_time()
    document = _grow(piece * 20_000, 10)
    assert time.process_time() - start < 15
    assert faults(document.render().tail) == []


@pytest.mark.parametrize("marker", ["- ", "1. ", "> ", "> - "])
@pytest.mark.parametrize("apart", ["", "\n"], ids=["in one line", "line below line"])
def test_deep_blocks_take_linear_time(marker: str, apart: str) -> None:
    """Lists and quotes 500 deep cost in proportion to their length, and what is in them shows."""

    def text(depth: int) -> str:
        lines = ("  " * level * bool(apart) + marker for level in range(depth))
        return apart.join(lines) + "the end"

    texts = [text(depth) for depth in (125, 250, 500)]
    costs = [_seconds(lambda each=each: _grow(each, 10)) / len(each) for each in texts]
    assert costs[2] < max(3 * costs[0], 1e-4)
    html = render_markdown(texts[2], "d")
    assert faults(html) == []
    assert "the end" in text_of(html)


def test_one_line_of_a_megabyte() -> None:
    """A line of a megabyte renders at once, and in frames."""
    lines = ["some words " * count for count in (25_000, 50_000, 100_000)]
    whole = [_seconds(lambda line=line: _blocks_of(line)) for line in lines]
    growing = [_seconds(lambda line=line: _grow(line, 20)) for line in lines]
    for small, large in (whole[:2], whole[1:], growing[:2], growing[1:]):
        assert large < max(3.5 * small, 0.1)
    assert whole[2] + growing[2] < 8


def test_an_answer_costs_the_same_per_character_however_long() -> None:
    """Frames of a long answer cost in proportion to its length."""
    short, long = (_seconds(lambda n=n: _grow(ANSWER * n, 20 * n)) for n in (10, 40))
    assert long < 4 * 2 * short
