"""What was seen of the notebook while its cells ran: values that hold no live object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.privacy import Privacy


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """One user frame of a traceback: where it was, its source around the line, its locals.

    `locals` holds, for each privacy level, the bounded pictures of the frame's variables as they
    were when the error happened.
    """

    function: str
    where: str
    line: int
    source: str
    locals: Mapping[Privacy, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a cell ended in: the chain as Python words it (no ANSI), and user frames."""

    name: str
    message: str
    chain: str
    frames: tuple[FrameSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One execution of one cell, as it ran. `run` is the execute request's message id."""

    run: str
    cell_id: str | None
    execution_count: int
    source: str
    outputs: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def label(self) -> str:
        """How the notebook shows it: `In [3]`."""
        return f"In [{self.execution_count}]"

    @property
    def failed(self) -> bool:
        return self.failure is not None
