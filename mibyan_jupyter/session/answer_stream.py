"""`async for delta in session.astream(...)`, and waiting for a turn inside an event loop."""

from __future__ import annotations

import asyncio
import threading
import weakref
from typing import TYPE_CHECKING

from mibyan_jupyter.errors import SessionBusyError
from mibyan_jupyter.session.events import SessionEvent, TextAdded, TurnEnded
from mibyan_jupyter.session.running_turn import awaited_answer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.session.events import Subscriber
    from mibyan_jupyter.session.running_turn import RunningTurn
    from mibyan_jupyter.session.turns import Turn

# ipykernel cancels an async cell from a signal handler, which does not wake a sleeping loop:
# without this ticker ■ would wait for the server's next byte.
_TICK_SECONDS = 0.1


async def wait_for_end(running: RunningTurn) -> Turn:
    """The ended turn, awaited on any event loop; a cancelled wait stops the turn."""
    ended = asyncio.wrap_future(running.ended)
    try:
        while not ended.done():
            await asyncio.wait((ended,), timeout=_TICK_SECONDS)
    except asyncio.CancelledError as cancelled:
        running.stop()
        _show_in_one_line(cancelled)
        raise
    return ended.result()


def _show_in_one_line(cancelled: asyncio.CancelledError) -> None:
    """Let IPython show ■ as one line; the exception itself stays as asyncio made it."""
    vars(cancelled)["_render_traceback_"] = lambda: ["Stopped: what had come is kept."]


class AnswerStream:
    """The text of one answer as it comes; an async iterator.

    Left early (`break`, an error, cancellation) it stops its turn, whose text is kept. `turn` is
    the turn's newest value.
    """

    def __init__(self, submit: Callable[[Subscriber], RunningTurn]) -> None:
        self._loop = asyncio.get_running_loop()
        self._deltas: asyncio.Queue[str | None] = asyncio.Queue()
        self._owner = _owner()
        self._running = submit(_listener(self._loop, self._deltas))

    @property
    def turn(self) -> Turn:
        return self._running.turn

    @property
    def is_open(self) -> bool:
        return not self._running.ended.done()

    @property
    def is_held_here(self) -> bool:
        """Whether the calling task (outside a task: thread) opened this stream, which is open."""
        return self.is_open and self._owner == _owner()

    def __aiter__(self) -> AnswerStream:
        return self

    async def __anext__(self) -> str:
        delta = await self._next_delta()
        if delta is not None:
            return delta
        self._deltas.put_nowait(None)  # asked again after its end, it says so again
        awaited_answer_of(await wait_for_end(self._running))
        raise StopAsyncIteration

    async def _next_delta(self) -> str | None:
        while True:
            try:
                async with asyncio.timeout(_TICK_SECONDS):
                    return await self._deltas.get()
            except TimeoutError:
                continue
            except asyncio.CancelledError as cancelled:
                self._running.stop()
                _show_in_one_line(cancelled)
                raise

    async def aclose(self) -> None:
        """Stop the turn if it still runs, and wait until it has ended."""
        self._running.stop()
        await wait_for_end(self._running)

    def __del__(self) -> None:
        if getattr(self, "_running", None) is not None and self.is_open:
            self._running.stop()


def _listener(
    loop: asyncio.AbstractEventLoop, deltas: asyncio.Queue[str | None]
) -> Callable[[SessionEvent], None]:
    def listen(event: SessionEvent) -> None:
        if isinstance(event, TextAdded | TurnEnded) and not loop.is_closed():
            delta = event.text if isinstance(event, TextAdded) else None
            loop.call_soon_threadsafe(deltas.put_nowait, delta)

    return listen


def _owner() -> tuple[str, int]:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return ("thread", threading.get_ident()) if task is None else ("task", id(task))


class OpenStreams:
    """The streams of a session that are still being read."""

    def __init__(self) -> None:
        self._streams: weakref.WeakSet[AnswerStream] = weakref.WeakSet()

    def add(self, stream: AnswerStream) -> None:
        self._streams.add(stream)

    def check_free(self) -> None:
        """Raise SessionBusyError where the caller still holds a stream that it has opened."""
        if any(stream.is_held_here for stream in self._streams):
            raise SessionBusyError(
                "This code is still reading an answer of the same session.",
                "Finish or aclose() that astream first, or ask in a Session() of its own.",
            )
