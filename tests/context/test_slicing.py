"""Which executed cells a question rests on."""

from __future__ import annotations

import time

import pytest

from mibyan_jupyter.context.slicing import (
    ExecutedCell,
    hidden_state,
    mentioned_names,
    slice_cells,
)
from mibyan_jupyter.context.slicing.names import names_of
from tests.context.executed_cells import notebook
from tests.context.notebooks import EXAMPLES, Example


def known_names(example: Example) -> set[str]:
    return {name for cell in example.cells for name in names_of(cell.source).defines}


def ask(example: Example, question: str) -> tuple[int, ...]:
    """The positions of the slice for one of the example's questions."""
    wanted = mentioned_names(question, known_names(example))
    failing = example.failing.get(question)
    return slice_cells(example.cells, wanted, runs={f"run-{failing}"} if failing else set())


@pytest.mark.parametrize(
    ("example", "question"),
    [(example, question) for example in EXAMPLES for question in example.questions],
    ids=lambda value: value.name if isinstance(value, Example) else value,
)
def test_all_cells_that_a_question_rests_on_are_found(example: Example, question: str) -> None:
    """Recall is 100 %: no cell that a reader found necessary is left out."""
    found = {example.cells[position].execution_count for position in ask(example, question)}
    assert example.questions[question] <= found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_share_of_the_code_that_is_kept(example: Example) -> None:
    """A slice is a fraction of the notebook, and little more than a reader would have taken."""
    sizes = [len(cell.source) for cell in example.cells]
    kept = surplus = 0
    for question, expected in example.questions.items():
        found = ask(example, question)
        kept += sum(sizes[position] for position in found)
        surplus += sum(
            sizes[position]
            for position in found
            if example.cells[position].execution_count not in expected
        )
    share = kept / sum(sizes) / len(example.questions)
    print(f"{example.name}: {share:.0%} of the code kept, {surplus / kept:.0%} of that not needed")  # noqa: T201 - reported with -s
    assert share < 0.45
    assert surplus / kept < 0.1


SLICES: dict[str, tuple[tuple[str, ...], set[str], tuple[int, ...]]] = {
    "the last definition": (("x = 1", "x = 2", "y = x"), {"y"}, (1, 2)),
    "as it was then": (("x = 1", "y = x", "x = 2"), {"y"}, (0, 1)),
    "in-place changes": (("x = []", "x.append(1)", "y = x", "x.append(2)"), {"x"}, (0, 1, 3)),
    "through an alias": (("a = []", "b = a", "b.append(1)"), {"a"}, (0, 1, 2)),
    "an alias that was replaced": (("a = []", "b = a", "b = []", "b.append(1)"), {"a"}, (0,)),
    "joined only later": (("a = []", "b = []", "b.append(1)", "d = [a, b]"), {"a"}, (0,)),
    "a global that a function returns": (
        ("a = []", "def f(): return a", "b = f()", "b.append(1)"),
        {"a"},
        (0, 1, 2, 3),
    ),
    "an unused alias": (("a = []", "b = a", "c = b"), {"a"}, (0,)),
    "a loop's name joins nothing": (
        ("a = load()", "b = load()", "for row in a: print(row)", "for row in b: row.x = 1"),
        {"a"},
        (0,),
    ),
    "a loop that may not have run": (("x = 1", "for x in f(): pass", "y = x"), {"y"}, (0, 1, 2)),
    "a loop that changes": (("a = load()", "for row in a: row.x = 1"), {"a"}, (0, 1)),
    "a container": (("a = []", "d = {'k': a}", "d['k'].append(1)"), {"a"}, (0, 1, 2)),
    "elements of a list that was added to": (
        ("a = []", "b = [a]", "c = b + [0]", "a.append(1)"),
        {"c"},
        (0, 1, 2, 3),
    ),
    "augmented": (("x = 1", "x += 1", "x += 1"), {"x"}, (0, 1, 2)),
    "deleted": (("x = 1", "del x"), {"x"}, (0, 1)),
    "a deleted column": (("df = f()", "del df['a']", "df.head()"), {"df"}, (0, 1)),
    "imports": (("import os", "import numpy as np", "x = np.ones(3)"), {"x"}, (1, 2)),
    "a function's globals, at its call": (
        ("k = 1", "def f(): return k", "x = f()", "k = 2"),
        {"x"},
        (0, 1, 2, 3),
    ),
    "a function defined before its globals": (
        ("def f(): return k", "k = 1", "x = f()"),
        {"x"},
        (0, 1, 2),
    ),
    "a function that changes a global": (
        ("log = []", "def f(): log.append(1)", "f()", "1 + 1"),
        {"log"},
        (0, 1, 2),
    ),
    "through another function": (
        ("log = []", "def f(): log.append(1)", "def g(): f()", "g()"),
        {"log"},
        (0, 1, 2, 3),
    ),
    "a function that changes its argument": (
        ("def f(d): d['x'] = 1", "a = {}", "b = {}", "f(a)", "y = f(b)"),
        {"a"},
        (0, 1, 3),
    ),
    "a function that only reads": (
        ("def look(d): print(d)", "a = {}", "look(a)"),
        {"a"},
        (1,),
    ),
    "a function that returns its argument": (
        ("def f(d): return d", "a = {}", "b = f(a)", "b['x'] = 1"),
        {"a"},
        (0, 1, 2, 3),
    ),
    "an object that keeps": (
        (
            "class C:\n    def __init__(self, d): self.d = d\n    def put(self): self.d.append(1)",
            "a = []",
            "c = C(a)",
            "c.put()",
        ),
        {"a"},
        (0, 1, 2, 3),
    ),
    "a method's globals": (
        ("class C:\n    def m(self): return k", "c = C()", "k = 1", "x = c.m()", "y = 3"),
        {"x"},
        (0, 1, 2, 3),
    ),
    "a branch that may not run": (("x = 1", "if flag: x = 2"), {"x"}, (0, 1)),
    "both branches": (("x = 1", "if flag: x = 2\nelse: x = 3"), {"x"}, (1,)),
    "a star import": (("from math import *", "x = sqrt(2)", "y = 1"), {"x"}, (0, 1)),
    "a star import of nothing needed": (("from math import *", "x = 1"), {"x"}, (1,)),
    "exec of a text": (("exec('x = 1')", "y = x"), {"y"}, (0, 1)),
    "exec of anything": (("x = 1", "exec(code)", "y = x"), {"y"}, (0, 1, 2)),
    "%run": (("%run a.py", "y = x"), {"y"}, (0, 1)),
    "%%capture": (("x = 1", "%%capture out\nprint(x)"), {"out"}, (0, 1)),
    "a query": (("limit = 3", "df = f()", "big = df.query('a > @limit')"), {"big"}, (0, 1, 2)),
    "only the statement that counts": (("a = 1", "b = 2", "c = a\nd = b"), {"c"}, (0, 2)),
    "a run that the next one undoes": (
        ("d = {'a': 1}", "d['b'] = d['a'] * 2", "d['b'] = d['a'] * 2"),
        {"d"},
        (0, 2),
    ),
    "a run that was looked at before the next": (
        ("d = {'a': 1}", "d['b'] = d['a'] * 2", "d['c'] = d['b']", "d['b'] = d['a'] * 2"),
        {"d"},
        (0, 1, 2, 3),
    ),
    "a run that counts twice": (("d = [1]", "d.append(1)", "d.append(1)"), {"d"}, (0, 1, 2)),
    "a walrus": (("if (n := 3) > 2: pass", "x = n"), {"x"}, (0, 1)),
    "a lambda": (("k = 2", "f = lambda x: x + k", "y = f(1)"), {"y"}, (0, 1, 2)),
    "a default value": (("k = 1", "def f(a=k): return a", "k = 2"), {"f"}, (0, 1)),
    "a decorator": (("def d(f): return f", "@d\ndef g(): pass"), {"g"}, (0, 1)),
    "with": (("p = 'a'", "with open(p) as f:\n    t = f.read()"), {"t"}, (0, 1)),
    "a figure through its axes": (
        ("fig, ax = plt.subplots()", "ax.set_title('x')"),
        {"fig"},
        (0, 1),
    ),
    "plt joins no figures": (
        ("import matplotlib.pyplot as plt", "plt.plot(a)", "plt.title('x')", "fig = plt.figure()"),
        {"fig"},
        (0, 3),
    ),
    "each target of a zip has its own source": (
        ("a = f()", "b = g()", "for x, y in zip(a, b): x.hist(y)"),
        {"b"},
        (1,),
    ),
    "a target of a zip that is changed": (
        ("a = f()", "b = g()", "for x, y in zip(a, b): y.v = x"),
        {"b"},
        (0, 1, 2),
    ),
    "a count changes nothing": (
        ("a = f()", "for n, x in enumerate(a): d[n] = 1"),
        {"a"},
        (0,),
    ),
    "what is counted is changed": (
        ("a = f()", "for n, x in enumerate(a): x.v = n"),
        {"a"},
        (0, 1),
    ),
    "plain values that a library's object was made with": (
        ("names = ['a', 'b']", "p = Pipeline([('x', Scaler(), names)])", "p.fit(x)"),
        {"names"},
        (0,),
    ),
    "an object that a library's object was made with": (
        ("s = Scaler()", "p = Pipeline([('x', s)])", "p.fit(x)"),
        {"s"},
        (0, 1, 2),
    ),
    "plain values that hold more by now": (
        ("names = ['a']", "names.append(s)", "p = Pipeline(names)", "p.fit(x)"),
        {"names"},
        (0, 1, 2, 3),
    ),
    "plain values that one's own object was made with": (
        ("class C:\n    def __init__(s, d): s.d = d\n    def put(s): s.d.append(1)",
         "names = ['a']", "c = C(names)", "c.put()"),
        {"names"},
        (0, 1, 2, 3),
    ),
    "%%timeit keeps no name": (("x = 1", "%%timeit\nx = 2"), {"x"}, (0,)),
    "%%timeit changes objects": (("x = []", "%%timeit\nx.append(1)\ny = 2"), {"x"}, (0, 1)),
    "%timeit is made for its time": (
        ("x = f()", "%timeit g(x)", "%timeit x.append(1)"),
        {"x"},
        (0, 2),
    ),
    "an unknown name": (("x = 1",), {"nothing"}, ()),
}  # fmt: skip


@pytest.mark.parametrize("case", SLICES)
def test_slices(case: str) -> None:
    """Small notebooks, and exactly the cells that count."""
    sources, wanted, expected = SLICES[case]
    assert slice_cells(notebook(*sources), wanted) == expected


def test_a_failed_cell_and_what_it_used() -> None:
    """The failing cell is in its slice, with what it used when it ran, and nothing later."""
    cells = notebook("x = 1", "z = 3", "y = x + 'a'", "x = 'b'", failed=(2,))
    assert slice_cells(cells, set(), runs={"run-2"}) == (0, 2)
    assert slice_cells(cells, {"z"}, runs={"run-2"}) == (0, 1, 2)


def test_a_failed_definition_does_not_hide_the_one_before() -> None:
    """A cell that failed may have bound the name, or not: both definitions count."""
    cells = notebook("x = 1", "x = load()", "y = x", failed=(1,))
    assert slice_cells(cells, {"y"}) == (0, 1, 2)


def test_what_python_could_not_parse_has_changed_nothing() -> None:
    """No line of such a cell has run; it is in the slice only where it is asked about."""
    broken = ExecutedCell("run-b", "b", 2, "x = load((", failed=True, ran=False)
    (first, last) = notebook("x = 1", "y = x")
    cells = (first, broken, last)
    assert slice_cells(cells, {"y"}) == (0, 2)
    assert slice_cells(cells, {"y"}, runs={"run-b"}) == (0, 1, 2)
    assert hidden_state(cells, set(), {"x"}) == ()


def test_nothing_wanted_nothing_kept() -> None:
    """Without names and without a failure there is no slice."""
    assert slice_cells(notebook("x = 1"), set()) == ()
    assert slice_cells((), {"x"}) == ()
    assert slice_cells(notebook("x = 1"), set(), runs={"no such run"}) == ()


def _seconds(cells: tuple[ExecutedCell, ...]) -> float:
    def once() -> float:
        start = time.process_time()
        slice_cells(cells, {"df", "busiest", "world"})
        return time.process_time() - start

    return min(once() for _ in range(5))


def test_ten_times_the_cells_take_ten_times_as_long() -> None:
    """A thousand cells take about 12 ms once they are known, ten thousand ten times that."""
    pool = [cell.source for example in EXAMPLES for cell in example.cells]
    sizes = (100, 1_000, 10_000)
    books = [notebook(*(f"{pool[n % len(pool)]}\n# {n}" for n in range(size))) for size in sizes]
    cold = _cold(books[1])
    few, many, most = (_seconds(book) for book in books)
    print(f"1 000 new cells: {cold * 1e3:.0f} ms; 100 / 1 000 / 10 000 known cells:", end=" ")  # noqa: T201 - reported with -s
    print(f"{few * 1e3:.1f} / {many * 1e3:.1f} / {most * 1e3:.0f} ms")  # noqa: T201 - reported with -s
    assert many < 0.05
    assert most < 25 * max(many, 0.005)


def _cold(cells: tuple[ExecutedCell, ...]) -> float:
    start = time.process_time()
    slice_cells(cells, {"df"})
    return time.process_time() - start


CHAINS = {
    "one long chain": ["x = 0", *(f"x = x + {n}" for n in range(5_000))],
    "one table, many columns": ["df = f()", *(f"df['c{n}'] = df['c']" for n in range(5_000))],
    "re-runs": ["df = f()", *(["df['c'] = df['b']"] * 5_000)],
    "many aliases": ["a = []", *(f"b{n} = a\nb{n}.append({n})" for n in range(5_000))],
    "calls": ["k = 1", "def f(): return k", *(f"v{n} = f()" for n in range(5_000)), "a = v1"],
    "functions": ["k = 1", *(f"def f{n + 1}(): return f{n}()" for n in range(2_000)), "a = f9()"],
}


@pytest.mark.parametrize("chain", CHAINS)
def test_no_shape_of_notebook_is_slow(chain: str) -> None:
    """Thousands of cells that all hang together are sliced within a second or two."""
    cells = notebook(*CHAINS[chain])
    start = time.process_time()
    slice_cells(cells, {"x", "df", "a", "f1999"})
    assert time.process_time() - start < 6
