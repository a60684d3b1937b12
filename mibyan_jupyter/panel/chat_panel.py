"""`ChatPanel()`: the kernel's conversation as a widget in an output.

In JupyterLab and Notebook 7 the labextension connects it with the sidebar's link, and no message
goes through the widget. Elsewhere the widget's own comm carries them, from the first request on.
The conversation is never a trait: nothing of it is saved with the notebook.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget

from mibyan_jupyter.chat.kernel_hub import kernel_hub

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.chat.hub import ChatHub

_STATIC = Path(__file__).parent / "static"
_WITHOUT_KERNEL = "The mibyan chat panel: run this cell to open it."


class ChatPanel(anywidget.AnyWidget):
    """The chat panel, inline: the same conversation as `%%mibyan` cells and the sidebar.

    >>> ChatPanel()                                    # doctest: +SKIP
    """

    _esm = _STATIC / "widget.js"
    _css = _STATIC / "chat.css"

    def __init__(self) -> None:
        self._hub: ChatHub | None = None
        self._leave: Callable[[], None] = lambda: None
        super().__init__()
        self.on_msg(self._receive)

    def close(self) -> None:
        """End the widget and its part in the conversation."""
        self._leave()
        super().close()

    def _receive(self, _widget: Any, content: object, _buffers: object) -> None:
        hub = kernel_hub()
        if hub is not self._hub:
            self._hub, self._leave = hub, hub.listen(self.send)
        for message in hub.receive(content):
            self.send(message)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and one line for a notebook that is read without its kernel."""
        kernel_hub().notebook.panel_shown()
        shown = super()._repr_mimebundle_(**options)
        bundle = shown[0] if isinstance(shown, tuple) else shown
        if bundle:
            bundle["text/plain"] = _WITHOUT_KERNEL
        return shown
