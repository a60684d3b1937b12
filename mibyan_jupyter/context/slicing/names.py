"""What the names of a cell do: defined, used, changed; and which names a prompt mentions. Pure."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.slicing.name_reader import NameReader
from mibyan_jupyter.context.slicing.notebook_syntax import names_in, parse
from mibyan_jupyter.context.slicing.repeatable import is_repeatable

if TYPE_CHECKING:
    from collections.abc import Set

    from mibyan_jupyter.context.slicing.found_names import Body, Found, Passed

_CACHED_CELLS = 20_000
_LONGEST = 100_000  # characters; longer cells hold pasted values, and parsing would take a second


class CellNames(NamedTuple):
    """What one cell does with the names of the notebook.

    * `defines`: bound by the cell; `certain` of them on every path through it.
    * `uses`: read before the cell itself has bound them.
    * `changes`: their objects are changed in place; `called` of them only through a method or
      another name, which changes nothing if the name is a module.
    * `deletes`: unbound. `imports`: top-level packages. `modules`: bound to a module.
    * `shares`: pairs of names that may hold one object afterwards; `built` of them only because a
      constructor was given it.
    * `passed`: objects handed to functions. `results`: calls, as `f()`, whose results may be kept
      and stand among the names of `shares` and `changes`. `bodies`: code that runs when called.
    * `unseen`: it runs other code, which may define any name. `star`: it imports `*`.
    * `repeatable`: a second run of it changes nothing more.
    * `loops`: bound by `for`.
    * `immutable`: certain to hold a number or a text, which nothing can change in place; `plain`:
      numbers and texts only, in whatever container.
    * `parsed`: False where Python could not read it and the names are guessed from its words.
    """

    defines: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    parsed: bool = True
    certain: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    shares: frozenset[tuple[str, str]] = frozenset()
    passed: frozenset[Passed] = frozenset()
    results: frozenset[str] = frozenset()
    bodies: tuple[Body, ...] = ()
    unseen: bool = False
    star: bool = False
    repeatable: bool = False
    immutable: frozenset[str] = frozenset()
    loops: frozenset[str] = frozenset()
    built: frozenset[tuple[str, str]] = frozenset()
    plain: frozenset[str] = frozenset()


@lru_cache(maxsize=_CACHED_CELLS)
def names_of(source: str) -> CellNames:
    """The names of a cell's source; never raises."""
    tree = parse(source) if len(source) <= _LONGEST else None
    try:
        if tree is not None:
            return _names(tree.body)._replace(repeatable=is_repeatable(tree))
    except RecursionError:
        pass
    return _guessed(source)


@lru_cache(maxsize=_CACHED_CELLS)
def statements_of(source: str) -> tuple[CellNames, ...]:
    """The names of each statement on its own, imports together; never raises."""
    tree = parse(source) if len(source) <= _LONGEST else None
    try:
        if tree is not None:
            grouped = groupby(enumerate(tree.body), key=_kind_of_statement)
            return tuple(_names([node for _, node in group]) for _, group in grouped)
    except RecursionError:
        pass
    return (_guessed(source),)


def _names(statements: list[ast.stmt]) -> CellNames:
    return _frozen(NameReader().read(statements))


def _kind_of_statement(numbered: tuple[int, ast.stmt]) -> int:
    """One number for all imports, one of its own for each other statement."""
    position, statement = numbered
    return -1 if isinstance(statement, ast.Import | ast.ImportFrom) else position


def _frozen(found: Found) -> CellNames:
    return CellNames(
        defines=frozenset(found.defines),
        uses=frozenset(found.uses),
        changes=frozenset(found.changes | found.called),
        deletes=frozenset(found.deletes),
        imports=frozenset(found.packages),
        certain=frozenset(found.bound),
        called=frozenset(found.called - found.changes),
        modules=frozenset(found.modules),
        shares=frozenset(found.shares),
        passed=frozenset(found.passed),
        results=frozenset(found.results),
        bodies=tuple(found.bodies),
        unseen=found.unseen,
        star=found.star,
        loops=frozenset(found.loops),
        immutable=frozenset(found.immutable & found.bound),
        built=frozenset(found.built & found.shares),
        plain=frozenset(found.plain & found.bound),
    )


_NAME = r"[^\W\d]\w*"
_ASSIGNED = re.compile(
    rf"({_NAME}(?:[ \t]*,[ \t]*{_NAME})*)[ \t]*(?::=|=(?!=))"
    rf"|\b(?:def|class|import|as|for)[ \t]+({_NAME}(?:[ \t]*,[ \t]*{_NAME})*)"
)
_CHANGED = re.compile(rf"^[ \t]*({_NAME})[ \t]*(?:[.\[]|[-+*/%&|^@]=|//=|\*\*=)", re.MULTILINE)


def _guessed(source: str) -> CellNames:
    """Names going by the words alone: too many rather than too few."""
    words = frozenset(names_in(source))
    assigned = {name for pair in _ASSIGNED.findall(source) for name in names_in(" ".join(pair))}
    changed = {name for name in _CHANGED.findall(source) if name in words}
    return CellNames(
        defines=frozenset(assigned), uses=words, changes=frozenset(changed), parsed=False
    )


_ORDINARY = frozenset(
    """
    a about after again all also am an and answer any are as at back bad be because been
    before begin being better between both but by can case cell change code compare could data
    did display do does done down each error every explain false few find first fix for from
    further get give good had has have he help her here high him his how i if in input into is
    it its just last left let list look low make many may me mean more most much must my name
    new no none nor not now of off on one only or other our out output own please plot print
    question read rest right run same say see set she should show so some such sum take tell
    than that the their them then there these they thing things this those to too true type
    under until up us use used value very want was way we well were what when where which
    while who whole why will with word work would wrong yes yet you your
    """.split()  # noqa: SIM905 - a list of a hundred words is read as text
)
_CODE = re.compile(r"`+([^`]+)`+|(?m:^[ \t]*%%?\w+)")
_WORD = re.compile(rf"(?<![\w.@\\])(?P<at>@)?(?P<name>{_NAME})(?P<code>\.[^\W\d]|[\[(]|[ \t]*=)?")


def mentioned_names(prompt: str, known: Set[str]) -> frozenset[str]:
    """The `known` names that a prompt mentions: `@df`, in backticks, or as a word of their own.

    A name that is also an ordinary word counts only where it is written as code: marked with `@`
    or backticks, or followed by `.x`, `[`, `(` or `=`.
    """
    in_code = {name for code in _CODE.findall(prompt) for name in _names_in_code(code)}
    in_text = {
        found["name"]
        for found in _WORD.finditer(prompt)
        if found["at"] or found["code"] or found["name"].lower() not in _ORDINARY
    }
    return frozenset((in_code | in_text) & known)


def _names_in_code(code: str) -> list[str]:
    """The identifiers of a piece of code that are no attributes and not in quotes."""
    return re.findall(rf"(?<![\w.]){_NAME}", re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", " ", code))
