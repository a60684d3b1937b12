"""Which executed cells a question rests on, told from their source alone. Pure.

names.py         what a source defines, uses, changes and imports; the other readers serve it
lives.py         from where to where each binding of a name lives, over all executions
slices.py        backwards from the wanted names to the cells that they rest on
hidden_state.py  what the notebook's page no longer shows      cell_map.py  a line for a cell
"""

from __future__ import annotations

from mibyan_jupyter.context.slicing.cell_map import map_line
from mibyan_jupyter.context.slicing.executed import ExecutedCell
from mibyan_jupyter.context.slicing.hidden_state import hidden_state
from mibyan_jupyter.context.slicing.names import mentioned_names, names_of
from mibyan_jupyter.context.slicing.slices import slice_cells, slice_of, slice_statements

__all__ = [
    "ExecutedCell",
    "hidden_state",
    "map_line",
    "mentioned_names",
    "names_of",
    "slice_cells",
    "slice_of",
    "slice_statements",
]
