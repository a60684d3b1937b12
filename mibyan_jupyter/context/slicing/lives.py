"""The life of each name: from one certain binding to the next, and whose objects it shares. Pure.

Building takes one pass over the statements, so a notebook of ten thousand costs ten times one of
a thousand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mibyan_jupyter.context.slicing.circles import Circle, join
from mibyan_jupyter.context.slicing.effects import effects_of
from mibyan_jupyter.context.slicing.names import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mibyan_jupyter.context.slicing.executed import ExecutedCell
    from mibyan_jupyter.context.slicing.found_names import Body
    from mibyan_jupyter.context.slicing.names import CellNames

_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Life:
    """A name while it is bound to one object; `start` is -1 where no binding is certain.

    What is `plain` holds numbers and texts only. `bound` are the statements that bind or delete it,
    `bodies` the functions that it may be. `before` is the name's earlier life, where a loop that
    may not have run began this one. Most names have one binding and no more, so the rest is made
    when it is needed.
    """

    start: int
    immutable: bool = False
    plain: bool = False
    bound: list[int] | tuple[int, ...] = ()
    bodies: list[tuple[int, Body]] | tuple[()] = ()
    before: Life | None = None
    _circle: Circle | None = None

    @property
    def circle(self) -> Circle:
        """Where it stands among those that share objects; a number or a text shares none."""
        if self._circle is None:
            self._circle = Circle(self.start)
        return self._circle

    def bind(self, position: int) -> None:
        """It may be bound or deleted here, too."""
        self.bound = self.bound if isinstance(self.bound, list) else list(self.bound)
        self.bound.append(position)


class Lives:
    """All lives of a notebook's names, whose statements it counts through.

    For each statement: `cell` is the execution it stands in, `names` what it does, `keeps` the
    names whose objects or functions may live on in what it binds.
    """

    def __init__(self, cells: Sequence[ExecutedCell]) -> None:
        self.names: list[CellNames] = []
        self.cell: list[int] = []
        self.keeps: list[frozenset[str]] = []
        for number, cell in enumerate(cells):
            statements = statements_of(cell.source) if cell.ran else ()
            self.names += statements
            self.cell += [number] * len(statements)
        self.unseen = [n for n, names in enumerate(self.names) if names.unseen]
        self.stars = [n for n, names in enumerate(self.names) if names.star]
        self._effects = effects_of(self.names)
        self._carried: dict[str, frozenset[str]] = dict(self._effects.outer)
        self._modules: set[str] = set()
        self._lives: defaultdict[str, list[Life]] = defaultdict(list)
        for position, names in enumerate(self.names):
            failed = cells[self.cell[position]].failed
            self._add(position, names, _NOTHING if failed else names.certain)

    def at(self, name: str, position: int) -> Life | None:
        """The life of `name` just before a statement; None if nothing has bound it."""
        lives = self._lives.get(name, [])
        index = bisect_left(lives, position, key=lambda life: life.start)
        return lives[index - 1] if index else None

    def _add(self, position: int, names: CellNames, certain: frozenset[str]) -> None:
        self._modules -= certain - names.modules
        self._modules |= names.modules
        changed = self._changed(names)
        shared = self._shared(names)
        concerned = changed.union(*shared) if shared else changed
        kept = self._effects.known.union(*shared) if shared else self._effects.known
        self.keeps.append(names.uses & kept)
        if not concerned:
            self._bind(position, names, certain)
            return
        ending = {name: self._lives[name][-1] for name in self._ending(names, certain, concerned)}
        self._bind(position, names, certain)
        lives = {
            name: [Life(position) if name.endswith("()") else self._life(name)]
            for name in concerned
        }
        for name, life in ending.items():
            lives[name].append(life)
        for one, other in shared:
            _join([*lives[one], *lives[other]], position)
            for life in lives[one]:
                life.plain = False  # it may hold the other now
        for name in changed:
            for life in lives[name]:
                life.circle.now().changed.append(position)

    def _ending(
        self, names: CellNames, certain: frozenset[str], concerned: frozenset[str]
    ) -> frozenset[str]:
        """Names whose old object the statement used, itself or by a call, before it bound them."""
        bound = concerned & (certain | names.loops)  # not `& keys()`, which looks at every name
        rebound = frozenset(name for name in bound if name in self._lives) if bound else bound
        if not rebound or rebound <= names.uses:
            return rebound
        by_calls = [self._carried.get(name, _NOTHING) for name in names.uses]
        returned = [self._effects.returns.get(name[:-2], _NOTHING) for name in names.results]
        return rebound & names.uses.union(*by_calls, *returned)

    def _bind(self, position: int, names: CellNames, certain: frozenset[str]) -> None:
        for name in certain:
            plain = name in names.plain
            self._lives[name].append(Life(position, name in names.immutable, plain, (position,)))
        for name in names.loops - certain:
            before = self._lives[name][-1] if self._lives[name] else None
            self._lives[name].append(Life(position, bound=(position,), before=before))
        for name in (names.defines | names.deletes) - certain - names.loops:
            self._life(name).bind(position)
        for body in names.bodies:
            if body.name in names.defines:
                life = self._life(body.name)
                life.bodies = [*life.bodies, (position, body)]

    def _life(self, name: str) -> Life:
        lives = self._lives[name]
        if not lives:
            lives.append(Life(-1))
        return lives[-1]

    def _changed(self, names: CellNames) -> frozenset[str]:
        changed = names.changes
        if names.called:
            changed -= names.called & self._modules
        if names.passed:
            handed = (each for each in names.passed if self._effects.changes(each))
            changed |= {each.argument for each in handed if each.argument}
        return changed | self._carry(names) if self._effects.outer else changed

    def _carry(self, names: CellNames) -> frozenset[str]:
        """What the functions that the cell uses change; what it defines may call them later."""
        carried = _NOTHING
        for name in names.uses:
            carried |= self._carried.get(name, _NOTHING)
        for name in names.defines:
            kept = _NOTHING if name in names.certain else self._carried.get(name, _NOTHING)
            now = kept | carried | self._effects.outer.get(name, _NOTHING)
            if now:
                self._carried[name] = now
            else:
                self._carried.pop(name, None)
        return carried - self._modules

    def _shared(self, names: CellNames) -> list[tuple[str, str]]:
        pairs = [*names.shares]
        if names.built and names.uses.isdisjoint(self._effects.known):
            # A library's object does not change the plain values that it was made with.
            pairs = [pair for pair in pairs if pair not in names.built or not self._plain(pair[1])]
        if self._effects.known and names.results:
            pairs += self._shared_by_calls(names)
        return [(one, other) for one, other in pairs if self._counts(one) and self._counts(other)]

    def _shared_by_calls(self, names: CellNames) -> Iterator[tuple[str, str]]:
        """What the result of a call may hold, where anything is done with the result."""
        arguments = {passed.argument for passed in names.passed}
        kept = names.changes.union(*names.shares) | arguments
        for passed in names.passed:
            result = f"{passed.callee}()"
            if passed.argument and result in kept:
                yield passed.argument, result
        for result in names.results & kept:
            for held in self._effects.returns.get(result[:-2], _NOTHING):
                yield held, result

    def _plain(self, name: str) -> bool:
        lives = self._lives.get(name, [])
        return bool(lives) and lives[-1].plain

    def _counts(self, name: str) -> bool:
        """Modules are shared by all, and results matter only of the notebook's own functions."""
        return (
            name[:-2] in self._effects.known if name.endswith("()") else name not in self._modules
        )


def _join(lives: Sequence[Life], position: int) -> None:
    first, *others = [life for life in lives if not life.immutable] or [Life(position)]
    for other in others:
        join(first.circle, other.circle, position)
