"""The hub of the kernel's own session, which all of its panels share; light until it is used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mibyan_jupyter.chat.hub import ChatHub

_lock = threading.Lock()
_hub: ChatHub | None = None


def kernel_hub() -> ChatHub:
    """The hub, made on first use."""
    global _hub  # one a kernel
    with _lock:
        if _hub is None:
            from mibyan_jupyter.chat.hub import ChatHub
            from mibyan_jupyter.session.default import get_session

            _hub = ChatHub(get_session())
        return _hub


def close_kernel_hub() -> None:
    """End it, if there is one; its panels find a new one with their next request."""
    global _hub
    with _lock:
        if _hub is not None:
            _hub.close()
        _hub = None
