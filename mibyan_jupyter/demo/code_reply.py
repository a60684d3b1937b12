"""The reply to Python code: a walk through it, and the pitfalls in it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import bullets, fenced, inline, table
from mibyan_jupyter.demo.pitfalls import Pitfall, pitfalls_in
from mibyan_jupyter.demo.reading_code import parse

_FENCE = re.compile(r"^ {0,3}```[ ]*(\w*)[^\n]*\n(.*?)(?:^ {0,3}```|\Z)", re.MULTILINE | re.DOTALL)
_START = re.compile(
    r"(?:import|from|def|async def|class|for|while|with|if|try)\b|@|print\(|[A-Za-z_][\w.]* ?=[^=]"
)
_MAX_TRIES = 60
_MAX_ITEMS = 12


@dataclass(frozen=True)
class ExplainedCode:
    """Code of the request that Python can read."""

    source: str
    tree: ast.Module

    def markdown(self) -> str:
        """What it imports, defines and repeats, and what to look out for."""
        pitfalls = pitfalls_in(self.tree)
        lines = len(self.source.strip().splitlines())
        parts = [
            "## Your code, read (it was not run)",
            f"{lines} line{'s' if lines > 1 else ''} of Python.",
            bullets(self._walk()),
            "### Pitfalls" if pitfalls else "No common pitfall found – that is no proof.",
            self._pitfall_table(pitfalls),
        ]
        return "\n\n".join(part for part in parts if part)

    def code(self) -> str:
        """The same code, its pitfalls as comments before it."""
        remarks = [f"# Line {pitfall.line}: {pitfall.advice}" for pitfall in self._pitfalls()]
        return "\n".join([*remarks, self.source.strip()])

    def value(self) -> dict[str, Any]:
        """Names and pitfalls."""
        return {
            "imports": _imports(self.tree),
            "functions": [function.name for function in _functions(self.tree)],
            "names": _assigned(self.tree),
            "pitfalls": [
                {"line": pitfall.line, "advice": pitfall.advice} for pitfall in self._pitfalls()
            ],
        }

    def _pitfalls(self) -> list[Pitfall]:
        return pitfalls_in(self.tree)[:_MAX_ITEMS]

    def _walk(self) -> list[str]:
        found = [
            ("imports", [inline(name) for name in _imports(self.tree)]),
            ("defines", [_signature(function) for function in _functions(self.tree)]),
            ("defines the class", [inline(node.name) for node in _of(self.tree, ast.ClassDef)]),
            ("repeats", [_loop(node) for node in _of(self.tree, ast.For, ast.While)]),
            ("gives values to", [inline(name) for name in _assigned(self.tree)]),
        ]
        return [f"It **{verb}** " + ", ".join(items[:_MAX_ITEMS]) for verb, items in found if items]

    def _pitfall_table(self, pitfalls: list[Pitfall]) -> str:
        if not pitfalls:
            return ""
        rows = [(str(pitfall.line), pitfall.advice) for pitfall in pitfalls[:_MAX_ITEMS]]
        return table(("Line", "Look at this"), rows)


@dataclass(frozen=True)
class UnreadableCode:
    """A fenced block of the request that Python cannot read."""

    source: str
    line: int
    message: str

    def markdown(self) -> str:
        """Where Python stops reading, and why."""
        lines = self.source.splitlines()
        shown = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        return (
            "## Python cannot read this code\n\n"
            f"It stops in line {self.line}: {inline(self.message, 200)}.\n\n"
            f"{fenced(shown[:300])}\n\n"
            "Look at that place and just before it: a bracket or quote left open, a missing colon, "
            "or `=` where `==` is meant."
        )

    def code(self) -> str:
        """The same code, with a comment at its head."""
        return f"# Line {self.line}: {' '.join(self.message.split())}\n{self.source.strip()}"

    def value(self) -> dict[str, Any]:
        """The syntax error's parts."""
        return {"syntax_error": self.message, "line": self.line}


def find_code(prompt: str) -> ExplainedCode | UnreadableCode | None:
    """The first fenced Python of the prompt, or lines of it that are Python statements."""
    for language, source in _FENCE.findall(prompt):
        if language.lower() in {"python", "py", "python3", "ipython3"} or (
            not language and _START.match(source.lstrip())
        ):
            return _from_fence(source)
    return _from_lines(prompt)


def _from_fence(source: str) -> ExplainedCode | UnreadableCode | None:
    result = parse(source)
    if isinstance(result, SyntaxError):
        return UnreadableCode(source, result.lineno or 1, result.msg)
    return ExplainedCode(source, result) if result is not None and result.body else None


def _from_lines(prompt: str) -> ExplainedCode | None:
    """Try the text from each line that could open code, shrunk by paragraphs from its end."""
    lines = prompt.splitlines()
    starts = [number for number, line in enumerate(lines) if _START.match(line)]
    tries = 0
    for start in starts[:_MAX_TRIES]:
        paragraphs = re.split(r"\n\s*?\n", "\n".join(lines[start:]))
        for end in range(len(paragraphs), 0, -1):
            tries += 1
            if tries > _MAX_TRIES:
                return None
            source = "\n\n".join(paragraphs[:end])
            tree = parse(source)
            if isinstance(tree, ast.Module) and _is_deliberate(tree):
                return ExplainedCode(source, tree)
    return None


def _is_deliberate(tree: ast.Module) -> bool:
    """Whether a statement is there that prose does not form by chance."""
    return any(
        isinstance(
            node,
            ast.Import
            | ast.ImportFrom
            | ast.FunctionDef
            | ast.AsyncFunctionDef
            | ast.ClassDef
            | ast.Assign
            | ast.AugAssign
            | ast.For
            | ast.While
            | ast.With
            | ast.If
            | ast.Try,
        )
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        for node in tree.body
    )


def _of(tree: ast.AST, *kinds: type[ast.AST]) -> list[Any]:
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return _of(tree, ast.FunctionDef, ast.AsyncFunctionDef)


def _imports(tree: ast.Module) -> list[str]:
    plain = [alias.name for node in _of(tree, ast.Import) for alias in node.names]
    taken = [
        f"{node.module or '.'}.{alias.name}"
        for node in _of(tree, ast.ImportFrom)
        for alias in node.names
    ]
    return list(dict.fromkeys(plain + taken))


def _assigned(tree: ast.Module) -> list[str]:
    """The names that the top level gives values to."""
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    names = [
        node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
    ]
    return list(dict.fromkeys(names))


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = function.args
    names = [argument.arg for argument in arguments.posonlyargs + arguments.args]
    names += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    names += [argument.arg for argument in arguments.kwonlyargs]
    names += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    purpose = (ast.get_docstring(function) or "").partition("\n")[0]
    said = f" ({inline(purpose)})" if purpose else ""
    return inline(f"{function.name}({', '.join(names)})") + said


def _loop(node: ast.For | ast.While) -> str:
    subject = node.iter if isinstance(node, ast.For) else node.test
    try:
        text = ast.unparse(subject)
    except RecursionError:
        text = "…"
    return f"{'over' if isinstance(node, ast.For) else 'while'} {inline(text)}"
