"""What a panel writes into the notebook from inside the kernel: a cell, an output below itself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.kernel.request import execute_request, ipython_shell

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotebookWrites:
    """One kernel's. `panel_shown` tells it which cell run shows the inline panel."""

    def __init__(self) -> None:
        self._shown_by: Mapping[str, Any] = {}
        self._display_id = ""

    def panel_shown(self) -> None:
        """The cell that runs now shows the panel: what is kept goes below it."""
        self._shown_by, self._display_id = execute_request(), ""

    def propose_cell(self, source: str) -> None:
        """Have the front end add a cell behind the next one that runs; raises CommandError."""
        shell = ipython_shell()
        if shell is None:
            raise CommandError("There is no notebook to add a cell to.", "Copy the code instead.")
        shell.set_next_input(source, replace=False)

    def keep(self, bundle: Mapping[str, str]) -> None:
        """Show an output in the panel's cell; again it replaces that. Raises CommandError."""
        kernel = getattr(ipython_shell(), "kernel", None)
        if kernel is None or not self._shown_by:
            raise CommandError("There is no inline panel to write below.", "Run ChatPanel() first.")
        update = bool(self._display_id)
        self._display_id = self._display_id or f"mibyan-kept-{uuid.uuid4().hex[:12]}"
        kernel.session.send(
            kernel.iopub_socket,
            "update_display_data" if update else "display_data",
            {"data": dict(bundle), "metadata": {}, "transient": {"display_id": self._display_id}},
            parent=self._shown_by,
            ident=b"display_data",
        )
