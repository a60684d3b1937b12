"""One execution of a cell, as the slicer sees it."""

from __future__ import annotations

from typing import NamedTuple


class ExecutedCell(NamedTuple):
    """One execution of one cell, as it ran; a notebook is a sequence of these, oldest first.

    `run` names the execution, `cell_id` the cell, where the front end tells it. Of a cell that
    Python could not parse nothing `ran`.
    """

    run: str
    cell_id: str | None
    execution_count: int
    source: str
    failed: bool = False
    ran: bool = True

    @property
    def label(self) -> str:
        """How the notebook shows it: `In [3]`."""
        return f"In [{self.execution_count}]"
