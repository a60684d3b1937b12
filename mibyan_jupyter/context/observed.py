"""What was seen of the notebook while its cells ran: values that hold no live object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.privacy import Privacy


class LocalSeen(NamedTuple):
    """A variable of a frame: its bounded pictures, as it was when the error happened.

    `same_as` are the notebook's variables that held this very object then, whatever it is called
    here: what is private stays so inside a function.
    """

    name: str
    pictures: Mapping[Privacy, str]
    same_as: tuple[str, ...] = ()


class FrameSeen(NamedTuple):
    """One user frame of a traceback: where it was, its source around the line, its locals."""

    function: str
    where: str
    line: int
    source: str
    locals: tuple[LocalSeen, ...] = ()


class ErrorSeen(NamedTuple):
    """One error of a chain: how it belongs to the others, its type and words (no ANSI), and the
    user's frames that it came through.
    """

    link: str
    name: str
    message: str
    frames: tuple[FrameSeen, ...] = ()

    @property
    def line(self) -> str:
        """As Python words it: `KeyError: 'a'`, with `caused by` or its like before."""
        words = f"{self.name}: {self.message}" if self.message else self.name
        return f"{self.link} {words}" if self.link else words


class Failure(NamedTuple):
    """An error that a cell ended in, then what led to it; `before_running` if nothing had run."""

    errors: tuple[ErrorSeen, ...]
    before_running: bool = False

    @property
    def name(self) -> str:
        return self.errors[0].name

    def without_frames(self) -> Failure:
        """The errors by their words alone."""
        errors = tuple(error._replace(frames=()) for error in self.errors)
        return self._replace(errors=errors)


@dataclass(frozen=True, slots=True)
class OutputSeen:
    """What a cell has shown: `text`, a `table` or a `figure`, and its text form.

    A figure that was read when it was shown has `pictures`, one for each privacy level.
    """

    kind: str
    text: str
    pictures: Mapping[Privacy, str] = field(default_factory=dict)


class CellRecord(NamedTuple):
    """One execution of one cell, as it ran. `run` is the execute request's message id."""

    run: str
    cell_id: str | None
    execution_count: int
    source: str
    outputs: tuple[OutputSeen, ...] = ()
    failure: Failure | None = None

    @property
    def label(self) -> str:
        """How the notebook shows it: `In [3]`."""
        return f"In [{self.execution_count}]"

    @property
    def failed(self) -> bool:
        return self.failure is not None


@dataclass(frozen=True, slots=True)
class Page:
    """The notebook as its page shows it now, where a front end tells it: the ids of the cells from
    top to bottom, and what stands in them (of cells that are not in `texts`, that is not known),
    `at` a time of the front end's (milliseconds).
    """

    order: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    at: float = 0
