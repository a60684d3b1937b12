"""One line for a cell that is not in the slice. Pure."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from mibyan_jupyter.context.slicing.names import names_of

if TYPE_CHECKING:
    from collections.abc import Set

    from mibyan_jupyter.context.slicing.executed import ExecutedCell

_WIDTH = 100
_MOST_NAMES = 4
_BUILTINS = frozenset(dir(builtins))


def map_line(cell: ExecutedCell) -> str:
    """What a cell does, in at most 100 characters.

    For example `In [7]: defines clean – "def clean(df):"`.
    """
    names = names_of(cell.source)
    said = [
        _list("defines", names.defines),
        _list("changes", names.changes - names.defines),
        _list("uses", names.uses - names.changes - _BUILTINS),
        "failed" if cell.failed else "",
    ]
    does = ", ".join(filter(None, said))
    beginning = f"{cell.label}: {does}" if does else cell.label
    return _cut(f'{_cut(beginning, _WIDTH * 2 // 3)} – "{_first_line(cell.source)}"')


def _list(verb: str, names: Set[str]) -> str:
    named = sorted(name for name in names if name.isidentifier())
    shown = named[:_MOST_NAMES] + (["…"] if len(named) > _MOST_NAMES else [])
    return f"{verb} {', '.join(shown)}" if named else ""


def _first_line(source: str) -> str:
    """The first line that says something; comments only if there is nothing else."""
    lines = [" ".join(line.split()) for line in source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")]
    return (code or lines or ["(empty)"])[0]


def _cut(text: str, width: int = _WIDTH) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
