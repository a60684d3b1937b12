"""A walk over a syntax tree that finds what its names do.

Three layers: `BranchReader` reads names, branches and imports, `ObjectReader` assignments and
calls, `NameReader` scopes. A function's body has a reader of its own, and what is not local there
is looked up when the function is called.
"""

# ruff: noqa: N802, N815 - the names are those of ast.NodeVisitor

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mibyan_jupyter.context.slicing.branch_reader import parts_by_source
from mibyan_jupyter.context.slicing.found_names import Body, Found
from mibyan_jupyter.context.slicing.known_calls import shared_names
from mibyan_jupyter.context.slicing.object_reader import ObjectReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class NameReader(ObjectReader):
    """Reads one scope: `NameReader().read(tree.body)` gives what was found."""

    def __init__(self, *, of_class: bool = False) -> None:
        super().__init__()
        self._of_class = of_class
        self._deferred: list[Body] = []

    def read(self, nodes: Iterable[ast.AST]) -> Found:
        for node in nodes:
            self._deferred = []
            self.visit(node)
        return self.found

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        signature = [node.returns] if node.returns else []
        self.read([*node.decorator_list, *signature])
        body = self._body(node.name, node, node.body)
        self.found.bind(node.name)
        self.found.define(body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda mostly runs where it stands; under a name, also later (see `_assign`)."""
        body = self._body("", node, [node.body])
        self._deferred.append(body)
        for name in body.uses:
            self.found.use(name)
        self.found.change(set(body.changes))

    def _body(self, name: str, node: _Function, code: Sequence[ast.AST]) -> Body:
        """The body as a scope of its own; default values are read here and now."""
        self.visit(node.args)
        inner = type(self)()
        names = _parameters(node.args)
        if self._of_class and names:
            itself = names.pop(0)
            inner.found.bind(itself)  # what a method does to `self` stays inside
            inner.found.returns.add(itself)
        if isinstance(node, ast.Lambda):
            inner.found.returns = shared_names(node.body)
        return inner.read(code).as_body(name, set(names))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.read([*node.decorator_list, *node.bases, *(each.value for each in node.keywords)])
        found = type(self)(of_class=True).read(node.body)
        self.found.take_over(found, own=found.defines - found.outer)
        self.found.bind(node.name)
        self.found.bodies += found.bodies
        self.found.define(_as_one(node.name, found.bodies))

    def visit_ListComp(self, node: _Comprehension) -> None:
        """The first iterable is read outside; all else in a scope that only `:=` can leave."""
        first, *others = node.generators
        self.visit(first.iter)
        inner = type(self)()
        inner.found.within = dict(self.found.within)
        for each in node.generators:
            for target, source in parts_by_source(each.target, each.iter):
                inner.hold([target], source)
        inner.read([first.target, *first.ifs, *others])
        found = inner.read(_elements(node))
        kept = {each.target.id for each in ast.walk(node) if isinstance(each, ast.NamedExpr)}
        self.found.take_over(found, own=found.defines - kept)
        self.found.defines |= kept
        if isinstance(node, ast.GeneratorExp):
            self._deferred.append(Body("", frozenset(found.uses - found.defines)))

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)
        self.read([node.target, *node.ifs])

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        super()._assign(target, value)
        if self._deferred and isinstance(target, ast.Name):
            self.found.define(_as_one(target.id, self._deferred))


def _parameters(arguments: ast.arguments) -> list[str]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [arguments.vararg, arguments.kwarg]
    return [each.arg for each in (*named, *rest) if each]


def _elements(node: _Comprehension) -> list[ast.expr]:
    return [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]


def _as_one(name: str, bodies: Sequence[Body]) -> Body:
    """Several bodies under one name: what any of them may do. Of a class's, `__init__` takes the
    arguments."""
    first = [body for body in bodies if body.name in ("", "__init__")]
    nothing: frozenset[str] = frozenset()
    return Body(
        name,
        nothing.union(*(body.uses for body in bodies)),
        nothing.union(*(body.changes for body in bodies)),
        nothing.union(*(body.returns for body in bodies)),
        any(body.changes_arguments for body in first),
        frozenset(passed for body in first for passed in body.passed),
    )
