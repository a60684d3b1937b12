"""Connects the panels of JupyterLab and Notebook 7 with the kernel's session.

Requests come on the control channel, which answers while a cell runs. Messages go out on a comm
with a fixed id that is never opened: whoever listens for it hears them, in any number of tabs and
after any number of reloads, and nothing is left behind.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

from comm import create_comm

from mibyan_jupyter._version import __version__
from mibyan_jupyter.chat.kernel_hub import close_kernel_hub, kernel_hub
from mibyan_jupyter.chat.worker import Worker
from mibyan_jupyter.context.observed import Page
from mibyan_jupyter.session.default import get_session

if TYPE_CHECKING:
    from mibyan_jupyter.chat.hub import ChatHub

COMM_ID = "mibyan-jupyter-panel"
_REQUEST, _REPLY = "mibyan_request", "mibyan_reply"
_PAGE = "mibyan_page"


class KernelLink:
    """One kernel's link; `open` it when the extension is loaded, `close` it when that ends."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._comm = create_comm(target_name="mibyan", comm_id=COMM_ID, primary=False)
        self._worker = Worker("mibyan-link")
        self._hub: ChatHub | None = None
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._closed = False

    def open(self) -> None:
        """Answer requests, and tell the panels that wait that we are here."""
        self._kernel.control_handlers[_REQUEST] = self._answer
        self._kernel.control_handlers[_PAGE] = self._take_page
        self._kernel.shell_handlers[_PAGE] = self._take_page_in_queue
        self._comm.send({"type": "hello", "version": __version__})

    def close(self) -> None:
        """Take it back, and say so."""
        for name in (_REQUEST, _PAGE):
            self._kernel.control_handlers.pop(name, None)
        self._kernel.shell_handlers.pop(_PAGE, None)
        with self._lock:
            self._closed, self._hub = True, None
        close_kernel_hub()
        self._worker.close()
        with self._sending:
            self._comm.send({"type": "bye"})

    def _send(self, message: dict[str, Any]) -> None:
        """Tell all panels, from any thread; nothing more once it closes."""
        with self._sending:
            if not self._closed:
                self._comm.send(message)

    def _answer(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """One request, on the kernel's control thread: an interrupt waits behind it."""
        messages = self._receive(parent["content"])
        self._kernel.session.send(stream, _REPLY, {"messages": messages}, parent, ident)

    def _take_page(self, _stream: Any, _ident: Any, parent: dict[str, Any]) -> None:
        """How the notebook stands, before a panel's question; nobody waits for an answer."""
        # Ahead of the question that follows it: on the thread that takes that.
        post = self._hub.after_requests if self._hub else self._worker.post
        post(lambda: _show_page(parent["content"]))

    def _take_page_in_queue(self, _stream: Any, _ident: Any, parent: dict[str, Any]) -> None:
        """The same before a cell's question, in the order of the cells."""
        _show_page(parent["content"])

    def _receive(self, request: object) -> list[dict[str, Any]]:
        if self._hub is not None:
            return self._hub.receive(request, self._send)
        self._worker.post(lambda: self._receive_first(request))
        return []

    def _receive_first(self, request: object) -> None:
        """The first request loads what panels need, away from the control thread."""
        with self._lock:
            if self._closed:
                return  # it came while the extension was unloaded
            if self._hub is None:
                self._hub = kernel_hub()
                self._hub.listen(self._send)
            hub = self._hub
        for message in hub.receive(request, self._send):
            self._send(message)
        _load_ahead()


def _show_page(content: dict[str, Any]) -> None:
    page, source = page_in(content), get_session().context_source
    if page is not None and source is not None:
        source.show_page(page)


def _load_ahead() -> None:
    """Import what the first question needs while it is typed: it would wait 0.1 s for that."""
    from mibyan_jupyter.api.routes import load_ahead
    from mibyan_jupyter.session.io_thread import io_thread

    for name in ("api.client", "context.gather", "context.pictures", "rendering.live_document"):
        import_module(f"mibyan_jupyter.{name}")
    io_thread().call(load_ahead())


def page_in(content: dict[str, Any]) -> Page | None:
    """A front end's message as a value; None for what is none."""
    order, texts, at = content.get("order"), content.get("texts"), content.get("at")
    if isinstance(order, list) and isinstance(texts, dict):
        known = {str(cell): text for cell, text in texts.items() if isinstance(text, str)}
        return Page(tuple(map(str, order)), known, at if isinstance(at, (int, float)) else 0)
    return None


_links: dict[int, KernelLink] = {}


def open_link(shell: Any) -> None:
    """Link this shell's kernel, if it has one; again is harmless."""
    kernel = getattr(shell, "kernel", None)
    if kernel is not None and id(kernel) not in _links:
        link = _links[id(kernel)] = KernelLink(kernel)
        link.open()


def close_link(shell: Any) -> None:
    """Unlink this shell's kernel."""
    if link := _links.pop(id(getattr(shell, "kernel", None)), None):
        link.close()
