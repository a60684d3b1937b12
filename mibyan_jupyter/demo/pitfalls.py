"""Pitfalls that a syntax tree shows: one small rule each."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RISKY_NAMES = frozenset(name for name in dir(builtins) if name.islower() and name.isalpha())


@dataclass(frozen=True)
class Pitfall:
    """A place in the code, and what to do about it."""

    line: int
    advice: str


def pitfalls_in(tree: ast.Module) -> list[Pitfall]:
    """All pitfalls, in the order of their lines, each once."""
    found = {
        Pitfall(getattr(node, "lineno", 1), advice)
        for node in ast.walk(tree)
        for rule in _RULES
        if (advice := rule(node)) is not None
    }
    return sorted(found, key=lambda pitfall: (pitfall.line, pitfall.advice))


def _shared_default(node: ast.AST) -> str | None:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    defaults = [*node.args.defaults, *node.args.kw_defaults]
    if any(isinstance(default, ast.List | ast.Dict | ast.Set) for default in defaults):
        return (
            f"`{node.name}` has a mutable default: all its calls share that one object. "
            "Use `None` and make it inside."
        )
    return None


def _bare_except(node: ast.AST) -> str | None:
    if isinstance(node, ast.ExceptHandler) and node.type is None:
        return "A bare `except:` also hides misspelt names and ■. Name the exception."
    return None


def _silent_except(node: ast.AST) -> str | None:
    if isinstance(node, ast.ExceptHandler) and all(isinstance(x, ast.Pass) for x in node.body):
        return "This `except` says nothing when it strikes; print or log the error."
    return None


def _compared_with_none(node: ast.AST) -> str | None:
    for operator, value in _comparisons(node):
        if isinstance(operator, ast.Eq | ast.NotEq) and value is None:
            better = "is None" if isinstance(operator, ast.Eq) else "is not None"
            return f"Compare with `{better}`: `==` asks the object, which may answer anything."
    return None


def _compared_with_truth(node: ast.AST) -> str | None:
    for operator, value in _comparisons(node):
        if isinstance(operator, ast.Eq | ast.NotEq) and isinstance(value, bool):
            return f"`== {value}` is rarely needed: the condition is true or false already."
    return None


def _identity_of_literal(node: ast.AST) -> str | None:
    for operator, value in _comparisons(node):
        literal = isinstance(value, str | int | float) and not isinstance(value, bool)
        if literal and isinstance(operator, ast.Is | ast.IsNot):
            return "`is` compares identity; for numbers and text use `==`."
    return None


def _compared_with_fraction(node: ast.AST) -> str | None:
    for operator, value in _comparisons(node):
        if isinstance(operator, ast.Eq) and isinstance(value, float) and not value.is_integer():
            return "Fractions are rarely equal exactly: use `math.isclose(a, b)`."
    return None


def _comparisons(node: ast.AST) -> list[tuple[ast.cmpop, object]]:
    """Each comparison with a literal on its right."""
    if not isinstance(node, ast.Compare):
        return []
    pairs = zip(node.ops, node.comparators, strict=True)
    return [(operator, right.value) for operator, right in pairs if isinstance(right, ast.Constant)]


def _hidden_builtin(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in _RISKY_NAMES:
        return f"The name `{node.id}` hides Python's own `{node.id}`. Choose another."
    return None


def _star_import(node: ast.AST) -> str | None:
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        return f"`from {node.module} import *` hides where names come from. Import them by name."
    return None


def _index_loop(node: ast.AST) -> str | None:
    match node:
        case ast.For(iter=ast.Call(func=ast.Name("range"), args=[ast.Call(func=ast.Name("len"))])):
            return "Instead of `range(len(x))`, loop over `x`, or over `enumerate(x)`."
    return None


def _evaluated_text(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name("eval" | "exec" as name)):
            return f"`{name}` runs whatever the text says. Parse it instead."
    return None


def _unclosed_file(node: ast.AST) -> str | None:
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name("open"))):
            return "Open files in a `with` block, so that they close on errors too."
    return None


def _changed_while_read(node: ast.AST) -> str | None:
    match node:
        case ast.For(iter=ast.Name(looped)):
            for inner in ast.walk(node):
                match inner:
                    case ast.Call(
                        func=ast.Attribute(
                            value=ast.Name(changed), attr="remove" | "pop" | "append"
                        )
                    ) if changed == looped:
                        return f"The loop changes `{looped}` while reading it. Build a new list."
    return None


_RULES: tuple[Callable[[ast.AST], str | None], ...] = (
    _shared_default,
    _bare_except,
    _silent_except,
    _compared_with_none,
    _compared_with_truth,
    _identity_of_literal,
    _compared_with_fraction,
    _hidden_builtin,
    _star_import,
    _index_loop,
    _evaluated_text,
    _unclosed_file,
    _changed_while_read,
)
