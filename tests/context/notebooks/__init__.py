"""Realistic notebooks, with the cells that each question rests on.

The expected cells (`QUESTIONS`, by execution count) were written down from reading the notebook,
before the slicer was run on it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from mibyan_jupyter.context.slicing import ExecutedCell
from tests.context.notebooks import (
    magics,
    messy,
    ml_pipeline,
    pandas_course,
    plotting,
    simulation,
)

_MARK = re.compile(r"^# In \[(\d+)\](?: cell=(\w+))?( failed)?\n", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A notebook as it was executed, and the questions asked of it."""

    name: str
    cells: tuple[ExecutedCell, ...]
    questions: dict[str, set[int]]
    failing: dict[str, int]


def executed(text: str) -> tuple[ExecutedCell, ...]:
    """The executions of a notebook that is written as text with `# In [n]` marks."""
    parts = _MARK.split(text)[1:]
    return tuple(
        ExecutedCell(
            f"run-{count}",
            cell_id or f"cell-{count}",
            int(count),
            source.strip("\n"),
            bool(failed),
            ran=not failed or _parses(source),  # the kernel tells
        )
        for count, cell_id, failed, source in zip(*[iter(parts)] * 4, strict=True)
    )


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


EXAMPLES = [
    Example(
        module.__name__.rpartition(".")[2],
        executed(module.NOTEBOOK),
        module.QUESTIONS,
        getattr(module, "FAILING", {}),
    )
    for module in (pandas_course, plotting, ml_pipeline, simulation, messy, magics)
]
