"""An exception becomes a `Failure`: bounded text, user frames only, and no live object kept."""

from __future__ import annotations

import ast
import inspect
import linecache
import os
import sysconfig
import textwrap
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from mibyan_jupyter.context.observed import ErrorSeen, Failure, FrameSeen, LocalSeen
from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.pictures.type_names import has_identity
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.slicing.names import names_of
from mibyan_jupyter.context.slicing.notebook_syntax import parse
from mibyan_jupyter.kernel.error_words import (
    error_name,
    error_words,
    errors_in_group,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType, TracebackType

_LOCAL = 400  # characters
_MOST_FRAMES = 6
_MOST_LOCALS = 12
_LINES_AROUND = 4
_LONGEST_CHAIN = 5
_PATIENCE = 0.25
"""Seconds for the pictures of all variables of one failure."""

_CAUSE, _CONTEXT, _SUPPRESS, _TRACEBACK = (
    BaseException.__dict__[name]
    for name in ("__cause__", "__context__", "__suppress_context__", "__traceback__")
)
_INSTALLED = ("site-packages", "dist-packages")
_STANDARD = tuple(
    {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib")}
)
_OURS = str(Path(__file__).parents[1]) + os.sep
_FILE_OF_SYNTAX_ERROR, _LINE_OF_SYNTAX_ERROR, _TEXT_OF_SYNTAX_ERROR = (
    SyntaxError.__dict__[name] for name in ("filename", "lineno", "text")
)
_PROXY = type(inspect.currentframe().f_locals)  # type: ignore[union-attr]


def failure_of(
    error: BaseException,
    cell_files: Mapping[str, int],
    namespace: Mapping[str, object],
    *,
    cell: int,
    shown: str = "",
    before_running: bool = False,
) -> Failure:
    """What is kept of `error`, which the cell with the count `cell` ended in.

    `cell_files` maps the file names of cells to their counts, `namespace` are the notebook's
    variables. `shown` are the error's words as they already stand below the cell. Nothing of a cell
    that Python could not parse has run: `before_running`.
    """
    look = _Look(cell_files, namespace, cell)
    return Failure(
        tuple(
            ErrorSeen(
                link,
                error_name(each),
                error_words(each, is_users, shown if each is error else ""),
                tuple(_frames(each, look)),
            )
            for link, each in _chain(error)
        ),
        before_running,
    )


def is_users(file: str) -> bool:
    """Whether a file is the notebook's or its user's, rather than a library's."""
    if any(part in file for part in _INSTALLED) or file.startswith("<frozen"):
        return False
    return not os.path.realpath(file).startswith((*_STANDARD, _OURS))


def _chain(error: BaseException) -> list[tuple[str, BaseException]]:
    """The error, then what led to it or stands in it, with how they belong together."""
    chain: list[tuple[str, BaseException]] = []
    waiting = [("", error)]
    while waiting and len(chain) < _LONGEST_CHAIN:
        link, current = waiting.pop(0)
        if any(current is seen for _, seen in chain):
            continue
        chain.append((link, current))
        waiting += [("in the group", each) for each in errors_in_group(current)]
        cause, context = _CAUSE.__get__(current), _CONTEXT.__get__(current)
        if cause is not None:
            waiting.append(("caused by", cause))
        elif context is not None and not _SUPPRESS.__get__(current):
            waiting.append(("while handling", context))
    return chain


@dataclass
class _Look:
    """What the frames of one failure are looked at with; the time for all of them is limited."""

    cell_files: Mapping[str, int]
    namespace: Mapping[str, object]
    cell: int
    until: float = field(default_factory=lambda: time.perf_counter() + _PATIENCE)
    seen: set[int] = field(default_factory=set)
    pictures: dict[tuple[int, str], Mapping[Privacy, str]] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[int, list[str]]:
        """The notebook's names of each object, by its identity."""
        names: dict[int, list[str]] = {}
        for name, value in list(self.namespace.items()):
            if type(name) is str and has_identity(value):
                names.setdefault(id(value), []).append(name)
        return names

    def place(self, file: str) -> str:
        """`In [3]` for a cell, a path for the user's own module, "" for a library's file."""
        if file in self.cell_files:
            return f"In [{self.cell_files[file]}]"
        path = Path(file)
        if not path.is_absolute() or not is_users(file):
            return ""
        here = _working_directory()
        return str(path.relative_to(here) if path.is_relative_to(here) else Path(*path.parts[-2:]))


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError:  # it was deleted
        return Path(os.sep)


def _frames(error: BaseException, look: _Look) -> Iterator[FrameSeen]:
    """The user's frames, outermost first; of a long recursion the ends."""
    trace: TracebackType | None = _TRACEBACK.__get__(error)
    found = []
    while trace is not None:
        if where := look.place(trace.tb_frame.f_code.co_filename):
            found.append((trace.tb_frame, trace.tb_lineno, where))
        trace = trace.tb_next
    half = _MOST_FRAMES // 2
    kept = found if len(found) <= _MOST_FRAMES else found[:half] + found[-half:]
    for frame, line, where in kept:
        yield _frame(frame, line, where, look)
    if not kept and (written := _unparsed(error, look)):
        yield written


def _frame(frame: FrameType, line: int, where: str, look: _Look) -> FrameSeen:
    file = frame.f_code.co_filename
    inside = look.cell_files.get(file) == look.cell  # its whole source goes along anyway
    return FrameSeen(
        function=frame.f_code.co_name,
        where=where,
        line=line,
        source=_source(linecache.getlines(file), line, 0 if inside else _LINES_AROUND),
        locals=tuple(_locals(frame, line, look)),
    )


def _unparsed(error: BaseException, look: _Look) -> FrameSeen | None:
    """Where in a cell the code is that Python could not parse."""
    if not issubclass(type(error), SyntaxError):
        return None
    file, line = _FILE_OF_SYNTAX_ERROR.__get__(error), _LINE_OF_SYNTAX_ERROR.__get__(error)
    text = _TEXT_OF_SYNTAX_ERROR.__get__(error)
    if type(file) is not str or type(line) is not int or type(text) is not str:
        return None
    where = look.place(file)
    return FrameSeen("<module>", where, line, _source([text], 1, 0)) if where else None


def _source(lines: list[str], line: int, around: int) -> str:
    first = max(line - 1 - around, 0)
    marked = (
        ("->" if number == line else "  ", text)
        for number, text in enumerate(lines[first : line + around], first + 1)
    )
    return "".join(f"{mark} {text.rstrip()[:200]}\n" for mark, text in marked)


def _locals(frame: FrameType, line: int, look: _Look) -> Iterator[LocalSeen]:
    """The variables of a function, or those that a cell's failing statement names."""
    if id(frame) in look.seen:
        return
    look.seen.add(id(frame))
    found = frame.f_locals
    if type(found) not in (dict, _PROXY):
        return  # the namespace of a class body, which may be of the user's making
    at_top = frame.f_code.co_name == "<module>"
    named = names_of(_statement(linecache.getlines(frame.f_code.co_filename), line)).uses
    variables = [
        (name, value)
        for name, value in list(found.items())
        if type(name) is str
        and not name.startswith("_")
        and type(value) is not ModuleType
        and (name in named or not at_top)
    ]
    variables.sort(key=lambda variable: variable[0] not in named)
    for name, value in variables[:_MOST_LOCALS]:
        yield LocalSeen(name, _pictures(name, value, look), tuple(look.names.get(id(value), ())))


def _statement(lines: list[str], line: int) -> str:
    """The source of the innermost statement at a line; of one with a body, its head."""
    tree = parse("".join(lines))
    around = [
        node
        for node in ast.walk(tree or ast.Module([], []))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    if not around:
        return "".join(lines[line - 1 : line])
    inner = max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
    body = getattr(inner, "body", None)
    end = body[0].lineno - 1 if body else inner.end_lineno
    return textwrap.dedent("".join(lines[inner.lineno - 1 : max(end or 0, line)]))


def _pictures(name: str, value: object, look: _Look) -> Mapping[Privacy, str]:
    known = (id(value), name)
    if known not in look.pictures:
        late = time.perf_counter() > look.until
        look.pictures[known] = {
            level: f"{name}: (not looked at)"
            if late
            else picture(value, name, level=level, limit=_LOCAL).text
            for level in Privacy
        }
    return look.pictures[known]
