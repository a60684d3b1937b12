"""What calling the notebook's own functions does to the names outside them. Pure."""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.slicing.known_calls import function_reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mibyan_jupyter.context.slicing.found_names import Body, Passed
    from mibyan_jupyter.context.slicing.names import CellNames


class Effects(NamedTuple):
    """All functions, classes and methods that some cell defines.

    `known` are their names, `changing` those that change an argument; `outer` the names outside
    that calling one changes, directly or through another, `returns` those that its result may hold.
    """

    known: frozenset[str] = frozenset()
    changing: frozenset[str] = frozenset()
    outer: Mapping[str, frozenset[str]] = MappingProxyType({})
    returns: Mapping[str, frozenset[str]] = MappingProxyType({})

    def changes(self, passed: Passed) -> bool:
        """Whether the call changes what it is handed; of an unknown function, its name decides."""
        if passed.callee in self.known:
            return passed.callee in self.changing
        return passed.alone and not function_reads(passed.callee)


def effects_of(notebook: Sequence[CellNames]) -> Effects:
    """The effects of all functions; a function defined twice has those of both."""
    bodies = [body for names in notebook for body in names.bodies]
    if not bodies:
        return Effects()
    known = frozenset(body.name for body in bodies)
    effects = Effects(known, _changing(bodies, known))
    effects = effects._replace(returns=_returns(bodies))
    return effects._replace(outer=_outer(bodies, effects))


def _changing(bodies: Sequence[Body], known: frozenset[str]) -> frozenset[str]:
    unknown = Effects(known)
    found = {
        body.name
        for body in bodies
        if body.changes_arguments
        or any(each.argument is None and unknown.changes(each) for each in body.passed)
    }
    callers = _pairs(
        (each.callee, body.name) for body in bodies for each in body.passed if each.argument is None
    )
    return frozenset(_closure(found, callers))


def _returns(bodies: Sequence[Body]) -> dict[str, frozenset[str]]:
    """For each function, the outer names that its result may hold, also through another's."""
    holders = _pairs((name, body.name) for body in bodies for name in _results(body, body.returns))
    callers = _pairs((name[:-2], body.name) for body in bodies for name in body.returns)
    return _spread(holders, callers)


def _outer(bodies: Sequence[Body], effects: Effects) -> dict[str, frozenset[str]]:
    """For each function with effects, what it changes outside."""
    changers = _pairs(
        (name, body.name)
        for body in bodies
        for name in (
            *_results(body, body.changes),
            *(held for result in body.changes for held in effects.returns.get(result[:-2], ())),
            *(each.argument for each in body.passed if each.argument and effects.changes(each)),
        )
    )
    callers = _pairs((used, body.name) for body in bodies for used in body.uses & effects.known)
    return _spread(changers, callers)


def _results(body: Body, names: frozenset[str]) -> set[str]:
    """Names, with those that were handed to the calls among them."""
    handed = {each.argument for each in body.passed if f"{each.callee}()" in names}
    return {name for name in (*names, *handed) if name and not name.endswith("()")}


def _pairs(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    gathered = defaultdict(set)
    for key, value in pairs:
        gathered[key].add(value)
    return gathered


def _spread(
    direct: Mapping[str, set[str]], callers: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[str]]:
    """What holds for a function holds for its callers: function → names."""
    spread = _pairs(
        (function, name)
        for name, functions in direct.items()
        for function in _closure(set(functions), callers)
    )
    return {function: frozenset(names) for function, names in spread.items()}


def _closure(found: set[str], following: Mapping[str, Iterable[str]]) -> set[str]:
    waiting = list(found)
    while waiting:
        new = set(following.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found
