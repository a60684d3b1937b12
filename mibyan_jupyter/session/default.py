"""The kernel's own session, which cells and panels share; light until it is used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.session.session import Session

_lock = threading.RLock()
_session: Session | None = None
_prepare: Callable[[Session], None] | None = None


def get_session() -> Session:
    """The kernel's session; made, and prepared by the doors, on first use."""
    global _session  # one a kernel
    with _lock:
        if _session is None:
            from mibyan_jupyter.session.session import Session

            _session = Session()
            if _prepare is not None:
                _prepare(_session)
        return _session


def made_session() -> Session | None:
    """The kernel's session, if there is one already."""
    return _session


def prepare_session(prepare: Callable[[Session], None] | None) -> None:
    """Let IPython's door fit the session to its surroundings: now, or once it is made.

    None takes that back for a session that is made later.
    """
    global _prepare
    with _lock:
        _prepare = prepare
        if prepare is not None and _session is not None:
            prepare(_session)
