"""Reading names, branches and imports; of branches, only what all of them bind is certain."""

# ruff: noqa: N815 - the names are those of ast.NodeVisitor

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mibyan_jupyter.context.slicing.found_names import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class BranchReader(ast.NodeVisitor):
    """The lowest layer: see `name_reader`."""

    def __init__(self) -> None:
        self.found = Found()

    def read(self, nodes: Iterable[ast.AST]) -> Found:
        """Everything found in `nodes`, and before."""
        for node in nodes:
            self.visit(node)
        return self.found

    def generic_visit(self, node: ast.AST) -> None:
        """The parts of a node; faster than the library's, which also visits contexts."""
        for name in node._fields:
            part = getattr(node, name, None)
            if isinstance(part, list):
                for each in part:
                    if isinstance(each, ast.AST):
                        self.visit(each)
            elif isinstance(part, ast.AST) and name != "ctx":
                self.visit(part)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A constant names nothing."""

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.found.use(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.found.bind(node.id)
        else:
            self.found.unbind(node.id)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.found.outer.update(node.names)

    visit_Nonlocal = visit_Global

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            package = alias.name.partition(".")[0]
            self.found.packages.add(package)
            self.found.bind(alias.asname or package)
            self.found.modules.add(alias.asname or package)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module and not node.level:
            self.found.packages.add(node.module.partition(".")[0])
        for alias in node.names:
            if alias.name == "*":
                self.found.star = True
            else:
                self.found.bind(alias.asname or alias.name)

    def _branch(self, *alternatives: Sequence[ast.AST]) -> None:
        before = set(self.found.bound)
        outcomes = []
        for nodes in alternatives:
            self.found.bound = set(before)
            outcomes.append(self.read(nodes).bound)
        self.found.bound = set.intersection(*outcomes)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branch(node.body, node.orelse)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self._branch([node.body], [node.orelse])

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._branch(node.values[1:], [])

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branch([*node.body, *node.orelse], [])

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self._branch([*node.body, *node.orelse], *([handler] for handler in node.handlers))
        self.read(node.finalbody)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.read([node.type] if node.type else [])
        if node.name:
            self.found.bind(node.name)
        self.read(node.body)
        if node.name:
            self.found.bound.discard(node.name)  # Python deletes it here

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.found.loops |= stored_names([node.target])
        for target, source in parts_by_source(node.target, node.iter):
            held = self.hold([target], source)
            self.found.shares |= {(n, other) for n in stored_names([target]) for other in held}
        self._branch([node.target, *node.body], [])
        self._branch(node.orelse, [])

    visit_AsyncFor = visit_For

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self.hold(node.cases, node.subject)
        self._branch(*([case] for case in node.cases), [])

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.generic_visit(node)
        if node.name:
            self.found.bind(node.name)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self.found.bind(node.rest)

    def hold(self, targets: Sequence[ast.AST], source: ast.expr) -> set[str]:
        """The names that `targets` bind hold parts of `source` from now on; which those are."""
        names = {each.id for each in ast.walk(source) if isinstance(each, ast.Name)}
        held = self.found.reached(names)
        for name in stored_names(targets):
            self.found.within[name] = held - {name}
        return held


def parts_by_source(target: ast.expr, source: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Which targets of a loop take their values from where: each from its own in
    `for a, b in zip(x, y)`; a number that only counts from nowhere.
    """
    elements = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    match source:
        case ast.Call(func=ast.Name(id="zip"), args=args) if len(args) == len(elements):
            for element, argument in zip(elements, args, strict=True):
                yield from parts_by_source(element, argument)
        case ast.Call(func=ast.Name(id="enumerate"), args=[first, *_]) if len(elements) == 2:
            yield elements[0], ast.Constant(0)
            yield from parts_by_source(elements[1], first)
        case _:
            yield target, source


def stored_names(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that targets or patterns bind."""
    names: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
    return names
