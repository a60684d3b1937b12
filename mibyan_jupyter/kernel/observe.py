"""Switches the watching of a kernel on and off: the tap on its outputs, and the cell hooks."""

from __future__ import annotations

from typing import Any

from mibyan_jupyter.kernel.iopub_tap import tap
from mibyan_jupyter.kernel.recorder import CellRecorder

_recorders: dict[int, CellRecorder] = {}


def observe(shell: Any) -> CellRecorder:
    """Record the cells of `shell` from now on; again it gives the same recorder."""
    if (recorder := _recorders.get(id(shell))) is not None:
        return recorder
    recorder = _recorders[id(shell)] = CellRecorder(shell)
    shell.events.register("pre_run_cell", recorder.before_cell)
    shell.events.register("post_run_cell", recorder.after_cell)
    if kernel := getattr(shell, "kernel", None):
        tap.install(kernel.session)
        tap.listener = recorder.output
    return recorder


def stop_observing(shell: Any) -> None:
    """Take the hooks and the tap away, and forget what was recorded."""
    recorder = _recorders.pop(id(shell), None)
    if recorder is None:
        return
    shell.events.unregister("pre_run_cell", recorder.before_cell)
    shell.events.unregister("post_run_cell", recorder.after_cell)
    tap.listener = None
    tap.uninstall()
