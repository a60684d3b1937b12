"""What a reading of code finds out about its names, and how findings add up within one scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from mibyan_jupyter.context.slicing.notebook_syntax import MAGIC


class Passed(NamedTuple):
    """An object handed to a function that the notebook may define.

    `argument` is its name, None for a parameter of the function whose body this stands in, or empty
    where nothing with a name was handed over. The call's result may hold the object afterwards.
    `alone`: the call is a statement of its own, so it was made for its effect.
    """

    callee: str
    argument: str | None
    alone: bool = False


class Body(NamedTuple):
    """The code of a function, or of a class's methods: it runs when called.

    `uses` are looked up then; `changes` are outer names that it changes or rebinds, `returns` those
    whose objects its result may hold (with results of calls, as `f()`).
    """

    name: str
    uses: frozenset[str]
    changes: frozenset[str] = frozenset()
    returns: frozenset[str] = frozenset()
    changes_arguments: bool = False
    passed: frozenset[Passed] = frozenset()


@dataclass(slots=True)
class Found:
    """The names of one scope.

    `bound` are certain to be bound by now; `uses` were read while they were not; `called` had a
    method called that may change them. `shares` are pairs that may hold one object, `within` maps
    a name to what it may be, contain or look into just now. `built` are the pairs that only a
    constructor makes. `outer` are `global` or `nonlocal`, `loops` are bound by `for`, `immutable`
    hold a number or a text, `plain` numbers and texts in whatever container. `waiting` are the
    bodies that nothing has named since. `returns` are held by what a function returns, `results`
    the calls whose results are kept. `unseen`: other code was run that may define any name;
    `star`: a star import.
    """

    bound: set[str] = field(default_factory=set)
    defines: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    loops: set[str] = field(default_factory=set)
    returns: set[str] = field(default_factory=set)
    results: set[str] = field(default_factory=set)
    immutable: set[str] = field(default_factory=set)
    shares: set[tuple[str, str]] = field(default_factory=set)
    built: set[tuple[str, str]] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    within: dict[str, set[str]] = field(default_factory=dict)
    passed: set[Passed] = field(default_factory=set)
    bodies: list[Body] = field(default_factory=list)
    waiting: dict[str, list[Body]] = field(default_factory=dict)
    unseen: bool = False
    star: bool = False

    def bind(self, name: str) -> None:
        if name == MAGIC:
            return
        self.defines.add(name)
        self.bound.add(name)
        self.modules.discard(name)
        self.immutable.discard(name)
        self.plain.discard(name)

    def unbind(self, name: str) -> None:
        self.use(name)
        self.deletes.add(name)
        self.bound.discard(name)

    def use(self, name: str) -> None:
        if name not in self.bound and name != MAGIC:
            self.uses.add(name)
        for body in self.waiting.pop(name, ()):
            self.run(body)

    def define(self, body: Body) -> None:
        """A function that may be called further down in this very cell."""
        self.bodies.append(body)
        self.waiting.setdefault(body.name, []).append(body)

    def run(self, body: Body) -> None:
        """A function of this cell was named, so it may have been called."""
        for name in body.uses:
            self.use(name)
        self.call(set(body.changes))

    def change(self, names: set[str]) -> None:
        """The objects of `names` were changed in place."""
        self.changes |= names - {MAGIC}
        self.call(names)

    def call(self, names: set[str]) -> None:
        """A method was called for its effect; if the name is a module, that changes nothing."""
        self.called |= self.reached(names - {MAGIC})

    def reached(self, names: set[str]) -> set[str]:
        """`names`, and those whose objects they may hold."""
        return names.union(*(self.within.get(name, ()) for name in names))

    def replace(self, name: str, held: set[str]) -> None:
        """From now on `name` holds what `held` hold."""
        self.within[name] = self.reached(held) - {name}
        self.shares |= {(name, other) for other in held}

    def build(self, name: str, parts: set[str]) -> None:
        """What `name` holds of these it was given by a constructor."""
        self.built |= {(name, part) for part in parts}

    def put(self, name: str, held: set[str]) -> None:
        """`name` now holds what `held` hold, too."""
        before = self.within.get(name, set())
        self.replace(name, held)
        self.within[name] |= before

    def hand(self, passed: Passed) -> None:
        """An object was handed to a function, and with it what it holds."""
        for name in self.reached({passed.argument or ""}):
            self.passed.add(passed._replace(argument=name))

    def take_over(self, inner: Found, own: set[str]) -> None:
        """Add what an inner scope does, at once, to names that are not its `own`."""
        for name in inner.uses - own:
            self.use(name)
        self.change(inner.changes - own)
        self.call(inner.called - own)
        self.passed |= {each for each in inner.passed if each.argument not in own}
        self.results |= inner.results
        self.unseen |= inner.unseen

    def as_body(self, name: str, parameters: set[str]) -> Body:
        """What calling a function with this scope does to the world outside."""
        own = (self.defines | parameters) - self.outer
        rebound = (self.defines | self.deletes) & self.outer
        inner = self.bodies
        changed = (self.changes | self.called | rebound).union(*(body.changes for body in inner))
        return Body(
            name,
            frozenset(self.uses.union(*(body.uses for body in inner)) - own),
            frozenset(changed - own),
            frozenset(self.reached(self.returns) - own),
            self._changes_any(changed, parameters),
            self._handed_on(own - parameters, parameters).union(*(b.passed for b in inner)),
        )

    def _changes_any(self, changed: set[str], parameters: set[str]) -> bool:
        """Whether a parameter is changed, itself or as part of a call's result."""
        handed = {f"{each.callee}()" for each in self.passed if each.argument in parameters}
        return not changed.isdisjoint(parameters | handed)

    def _handed_on(self, own: set[str], parameters: set[str]) -> frozenset[Passed]:
        """What a body hands to functions, of its parameters (as None) and of outer names."""
        return frozenset(
            each._replace(argument=None) if each.argument in parameters else each
            for each in self.passed
            if each.argument and each.argument not in own
        )
