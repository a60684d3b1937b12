"""Which notebook this kernel runs for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def notebook_path(user_ns: Mapping[str, Any]) -> str:
    """The notebook's path, as VS Code or the Jupyter server tells it; "" where nobody does."""
    path = user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") or ""
    return path if isinstance(path, str) else ""


def notebook_or_kernel(shell: Any) -> str:
    """The notebook's path, else the kernel's connection file, which a restart keeps."""
    app = getattr(shell.kernel, "parent", None)
    return notebook_path(shell.user_ns) or str(getattr(app, "abs_connection_file", ""))
