"""Records the cells as they run: source, outputs as text, errors. Bounded, and no live object.

Hooks: `pre_run_cell` and `post_run_cell` with a stack, since `%%capture` nests them (never
`pre_execute`, which comm messages fire too), and the tap for outputs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.kernel.request import execute_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.observed import CellRecord, Failure

_MOST_CELLS = 2_000
_MOST_OUTPUT = 16_000  # characters a cell
_OURS = "mibyan-answer"  # the answers themselves are in the history


class _Outputs:
    """The first texts that a cell has shown."""

    __slots__ = ("size", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.size = 0

    def add(self, text: str) -> None:
        room = _MOST_OUTPUT - self.size
        if room > 0 and text:
            self.texts.append(text[:room])
            self.size += len(text)


class CellRecorder:
    """The cells of one kernel, in the order in which they ran."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._lock = threading.Lock()
        self._cells: OrderedDict[str, CellRecord] = OrderedDict()
        self._outputs: dict[str, _Outputs] = {}
        self._depth = 0
        self.deleted: frozenset[str] = frozenset()

    @property
    def cells(self) -> tuple[CellRecord, ...]:
        """All records, oldest first, with the outputs that have come so far."""
        from dataclasses import replace

        with self._lock:
            return tuple(
                replace(cell, outputs=tuple(outputs.texts))
                if (outputs := self._outputs.get(run))
                else cell
                for run, cell in self._cells.items()
            )

    def before_cell(self, _info: Any) -> None:
        """`pre_run_cell`."""
        self._depth += 1

    def after_cell(self, result: Any) -> None:
        """`post_run_cell`; only the outermost of nested cells is recorded."""
        self._depth = max(self._depth - 1, 0)
        info = result.info
        if self._depth or info is None or info.silent or not info.store_history:
            return
        request = execute_request()
        run = str(request.get("header", {}).get("msg_id") or f"count-{result.execution_count}")
        from mibyan_jupyter.context.observed import CellRecord

        record = CellRecord(
            run=run,
            cell_id=request.get("metadata", {}).get("cellId") or getattr(info, "cell_id", None),
            execution_count=int(result.execution_count or 0),
            source=info.raw_cell,
            failure=self._failure(result.error_in_exec or result.error_before_exec),
        )
        self.deleted |= frozenset(request.get("metadata", {}).get("deletedCells") or ())
        with self._lock:
            self._cells[run] = record
            while len(self._cells) > _MOST_CELLS:
                gone, _ = self._cells.popitem(last=False)
                self._outputs.pop(gone, None)

    def output(self, run: str, kind: str, content: Mapping[str, Any]) -> None:
        """One output message of the run `run`; the tap calls this, on any thread."""
        text = _as_text(kind, content)
        with self._lock:
            self._outputs.setdefault(run, _Outputs()).add(text)

    def _failure(self, error: BaseException | None) -> Failure | None:
        if error is None or isinstance(error, KeyboardInterrupt):
            return None
        from mibyan_jupyter.errors import MibyanError
        from mibyan_jupyter.kernel.failures import failure_of

        if isinstance(error, MibyanError):
            return None
        return failure_of(error, dict(getattr(self._shell.compile, "_filename_map", {})))


def _as_text(kind: str, content: Mapping[str, Any]) -> str:
    if kind == "stream":
        return str(content.get("text", ""))
    data = content.get("data", {})
    if _OURS in str(data.get("text/html", ""))[:100]:
        return ""
    return f"{data.get('text/plain', '')}\n" if "text/plain" in data else ""
