"""The execute request that the kernel is answering; light, for hooks that run with every cell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def ipython_shell() -> Any:
    """IPython's shell, if this process has one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def execute_request() -> Mapping[str, Any]:
    """The shell message being answered; empty outside a kernel."""
    kernel = getattr(ipython_shell(), "kernel", None)
    if kernel is None:
        return {}
    parent: Mapping[str, Any] = kernel.get_parent("shell") or {}
    return parent if parent.get("header", {}).get("msg_type") == "execute_request" else {}
