"""`FakeMibyan`, the server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from tests.fake_mibyan.replies import Answer, Close, Hold, Pause, Reply, Reset, echo
from tests.fake_mibyan.requests import Inbox, RecordedRequest

if TYPE_CHECKING:
    from types import TracebackType


class FakeMibyan:
    """The server: starts in `__enter__` or `start()`, is gone after `__exit__` or `stop()`.

    With `tls` it speaks HTTPS.
    """

    def __init__(self, *, default: Answer = echo, tls: ssl.SSLContext | None = None) -> None:
        self._default = default
        self._tls = tls
        self._queue: deque[Answer] = deque()
        self._requests: list[RecordedRequest] = []
        self._holds = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._permits: asyncio.Semaphore
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._connections = 0
        self.port = 0

    # The test's side.

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns when the port accepts connections."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = listener.getsockname()[1]
        serving = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(listener, serving),
            name=f"fake-mibyan-{self.port}",
            daemon=True,
        )
        self._thread.start()
        serving.wait()

    def stop(self) -> None:
        """Drop every connection and join the thread; harmless when repeated."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = None

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL, without a trailing slash."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}/api/public/v1"

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests so far, in the order of their arrival."""
        with self._changed:
            return list(self._requests)

    def enqueue(self, *replies: Answer) -> None:
        """Add replies, or functions from a request to its reply, to the queue."""
        with self._changed:
            self._queue.extend(replies)

    def release(self, count: int = 1) -> None:
        """Let `count` holds go on: those reached already, or else the next ones."""
        for _ in range(count):
            self._loop.call_soon_threadsafe(self._permits.release)

    def wait_for_requests(self, n: int, timeout: float = 10) -> list[RecordedRequest]:
        """Return the requests once at least `n` have arrived."""
        self._wait(lambda: len(self._requests) >= n, f"{n} request(s)", timeout)
        return self.requests

    def wait_for_holds(self, n: int = 1, timeout: float = 10) -> None:
        """Return once `n` holds have been reached in all."""
        self._wait(lambda: self._holds >= n, f"{n} hold(s)", timeout)

    def wait_for_disconnect(self, n: int = 1, timeout: float = 10) -> RecordedRequest:
        """Return the n-th request once its client has closed before the reply's end."""
        self._wait(
            lambda: len(self._requests) >= n and self._requests[n - 1].disconnected_at is not None,
            f"the client of request {n} to disconnect",
            timeout,
        )
        return self.requests[n - 1]

    def _wait(self, reached: Callable[[], bool], what: str, timeout: float) -> None:
        with self._changed:
            if not self._changed.wait_for(reached, timeout):
                seen = "".join(f"\n  {_line(request)}" for request in self._requests) or " nothing"
                raise AssertionError(
                    f"Waited {timeout} s for {what}; holds reached: {self._holds}; seen:{seen}"
                )

    # The server's side: everything below runs on its own loop.

    def _run(self, listener: socket.socket, serving: threading.Event) -> None:
        # Not asyncio.run: a test may have replaced it by nest_asyncio's, which closes no loop.
        with asyncio.Runner() as runner:
            runner.run(self._serve(listener, serving))

    async def _serve(self, listener: socket.socket, serving: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._permits = asyncio.Semaphore(0)
        server = await asyncio.start_server(self._accept, sock=listener, ssl=self._tls)
        serving.set()
        await self._stopping.wait()
        # Not `server.close()` yet: a connection that is being accepted would find no server, and
        # CPython 3.11 leaves its socket open then.
        self._loop.remove_reader(listener)
        for task in self._tasks:
            task.cancel()
        # asyncio's own tasks, too: what is being accepted arrives in `_accept` yet.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*others, return_exceptions=True)
        # A conversation that was cancelled before it began has closed nothing.
        for writer in self._writers:
            _abort(writer)
        await asyncio.sleep(0)
        server.close()
        await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        self._writers.append(writer)
        # As any server that streams: small pieces leave at once (asyncio does not see to it here).
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._stopping.is_set():
            return
        task = asyncio.create_task(self._converse(reader, writer, self._connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        inbox = Inbox(reader)
        pump = asyncio.create_task(inbox.pump())
        try:
            with contextlib.suppress(EOFError, _Hangup):
                while True:
                    request = await inbox.next_request(writer, connection)
                    if not await self._answer(request, inbox, writer):
                        break
            writer.close()
            if not inbox.gone.is_set():
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
        finally:
            _abort(writer)
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _answer(
        self, request: RecordedRequest, inbox: Inbox, writer: asyncio.StreamWriter
    ) -> bool:
        """Play the reply; false when the connection is over."""
        with self._changed:
            self._requests.append(request)
            answer = self._queue.popleft() if self._queue else self._default
            self._changed.notify_all()
        reply = answer if isinstance(answer, Reply) else answer(request)
        playing = asyncio.create_task(self._play(reply, writer))
        leaving = asyncio.create_task(inbox.gone.wait())
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            left = not playing.done() or isinstance(playing.exception(), ConnectionError)
        finally:
            playing.cancel()
            leaving.cancel()
            await asyncio.gather(playing, leaving, return_exceptions=True)
        with self._changed:
            if left:
                request.disconnected_at = time.monotonic()
            else:
                request.finished_at = time.monotonic()
            self._changed.notify_all()
        if left:
            return False
        playing.result()
        return reply.keeps_connection and request.headers.get("connection", "").lower() != "close"

    async def _play(self, reply: Reply, writer: asyncio.StreamWriter) -> None:
        due = self._loop.time()
        for step in reply.steps:
            match step:
                case bytes():
                    writer.write(step)
                    await writer.drain()
                case Pause(seconds):
                    due += seconds
                    await asyncio.sleep(due - self._loop.time())
                case Hold():
                    with self._changed:
                        self._holds += 1
                        self._changed.notify_all()
                    await self._permits.acquire()
                    due = self._loop.time()
                case Reset():
                    linger_zero = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, linger_zero
                    )
                    writer.transport.abort()
                    raise _Hangup
                case Close():
                    raise _Hangup


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close the connection at once; harmless when it has closed, which trips CPython 3.11."""
    with contextlib.suppress(AttributeError):
        writer.transport.abort()


class _Hangup(Exception):  # noqa: N818 – a signal, not an error
    """A reply ended its connection."""


def _line(request: RecordedRequest) -> str:
    if request.disconnected_at is not None:
        state = "client left"
    elif request.finished_at is not None:
        state = "answered"
    else:
        state = "being answered"
    return f"{request.method} {request.path} {request.body[:200]!r} ({state})"
