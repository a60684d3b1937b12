"""`ChatPanel()`: the kernel's conversation as a widget in an output.

In the notebooks of JupyterLab and Notebook 7 the labextension shows the panel itself, over the
sidebar's link: no message goes through the widget, and a notebook that is opened without its kernel
shows one line. Elsewhere the widget's own comm carries the messages, from the first request on. The
conversation is never a trait: nothing of it is saved with the notebook.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget

from mibyan_jupyter.chat.kernel_hub import kernel_hub
from mibyan_jupyter.kernel.asking_cell import asking_cell
from mibyan_jupyter.kernel.request import ipython_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.chat.hub import ChatHub
    from mibyan_jupyter.session.turns import CellRun

_STATIC = Path(__file__).parent / "static"
_PANEL_MIME = "application/vnd.mibyan-jupyter.panel+json"
_WITHOUT_KERNEL = "The Mibyan chat panel: run this cell to open it."


class ChatPanel(anywidget.AnyWidget):
    """The chat panel, inline: the same conversation as `%%mibyan` cells and the sidebar.

    A cell that runs again closes the panels that it made before.

    >>> ChatPanel()                                    # doctest: +SKIP
    """

    _esm = _STATIC / "widget.js"
    _css = _STATIC / "chat.css"

    def __init__(self) -> None:
        self._hub: ChatHub | None = None
        self._leave: Callable[[], None] = lambda: None
        _load_extension()
        super().__init__()
        self.on_msg(self._receive)
        if (cell := asking_cell()) is not None:
            _take_place(self, cell)

    def close(self) -> None:
        """End the widget and its part in the conversation."""
        self._leave()
        self.layout.close()  # a widget of its own
        super().close()

    def _receive(self, _widget: Any, content: object, _buffers: object) -> None:
        hub = kernel_hub()
        if hub is not self._hub:
            self._hub, self._leave = hub, hub.listen(self.send)
        for message in hub.receive(content, self.send):
            self.send(message)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, what the labextension shows in its place, and a line for other readers."""
        shown = super()._repr_mimebundle_(**options)
        bundle = shown[0] if isinstance(shown, tuple) else shown
        if bundle:
            bundle |= {_PANEL_MIME: {}, "text/plain": _WITHOUT_KERNEL}
        return shown


_of_cells: dict[tuple[str, str], tuple[str, list[ChatPanel]]] = {}
"""By notebook and cell: its newest run, and the panels that this made."""


def _take_place(panel: ChatPanel, cell: CellRun) -> None:
    """Close what the cell's earlier runs have made: widgets stay in the kernel until then."""
    place = (cell.notebook, cell.cell_id)
    run, panels = _of_cells.get(place, ("", []))
    if run != cell.run:
        for earlier in panels:
            earlier.close()
        panels = []
    _of_cells[place] = (cell.run, [*panels, panel])


def _load_extension() -> None:
    """The link of JupyterLab's panels comes with the extension; again is harmless."""
    if (shell := ipython_shell()) is not None:
        shell.extension_manager.load_extension("mibyan_jupyter")
