"""Which executed cells a question rests on: backwards from the names it asks for. Pure.

A wanted name is followed to the last statement that is certain to bind it, to all that may have
bound or changed it since (under any name for the same object), and from each of these to what it
used, as it was then. What the body of a function uses is looked up when it is called: where the
function was used, and later, for as long as an object may keep it.
"""

from __future__ import annotations

import builtins
import heapq
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.slicing.circles import Circle, Untaken
from mibyan_jupyter.context.slicing.lives import Life, Lives
from mibyan_jupyter.context.slicing.names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from mibyan_jupyter.context.slicing.executed import ExecutedCell

_BUILTINS = frozenset(dir(builtins))


class Slice(NamedTuple):
    """What names rest on: the `statements`, as (position of the cell, number in the cell), and the
    names that these bind, the latest first.

    Cells are shown whole; what else stands in them may rest on cells that are not in the slice.
    """

    statements: tuple[tuple[int, int], ...] = ()
    makes: tuple[str, ...] = ()


def slice_cells(
    cells: Sequence[ExecutedCell], wanted: Set[str], *, runs: Set[str] = frozenset()
) -> tuple[int, ...]:
    """The positions in `cells`, ascending, of what `wanted` names rest on: see `slice_of`."""
    return slice_of(cells, wanted, runs=runs)[0]


def slice_of(
    cells: Sequence[ExecutedCell], wanted: Set[str], *, runs: Set[str] = frozenset()
) -> tuple[tuple[int, ...], Slice]:
    """The positions in `cells`, ascending, of what `wanted` names rest on, and the slice itself.

    `runs` are executions that belong to it in any case (one that failed, or that is asked about),
    and so does what they used.
    """
    given = {n for n, cell in enumerate(cells) if cell.run in runs}
    if not given and not wanted:
        return (), Slice()
    found = slice_statements(cells, wanted, given=given)
    chosen = {cell for cell, _ in found.statements} | given
    return _without_needless_runs(cells, sorted(chosen), given), found


def slice_statements(
    cells: Sequence[ExecutedCell], wanted: Set[str], *, given: Set[int] = frozenset()
) -> Slice:
    """The statements that `wanted` names and the `given` cells rest on."""
    lives = Lives(cells)
    trace = _Trace(lives)
    for name in wanted:
        trace.ask(name, len(lives.names), len(lives.names))
    if given:
        trace.include((n for n, cell in enumerate(lives.cell) if cell in given), 0)
    trace.follow()
    chosen = sorted(trace.chosen)
    made = (name for position in reversed(chosen) for name in sorted(lives.names[position].defines))
    return Slice(
        tuple((lives.cell[n], n - bisect_left(lives.cell, lives.cell[n])) for n in chosen),
        tuple(dict.fromkeys(made)),
    )


class _Trace:
    """The statements chosen so far, and the names that still have to be followed.

    What is waited for is (until, position, name): the name as it was before the statement at
    `position`, whose functions may be called until the one at `until`. The latest go first, so
    that nothing has to be followed twice.
    """

    def __init__(self, lives: Lives) -> None:
        self.chosen: set[int] = set()
        self._lives = lives
        self._asked: set[tuple[str, int]] = set()
        self._waiting: list[tuple[int, int, str]] = []
        self._bound: dict[Life, Untaken] = {}
        self._circles: dict[Circle, int] = {}
        self._changed: dict[Circle, Untaken] = {}
        self._unseen = Untaken(lives.unseen)
        self._stars = Untaken(lives.stars)

    def ask(self, name: str, position: int, until: int) -> None:
        """Wait for a name, unless that was done before."""
        if (name, position) not in self._asked:
            self._asked.add((name, position))
            heapq.heappush(self._waiting, (-until, position, name))

    def include(self, positions: Iterable[int], until: int) -> None:
        """Choose statements, and ask for what they used."""
        for position in positions:
            if position not in self.chosen:
                self.chosen.add(position)
                kept = self._lives.keeps[position]
                for name in self._lives.names[position].uses:
                    self.ask(name, position, max(until, position) if name in kept else position)

    def follow(self) -> None:
        """Choose all that the names waited for rest on."""
        while self._waiting:
            until, position, name = heapq.heappop(self._waiting)
            life = self._lives.at(name, position)
            if life is not None:
                self._follow_life(life, position, -until)
            if (life is None or life.start < 0) and name not in _BUILTINS:
                # Code that was not seen, or a star import, may have made it.
                self.include(self._stars.take(0, position), position)
                self.include(self._unseen.take(0, position), position)

    def _follow_life(self, life: Life, position: int, until: int) -> None:
        bound = self._bound.get(life) or self._bound.setdefault(life, Untaken(life.bound))
        self.include(bound.take(0, position), until)
        self._follow_circle(life.circle, position, until)
        self.include(self._unseen.take(max(life.start, 0), position), until)
        for defined, body in life.bodies:
            if defined < position:
                for name in body.uses:
                    self.ask(name, until, until)
                    self.ask(name, position, until)
        if life.before is not None:
            self._follow_life(life.before, life.start, until)

    def _follow_circle(self, circle: Circle | None, position: int, until: int) -> None:
        """Choose what changed the object before `position`, in this circle and as it grew."""
        while circle is not None and circle.since < position:
            if self._circles.get(circle, -1) >= position:
                return
            self._circles[circle] = position
            if circle.changed:
                changed = self._changed.get(circle) or self._changed.setdefault(
                    circle, Untaken(circle.changed)
                )
                self.include(changed.take(0, position), until)
            circle = circle.grown


def _without_needless_runs(
    cells: Sequence[ExecutedCell], chosen: Sequence[int], given: Set[int]
) -> tuple[int, ...]:
    """The chosen executions without those that a later run of the same source has undone.

    That is so where a second run changes nothing more, and nothing between the two looked.
    """
    last_touch: dict[str, int] = {}
    last_run: dict[str, int] = {}
    needless = set()
    for position in chosen:
        source = cells[position].source
        names = names_of(source)
        before = last_run.get(source)
        undone = before is not None and names.repeatable and not cells[position].failed
        if undone and all(last_touch.get(name) == before for name in names.changes):
            needless.add(before)
        for name in names.changes | names.defines | names.uses:
            last_touch[name] = position
        last_run[source] = position
    return tuple(position for position in chosen if position in given or position not in needless)
