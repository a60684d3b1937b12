"""Reading assignments and calls: which names share an object, and which objects change."""

# ruff: noqa: N802, N815 - the names are those of ast.NodeVisitor

from __future__ import annotations

import ast
import re
from itertools import pairwise

from mibyan_jupyter.context.slicing.branch_reader import BranchReader, stored_names
from mibyan_jupyter.context.slicing.found_names import Passed
from mibyan_jupyter.context.slicing.known_calls import (
    CHANGES,
    CHANGES_FIRST,
    HOLDS,
    SHARED_RESULTS,
    TAKES_TO_CHANGE,
    arguments_of,
    callee_of,
    function_reads,
    is_in_place,
    is_plain,
    is_setter,
    keeps,
    only_reads,
    result_of,
    root_of,
    shared_names,
)
from mibyan_jupyter.context.slicing.notebook_syntax import parse

_IN_QUERY = re.compile(r"@([^\W\d]\w*)")


class ObjectReader(BranchReader):
    """The middle layer: see `name_reader`."""

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.found.change(shared_names(node))
        self.generic_visit(node)

    visit_Subscript = visit_Attribute

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)
        roots = [root for target in node.targets if (root := root_of(target))]
        for one, other in pairwise(roots):
            self.found.put(one, {other})

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._assign(node.target, node.value)

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars:
            self._assign(node.optional_vars, node.context_expr)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.found.use(node.target.id)
            self.found.change({node.target.id})
            self.found.put(node.target.id, shared_names(node.value))
        else:
            self.visit(node.target)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """Bind or change `target`; its names share objects with those of `value`."""
        if isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value)
            return
        if isinstance(target, ast.Starred):
            target = target.value
        self.visit(target)
        root = root_of(target) or self._bound_in_namespace(target)
        if root is None:
            return
        if isinstance(target, ast.Name):
            held = shared_names(value)
            self.found.replace(root, held)
            self.found.build(root, held - shared_names(value, built=False))
            if is_plain(value):
                self.found.plain.add(root)
            if isinstance(value, ast.Constant | ast.JoinedStr):
                self.found.immutable.add(root)
        else:
            self.found.put(root, shared_names(value))

    def _bound_in_namespace(self, target: ast.expr) -> str | None:
        """`globals()["name"] = …` binds that name; with a computed key, any name."""
        match target:
            case ast.Subscript(value=ast.Call(func=ast.Name(id="globals" | "locals")), slice=key):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self.found.defines.add(key.value)
                    return key.value
                self.found.unseen = True
        return None

    def _unpack(self, targets: list[ast.expr], value: ast.expr) -> None:
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        starred = any(isinstance(each, ast.Starred) for each in (*targets, *values))
        pairwise = len(values) == len(targets) and not starred
        for position, target in enumerate(targets):
            self._assign(target, values[position] if pairwise else value)
        if isinstance(value, ast.Call) and callee_of(value) in SHARED_RESULTS:
            names = stored_names(targets)
            for name in names:
                self.found.put(name, names - {name})

    def visit_Expr(self, node: ast.Expr) -> None:
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call):
            self._call_alone(value)
        self.visit(value)

    def _call_alone(self, call: ast.Call) -> None:
        """A call that is a statement was made for its effect, unless it is known to show only."""
        if not isinstance(call.func, ast.Attribute):
            self._hand_over(call, alone=True)
        elif not only_reads(call):
            self.found.call(shared_names(call.func))

    def visit_Call(self, node: ast.Call) -> None:
        callee = callee_of(node)
        if isinstance(node.func, ast.Attribute):
            self._call_method(node, root_of(node.func))
        elif callee in ("exec", "eval"):
            self._run_text(node)
        if callee in CHANGES_FIRST and node.args:
            self.found.change(shared_names(node.args[0]))
        for keyword in node.keywords:
            if keyword.arg in TAKES_TO_CHANGE:
                self.found.change(shared_names(keyword.value))
        self._hand_over(node)
        self.generic_visit(node)

    def _call_method(self, call: ast.Call, root: str | None) -> None:
        name = callee_of(call)
        if name in CHANGES or is_setter(name) or is_in_place(call):
            self.found.call(shared_names(call.func))
        if root and name in HOLDS:
            self.found.put(
                root, {each for part in arguments_of(call) for each in shared_names(part)}
            )
        if root:
            self.found.hand(Passed(name, root))
        if name in ("query", "eval"):
            self._read_query(call.args)

    def _read_query(self, arguments: list[ast.expr]) -> None:
        """`df.query("age > @limit")` reads `limit`."""
        for each in arguments:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                for name in _IN_QUERY.findall(each.value):
                    self.found.use(name)

    def _run_text(self, call: ast.Call) -> None:
        """`exec` of a text that stands here is read; of any other text it may do anything."""
        match call.args:
            case [ast.Constant(value=str(text)), *_] if tree := parse(text):
                self.read(tree.body)
            case _:
                self.found.unseen = True

    def _hand_over(self, call: ast.Call, *, alone: bool = False) -> None:
        callee = callee_of(call)
        if keeps(call):
            self.found.results.add(result_of(call))
        if not function_reads(callee):
            for name in {each for part in arguments_of(call) for each in shared_names(part)}:
                self.found.hand(Passed(callee, name, alone))

    def visit_Return(self, node: ast.Return | ast.Yield | ast.YieldFrom) -> None:
        self.generic_visit(node)
        if node.value is not None:
            self.found.returns |= shared_names(node.value)

    visit_Yield = visit_YieldFrom = visit_Return
