"""What passes between the door and the picture functions: the terms of a look, and its result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mibyan_jupyter.context.pictures.cells import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.context.privacy import Privacy


_BRIEF = 400  # characters
_FEW_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A bounded text about one object, and what was sampled or left out of it, in words."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture before it is named and cut: the first line, further lines, remarks."""

    headline: str
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms an object is looked at.

    `room` is the number of characters there are for the picture, `until` the instant (of
    `time.perf_counter`) at which loops stop, and `look` sketches an object inside this one. `name`
    is what the object is called: a variable, a key, a column.
    """

    level: Privacy
    room: int
    prompt: str
    until: float
    look: Callable[[object, Terms], Sketch]
    name: str = ""

    @property
    def late(self) -> bool:
        """Whether the time for this picture is used up."""
        return time.perf_counter() > self.until

    @property
    def most_rows(self) -> int:
        """How many rows are worth reading: of what is told in passing, fewer."""
        return _FEW_ROWS if self.room < _BRIEF else MOST_ROWS

    def headline(self, value: object) -> str:
        """The first line for an object inside this one."""
        return self.look(value, self).headline


def finished(name: str, sketch: Sketch, limit: int) -> Picture:
    """The sketch under its name, with as many whole lines as fit into `limit` characters."""
    text = cut(f"{name}: {sketch.headline}", limit)
    notes = list(sketch.notes)
    for number, line in enumerate(sketch.lines):
        if len(text) + 3 + len(line) > limit:
            left = len(sketch.lines) - number
            notes.append(f"{left} of {len(sketch.lines)} lines left out")
            break
        text += f"\n  {line}"
    return Picture(text, tuple(notes))


def cut(text: str, width: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `width` characters."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"[:width]
