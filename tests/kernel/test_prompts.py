"""A prompt is data: it is sent exactly as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

PROMPTS = {
    "braces": 'What is {"a": 1}, {}, {x} and f"{x!r:>{width}}"?',
    "dollars": "Expand $x, $HOME, ${x} and $$y$$?",
    "quotes": 'It\'s "quoted", \'\'\'thrice\'\'\' and """more""" \\n \\',
    "percents": "50% of %s, %%time, 100 % and %d\n%matplotlib inline\n!ls\n%%bash",
    "question": "What does this do?\nprint??\nwhy?",
    "doctest": "Explain this:\n>>> 1 + 1\n2\n>>> for i in x:\n...     i",
    "doctest-first": ">>> 1 + 1\n2",
    "prompt": "In [1]: x = 1\nOut[1]: 1",
    "prompts": "In [1]: x\nOut[1]: 1\n\nIn [2]: for i in x:\n   ...:     i",
    "prompt-later": "Explain:\nIn [1]: for i in x:\n   ...:     i\n",
    "decorator": "@cache\ndef f(): ...",
    "indented": "    four\n  two\n\teight\n",
    "spaces": "  around  \n\n  and after   \n\n\n",
    "leading-lines": "\n\n  first",
    "arabic": "لماذا الوسيط أقل من المتوسط؟\n\u200fabc\u200e",
    "emoji": "👩🏽‍🔬 e\u0301 𝔘 \u2028 line separator \u0085 next line \x0c form feed",
    "carriage-returns": "one\r\ntwo\r\n",
    "tabs": "a\tb\t",
    "magic-inside": "Use this:\n\n%%mibyan -o answer\nHello",
    "backslash": "continued \\\nline \\\n",
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_a_prompt_is_sent_as_typed(kernel: NotebookKernel, fake: FakeMibyan, prompt: str) -> None:
    """The last user message is the text below the magic's line, every character of it."""
    kernel.ok("x = width = 'EXPANDED'")
    kernel.ok(f"%%mibyan\n{prompt}")
    assert fake.requests[0].prompt == prompt


def test_a_megabyte_is_sent_as_typed(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """1 MB of text arrives whole, and does not slow the cell down."""
    prompt = "".join(f"{n}: {{x}} 'μ' $y\n" for n in range(55_000))
    assert len(prompt.encode()) > 1_000_000
    kernel.ok(f"%%mibyan\n{prompt}")
    assert fake.requests[0].prompt == prompt


@pytest.mark.parametrize("outer", ["%%capture _\n", "%%time\n", "\n\n", "%%time\n%%capture _\n"])
def test_a_prompt_inside_another_magic_is_sent_as_typed(
    kernel: NotebookKernel, fake: FakeMibyan, outer: str
) -> None:
    """Another magic, or empty lines, above `%%mibyan` change nothing of the prompt."""
    prompt = "Why?\n>>> f'{x}'\n    indented  \n"
    kernel.ok(f"{outer}%%mibyan\n{prompt}")
    assert fake.requests[0].prompt == prompt


def test_an_indented_cell_is_sent_as_typed(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """IPython dedents a pasted cell; the prompt keeps its indentation."""
    kernel.ok("    %%mibyan\n    Why?\n        def f(): ...\n")
    assert fake.requests[0].prompt == "    Why?\n        def f(): ...\n"


def test_a_part_of_a_cell_is_sent_alone(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Code that calls the magic with its own text sends that text, not the cell's."""
    kernel.ok(
        'notes = """\n%%mibyan\nfirst question\nsecond question\n"""\n'
        'get_ipython().run_cell_magic("mibyan", "", "second question\\n")'
    )
    assert fake.requests[0].prompt == "second question"
