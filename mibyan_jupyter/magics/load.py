"""Loading into IPython, and leaving nothing behind."""

from __future__ import annotations

from typing import Any

from mibyan_jupyter.kernel.iopub_tap import tap
from mibyan_jupyter.magics.completion import flag_matcher
from mibyan_jupyter.magics.magics import MibyanMagics
from mibyan_jupyter.session.default import made_session, prepare_session

_NAME = "mibyan"


def load(shell: Any) -> None:
    """Register the magics, the completer and the tap; again is harmless."""
    if _is_loaded(shell):
        return
    shell.register_magics(MibyanMagics(shell))
    shell.Completer.custom_matchers.append(flag_matcher)
    if kernel := getattr(shell, "kernel", None):
        tap.install(kernel.session)


def unload(shell: Any) -> None:
    """Take all of it back and stop a running answer; the session keeps its history."""
    if not _is_loaded(shell):
        return
    if session := made_session():
        session.stop()
    prepare_session(None)
    tap.uninstall()
    if flag_matcher in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(flag_matcher)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(_NAME, None)
    magics = shell.magics_manager.registry.pop(MibyanMagics.__name__, None)
    if magics in shell.configurables:
        shell.configurables.remove(magics)


def _is_loaded(shell: Any) -> bool:
    return MibyanMagics.__name__ in shell.magics_manager.registry
