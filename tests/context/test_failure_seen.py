"""What is kept of an error: chain, frames, variables as they were; no code of the user's runs."""

from __future__ import annotations

import linecache
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mibyan_jupyter.context.observed import ErrorSeen, Failure, FrameSeen
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.kernel.failures import failure_of

_files: dict[str, int] = {}


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    _files.clear()


def cell(source: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run a cell that succeeds; gives the namespace."""
    namespace = {} if variables is None else variables
    file = f"<cell {len(_files) + 1}>"
    _files[file] = len(_files) + 1
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), namespace)  # noqa: S102 - as IPython runs a cell
    return namespace


def failed(source: str, variables: dict[str, Any] | None = None) -> Failure:
    """What is seen of the error that this cell ends in."""
    namespace = {} if variables is None else variables
    try:
        cell(source, namespace)
    except BaseException as error:
        return failure_of(_less(error, 2), _files, namespace, cell=len(_files))
    raise AssertionError("the cell did not fail")


def _less(error: BaseException, frames: int) -> BaseException:
    """The error without this file's own frames, as many as there are."""
    trace = BaseException.__dict__["__traceback__"]
    for _ in range(frames):
        trace.__set__(error, trace.__get__(error).tb_next)
    return error


def frames(failure: Failure, position: int = 0) -> list[tuple[str, str, int]]:
    return [(f.function, f.where, f.line) for f in failure.errors[position].frames]


def shown(frame: FrameSeen, level: Privacy = Privacy.STATS) -> list[str]:
    return [local.pictures[level] for local in frame.locals]


MEAN = "def mean(numbers):\n    total = sum(numbers)\n    return total / len(numbers)"


def test_each_error_of_a_chain_has_its_frames() -> None:
    """What caused the error is told with the frames that it came through, not by name only."""
    source = "try:\n    mean([])\nexcept ZeroDivisionError as e:\n    raise KeyError('gone') from e"
    failure = failed(source, cell(MEAN))
    assert [error.line for error in failure.errors] == [
        "KeyError: 'gone'",
        "caused by ZeroDivisionError: division by zero",
    ]
    assert frames(failure) == [("<module>", "In [2]", 4)]
    assert frames(failure, 1) == [("<module>", "In [2]", 2), ("mean", "In [1]", 3)]
    assert shown(failure.errors[1].frames[1]) == ["numbers: list, 0 items", "total: int 0"]
    assert "->     return total / len(numbers)\n" in failure.errors[1].frames[1].source


def test_an_error_while_another_was_handled() -> None:
    """The two are linked as Python words it; `from None` breaks the link."""
    failure = failed("try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['a']")
    assert [error.link for error in failure.errors] == ["", "while handling"]
    failure = failed(
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError('b') from None"
    )
    assert [error.line for error in failure.errors] == ["ValueError: b"]


def test_a_group_is_told_with_the_errors_in_it() -> None:
    """The words of a group do not say what went wrong; those inside do."""
    failure = failed("raise ExceptionGroup('both', [ValueError('a'), KeyError('b')])")
    assert [error.line for error in failure.errors] == [
        "ExceptionGroup: both (2 errors)",
        "in the group ValueError: a",
        "in the group KeyError: 'b'",
    ]


def test_a_chain_and_its_circles_end() -> None:
    """Errors that cause each other, and a long chain, are cut."""
    failure = failed(
        "a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a"
    )
    assert [error.message for error in failure.errors] == ["a", "b"]
    nested = "try:\n{}\nfinally:\n    raise ValueError({})"
    source = "1 / 0"
    for number in range(12):
        source = nested.format("\n".join(f"    {line}" for line in source.splitlines()), number)
    assert len(failed(source).errors) == 5


def test_notes_are_part_of_the_message() -> None:
    """`add_note` is for whoever reads the error."""
    source = "e = ValueError('a')\ne.add_note('see the manual')\ne.__notes__.append(5)\nraise e"
    assert failed(source).errors[0].message == "a\nsee the manual"


def test_a_syntax_error_names_its_cell_and_line() -> None:
    """Not the temporary file of the kernel's; the line is marked."""
    file = "<cell 9>"
    try:
        compile("x = 1\ny = = 2\n", file, "exec")
    except SyntaxError as error:
        failure = failure_of(_less(error, 1), {file: 9}, {}, cell=9)
    assert failure.errors[0].line == "SyntaxError: invalid syntax"
    assert frames(failure) == [("<module>", "In [9]", 2)]
    assert failure.errors[0].frames[0].source == "-> y = = 2\n"


def test_colours_are_taken_out() -> None:
    """A library that colours its messages sends none of it."""
    assert failed("raise ValueError('\\x1b[31mred\\x1b[0m')").errors[0].message == "red"


HOSTILE = """
touched = []
class Hostile:
    def __getattribute__(self, name): touched.append(name); raise SystemExit
    def __repr__(self): touched.append('repr'); return 'RAN'
    __str__ = __repr__
    def __eq__(self, other): touched.append('eq'); return True
    def __hash__(self): return 1
class Own(ValueError):
    def __str__(self): touched.append('str'); return 'RAN'
class Property(ValueError):
    @property
    def __cause__(self): touched.append('cause')
    __context__ = __traceback__ = args = __class__ = __notes__ = __cause__
class Meta(type):
    def __getattribute__(cls, name): touched.append('meta'); raise SystemExit
class Odd(ValueError, metaclass=Meta): pass
class Names(dict):
    def items(self): touched.append('items'); raise SystemExit
    __iter__ = keys = items
class Prepared(type):
    def __prepare__(*_): return Names()
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("raise ValueError(Hostile())", "ValueError: <__main__.Hostile>"),
        ("raise ValueError('a', [Hostile()])", "ValueError: a, <list of 1>"),
        ("raise KeyError(Hostile())", "KeyError: <__main__.Hostile>"),
        ("raise Own('a', 3)", "Own: a, 3"),
        ("raise Property('a')", "Property: a"),
        ("raise Odd('a')", "Odd: a"),
        ("raise OSError(2, 'no such file', Hostile())", "FileNotFoundError: 2, no such file"),
        ("raise ExceptionGroup('g', [Own('a')])", "ExceptionGroup: g (1 error)"),
        ("class A(metaclass=Prepared):\n    x = 1 / 0", "ZeroDivisionError: division by zero"),
        ("x = Hostile()\n1 / 0; x", "ZeroDivisionError: division by zero"),
    ],
)
def test_no_code_of_the_user_runs(source: str, line: str) -> None:
    """Neither for the words of an error, nor for its chain, its type or its frames."""
    namespace = cell(HOSTILE, {"__name__": "__main__"})
    file = "<cell 2>"
    namespace["touched"].clear()
    try:
        exec(compile(source, file, "exec"), namespace)  # noqa: S102
    except BaseException as error:
        caught = _less(error, 1)
    namespace["touched"].clear()
    failure = failure_of(caught, {file: 2}, namespace, cell=2)
    assert namespace["touched"] == []
    assert failure.errors[0].line == line


def test_words_that_were_shown_already_are_taken() -> None:
    """What IPython has written below the cell is known without asking the error again."""
    namespace = cell(HOSTILE)
    failure = failure_of(namespace["Own"]("a"), _files, namespace, cell=1, shown="as shown")
    assert failure.errors[0].message == "as shown"


def test_the_variables_are_those_of_the_statement() -> None:
    """At the top of a cell: what the failing statement names, over all its lines, first."""
    source = (
        "unrelated = 5\nrows, columns = 2, 3\n"
        "for n in range(3):\n    print(\n        rows[n],\n        columns,\n    )"
    )
    failure = failed(source)
    assert shown(failure.errors[0].frames[0]) == ["rows: int 2", "columns: int 3", "n: int 0"]


def test_a_module_is_no_variable() -> None:
    """Its version stands with the notebook; classes and functions are told."""
    failure = failed("import math\ndef f(a, b=2): ...\nf(math.pi, b=1, c=2)")
    assert shown(failure.errors[0].frames[0]) == ["f: function f(a, b=2)"]


def test_a_parameter_knows_what_it_is_called_outside() -> None:
    """So that a private variable stays private in a function; small numbers are no identity."""
    failure = failed(
        "salaries = [1, 2]\none = 1\nlook(salaries, 1)",
        cell("def look(rows, n):\n    raise ValueError('no')"),
    )
    rows, number = failure.errors[0].frames[1].locals
    assert (rows.name, rows.same_as) == ("rows", ("salaries",))
    assert (number.name, number.same_as) == ("n", ())


def test_a_deep_recursion_is_told_by_its_ends() -> None:
    """A thousand frames are six, and the locals of equal frames take no time."""
    failure = failed("def f(n, frame):\n    return f(n + 1, frame)\nf(0, list(range(10**6)))")
    numbers = [f.locals[0].pictures[Privacy.STATS] for f in failure.errors[0].frames[1:]]
    assert len(failure.errors[0].frames) == 6
    assert numbers[:2] == ["n: int 0", "n: int 1"]


def test_many_large_variables_take_little_time() -> None:
    """When the time for all of them is up, the others are named without a picture."""
    columns = pd.DataFrame(np.random.default_rng(0).normal(size=(100_000, 60)))
    variables: dict[str, Any] = {f"v{n}": columns.copy() for n in range(12)}
    source = f"def f({', '.join(variables)}):\n    raise ValueError\nf({', '.join(variables)})"
    namespace = dict(variables)
    began = time.perf_counter()
    failure = failed(source, namespace)
    assert time.perf_counter() - began < 1.5
    assert len(failure.errors[0].frames[1].locals) == 12


def test_the_users_own_modules_are_shown_and_libraries_are_not(tmp_path: Path) -> None:
    """A module beside the notebook, or elsewhere on the path, but not what was installed."""
    source = "def parse(text):\n    return int(text)\n"
    (tmp_path / "tools.py").write_text(source)
    namespace: dict[str, Any] = {}
    exec(compile(source, str(tmp_path / "tools.py"), "exec"), namespace)  # noqa: S102
    failure = failed("import json\nparse('a') if 1 else json.loads('')", namespace)
    assert [f.function for f in failure.errors[0].frames] == ["<module>", "parse"]
    assert failure.errors[0].frames[1].where == f"{tmp_path.name}/tools.py"
    failure = failed("import json\njson.loads('')")
    assert [f.function for f in failure.errors[0].frames] == ["<module>"]


def test_a_folder_that_is_gone_costs_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    """Where there is no working directory any more, the error is told all the same."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert failed("1 / 0").errors[0].name == "ZeroDivisionError"


def test_an_error_without_words() -> None:
    """`raise ValueError` is its name."""
    assert ErrorSeen("", "ValueError", "").line == "ValueError"
