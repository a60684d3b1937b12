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
    slice_cells,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mibyan_jupyter.context.observed import CellRecord
    from mibyan_jupyter.context.provider import Question

_MOST_MAPPED = 150  # cells: more lines than that are no map


class Cells:
    """Source of the slice, hidden state, outputs (or only their shape), and the map."""

    name = "cells"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        cells = question.cells
        executed = _executed(cells)
        wanted = wanted_names(question)
        chosen = _chosen(question, executed, wanted)
        if said := hidden_state(executed, question.deleted, wanted):
            yield ContextItem("hidden state", "\n".join(said), Rank.SLICE, position=-1)
        for position in reversed(chosen):  # when not all fit, the newest stay
            cell = cells[position]
            yield ContextItem(cell.label, cell.source.rstrip(), Rank.SLICE, position=position)
        for position in reversed(chosen):
            yield from _outputs(cells[position], position, question)
        if question.mode in ("auto", "all"):
            failing = failing_cell(question)  # stands in an item of its own
            yield from _map(
                [
                    executed[position]
                    for position, cell in enumerate(cells)
                    if position not in chosen and cell is not failing
                ]
            )


def wanted_names(question: Question) -> frozenset[str]:
    """The variables that the question is about: mentioned with `@`, or simply named in it."""
    names = frozenset(question.mentions.names)
    if question.mode == "mentioned" or question.namespace is None:
        return names
    return names | mentioned_names(question.prompt, frozenset(question.namespace))


def _chosen(
    question: Question, executed: tuple[ExecutedCell, ...], wanted: frozenset[str]
) -> tuple[int, ...]:
    if question.mode == "all":
        return tuple(range(len(executed)))
    failing = failing_cell(question)
    sliced = slice_cells(executed, wanted, failing=failing.run if failing else None)
    named = {position for position, cell in enumerate(question.cells) if question.names_cell(cell)}
    whole = {n for n, cell in enumerate(question.cells) if failing and cell.run == failing.run}
    return tuple(sorted(({*sliced} - whole) | named))


def _executed(cells: Iterable[CellRecord]) -> tuple[ExecutedCell, ...]:
    return tuple(
        ExecutedCell(cell.run, cell.cell_id, cell.execution_count, cell.source, cell.failed)
        for cell in cells
    )


def _outputs(cell: CellRecord, position: int, question: Question) -> Iterator[ContextItem]:
    text = "".join(cell.outputs).rstrip()
    if not text:
        return
    named = question.names_cell(cell)
    if not named and question.level < Privacy.ROWS:
        lines = text.count("\n") + 1
        text = f"(not sent: {lines} line{'s' if lines > 1 else ''} of output)"
    yield ContextItem(f"output of {cell.label}", text, Rank.OUTPUTS, position=position, live=named)


def _map(others: list[ExecutedCell]) -> Iterator[ContextItem]:
    lines = [map_line(cell) for cell in others[-_MOST_MAPPED:]]
    if len(others) > _MOST_MAPPED:
        lines.insert(0, f"({len(others) - _MOST_MAPPED:,} earlier cells)")
    if lines:
        yield ContextItem("the other cells that ran", "\n".join(lines), Rank.MAP)
