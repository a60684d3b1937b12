"""Which cells change nothing more when they run a second time."""

from __future__ import annotations

import ast

from mibyan_jupyter.context.slicing.known_calls import root_of


def is_repeatable(tree: ast.Module) -> bool:
    """Whether the cell only sets items with constant keys, from others: `df["c"] = df["a"] * 2`.

    Strict on purpose, for a run that is left out must not have mattered: nothing is called, and
    what is set is read nowhere else in the cell, neither under that key nor whole.
    """
    items = [_item(statement) for statement in tree.body]
    if not items or None in items:
        return False
    keys = {item for item in items if item}
    roots = {root for root, _ in keys}
    return all(_is_harmless(node, keys, roots) for node in _values(tree))


def _item(statement: ast.stmt) -> tuple[str, object] | None:
    """`name` and `key` of `name[key] = …`."""
    match statement:
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key))]
        ):
            return name, key
    return None


def _values(tree: ast.Module) -> list[ast.AST]:
    values = [statement.value for statement in tree.body if isinstance(statement, ast.Assign)]
    parts: list[ast.AST] = []
    while values:
        node = values.pop()
        parts.append(node)
        if not _is_constant_item(node):
            values.extend(ast.iter_child_nodes(node))  # type: ignore[arg-type]
    return parts


def _is_constant_item(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)


def _is_harmless(node: ast.AST, keys: set[tuple[str, object]], roots: set[str]) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key)):
            return (name, key) not in keys
        case ast.Subscript(slice=ast.Constant()):
            return root_of(node) not in roots
        case ast.Name(id=name):
            return name not in roots
        case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Constant() | ast.expr_context():
            return True
        case ast.operator() | ast.unaryop() | ast.cmpop():
            return True
    return False
