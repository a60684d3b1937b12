"""`@` mentions: only what exists is resolved."""

from __future__ import annotations

import pytest

from mibyan_jupyter.context.mentions import Mentions, mentions_in
from mibyan_jupyter.context.privacy import Privacy

NAMES = {"df", "цена", "السعر", "x1"}


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("What is @df?", Mentions({"df": None})),
        ("@df:rows and @x1:names", Mentions({"df": Privacy.ROWS, "x1": Privacy.NAMES})),
        ("@df:nonsense", Mentions({"df": None})),
        ("@df:rows, then @df again", Mentions({"df": Privacy.ROWS})),
        ("@cell:3 @cell:12 @cell:3", Mentions(cells=(3, 12))),
        ("@cell:x @cell", Mentions(newest_cell=True)),
        ("@error and @figure", Mentions(error=True, figure=True)),
        ("me@df.org, a@df, //@df", Mentions()),
        ("@unknown @property def f(): ...", Mentions(unknown=("unknown",))),
        ("(@df)", Mentions({"df": None})),
        ("@السعر و@цена", Mentions({"السعر": None})),
        ("", Mentions()),
    ],
)
def test_mentions_of_a_prompt(prompt: str, expected: Mentions) -> None:
    """Variables with the level they are lifted to, cells by number, the error, the figure."""
    assert mentions_in(prompt, NAMES) == expected
