"""Loading into IPython, and leaving nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mibyan_jupyter.kernel.observe import observe, stop_observing
from mibyan_jupyter.magics.completion import flag_matcher
from mibyan_jupyter.magics.magics import MibyanMagics
from mibyan_jupyter.magics.question_marks import keep_question_marks
from mibyan_jupyter.session.default import made_session, prepare_session

if TYPE_CHECKING:
    from mibyan_jupyter.session.session import Session

_NAME = "mibyan"


def load(shell: Any) -> None:
    """Register the magics, the completer and the tap; again is harmless."""
    if _is_loaded(shell):
        return
    shell.register_magics(MibyanMagics(shell))
    shell.Completer.custom_matchers.append(flag_matcher)
    shell.input_transformer_manager.line_transforms.append(keep_question_marks)
    observe(shell)


def unload(shell: Any) -> None:
    """Take all of it back and stop a running answer; the session keeps its history."""
    if not _is_loaded(shell):
        return
    if session := made_session():
        _leave(session)
    prepare_session(None)
    stop_observing(shell)
    if flag_matcher in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(flag_matcher)
    if keep_question_marks in shell.input_transformer_manager.line_transforms:
        shell.input_transformer_manager.line_transforms.remove(keep_question_marks)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(_NAME, None)
    magics = shell.magics_manager.registry.pop(MibyanMagics.__name__, None)
    if magics in shell.configurables:
        shell.configurables.remove(magics)


def _is_loaded(shell: Any) -> bool:
    return MibyanMagics.__name__ in shell.magics_manager.registry


def _leave(session: Session) -> None:
    from mibyan_jupyter.journal.journal import close_journal
    from mibyan_jupyter.output.frame_feed import close_feed

    session.stop()
    session.asking_cell, session.context_source = lambda: None, None
    close_feed(session)
    close_journal(session)
