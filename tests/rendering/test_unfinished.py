"""How the unfinished end of an answer looks."""

from __future__ import annotations

import pytest

from mibyan_jupyter.rendering.unfinished import complete_unfinished

COMPLETED = {
    # emphasis and code
    "**bold": "**bold**",
    "**bold*": "**bold**",
    "**bold ": "**bold**",
    "a *b **c": "a *b **c***",
    "a **": "a ",
    "**": "",
    "~~x": "~~x~~",
    "2 * 3": "2 * 3",
    "snake_case_na": "snake_case_na",
    "*a_ b": "*a_ b*",
    "`co": "`co`",
    "``a`": "``a``",
    "**a `b": "**a `b`**",
    "- **": "",
    "done **a** and `b`": "done **a** and `b`",
    # links, images, footnotes, tags
    "see [text": "see text",
    "see [text]": "see text",
    "see [text](htt": "see text",
    'see [text](https://a.b "ti': "see text",
    "see [text](https://a.b)": "see [text](https://a.b)",
    "![al": "al",
    "![alt](http": "alt",
    "[**a](x": "**a**",
    "x[0]": "x[0]",
    "note[^1": "note",
    "<https://ex": "https://ex",
    "text <su": "text ",
    "H<sub>2": "H<sub>2</sub>",
    "end\\": "end",
    # formulas
    "x $\\frac{a": "x `$\\frac{a`",
    "**x $y_1": "**x `$y_1`**",
    "$a_1$ and": "$a_1$ and",
    "costs $5": "costs $5",
    "costs $5 and": "costs $5 and",
    "\\(a+b": "`\\(a+b`",
    "so $$x": "so `$$x`",
    "$$\n\\frac{a}": "~~~~\n$$\n\\frac{a}",
    "1. So:\n   $$\n   x = \\fr": "1. So:\n   ~~~~\n   $$\n   x = \\fr",
    "$$": "",
    "$$\nx\n$$\nand **b": "$$\nx\n$$\nand **b**",
    # tables
    "|": "",
    "| a": "| a\n| --- |",
    "| a | b": "| a | b\n| --- | --- |",
    "| a | **b": "| a | **b**\n| --- | --- |",
    "| a | b |\n": "| a | b |\n| --- | --- |",
    "| a |\n|---|\n| 1 |\n": "| a |\n|---|\n| 1 |\n",
    "| a | b |\n|--": "| a | b |\n| --- | --- |",
    "a | b\n--|": "a | b\n| --- | --- |",
    "Text\n| a | b": "Text\n| a | b\n| --- | --- |",
    "| a | b |\n|---|---|\n| 1 | **x": "| a | b |\n|---|---|\n| 1 | **x**",
    "| a |\n|---|\n|": "| a |\n|---|\n",
    # lone markers
    "#": "",
    "## ": "",
    "text\n-": "text\n",
    "text\n--": "text\n",
    "text\n==": "text\n",
    "- a\n- ": "- a\n",
    "1. a\n2": "1. a\n",
    "1. a\n2.": "1. a\n",
    "42": "42",
    "> ": "",
    "- [": "",
    "- [ ]": "",
    "- [x] do **it": "- [x] do **it**",
    # fences
    "`": "",
    "a\n``": "a\n",
    "```": "",
    "```py": "",
    "```py\nx = [1, **": "```py\nx = [1, **",
    "```py\nx\n``": "```py\nx\n",
    "```py\nx\n```": "```py\nx\n```",
    "- a\n  ```\n  x = '*": "- a\n  ```\n  x = '*",
}


@pytest.mark.parametrize("tail", COMPLETED, ids=repr)
def test_completed(tail: str) -> None:
    """What is half written is completed, hidden for a moment, or left as it is."""
    assert complete_unfinished(tail) == COMPLETED[tail]


def test_finished_text_is_left_alone() -> None:
    """Text without an open end is not changed."""
    text = "# A\n\n- **b** [c](https://d.e) $f$\n\n| g |\n|---|\n| `h` |\n\n```\ni\n```\n\nEnd."
    assert complete_unfinished(text) == text
