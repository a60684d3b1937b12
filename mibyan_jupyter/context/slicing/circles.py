"""Circles of names that share objects, as they grow while a notebook runs. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True, eq=False)
class Circle:
    """Names that share objects, from one joining to the next.

    `changed` are the statements that changed the objects meanwhile; `grown` is the circle that it
    has become part of, so what happened to the others before stays theirs.
    """

    since: int
    changed: list[int] = field(default_factory=list)
    grown: Circle | None = None
    latest: Circle | None = None

    def now(self) -> Circle:
        """The circle that it has become by now."""
        circle, passed = self, []
        while (following := circle.latest or circle.grown) is not None:
            passed.append(circle)
            circle = following
        for each in passed:
            each.latest = circle
        return circle


def join(one: Circle, other: Circle, position: int) -> None:
    """From the statement at `position` on, two circles are one."""
    first, second = one.now(), other.now()
    if first is not second:
        first.grown = second.grown = Circle(position)


class Untaken:
    """Ascending positions, each of which is taken once; looking costs next to nothing."""

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = positions
        self._next = list(range(len(positions) + 1))

    def take(self, start: int, end: int) -> Iterator[int]:
        """The positions in [start, end) that no one has taken yet."""
        index = self._first(bisect_left(self._positions, start))
        while index < len(self._positions) and self._positions[index] < end:
            self._next[index] = index + 1
            yield self._positions[index]
            index = self._first(index + 1)

    def _first(self, index: int) -> int:
        passed = []
        while self._next[index] != index:
            passed.append(index)
            index = self._next[index]
        for each in passed:
            self._next[each] = index
        return index
