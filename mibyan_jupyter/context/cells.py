"""The cells that a question rests on, as they ran; a line for each of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.failures import failing_cell
from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.slicing import (
    ExecutedCell,
    hidden_state,
    map_line,
    mentioned_names,
    names_of,
    slice_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mibyan_jupyter.context.observed import CellRecord, OutputSeen
    from mibyan_jupyter.context.provider import Question

_MOST_MAPPED = 100  # cells: more lines than that are no map


class Cells:
    """Source of the slice, hidden state, outputs (or only what they are), and the map."""

    name = "cells"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        cells = question.cells
        failing = failing_cell(question)
        chosen = [n for n in question.rests_on if cells[n] is not failing]  # has its own item
        if said := _hidden_state(question):
            yield ContextItem("hidden state", "\n".join(said), Rank.SLICE, position=-1)
        for position in reversed(chosen):  # when not all fit, the newest stay
            yield _source(cells[position], position, question)
        for position in reversed(question.rests_on):
            yield from _outputs(cells[position], position, question, failing)
        if question.mode in ("auto", "all"):
            yield from _map(question)


def wanted_names(question: Question) -> frozenset[str]:
    """The variables that the question is about: mentioned with `@`, or simply named in it."""
    names = frozenset(question.mentions.names)
    if question.mode == "mentioned" or question.namespace is None:
        return names
    return names | mentioned_names(question.prompt, frozenset(question.namespace))


def with_slice(question: Question) -> Question:
    """The question with the cells that it rests on: those that it names, the one that failed, and
    what these and the wanted names need.
    """
    cells = _executed(question.cells)
    question = question._replace(executed=cells)
    if question.mode == "all":
        return question._replace(rests_on=tuple(range(len(cells))))
    failing = failing_cell(question)
    about = [c for c in question.cells if c is failing or question.names_cell(c)]
    positions, found = slice_of(cells, wanted_names(question), runs={cell.run for cell in about})
    return question._replace(rests_on=positions, makes=found.makes)


def _executed(cells: Iterable[CellRecord]) -> tuple[ExecutedCell, ...]:
    return tuple(
        ExecutedCell(
            cell.run,
            cell.cell_id,
            cell.execution_count,
            cell.source,
            cell.failed,
            ran=cell.failure is None or not cell.failure.before_running,
        )
        for cell in cells
    )


def _hidden_state(question: Question) -> tuple[str, ...]:
    """For the wanted names, and for those that the named and the failing cell use."""
    failing = failing_cell(question)
    about = [c for c in question.cells if c is failing or question.names_cell(c)]
    used = frozenset().union(*(names_of(cell.source).uses for cell in about))
    names = question.namespace
    return hidden_state(
        question.executed or _executed(question.cells),
        question.deleted,
        wanted_names(question) | (used if names is None else used & names.keys()),
        notebook_order=question.page.order,
        texts=question.page.texts,
        forgotten=0 if names is None else question.forgotten,
    )


def _source(cell: CellRecord, position: int, question: Question) -> ContextItem:
    rank = Rank.MENTIONED if question.names_cell(cell) else Rank.SLICE
    failed = f", which failed with {cell.failure.name}" if cell.failure else ""
    return ContextItem(f"{cell.label}{failed}", cell.source.rstrip(), rank, position=position)


def _outputs(
    cell: CellRecord, position: int, question: Question, failing: CellRecord | None
) -> Iterator[ContextItem]:
    """What the cell has shown, if it may be sent, else of what kind it was."""
    if not cell.outputs:
        return
    named = question.names_cell(cell)
    sent = named or cell is failing or question.level >= Privacy.ROWS
    if sent and question.held_to(cell) >= Privacy.ROWS:
        text = "".join(_shown(output, question.level) for output in cell.outputs).rstrip()
    else:
        text = f"(not sent: {', '.join(map(_told, cell.outputs))})"
    rank = Rank.MENTIONED if named else Rank.OUTPUTS
    yield ContextItem(f"output of {cell.label}", text, rank, position=position)


def _shown(output: OutputSeen, level: Privacy) -> str:
    return f"{output.pictures[level]}\n" if output.pictures else output.text or f"({output.kind})\n"


def _told(output: OutputSeen) -> str:
    """`table, 12 lines`."""
    lines = output.text.rstrip().count("\n") + 1
    if output.kind == "figure" or not output.text:
        return output.kind
    return f"{output.kind}, {lines} line{'s' if lines > 1 else ''}"


def _map(question: Question) -> Iterator[ContextItem]:
    """A line for each cell that is not sent, the newest first: those stay when not all fit."""
    failing = failing_cell(question)
    chosen = frozenset(question.rests_on)
    executed = question.executed or _executed(question.cells)
    others = [
        as_run
        for n, (cell, as_run) in enumerate(zip(question.cells, executed, strict=True))
        if n not in chosen and cell is not failing
    ]
    lines = [map_line(cell) for cell in reversed(others[-_MOST_MAPPED:])]
    if older := len(others) - len(lines):
        lines.append(f"({older:,} more that ran before)")
    if question.forgotten:
        lines.append(f"({question.forgotten:,} that ran before are not known any more)")
    if lines:
        yield ContextItem("the other cells that ran, newest first", "\n".join(lines), Rank.MAP)
