"""Slices of generated programs: the slice alone gives the same value, whatever the text."""

from __future__ import annotations

import ast
from collections.abc import Container

from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.context.slicing import (
    hidden_state,
    map_line,
    slice_cells,
    slice_statements,
)
from tests.context.executed_cells import notebook

NAMES = st.sampled_from("abcd")
NUMBERS = st.integers(0, 3)
DEFINITIONS = [
    "def f():\n    a.append(9)",
    "def f():\n    return b",
    "def f():\n    global c\n    c = [8]",
    "def g(p):\n    p.append(7)\n    return p",
    "def g(p):\n    return [p, a]",
    "def g(p):\n    f()\n    return p[:1]",
    "def g(p):\n    return f() or p",
    "g = lambda p: p + d",
    "class K:\n    def __init__(self, p): self.p = p\n    def put(self): self.p.append(6)",
    "class K:\n    def __init__(self, p): self.p = [p]\n    def put(self): self.p += b; f()",
]
SHAPES = [
    "{x} = [{n}]",
    "{x} = {y}",
    "{x} = {y} + [{n}]",
    "{x} += [{n}]",
    "{x} += {y}",
    "{x}.append({n})",
    "{x}.append({y})",
    "{x} = [{y}, {z}]",
    "{x} = list({y})",
    "{x}[0] = {n}",
    "{x}[0] = {y}",
    "{x}[0].append({n})",
    "{x} = {y}[0]",
    "{x}[:1] = [{n}]",
    "{x}, {y} = {y}, {x}",
    "{x} = {y} = [{n}]",
    "{x} = {y} if {z} else [{n}]",
    "{x} = [i for i in {y}]",
    "{x} = ({y} or {z})",
    "if len({x}) > {n}: {y} = [{n}]",
    "if {x}: {y} = {z}\nelse: {y} = [{n}]",
    "for i in list({x})[:4]: {y}.append({n})",
    "for i in list({x}): i.append({n})",
    "for i, j in zip({x}, {y}): i.append({n})",
    "for i, j in zip([{x}, {y}], [{z}, {y}]): j.append({n})",
    "for i, j in enumerate([{x}, {y}]): j.append(i)",
    "for i, (j, k) in enumerate(zip([{x}], [{y}])): k.append({n})",
    "{x} = [j for i, j in zip({y}, {z})]",
    "[j.append({n}) for i, j in zip({x}, [{y}])]",
    "for {x} in [{y}, {z}]: {x}.append({n})",
    "try: {x} = {y}[{n}]\nexcept IndexError: {x} = []",
    "while len({x}) < {n}: {x}.append({y})",
    "with open(__file__): {x} = {y}",
    "del {x}",
    "del {x}[0]",
    "{x} = {y}.pop()",
    "[{x}.append(i) for i in {y}[:3]]",
    "({x} := {y}).append({n})",
    "match {x}:\n    case [first, *rest]: {y} = rest\n    case _: {y} = {z}",
    "{x} = f()",
    "f()",
    "{x} = g({y})",
    "g({x})",
    "{x} = [g({y})]",
    "{x} = K({y})",
    "{x}.put()",
    "{x} = {y}.p",
    "f().append({n})",
    "g({y})[:1] = [{n}]",
    "exec('{x} = [{n}]')",
    "globals()['{x}'] = {y}",
    "{x} = {{'k': {y}}}",
    "{x}['k'] = {n}",
    "{x}['m'] = {y}['k']",
    "{x} = {y}['k']",
    "print({x})\n{y}",
]
STATEMENTS = st.one_of(
    st.sampled_from(DEFINITIONS),
    st.builds(
        lambda shape, x, y, z, n: shape.format(x=x, y=y, z=z, n=n),
        st.sampled_from(SHAPES), NAMES, NAMES, NAMES, NUMBERS,
    ),
)  # fmt: skip
CELLS = st.lists(STATEMENTS, min_size=1, max_size=3).map("\n".join)
BEGINNING = [
    "a = [1]",
    "b = [2, 3]",
    "c = [[4], 5]",
    "d = {'k': [6]}",
    DEFINITIONS[3],
    DEFINITIONS[8],
]
PROGRAMS = (
    st.lists(CELLS, max_size=14)
    .flatmap(lambda pool: st.lists(st.sampled_from(pool or ["a = [1]"]), min_size=1, max_size=18))
    .map(lambda sources: [*BEGINNING, *sources])
)


def run(
    cells: list[str], wanted: Container[tuple[int, int]] | None = None
) -> tuple[dict[str, str], dict[int, int]]:
    """What a..d are after really running the cells, and at which statement each failed cell ended.

    With `wanted`, only those statements run, and all of them.
    """
    namespace: dict[str, object] = {"__file__": __file__, "print": lambda *_: None}
    failed: dict[int, int] = {}
    for cell, source in enumerate(cells):
        for number, statement in enumerate(ast.parse(source).body):
            if wanted is not None and (cell, number) not in wanted:
                continue
            if not succeeds(ast.unparse(statement), namespace) and wanted is None:
                failed[cell] = number
                break
    return {name: shown(namespace.get(name)) for name in "abcd"}, failed


def succeeds(statement: str, namespace: dict[str, object]) -> bool:
    try:
        exec(statement, namespace)  # noqa: S102 - the oracle
    except Exception:  # noqa: BLE001, RUF100 - a statement that fails is part of the game
        return False
    return True


def shown(value: object, depth: int = 0) -> str:
    """A value as text, without addresses."""
    if depth > 4:
        return "…"
    if isinstance(value, list):
        return f"{len(value)}[{', '.join(shown(each, depth + 1) for each in value[-6:])}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}: {shown(v, depth + 1)}' for k, v in value.items())}}}"
    if type(value).__name__ == "K":
        return f"K({shown(vars(value), depth + 1)})"
    return repr(value) if isinstance(value, int | None) else type(value).__name__


@settings(max_examples=800, deadline=None, derandomize=True)  # 15 000 at random: none failed
@given(PROGRAMS, NAMES)
def test_the_slice_alone_gives_the_same_value(sources: list[str], wanted: str) -> None:
    """The statements of a slice, run in a fresh namespace, make the wanted name what it was."""
    values, failed = run(sources)
    cells = notebook(*sources, failed=tuple(failed))
    chosen = slice_cells(cells, {wanted})
    statements = {
        (cell, number)
        for cell, number in slice_statements(cells, {wanted}).statements
        if cell in chosen and number <= failed.get(cell, number)
    }
    alone, _ = run(sources, statements)
    assert alone[wanted] == values[wanted]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text(max_size=60) | CELLS, max_size=8),
    st.sets(NAMES),
    st.integers(0, 9),
)
def test_any_text_gives_a_valid_slice(sources: list[str], wanted: set[str], run: int) -> None:
    """Whatever the cells hold, positions are valid and ascend, and nothing is raised."""
    cells = notebook(*sources, failed=(run,))
    chosen = slice_cells(cells, wanted, runs={f"run-{run}"})
    assert list(chosen) == sorted(set(chosen))
    assert all(0 <= position < len(cells) for position in chosen)
    assert all(len(map_line(cell)) <= 100 for cell in cells)
    hidden_state(cells, {"cell-0"}, wanted, notebook_order=["cell-1", "cell-0"])
