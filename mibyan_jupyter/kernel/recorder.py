"""Records the cells as they run: source, outputs as text, errors. Bounded, and no live object.

Hooks: `pre_run_cell` and `post_run_cell` with a stack, since `%%capture` nests them (never
`pre_execute`, which comm messages fire too), and the tap for outputs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.kernel.recorded_outputs import RecordedOutputs
from mibyan_jupyter.kernel.request import execute_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.observed import CellRecord, Failure

_MOST_DETAILED = 20


class CellRecorder:
    """The cells of one kernel, in the order in which they ran.

    The newest `most_cells` executions are kept, and of their outputs the newest `most_output`
    characters; `forgotten` counts the older executions. `deleted` are the ids of cells that are
    gone from the notebook.
    """

    def __init__(
        self, shell: Any, *, most_cells: int = 2_000, most_output: int = 4_000_000
    ) -> None:
        self._shell = shell
        self._most_cells = most_cells
        self._most_output = most_output
        self._lock = threading.Lock()
        self._cells: OrderedDict[str, CellRecord] = OrderedDict()
        self._outputs: OrderedDict[str, RecordedOutputs] = OrderedDict()
        self._size = 0
        self._depth = 0
        self._detailed: deque[str] = deque()
        self.forgotten = 0
        self.deleted: frozenset[str] = frozenset()

    @property
    def cells(self) -> tuple[CellRecord, ...]:
        """All records, oldest first, with the outputs that have come so far."""
        with self._lock:
            for run, outputs in self._outputs.items():
                if outputs.is_new and run in self._cells:
                    self._cells[run] = self._cells[run]._replace(outputs=outputs.seen())
            return tuple(self._cells.values())

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
        metadata = request.get("metadata", {})
        run = str(request.get("header", {}).get("msg_id") or f"count-{result.execution_count}")
        from mibyan_jupyter.context.observed import CellRecord

        record = CellRecord(
            run=run,
            cell_id=metadata.get("cellId") or getattr(info, "cell_id", None),
            execution_count=int(result.execution_count or 0),
            source=info.raw_cell,
            failure=self._failure(result, run),
        )
        self.deleted |= frozenset(metadata.get("deletedCells") or ())
        self.deleted -= {record.cell_id}  # its deletion was undone
        with self._lock:
            self._cells[run] = record
            self._keep_few_details(record)
            while len(self._cells) > self._most_cells:
                gone, _ = self._cells.popitem(last=False)
                self._forget_output(gone)
                self.forgotten += 1

    def _keep_few_details(self, record: CellRecord) -> None:
        """Of older failures only the words: their frames hold many pictures of variables."""
        if not record.failed:
            return
        self._detailed.append(record.run)
        while len(self._detailed) > _MOST_DETAILED:
            old = self._cells.get(self._detailed.popleft())
            if old is not None and old.failure is not None and old is not record:
                self._cells[old.run] = old._replace(failure=old.failure.without_frames())

    def output(self, run: str, kind: str, content: Mapping[str, Any]) -> None:
        """One output message of the run `run`; the tap calls this, on any thread."""
        with self._lock:
            outputs = self._outputs.get(run)
            if outputs is None:
                outputs = self._outputs[run] = RecordedOutputs()
            self._size += outputs.take(kind, content)
            while self._size > self._most_output:
                self._forget_output(next(iter(self._outputs)))

    def _forget_output(self, run: str) -> None:
        gone = self._outputs.pop(run, None)
        self._size -= gone.size if gone else 0

    def _failure(self, result: Any, run: str) -> Failure | None:
        error = result.error_in_exec or result.error_before_exec
        # `isinstance` would ask the error's own `__class__`.
        if error is None or issubclass(type(error), KeyboardInterrupt):
            return None
        from mibyan_jupyter.errors import MibyanError
        from mibyan_jupyter.kernel.failures import failure_of

        if issubclass(type(error), MibyanError):
            return None
        outputs = self._outputs.get(run)
        return failure_of(
            error,
            dict(getattr(self._shell.compile, "_filename_map", {})),
            self._shell.user_ns,
            cell=int(result.execution_count or 0),
            shown=outputs.error if outputs else "",
            before_running=result.error_in_exec is None,
        )
