"""An exception becomes a `Failure`: bounded text, user frames only, and no live object kept."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.observed import Failure, FrameSeen
from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.slicing.names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType, TracebackType

_MESSAGE = 2_000  # characters
_LOCAL = 400
_MOST_FRAMES = 6
_MOST_LOCALS = 12
_LINES_AROUND = 4
_LONGEST_CHAIN = 5


def failure_of(error: BaseException, cell_files: Mapping[str, int]) -> Failure:
    """What is kept of `error`; `cell_files` maps the file names of cells to their counts."""
    chain = list(_chain(error))
    return Failure(
        name=type(error).__name__,
        message=_message(error),
        chain="\n".join(f"{link}{type(each).__name__}: {_message(each)}" for link, each in chain),
        frames=tuple(_frames(error.__traceback__, cell_files)),
    )


def _chain(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    """The error, then what led to it, with how the two belong together."""
    link, current = "", error
    seen: set[int] = set()
    while id(current) not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(id(current))
        yield link, current
        if current.__cause__ is not None:
            link, current = "caused by ", current.__cause__
        elif current.__context__ is not None and not current.__suppress_context__:
            link, current = "while handling ", current.__context__


def _message(error: BaseException) -> str:
    """The error's own words, without running a `__str__` that the notebook's user wrote."""
    own_words = next(
        (each for each in type(error).__mro__ if "__str__" in each.__dict__), BaseException
    )
    if own_words.__module__ == "__main__":
        return picture(error.args, "args", level=Privacy.STATS, limit=_MESSAGE).text
    try:
        return str(error)[:_MESSAGE]
    except Exception:  # a library's own fault must not hide the error
        return ""


def _frames(trace: TracebackType | None, cell_files: Mapping[str, int]) -> Iterator[FrameSeen]:
    """The user's frames, outermost first; of a long recursion the ends."""
    found = []
    while trace is not None:
        if where := _where(trace.tb_frame, cell_files):
            found.append((trace.tb_frame, trace.tb_lineno, where))
        trace = trace.tb_next
    half = _MOST_FRAMES // 2
    kept = found if len(found) <= _MOST_FRAMES else found[:half] + found[-half:]
    for frame, line, where in kept:
        yield FrameSeen(
            function=frame.f_code.co_name,
            where=where,
            line=line,
            source=_source(frame.f_code.co_filename, line),
            locals=_locals(frame, line),
        )


def _where(frame: FrameType, cell_files: Mapping[str, int]) -> str:
    """`In [3]` for a cell, a path for the user's own module, "" for a library's frame."""
    file = frame.f_code.co_filename
    if file in cell_files:
        return f"In [{cell_files[file]}]"
    path = Path(file)
    is_library = "site-packages" in path.parts or path.is_relative_to(sys.base_prefix)
    if is_library or not path.is_relative_to(Path.cwd()):
        return ""
    return str(path.relative_to(Path.cwd()))


def _source(file: str, line: int) -> str:
    lines = linecache.getlines(file)
    first = max(line - 1 - _LINES_AROUND, 0)
    around = lines[first : line + _LINES_AROUND]
    marked = (
        ("->" if number == line else "  ", text) for number, text in enumerate(around, first + 1)
    )
    return "".join(f"{mark} {text.rstrip()[:200]}\n" for mark, text in marked)


def _locals(frame: FrameType, line: int) -> dict[Privacy, str]:
    """The variables of a function, or those that a cell's failing line names, at each level."""
    at_top = frame.f_code.co_name == "<module>"
    named = names_of(linecache.getline(frame.f_code.co_filename, line).strip()).uses
    variables = [
        (name, value)
        for name, value in list(frame.f_locals.items())
        if not name.startswith("_") and (name in named or not at_top)
    ]
    variables.sort(key=lambda variable: variable[0] not in named)
    return {level: _pictures(variables[:_MOST_LOCALS], level) for level in Privacy}


def _pictures(variables: list[tuple[str, Any]], level: Privacy) -> str:
    return "\n".join(
        picture(value, name, level=level, limit=_LOCAL).text for name, value in variables
    )
