"""The Session: one conversation with Mibyan, shared by cells, panels and Python."""

from __future__ import annotations

import itertools
import logging
import os
import threading
import uuid
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from mibyan_jupyter.context.envelope import new_boundary
from mibyan_jupyter.context.items import Gathered
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.provider import AskedContext
from mibyan_jupyter.context.redaction import secrets_in_environment
from mibyan_jupyter.errors import CommandError, ConfigurationError, SessionBusyError
from mibyan_jupyter.session.answer_stream import AnswerStream, OpenStreams, wait_for_end
from mibyan_jupyter.session.composing import Composed, compose, redacted
from mibyan_jupyter.session.connection import Connection
from mibyan_jupyter.session.conversation import Conversation
from mibyan_jupyter.session.history import messages_now, place
from mibyan_jupyter.session.interrupts import on_interrupt
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.session.running_turn import RunningTurn, answer_of, awaited_answer_of
from mibyan_jupyter.session.turns import Answer, CellRun, Turn, TurnRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mibyan_jupyter.api.client import Client
    from mibyan_jupyter.api.models import Message
    from mibyan_jupyter.config import Settings
    from mibyan_jupyter.context.observed import CellRecord, Page
    from mibyan_jupyter.context.provider import Mentionable
    from mibyan_jupyter.session.events import SessionEvent, Subscriber

log = logging.getLogger("mibyan_jupyter")
_turn_numbers = itertools.count(1)


class ContextSource(Protocol):
    """Where a session's context comes from; in a kernel, the notebook."""

    def gather_here(self, asked: AskedContext) -> Gathered | None:
        """The context, if this thread may read the notebook's live objects; else None."""

    async def gather(self, asked: AskedContext) -> Gathered:
        """The context, from the I/O loop."""

    def failing_cell(self) -> CellRecord | None:
        """The newest cell that failed, if any did."""

    def mentionable(self) -> Mentionable:
        """What can be mentioned with `@` now; from any thread."""

    def show_page(self, page: Page) -> None:
        """How the notebook stands now, as a front end tells it; from any thread."""

    def page_shows(self, cell: str, text: str) -> bool:
        """Whether a front end has told that the cell stands in its page, with this text."""


class Session(Connection):
    """One conversation: it asks, remembers, and tells its subscribers about every turn.

    Every argument is optional and stands above the environment and the configuration file; see
    `Settings` for their meaning. `api_key` holds for `base_url` only. `client` replaces the
    process's HTTP client. `asking_cell` tells which cell run the caller is in, so that a cell that
    runs again replaces its own turns. `context_source` gathers what the notebook knows; without one
    nothing of it goes along.

    >>> session = Session(model="mibyan-4.1")
    >>> session.ask("What is a median?").text          # doctest: +SKIP
    """

    __slots__ = (
        "_client",
        "_conversation",
        "_lock",
        "_open_streams",
        "_private",
        "_subscribers",
        "asking_cell",
        "context_source",
        "extra",
    )

    def __init__(
        self,
        *,
        api_key: str | None = None,
        client: Client | None = None,
        asking_cell: Callable[[], CellRun | None] = lambda: None,
        context_source: ContextSource | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(api_key, **settings)
        self.extra: dict[str, Any] = {}
        self.asking_cell = asking_cell
        self.context_source = context_source
        self._private: dict[str, Privacy] = {}
        self._client = client
        self._subscribers: tuple[Subscriber, ...] = ()
        self._lock = threading.Lock()
        self._open_streams = OpenStreams()
        self._conversation = Conversation(self._the_client, self._gather, self._publish)

    # ---- asking ------------------------------------------------------------------------------

    def submit(self, request: TurnRequest, listener: Subscriber | None = None) -> RunningTurn:
        """Queue one question and return at once; the only way to ask.

        `listener` gets this turn's events, on the I/O thread. Raises ConfigurationError (or its
        MissingKeyError), or CommandError for an empty question, before anything is queued.
        """
        if not request.prompt.strip():
            raise CommandError("The question is empty.", "Ask with some text.")
        settings = self._settings_for(request)
        turn = Turn(_new_turn_id(), request, model=settings.model, asked=datetime.now(UTC))
        asked = self._asked(request, settings)
        running = RunningTurn(
            turn,
            endpoint=self._endpoint(settings),
            settings=settings,
            extra=_checked_extra(self.extra),
            stop_turn=self.stop,
            asked=asked,
            listener=listener,
            gathered=self._gather_here(asked),
        )
        io_thread().post(self._conversation.submit, running)
        return running

    def ask(self, prompt: str, **options: Any) -> Answer:
        """Ask and wait for the whole answer; works with or without a running event loop.

        `options` are the fields of `TurnRequest` (model, system, new, history, stream …). Raises
        the error of a failed turn, IncompleteAnswerError where the wire cut the answer, Stopped
        when ■ was pressed.
        """
        self.check_free()
        request = self._request(prompt, options)
        with on_interrupt() as interrupt:
            running = self.submit(request)
            interrupt.calls(running.stop)
            return answer_of(running.wait())

    async def aask(self, prompt: str, **options: Any) -> Answer:
        """Like `ask`, for code that awaits; cancelling it stops the turn."""
        self.check_free()
        running = self.submit(self._request(prompt, options))
        return awaited_answer_of(await wait_for_end(running))

    def astream(self, prompt: str, **options: Any) -> AnswerStream:
        """The answer's text as it comes: `async for delta in session.astream("…")`."""
        self.check_free()
        request = self._request(prompt, options)
        stream = AnswerStream(lambda listener: self.submit(request, listener))
        self._open_streams.add(stream)
        return stream

    def stop(self, turn_id: str | None = None) -> None:
        """Stop the running answer, or the turn that is named; its text is kept. Any thread."""
        if not isinstance(turn_id, str | None):
            raise TypeError("stop() takes the id of a turn: turn.id")
        io_thread().post(self._conversation.stop, turn_id)

    def check_free(self) -> None:
        """Raise SessionBusyError where waiting here would be waiting for oneself.

        That is in the task that holds an open `astream`, and on the I/O thread (in a subscriber).
        """
        self._open_streams.check_free()
        if io_thread().is_current:
            raise SessionBusyError(
                "A subscriber cannot wait for an answer: it would hold up all of them.",
                "Use submit() there, which does not wait.",
            )

    def _request(self, prompt: str, options: Mapping[str, Any]) -> TurnRequest:
        return TurnRequest(prompt, **{"cell": self.asking_cell(), **options})

    # ---- what of the notebook goes along -----------------------------------------------------

    def preview(self, prompt: str, *, boundary: str = "", **options: Any) -> Composed:
        """What asking this now would send: the messages, byte for byte, and their receipt.

        Made by the function that makes requests. `boundary` replaces the random one; `options`
        are those of `ask`.
        """
        request = self._request(prompt, options)
        settings = self._settings_for(request)
        turn = Turn("preview", request, model=settings.model)
        history, _ = place(self.history, turn)
        asked = self._asked(request, settings)
        gathered = self._gather_here(asked) or io_thread().call(self._gather(asked))
        return compose(
            history,
            turn,
            settings,
            gathered,
            secrets=secrets_in_environment(os.environ),
            boundary=boundary or new_boundary(),
        )

    @property
    def private(self) -> Mapping[str, Privacy]:
        """The variables that are held at a privacy level of their own."""
        return MappingProxyType(self._private)

    def set_private(self, name: str, level: Privacy | str | None) -> None:
        """Hold one variable at a privacy level, whatever the session's is; None lets it go.

        Raises ConfigurationError for what is no variable's name, or no level.
        """
        if not isinstance(name, str) or not name.isidentifier():
            raise ConfigurationError(
                f"{str(name)[:40]!r} is no variable's name.",
                'Give it as in set_private("df", "names").',
            )
        private = {other: held for other, held in self._private.items() if other != name}
        if level is not None:
            private[name] = level if isinstance(level, Privacy) else Privacy.from_name(str(level))
        self._private = private

    def _settings_for(self, request: TurnRequest) -> Settings:
        """The session's, with what this question has of its own."""
        own = {"model": request.model, "context": request.context}
        return self.settings.with_changes(**{k: v for k, v in own.items() if v is not None})

    def _asked(self, request: TurnRequest, settings: Settings) -> AskedContext:
        self._check_context(request, settings)
        return AskedContext(
            prompt=request.prompt,
            mode=settings.context,
            without=(*settings.context_without, *request.without),
            level=Privacy.from_name(settings.privacy),
            private=self._private,
        )

    def _check_context(self, request: TurnRequest, settings: Settings) -> None:
        """Raise ConfigurationError for words that would hold nothing back; loads what they need."""
        if request.without and not (request.replaces or request.edits):
            from mibyan_jupyter.context.gather import check_providers

            check_providers(request.without)
        source = self.context_source
        if "@" in request.prompt and source and settings.context != "none":
            from mibyan_jupyter.context.mentions import check_levels

            check_levels(request.prompt, lambda name: name in dict(source.mentionable().variables))

    def _gather_here(self, asked: AskedContext) -> Gathered | None:
        """The context, if it can be had at once: there is none, or this thread may read it."""
        if self.context_source is None or asked.mode == "none":
            return Gathered()
        return self.context_source.gather_here(asked)

    async def _gather(self, asked: AskedContext) -> Gathered:
        if self.context_source is None or asked.mode == "none":
            return Gathered()
        return await self.context_source.gather(asked)

    # ---- what was said -----------------------------------------------------------------------

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns in their places; a value, which later turns do not change."""
        return self._conversation.history

    @property
    def growing(self) -> tuple[str, str] | None:
        """The id of the turn that is being answered, and its text so far; on the I/O thread."""
        return self._conversation.growing

    @property
    def messages(self) -> tuple[Message, ...]:
        """What a turn appended now would send, less its own prompt."""
        settings = self.settings
        messages = messages_now(self.history, settings.system, settings.history_tokens)
        secrets = secrets_in_environment(os.environ)
        return redacted(messages, secrets, personal=settings.redact_personal)[0]

    def export(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Save what has ended as `.html` (a handout), `.md` or `.ipynb`; the file's absolute path.

        An existing file is replaced with `force` only. Raises CommandError, ConfigurationError.
        """
        from mibyan_jupyter.export.save import save

        return save(self.history, path, force=force).path

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Save what has ended as JSON that `load` reads; the file's absolute path.

        An existing file is replaced with `force` only. Raises CommandError, ConfigurationError.
        """
        from mibyan_jupyter.session.conversation_file import save_conversation

        return save_conversation(self.history, path, force=force)

    def load(self, path: str | os.PathLike[str]) -> None:
        """Put the turns of a saved conversation before those that are here.

        Raises CommandError, ConfigurationError.
        """
        from mibyan_jupyter.session.conversation_file import load_conversation

        self.restore(load_conversation(path))

    def restore(self, turns: Sequence[Turn]) -> None:
        """Put these ended turns before those that are here; nothing is sent."""
        self._on_io_loop(lambda: self._conversation.restore(tuple(turns)))

    def reset(self) -> None:
        """Empty the history; `undo_reset` brings it back."""
        self._on_io_loop(self._conversation.reset)

    def forget(self, turn_id: str) -> None:
        """Take one turn out of the history; stops it where it runs or waits."""
        if not isinstance(turn_id, str):
            raise TypeError("forget() takes the id of a turn: turn.id")
        self._on_io_loop(lambda: self._conversation.forget((turn_id,)))

    def undo_reset(self) -> None:
        """Bring back what the last `reset` forgot.

        Without one, or once that is back: what the last `forget` or edited question removed since.
        """
        self._on_io_loop(self._conversation.undo_reset)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` with every event, on the I/O thread; returns how to end that."""
        with self._lock:
            self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)

        return unsubscribe

    def _publish(self, event: SessionEvent) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception:
                log.exception("a subscriber failed")

    # ---- plumbing ----------------------------------------------------------------------------

    def _the_client(self) -> Client:
        return self._client or _shared_client()

    def _on_io_loop(self, function: Callable[[], None]) -> None:
        async def call() -> None:
            function()

        if io_thread().is_current:  # a subscriber: waiting here would wait for ourselves
            function()
        else:
            io_thread().call(call())

    def __repr__(self) -> str:
        return f"<Session with {len(self.history)} turns>"


_clients: dict[int, Client] = {}


def _shared_client() -> Client:
    """The process's HTTP client, which lives on its I/O loop; a forked child gets its own."""
    if os.getpid() not in _clients:
        from mibyan_jupyter.api.client import Client

        _clients.clear()
        _clients[os.getpid()] = Client()
    return _clients[os.getpid()]


def _new_turn_id() -> str:
    return f"t{next(_turn_numbers)}-{uuid.uuid4().hex[:8]}"


def _checked_extra(extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """A copy; raises ConfigurationError for what would be passed over."""
    fields = dict(extra or {})
    for name in ("model", "messages", "stream"):
        if name in fields:
            raise ConfigurationError(
                f"session.extra cannot hold {name!r}, which the session itself sends.",
                "Use session.model, or ask(…, model=…, stream=…).",
            )
    return fields
