"""The journal of one session: a subscriber that writes down what happens, on the I/O thread.

A whole line of an answer is written before any view is told of it; an unfinished one within half a
second. Nothing is synced to the disk: a process that dies loses nothing by that, only a machine.
What is asked or answered while the journal is off is never written, nor what was forgotten.
"""

from __future__ import annotations

import asyncio
import logging
import os
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from mibyan_jupyter._version import __version__
from mibyan_jupyter.context.redaction import redact, secrets_in_environment
from mibyan_jupyter.journal.dead_runs import Found, find_dead
from mibyan_jupyter.journal.files import (
    JournalFile,
    all_runs,
    delete_runs,
    folder_shown,
    new_path,
    prune,
    runs_of,
)
from mibyan_jupyter.journal.growing_text import GrowingText
from mibyan_jupyter.journal.lock import is_held
from mibyan_jupyter.journal.records import (
    header_line,
    history_line,
    removed_line,
    text_line,
    turn_line,
    without_secrets,
)
from mibyan_jupyter.session.events import (
    HistoryReplaced,
    SessionEvent,
    TextAdded,
    TurnEnded,
    TurnRemoved,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.io_thread import io_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from mibyan_jupyter.journal.growing_text import Piece
    from mibyan_jupyter.session.session import Session
    from mibyan_jupyter.session.turns import Answer, Turn

log = logging.getLogger("mibyan_jupyter")
TICK_SECONDS = 0.25
LARGEST = 16 * 1024 * 1024  # bytes, beyond which the file is written anew


class Journal:
    """Writes down the conversation of `session`, and finds those of dead kernels.

    `notebook` names the notebook, or else the kernel; it is asked when it is needed. `largest` is
    the size in bytes at which the file is rotated: what is left of it is the present conversation.
    """

    def __init__(
        self, session: Session, notebook: Callable[[], str], *, largest: int = LARGEST
    ) -> None:
        self._session = session
        self._notebook = notebook
        self._largest = largest
        self._pid = os.getpid()
        self._file: JournalFile | None = None
        self._limit = largest
        self._growing: tuple[str, GrowingText] | None = None
        self._written: set[str] = set()
        self._left_out: set[str] = set()
        self._unwritten: weakref.WeakValueDictionary[int, Answer]
        self._unwritten = weakref.WeakValueDictionary()  # by id
        self._clean: dict[str, tuple[Turn, Turn]] = {}
        self._is_ticking = False
        self._began = False
        self._found: Found | None = None
        self._trouble = ""
        self._told = False
        self._leave = session.subscribe(self._take)

    # ---- what others ask; any thread ----------------------------------------------------------

    @property
    def place(self) -> str:
        """Where it lies, or why it does not, in words."""
        if not self._is_on:
            before = "; what was written before stays: %mibyan forget deletes it"
            lies_there = before if runs_of(self._notebook()) else ""
            return f"no (MibyanMagics.journal is off){lies_there}"
        return _not_kept(self._trouble) if self._trouble else folder_shown()

    @property
    def trouble(self) -> str:
        """What keeps it from being written, and where; empty while nothing does."""
        return self._trouble

    def trouble_once(self) -> str:
        """The same as a sentence, the first time that this is asked; else nothing."""
        if self._told or not self._trouble:
            return ""
        self._told = True
        return _not_kept(self._trouble)

    @property
    def resumable(self) -> int:
        """Turns that `resume` would bring back; none once something was asked or restored."""
        if self._began or self._session.history:
            return 0
        if self._found is None:
            self._found = find_dead(self._notebook(), self._own_path)
        return len(self._found.turns)

    def resume(self) -> Found:
        """Bring back the newest dead run, before what was asked since; nothing is sent."""
        found = find_dead(self._notebook(), self._own_path)
        if found.turns:
            self._began = True
            self._session.restore(found.turns)
        return found

    def forget(self, *, everywhere: bool = False) -> tuple[int, int]:
        """Delete this notebook's journals (`everywhere`: all), the present run's included.

        The conversation stays, and nothing that was asked so far is written down again.
        Returns how many files are gone, and how many stay since a living kernel writes to them.
        """
        return io_thread().call(self._forget(everywhere=everywhere))  # type: ignore[no-any-return]

    def close(self) -> None:
        """Write what still waits and stop; the file stays."""
        self._leave()
        io_thread().post(self._end)

    @property
    def _is_on(self) -> bool:
        return self._session.settings.journal

    @property
    def _own_path(self) -> Path | None:
        return self._file.path if self._file else None

    # ---- on the I/O loop ----------------------------------------------------------------------

    def _take(self, event: SessionEvent) -> None:
        if self._pid != os.getpid():
            return  # a forked child is not the kernel
        match event:
            case TextAdded(turn_id, _, text):
                self._grow(turn_id, text)
            case TurnWaiting(turn) | TurnStarted(turn) | TurnEnded(turn):
                self._put(turn)
            case TurnRemoved(turn_id):
                self._write(lambda: removed_line(turn_id))
            case HistoryReplaced():
                self._began = self._began or bool(self._session.history)
                self._note_unwritten()
                self._write(self._history_line)
            case _:
                pass

    def _put(self, turn: Turn) -> None:
        self._began = True
        if not self._is_on:
            self._leave_out((turn.id,))
            return
        if turn.id in self._left_out:
            self._note_unwritten()
            return
        if turn.status == "running":
            self._growing = (turn.id, GrowingText(self._cleaner()))
        elif turn.ended and self._growing and self._growing[0] == turn.id:
            self._growing = None
        places = {each.id: place for place, each in enumerate(self._kept_turns())}
        if turn.id in places:  # else it was forgotten in between
            self._write(lambda: turn_line(self._cleaned(turn), places[turn.id]))

    def _grow(self, turn_id: str, text: str) -> None:
        if self._growing is None or self._growing[0] != turn_id:
            return
        self._write_piece(self._growing[1].add(text))
        self._tick_later()

    def _tick(self) -> None:
        self._is_ticking = False
        if self._growing is not None:
            self._write_piece(self._growing[1].tick())
            self._tick_later()

    def _tick_later(self) -> None:
        if self._growing and self._growing[1].is_waiting and not self._is_ticking:
            self._is_ticking = True
            asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def _write_piece(self, piece: Piece | None) -> None:
        if piece is None or self._growing is None:
            return
        if not self._is_on:
            self._leave_out(())
        elif self._file is not None:
            self._append(text_line(self._growing[0], *piece))

    def _write(self, line: Callable[[], bytes]) -> None:
        """Write one line; where there is no file yet, or none any more, all of what it leads to."""
        if not self._is_on:
            self._leave_out(())
        elif self._file is None:
            if self._kept_turns():
                self._begin(new_path(self._notebook()))
        else:
            self._append(line())

    def _append(self, line: bytes) -> None:
        assert self._file is not None  # noqa: S101 - the callers have looked
        try:
            self._file.append(line)
        except OSError as error:
            self._fail(error)
            return
        if self._file.size > self._limit:
            self._begin(self._file.path)

    def _begin(self, path: Path) -> None:
        """Write the file from the start: a new run's, or the present one's without its past."""
        before = self._file
        try:
            if before is None:
                prune(self._notebook())
            self._file = JournalFile(path, self._whole())
        except OSError as error:
            self._fail(error)
            return
        if before is not None:
            before.close()
        self._trouble, self._told = "", False
        self._limit = max(self._largest, 2 * self._file.size)

    def _whole(self) -> bytes:
        facts = {"notebook": self._notebook(), "pid": self._pid, "package": __version__}
        lines = header_line(**facts) + self._history_line()  # type: ignore[arg-type]
        if self._growing is not None and (text := self._growing[1].text):
            lines += text_line(self._growing[0], 0, text)
        return lines

    def _fail(self, error: OSError) -> None:
        """Give the file up; the next turn tries again, with all of the conversation."""
        self._close_file()
        why = (error.strerror or type(error).__name__).lower()
        self._trouble = f"{why} ({folder_shown()})"
        log.debug("the journal cannot be written", exc_info=error)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self) -> None:
        for _ in range(2):  # the second one writes a word that may be unfinished
            if self._growing is not None:
                self._write_piece(self._growing[1].tick())
        self._growing = None
        self._close_file()

    async def _forget(self, *, everywhere: bool) -> tuple[int, int]:
        own = self._own_path
        self._leave_out(self._written | {turn.id for turn in self._session.history})
        self._found = Found()
        paths = all_runs() if everywhere else runs_of(self._notebook())
        dead = [path for path in paths if path == own or not is_held(path)]
        return delete_runs(dead), len(paths) - len(dead)

    # ---- what is written ----------------------------------------------------------------------

    def _leave_out(self, turn_ids: Iterable[str]) -> None:
        """Never write these turns, nor the one that is answered now; what comes has a new file."""
        growing = (self._growing[0],) if self._growing else ()
        self._left_out |= {*turn_ids, *growing}
        self._growing = None
        self._close_file()
        self._note_unwritten()

    def _note_unwritten(self) -> None:
        """The answers of what is left out, which may be earlier ones of another turn some day."""
        for turn in self._session.history:
            if turn.id in self._left_out:
                answers = filter(None, (*turn.versions, turn.answer))
                self._unwritten.update((id(answer), answer) for answer in answers)

    def _kept_turns(self) -> list[Turn]:
        return [turn for turn in self._session.history if turn.id not in self._left_out]

    def _history_line(self) -> bytes:
        turns = self._kept_turns()
        ids = {turn.id for turn in turns}
        self._clean = {turn_id: both for turn_id, both in self._clean.items() if turn_id in ids}
        return history_line([self._cleaned(turn) for turn in turns])

    def _cleaned(self, turn: Turn) -> Turn:
        """The turn as it is written; cleaned once, since each rotation needs it again."""
        known, cleaned = self._clean.get(turn.id, (None, turn))
        if known is not turn:
            versions = (each for each in turn.versions if id(each) not in self._unwritten)
            written = replace(turn, versions=tuple(versions))
            cleaned = without_secrets(written, self._cleaner())
            self._clean[turn.id] = (turn, cleaned)
            self._written.add(turn.id)
        return cleaned

    def _cleaner(self) -> Callable[[str], str]:
        secrets = secrets_in_environment(os.environ)
        personal = self._session.settings.redact_personal
        without_key = self._session.without_key
        return lambda text: redact(without_key(text), secrets, personal=personal).text


def _not_kept(trouble: str) -> str:
    return f"The conversation is not kept on disk: {trouble}."


_journals: weakref.WeakKeyDictionary[Session, Journal] = weakref.WeakKeyDictionary()


def start_journal(session: Session, notebook: Callable[[], str]) -> Journal:
    """Keep the conversation of `session`; again is harmless."""
    if session not in _journals:
        _journals[session] = Journal(session, notebook)
    return _journals[session]


def journal_of(session: Session) -> Journal | None:
    """The journal of `session`; only the kernel's own session has one."""
    return _journals.get(session)


def close_journal(session: Session) -> None:
    """End the journal of `session`, if there is one; its file stays."""
    if journal := _journals.pop(session, None):
        journal.close()
