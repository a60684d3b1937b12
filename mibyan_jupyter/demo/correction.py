"""Corrections that are mechanical: each is made from the failing line and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mibyan_jupyter.demo.reading_code import parsed

if TYPE_CHECKING:
    from mibyan_jupyter.demo.traceback_reading import Traceback

_MODULES = (
    *("collections", "csv", "itertools", "json", "math", "os", "random", "re", "statistics"),
    *("string", "sys", "time"),
)
_ALIASES = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "pl": "import polars as pl",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "Path": "from pathlib import Path",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "datetime": "from datetime import datetime",
    **{name: f"import {name}" for name in _MODULES},
}
_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "PIL": "Pillow",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "PyYAML",
}


@dataclass(frozen=True)
class Correction:
    """Code to try, and one sentence on why."""

    code: str
    why: str


@dataclass(frozen=True)
class _Case:
    """What a rule sees: the failing line may be empty, the subject and its likeness unknown."""

    line: str
    message: str
    subject: str
    meant: str


_N = TypeVar("_N", bound=ast.AST)
_Rule = Callable[[_Case], Correction | None]


def correct(traceback: Traceback, subject: str | None, meant: str | None) -> Correction | None:
    """The first correction that a rule for this exception can make."""
    line = traceback.failing.code if traceback.failing else ""
    case = _Case(line, traceback.message, subject or "", meant or "")
    for rule in _RULES.get(traceback.name.rpartition(".")[2], ()):
        if (correction := rule(case)) is not None:
            return correction
    return None


def _import_it(case: _Case) -> Correction | None:
    statement = _ALIASES.get(case.subject)
    if statement is None:
        return None
    return Correction(f"{statement}\n\n{case.line}".rstrip(), "The import is missing:")


def _spelled_as_meant(case: _Case) -> Correction | None:
    if not (case.subject and case.meant and case.subject in case.line):
        return None
    name = re.compile(rf"(?<!\w){re.escape(case.subject)}(?!\w)")
    return Correction(
        name.sub(lambda _: case.meant, case.line), "The same line with the name that exists:"
    )


def _look_at_keys(case: _Case) -> Correction | None:
    for node in _nodes(case.line, ast.Subscript):
        container = _source(node.value, case.line)
        if container and case.subject in _source(node.slice, case.line):
            return Correction(
                f"print(list({container}))  # the keys, or a table's columns",
                "See which keys exist, then use one of them:",
            )
    return None


def _install(case: _Case) -> Correction | None:
    module = case.subject.partition(".")[0]
    if case.meant or not re.fullmatch(r"\w+", module):
        return None
    return Correction(
        f"%pip install {_DISTRIBUTIONS.get(module, module)}",
        "If you know and trust this package, install it into the kernel's environment:",
    )


def _guard_division(case: _Case) -> Correction | None:
    for statement in _nodes(case.line, ast.Assign):
        value = statement.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div | ast.FloorDiv | ast.Mod):
            target = _source(statement.targets[0], case.line)
            divisor = _source(value.right, case.line)
            division = _source(value, case.line)
            return Correction(
                f'{target} = {division} if {divisor} else float("nan")',
                "Say what the result is when the divisor is zero:",
            )
    return None


def _join_as_text(case: _Case) -> Correction | None:
    if "can only concatenate str" not in case.message and "must be str" not in case.message:
        return None
    operands = [
        operand
        for node in _nodes(case.line, ast.BinOp)
        if isinstance(node.op, ast.Add)
        for operand in (node.left, node.right)
        if not _is_text_or_sum(operand)
    ]
    if not operands:
        return None
    line = case.line
    for operand in sorted(operands, key=lambda node: node.col_offset, reverse=True):
        source = _source(operand, case.line)
        at = len(case.line.encode()[: operand.col_offset].decode())
        line = f"{line[:at]}str({source}){line[at + len(source) :]}"
    return Correction(line, "Only text can be added to text, so convert the rest:")


def _is_text_or_sum(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    ):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _find_the_file(case: _Case) -> Correction | None:
    if not case.subject:
        return None
    ending = re.search(r"\.\w{1,6}$", case.subject)
    pattern = f"*{ending[0] if ending else ''}"
    return Correction(
        "from pathlib import Path\n\n"
        "print(Path.cwd())\n"
        f"print(sorted(str(path) for path in Path().rglob({pattern!r})))",
        "See where the kernel looks, and which such files it finds there:",
    )


_SYNTAX: tuple[tuple[str, str, str, str], ...] = (
    (r"expected ':'", r"$", ":", "The line that opens a block ends with a colon:"),
    (r"'\(' was never closed", r"$", ")", "Close the bracket:"),
    (r"'\[' was never closed", r"$", "]", "Close the bracket:"),
    (r"'\{' was never closed", r"$", "}", "Close the bracket:"),
    (r"Missing parentheses in call to 'print'", r"print (.*)$", r"print(\1)", "Call it:"),
    (r"instead of '='|'==' or ':='", r"(?<![=!<>:])=(?!=)", "==", "Compare with two signs:"),
)


def _readable(case: _Case) -> Correction | None:
    for message, place, replacement, why in _SYNTAX:
        if case.line and re.search(message, case.message):
            return Correction(re.sub(place, replacement, case.line, count=1), why)
    return None


_RULES: dict[str, tuple[_Rule, ...]] = {
    "NameError": (_import_it, _spelled_as_meant),
    "AttributeError": (_spelled_as_meant,),
    "KeyError": (_spelled_as_meant, _look_at_keys),
    "ImportError": (_spelled_as_meant,),
    # A misspelt package is never offered for installation: that name may be a trap.
    "ModuleNotFoundError": (_spelled_as_meant, _install),
    "ZeroDivisionError": (_guard_division,),
    "TypeError": (_join_as_text,),
    "FileNotFoundError": (_find_the_file,),
    "SyntaxError": (_readable,),
}


def _nodes(line: str, kind: type[_N]) -> list[_N]:
    tree = parsed(line)
    return [] if tree is None else [node for node in ast.walk(tree) if isinstance(node, kind)]


def _source(node: ast.AST, line: str) -> str:
    return ast.get_source_segment(line, node) or ""
