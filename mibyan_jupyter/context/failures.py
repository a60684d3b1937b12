"""The error that the question is about: its chain, the user's frames, and their variables then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.items import ContextItem, Rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.observed import CellRecord, ErrorSeen, FrameSeen
    from mibyan_jupyter.context.provider import Question


class Failures:
    """The failure of the newest cell, or with `@error` the newest failure of all."""

    name = "failures"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        cell = failing_cell(question)
        if cell is None or cell.failure is None:
            return
        errors = cell.failure.errors
        lines = [error.line for error in errors]
        parts = [_frames(error, question, headed=len(errors) > 1) for error in errors]
        whole = f"The whole cell:\n{cell.source.rstrip()}"
        text = "\n\n".join(filter(None, ("\n".join(lines), *parts, whole)))
        yield ContextItem(f"error in {cell.label}", text, Rank.FAILURE)


def failing_cell(question: Question) -> CellRecord | None:
    """The cell whose error the question is about: named, mentioned, or simply the last that ran."""
    if not question.cells or question.mode == "none":
        return None
    failed = [cell for cell in question.cells if cell.failed]
    if question.mentions.error:
        return failed[-1] if failed else None
    named = [cell for cell in failed if question.names_cell(cell)]
    if named or question.mode == "mentioned":
        return named[-1] if named else None
    return question.cells[-1] if question.cells[-1].failed else None


def _frames(error: ErrorSeen, question: Question, *, headed: bool) -> str:
    """The frames that an error came through, under its name where there are several."""
    frames = "\n".join(_frame(frame, question) for frame in error.frames).rstrip()
    return f"{error.name} came from:\n{frames}" if frames and headed else frames


def _frame(frame: FrameSeen, question: Question) -> str:
    place = "" if frame.function == "<module>" else f"{frame.function}(), "
    variables = [
        f"{local.pictures[question.level_of(local.name, same_as=local.same_as)]}\n"
        for local in frame.locals
    ]
    shown = f"variables there, at that moment:\n{''.join(variables)}" if variables else ""
    return f"{place}{frame.where}, line {frame.line}:\n{frame.source}{shown}"
