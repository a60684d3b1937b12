"""Executed cells for the tests of the slicer."""

from __future__ import annotations

from mibyan_jupyter.context.slicing import ExecutedCell


def notebook(*sources: str, failed: tuple[int, ...] = ()) -> tuple[ExecutedCell, ...]:
    """Cells that ran in this order, each once."""
    return tuple(
        ExecutedCell(f"run-{n}", f"cell-{n}", n + 1, source, n in failed)
        for n, source in enumerate(sources)
    )
