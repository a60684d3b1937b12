"""The error that the question is about: its chain, the user's frames, and their variables then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.items import ContextItem, Rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.observed import CellRecord, FrameSeen
    from mibyan_jupyter.context.privacy import Privacy
    from mibyan_jupyter.context.provider import Question


class Failures:
    """The failure of the newest cell, or with `@error` the newest failure of all."""

    name = "failures"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        cell = failing_cell(question)
        if cell is None or cell.failure is None:
            return
        failure = cell.failure
        frames = "".join(_frame(frame, question.level) for frame in failure.frames)
        text = f"{failure.chain}\n{frames}\nThe whole cell:\n{cell.source.rstrip()}"
        live = any(frame.locals for frame in failure.frames)
        yield ContextItem(f"error in {cell.label}", text, Rank.FAILURE, live=live)


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


def _frame(frame: FrameSeen, level: Privacy) -> str:
    place = "" if frame.function == "<module>" else f"{frame.function}(), "
    variables = frame.locals.get(level, "")
    shown = f"variables there, at that moment:\n{variables}\n" if variables else ""
    return f"\n{place}{frame.where}, line {frame.line}:\n{frame.source}{shown}"
