"""An answer in a cell: while it is written, when it is whole, and in the reopened notebook."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mibyan_jupyter.output.cell_output import MOST_OUTPUTS
from mibyan_jupyter.rendering import render_markdown
from tests.e2e.answers import RICH, held, long_answer, tokens
from tests.e2e.notebook_page import in_each_front_end
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_START_SAMPLER = """
() => {
    const area = document.querySelectorAll(".jp-Notebook .jp-Cell-outputArea")[1];
    const samples = window.samples = [];
    const channel = new MessageChannel();
    // After the frame's own callbacks and its painting: what the eye has just got.
    channel.port1.onmessage = () => {
        const outputs = area.querySelectorAll(".jp-OutputArea-output");
        const {height} = area.getBoundingClientRect();
        samples.push({outputs: outputs.length, text: area.innerText.trim().length, height});
        requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    channel.port2.postMessage(0);
}
"""

_SELECT_WORD = """(area, word) => {
    const texts = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
    while (!texts.nextNode().data.includes(word));
    const text = texts.currentNode, at = text.data.indexOf(word);
    getSelection().setBaseAndExtent(text, at, text, at + word.length);
}"""


def test_answer_is_formatted_while_the_server_still_sends(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Heading, bold and table stand in the page before the stream ends; the whole follows."""
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    parts = ["## Medians\n\nThey are **robust**.\n\n", table, "\nEnd."]
    fake.enqueue(Reply.stream(parts, hold_after=2))
    notebook = open_notebook("%%mibyan\nWhat is a median?")
    notebook.start(1)
    area = notebook.area(1)
    expect(area.locator("h2")).to_have_text("Medians")
    expect(area.locator("strong")).to_have_text("robust")
    expect(area.locator("td")).to_have_text(["1", "2"])
    (request,) = fake.requests
    assert request.finished_at is None
    assert not notebook.is_done(1)
    fake.release()
    notebook.wait_until_done(1)
    expect(notebook.outputs(1)).to_have_count(1)
    expect(area.locator("h2, strong, table")).to_have_count(3)
    expect(area).to_contain_text("End.")
    expect(area.locator(".mibyan-footer").last).to_contain_text("mibyan-4.1")
    expect(area.locator(".mibyan-footer").last).to_contain_text("complete")


@in_each_front_end
def test_what_stands_there_stays_while_the_answer_goes_on(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Neither a frame nor the end of a block draws a reader's selection or a formula anew."""
    parts = ["Its $\\sigma$ tells", " the **spread**", " of it.\n\nNext", " block"]
    fake.enqueue(held(parts))
    notebook = open_notebook("%%mibyan\nWhat is a deviation?")
    notebook.start(1)
    area = notebook.area(1)
    expect(area.locator("mjx-container")).to_have_count(1)
    expect(area).to_contain_text("tells")
    area.evaluate(_SELECT_WORD, "tells")
    area.locator("mjx-container").evaluate("formula => { window.formula = formula; }")
    for number, shown in enumerate(("spread", "Next", "block"), start=1):
        fake.wait_for_holds(number)
        fake.release()
        expect(area).to_contain_text(shown)
        assert notebook.page.evaluate("() => getSelection().toString()") == "tells"
        assert notebook.page.evaluate("() => window.formula.isConnected")
    fake.wait_for_holds(len(parts))
    fake.release()
    notebook.wait_until_done(1)
    expect(area.locator("mjx-container")).to_have_count(1)


@pytest.mark.parametrize("trusted", [True, False])
def test_reopened_notebook_shows_the_answer(
    open_notebook: Callable[..., NotebookPage],
    fake: FakeMibyan,
    *,
    trusted: bool,
) -> None:
    """One HTML and plain-text output a cell is saved, and shown again without running anything."""
    fake.enqueue(Reply.stream(tokens(RICH)), Reply.stream(["Second **answer**"]))
    notebook = open_notebook("%%mibyan\nFirst", "%%mibyan\nSecond")
    notebook.run(1)
    notebook.run(2)
    saved = notebook.save()
    for cell in saved.cells[1:]:
        (output,) = cell.outputs
        assert output.output_type == "display_data"
        assert set(output.data) == {"text/html", "text/plain"}
    assert saved.cells[1].outputs[0].data["text/plain"] == RICH
    notebook.reopen(untrusted=not trusted)
    assert notebook.is_trusted(1) == trusted
    area = notebook.area(1)
    expect(area.locator("h2")).to_have_text("Why the mean is far above the median")
    expect(area.locator("table")).to_have_count(1)
    expect(area.locator(".highlight .kn").first).to_have_text("import")
    expect(area.locator("mjx-container")).to_have_count(2)
    expect(area.locator(".mibyan-footer").last).to_contain_text("complete")
    notebook.show(2)
    expect(notebook.area(2).locator("strong")).to_have_text("answer")
    assert len(fake.requests) == 2


_CUTS: list[tuple[str, str, str]] = [
    ("One. **bol", "One. bol", r"\*"),
    ("d** and `co", "bold and co", r"[*`]"),
    ("de` and [li", "bold and code and li", r"[`\[\]]"),
    ("nk](https://exa", "and link", r"[\[\]()]|https"),
    ("mple.org/x) stays.\n\n| a | b", "link stays.", r"[|\[\]()]|https"),
    (" |\n|--", "stays", r"\||--"),
    ("-|---|\n| 1 | 2", "1", r"\||--"),
    (" |\n\n```pyth", "2", r"\||`|pyth"),
    ("on\nprint(1)\n``", "print(1)", r"`"),
    ("`\n\nThen\n\n$$\n\\fra", "Then", r"`"),
    ("c{a}{b}\n$$\n\n- [", "Then", r"`|\\frac|\$\$|\["),
    ("x] done\n- [ ] to", "☑ done", r"\[|\]"),
    (" do\n\n~~ol", "☐ to do", r"\[|\]|~"),
    ("d~~ new[^1", "old new", r"~|\["),
    ("].\n\n#", "new", r"~|#"),
    ("# Title *al", "Title al", r"~|#|\*"),
]


def test_half_written_constructs_show_no_raw_marks(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Wherever the stream pauses, the text reads well: no marks of a construct to come."""
    fake.enqueue(held(part for part, _, _ in _CUTS))
    notebook = open_notebook("%%mibyan\nGo")
    notebook.start(1)
    ugly = []
    for number, (_, shown, raw) in enumerate(_CUTS, start=1):
        fake.wait_for_holds(number)
        expect(notebook.area(1)).to_contain_text(shown)
        notebook.wait_until_frames_rest(1)
        # What stands above the answer may name a path below the home directory: "~/…".
        text = notebook.area(1).inner_text().partition("One.")[2]
        if re.search(raw, text):
            ugly.append((number, raw, text))
        fake.release()
    notebook.wait_until_done(1)
    assert not ugly


def test_long_answer_streams_in_few_outputs_and_never_blinks(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Few outputs while it streams, never an empty area, at the end the kernel's HTML."""
    text = long_answer(1500)
    fake.enqueue(Reply.stream(tokens(text), tokens_per_second=500))
    notebook = open_notebook("%%mibyan\nTell me everything")
    notebook.page.evaluate(_START_SAMPLER)
    notebook.start(1)
    notebook.wait_until_done(1)
    expect(notebook.outputs(1)).to_have_count(1)
    samples = _shown_from_first_text(notebook)
    assert len(samples) > 30
    assert max(sample["outputs"] for sample in samples) <= MOST_OUTPUTS
    assert min(sample["text"] for sample in samples) > 0
    (output,) = notebook.bundles(1)
    assert output["data"]["text/plain"] == text
    assert render_markdown(text, "any") in output["data"]["text/html"]
    shown = notebook.area(1).evaluate("area => " + _TEXT_WITHOUT_MATH)
    meant = notebook.page.evaluate(
        "html => { const area = document.createElement('div'); area.innerHTML = html; return "
        + _TEXT_WITHOUT_MATH
        + "}",
        output["data"]["text/html"],
    )
    assert shown == meant


def test_the_answer_keeps_its_height_when_its_outputs_become_one(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Wherever outputs end (after lists, tables, code, formulas), the seams are not to be seen."""
    pieces = tokens(_SEAMS)
    fake.enqueue(Reply.stream(pieces, tokens_per_second=25, hold_after=len(pieces)))
    small = "import mibyan_jupyter.output.cell_output as outputs\noutputs.PAGE_BYTES = 1"
    small += "\noutputs.PAGE_FRAMES = 0"
    notebook = open_notebook("%%mibyan\nTell me", small)
    notebook.run(2)
    notebook.start(1)
    area = notebook.area(1)
    expect(area).to_contain_text("The end.")
    notebook.wait_until_frames_rest(1)
    assert notebook.outputs(1).count() > 10
    before = area.evaluate(_BLOCK_TOPS)
    fake.release()
    notebook.wait_until_done(1)
    after = area.evaluate(_BLOCK_TOPS)
    moved = [(name, was, now) for (name, was), (_, now) in zip(before, after, strict=True)]
    assert [each for each in moved if abs(each[1] - each[2]) > 3] == []


_SEAMS = """## A heading

A paragraph with $x^2$ in it.

- one
- two

1. first
2. second

| a | b |
|---|---|
| 1 | 2 |

```python
print(1)
```

$$
\\sum_{i=1}^{n} i
$$

1. after a formula
2. more

$$
\\frac{a}{b}
$$

> quoted

- after a quote

### Another

| c |
|---|
| 3 |

Text after a table.

```python
print(2)
```

- after code

The end.
"""
_BLOCK_TOPS = """area => {
    const [first, ...others] = area.querySelectorAll(".mibyan-answer > :not(.mibyan-footer)");
    const top = first.getBoundingClientRect().top;
    const below = each => each.getBoundingClientRect().top - top;
    return others.map(each => [each.outerHTML.slice(0, 60), below(each)]);
}"""


def test_a_merge_of_outputs_neither_blinks_nor_jumps(
    open_notebook: Callable[..., NotebookPage], fake: FakeMibyan
) -> None:
    """Where outputs become one amid an answer, no frame is empty, and none shrinks by a line."""
    fake.enqueue(Reply.stream(tokens(long_answer(1500)), tokens_per_second=500))
    few = """import mibyan_jupyter.output.cell_output as outputs
outputs.MOST_OUTPUTS = 4; outputs.PAGE_FRAMES = 1"""
    notebook = open_notebook("%%mibyan\nTell me everything", few)
    notebook.run(2)
    notebook.page.evaluate(_START_SAMPLER)
    notebook.start(1)
    notebook.wait_until_done(1)
    samples = _shown_from_first_text(notebook)
    assert max(sample["outputs"] for sample in samples) == 4
    # The last of these merges is the swap; how many come before it, the number of frames decides.
    assert sum(after["outputs"] < before["outputs"] for before, after in pairwise(samples)) >= 2
    assert min(sample["text"] for sample in samples) > 0
    assert max(before["height"] - after["height"] for before, after in pairwise(samples)) <= 20


_TEXT_WITHOUT_MATH = (
    "[...area.querySelectorAll('h2, p, li, td, th, pre, .mibyan-language, .mibyan-footer')]"
    ".map(e => { const c = e.cloneNode(true);"
    " c.querySelectorAll('.mibyan-math').forEach(m => m.remove()); return c.textContent; })"
)


def _shown_from_first_text(notebook: NotebookPage) -> list[dict[str, Any]]:
    samples = notebook.page.evaluate("() => window.samples")
    first = next(n for n, sample in enumerate(samples) if sample["text"])
    return list(samples[first:])
