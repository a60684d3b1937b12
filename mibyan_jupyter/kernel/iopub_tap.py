"""Sees the outputs that the kernel sends, by the cell run they belong to.

The one place that wraps the kernel's `session.send`. IPython's own history misses the output of
async cells, threads and display_data.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("mibyan_jupyter")
OUTPUT_TYPES = frozenset({"stream", "display_data", "execute_result", "error"})
_RUNS_KEPT = 64


class IOPubTap:
    """Counts the outputs of each cell run, and hands them on, with what clears them.

    Updates of an output do not count. `listener` is called on the sending thread with the run, the
    message's type and its content; it must be quick.
    """

    def __init__(self) -> None:
        self.listener: Callable[[str, str, dict[str, Any]], None] | None = None
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()
        self._undo: Callable[[], None] | None = None

    def install(self, jupyter_session: Any) -> None:
        """Watch what `jupyter_session` (the kernel's) sends; once."""
        if self._undo is not None:
            return
        send = jupyter_session.send

        def watched_send(stream: Any, msg_or_type: Any, *arguments: Any, **options: Any) -> Any:
            sent = send(stream, msg_or_type, *arguments, **options)
            if isinstance(sent, dict):
                self._file(sent)
            return sent

        jupyter_session.send = watched_send

        def undo() -> None:
            if jupyter_session.__dict__.get("send") is watched_send:
                del jupyter_session.send

        self._undo = undo

    def uninstall(self) -> None:
        """Stop watching."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    def count(self, run: str) -> int:
        """How many outputs the cell run `run` (its request's message id) has shown."""
        with self._lock:
            return self._counts.get(run, 0)

    def _file(self, message: dict[str, Any]) -> None:
        kind = message.get("msg_type", "")
        if kind not in OUTPUT_TYPES and kind != "clear_output":
            return
        run = message.get("parent_header", {}).get("msg_id", "")
        if kind in OUTPUT_TYPES:
            with self._lock:
                self._counts[run] = self._counts.get(run, 0) + 1
                self._counts.move_to_end(run)
                while len(self._counts) > _RUNS_KEPT:
                    self._counts.popitem(last=False)
        if self.listener is not None:
            try:
                self.listener(run, kind, message["content"])
            except Exception:  # whoever listens must not cost the user an output
                log.exception("an output was not recorded")


tap = IOPubTap()
