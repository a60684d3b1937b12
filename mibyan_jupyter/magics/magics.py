"""The magics as IPython sees them; what they do is loaded on first use."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from mibyan_jupyter.magics.manual import MANUAL
from mibyan_jupyter.magics.settings_view import Setting
from mibyan_jupyter.session.default import get_session, prepare_session

if TYPE_CHECKING:
    from mibyan_jupyter.config import Settings
    from mibyan_jupyter.magics.door import Door
    from mibyan_jupyter.session.session import Session


@magics_class
class MibyanMagics(Magics):
    """The magics, and the session's settings for `%config` and IPython's configuration file."""

    base_url = Setting(help="Where questions go; any OpenAI-compatible server.").tag(config=True)
    model = Setting(help="The model that answers.").tag(config=True)
    system = Setting(help="A system message for every question.").tag(config=True)
    idle_timeout = Setting(
        help="Seconds to wait for the first byte, and between two pieces of text."
    ).tag(config=True)
    history_tokens = Setting(help="The most tokens (estimated) of earlier turns in a request.").tag(
        config=True
    )
    context = Setting(help="What of the notebook goes along: auto, none, mentioned, all.").tag(
        config=True
    )
    context_tokens = Setting(help="The most tokens (estimated) of context.").tag(config=True)
    context_without = Setting(help="Context providers that are switched off.").tag(config=True)
    privacy = Setting(help="How much of live data is shown: names, schema, stats, rows.").tag(
        config=True
    )
    redact_personal = Setting(help="Whether e-mails and phone numbers are redacted too.").tag(
        config=True
    )
    journal = Setting(help="Whether the conversation is kept on disk, for %mibyan resume.").tag(
        config=True
    )
    auth_header = Setting(help="Authorization (Bearer) or x-mibyan-api-key.").tag(config=True)

    def __init__(self, shell: Any) -> None:
        self._config_file: dict[str, Any] = {}
        self._built = False
        super().__init__(shell)
        self._built = True
        prepare_session(self._prepare)

    def _prepare(self, session: Session) -> None:
        from mibyan_jupyter.journal.journal import start_journal
        from mibyan_jupyter.kernel.asking_cell import asking_cell
        from mibyan_jupyter.kernel.main_thread import main_thread
        from mibyan_jupyter.kernel.notebook_context import NotebookContext
        from mibyan_jupyter.kernel.notebook_name import notebook_or_kernel
        from mibyan_jupyter.kernel.observe import observe
        from mibyan_jupyter.output.frame_feed import feed_of

        session.use_config_file(self._config_file)
        if hasattr(self.shell, "kernel"):  # first of all: text is written before it is shown
            start_journal(session, lambda: notebook_or_kernel(self.shell))
        feed_of(session)  # a panel that opens in the middle of an answer finds all of its text
        session.asking_cell = asking_cell
        session.context_source = NotebookContext(self.shell, observe(self.shell))
        main_thread.use_loop_of(self.shell)

    @property
    def settings(self) -> Settings:
        """The session's settings, which the traits show."""
        return get_session().settings

    def set_setting(self, name: str, value: Any) -> None:
        """While IPython builds us, its configuration file speaks; later, the user."""
        if self._built:
            get_session().configure(**{name: value})
        elif _is_usable(name, value):
            self._config_file[name] = value

    @cached_property
    def _door(self) -> Door:
        from mibyan_jupyter.magics.door import Door

        return Door(self.shell, get_session())

    @no_var_expand
    @line_cell_magic
    def mibyan(self, line: str, cell: str | None = None) -> None:
        if cell is None:
            self._door.line(line)
        else:
            self._door.cell(line, cell)

    mibyan.__doc__ = MANUAL


def _is_usable(name: str, value: Any) -> bool:
    """Whether the configuration file's value can work; one that cannot must not stop loading."""
    from mibyan_jupyter.config import Settings
    from mibyan_jupyter.errors import ConfigurationError

    try:
        Settings().with_changes(**{name: value})
    except ConfigurationError as error:
        warnings.warn(f"IPython's configuration was not used: {error.what}", stacklevel=2)
        return False
    return True
