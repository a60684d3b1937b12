"""`FakeMibyan`: an HTTP/1.1 server with a queue of replies, able to break every rule of the wire.

It runs on 127.0.0.1 in a thread of its own and needs only the standard library::

    with FakeMibyan() as fake:
        fake.enqueue(Reply.stream(["Hel", "lo"]))
        ...  # ask fake.base_url something
        (request,) = fake.wait_for_requests(1)
        assert request.json["messages"][-1]["content"] == "Hi"

Each request takes the oldest queued reply. Without one, `echo` answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

MODEL = "mibyan-4.1"
CREATED = 1_677_652_288
SSE_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
JSON_HEADERS = {"Content-Type": "application/json"}
USAGE = {"prompt_tokens": 15, "completion_tokens": 10, "total_tokens": 25}


@dataclass(frozen=True)
class Pause:
    """A step of a reply: send nothing for so many seconds.

    They count from the end of the pause before, so that a pace does not drift.
    """

    seconds: float


@dataclass(frozen=True)
class Hold:
    """A step of a reply: send nothing until `FakeMibyan.release()`."""


@dataclass(frozen=True)
class Reset:
    """A step of a reply: drop the connection with a TCP reset."""


@dataclass(frozen=True)
class Close:
    """A step of a reply: close the connection here, whatever was promised."""


Step = bytes | Pause | Hold | Reset | Close


@dataclass(frozen=True)
class Reply:
    """What the server does for one request: the steps, and whether the connection survives them."""

    steps: tuple[Step, ...]
    keeps_connection: bool = True

    @classmethod
    def stream(
        cls,
        deltas: Iterable[str],
        *,
        pause: float = 0.0,
        tokens_per_second: float | None = None,
        hold_after: int | None = None,
        finish_reason: str | None = "stop",
        usage: Mapping[str, Any] | None = None,
        done: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Server-sent `chat.completion.chunk` events: the role, the deltas, the end, `[DONE]`.

        `pause` (seconds) or `tokens_per_second` (one delta counts as one token) paces the deltas;
        `hold_after=2` stalls after the second one. With `finish_reason=None` and `done=False` the
        body just ends, cleanly.
        """
        wait = 1 / tokens_per_second if tokens_per_second else pause
        steps: list[Step] = [_head(200, {**SSE_HEADERS, **_CHUNKED, **(headers or {})})]
        steps.append(_http_chunk(sse(chunk(role="assistant", content=""))))
        if hold_after == 0:
            steps.append(Hold())
        for number, delta in enumerate(deltas, start=1):
            if wait and number > 1:
                steps.append(Pause(wait))
            steps.append(_http_chunk(sse(chunk(delta))))
            if number == hold_after:
                steps.append(Hold())
        ending = b""
        if finish_reason is not None or usage is not None:
            ending += sse(chunk(finish_reason=finish_reason, usage=usage))
        if done:
            ending += DONE
        # One write: a client that closes right after [DONE] has not left before the reply's end.
        steps.append((_http_chunk(ending) if ending else b"") + _http_chunk(b""))
        return cls(tuple(steps))

    @classmethod
    def json(
        cls,
        content: str | None,
        *,
        usage: Mapping[str, Any] | None = USAGE,
        finish_reason: str | None = "stop",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """One `chat.completion` object."""
        message = {"role": "assistant", "content": content}
        body: dict[str, Any] = {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": CREATED,
            "model": MODEL,
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
        }
        if usage is not None:
            body["usage"] = dict(usage)
        return cls.status(200, body, headers=headers)

    @classmethod
    def status(
        cls, code: int, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Any status; the body is bytes, a str, None (empty), or a value sent as JSON."""
        own: Mapping[str, str] = {}
        if body is None:
            content = b""
        elif isinstance(body, bytes):
            content = body
        elif isinstance(body, str):
            content, own = body.encode(), {"Content-Type": "text/html; charset=utf-8"}
        else:
            content, own = _json_bytes(body), JSON_HEADERS
        head = _head(code, {**own, "Content-Length": str(len(content)), **(headers or {})})
        return cls((head + content,))

    @classmethod
    def raw(
        cls,
        steps: Iterable[Step],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """An ordinary head, then the body's bytes as given; closing the connection ends it.

        `headers` replace the default ones (event stream, `Connection: close`), so a promise such
        as `Content-Length: 99` or `Transfer-Encoding: chunked` can be made and broken.
        """
        given = {**SSE_HEADERS, "Connection": "close"} if headers is None else headers
        return cls((_head(status, given), *steps), keeps_connection=False)

    @classmethod
    def wire(cls, steps: Iterable[Step]) -> Self:
        """Everything as given, the status line included; `Reply.wire([Hold()])` never answers."""
        return cls(tuple(steps), keeps_connection=False)


@dataclass(eq=False)
class RecordedRequest:
    """One request as it arrived; the times are `time.monotonic()` seconds."""

    method: str
    path: str
    raw_headers: list[tuple[str, str]]
    connection: int
    """The number of the TCP connection that it came over, from 1."""
    body: bytes = b""
    arrived_at: float = field(default_factory=time.monotonic)
    finished_at: float | None = None
    """When the last byte of the reply had been written."""
    disconnected_at: float | None = None
    """When the client was seen to close before the reply's end."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers by lowercased name; of a repeated one, the last."""
        return {name.lower(): value for name, value in self.raw_headers}

    @property
    def json(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def prompt(self) -> str:
        """The content of the last user message."""
        contents = [m["content"] for m in self.json["messages"] if m["role"] == "user"]
        return str(contents[-1])


Answer = Reply | Callable[[RecordedRequest], Reply]


def echo(request: RecordedRequest) -> Reply:
    """The reply when none is queued: it names the last user message, streamed if so asked."""
    try:
        words = f"You said: {request.prompt[:200]}".split(" ")
        streamed = bool(request.json.get("stream"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Reply.status(400, {"error": {"message": "The fake found no user message."}})
    deltas = [words[0], *(f" {word}" for word in words[1:])]
    return Reply.stream(deltas, usage=USAGE) if streamed else Reply.json("".join(deltas))


class FakeMibyan:
    """The server: starts in `__enter__` or `start()`, is gone after `__exit__` or `stop()`."""

    def __init__(self, *, default: Answer = echo) -> None:
        self._default = default
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
        return f"http://127.0.0.1:{self.port}/api/public/v1"

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
        server = await asyncio.start_server(self._accept, sock=listener)
        serving.set()
        await self._stopping.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # a connection that was being accepted arrives in `_accept`
        # A conversation that was cancelled before it began has closed nothing.
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)
        await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        self._writers.append(writer)
        task = asyncio.create_task(self._converse(reader, writer, self._connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        inbox = _Inbox(reader)
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
            writer.transport.abort()
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _answer(
        self, request: RecordedRequest, inbox: _Inbox, writer: asyncio.StreamWriter
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


class _Hangup(Exception):  # noqa: N818 – a signal, not an error
    """A reply ended its connection."""


class _Inbox:
    """What the client has sent and nobody has taken; always read, so that its leaving is seen."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._bytes = bytearray()
        self._more = asyncio.Event()
        self.gone = asyncio.Event()

    async def pump(self) -> None:
        try:
            while piece := await self._reader.read(65_536):
                self._bytes += piece
                self._more.set()
        except ConnectionError:
            pass
        finally:
            self.gone.set()
            self._more.set()

    async def next_request(self, writer: asyncio.StreamWriter, connection: int) -> RecordedRequest:
        """The next whole request; raises EOFError when the client has left."""
        start, *lines = (await self._until(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, *_ = [*start.split(" "), "", ""]
        pairs = [line.partition(":")[::2] for line in lines if line]
        raw_headers = [(name, value.strip()) for name, value in pairs]
        request = RecordedRequest(method, path, raw_headers, connection)
        headers = request.headers
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            request.body = await self._chunks()
        else:
            request.body = await self._exactly(int(headers.get("content-length", "0")))
        request.arrived_at = time.monotonic()
        return request

    async def _chunks(self) -> bytes:
        body = b""
        while size := int((await self._until(b"\r\n")).split(b";")[0], 16):
            body += (await self._exactly(size + 2))[:-2]
        await self._until(b"\r\n")
        return body

    async def _until(self, mark: bytes) -> bytes:
        while (end := self._bytes.find(mark)) < 0:
            await self._grow()
        return (await self._exactly(end + len(mark)))[:end]

    async def _exactly(self, size: int) -> bytes:
        while len(self._bytes) < size:
            await self._grow()
        taken = bytes(self._bytes[:size])
        del self._bytes[:size]
        return taken

    async def _grow(self) -> None:
        if self.gone.is_set():
            raise EOFError
        self._more.clear()
        await self._more.wait()


# The wire, as pure functions.

DONE = b"data: [DONE]\n\n"
_CHUNKED = {"Transfer-Encoding": "chunked"}


def sse(event: object) -> bytes:
    """One server-sent event that holds `event` as JSON, or as it is when it is a str."""
    data = event.encode() if isinstance(event, str) else _json_bytes(event)
    return b"data: " + data + b"\n\n"


def chunk(
    content: str | None = None,
    *,
    role: str | None = None,
    finish_reason: str | None = None,
    usage: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One `chat.completion.chunk` object."""
    delta = {"role": role, "content": content}
    value: dict[str, Any] = {
        "id": "chatcmpl-fake",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "delta": {key: text for key, text in delta.items() if text is not None},
                "finish_reason": finish_reason,
            }
        ],
    }
    if usage is not None:
        value["usage"] = dict(usage)
    return value


def _json_bytes(value: object) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate travels only as an escape
        return json.dumps(value).encode()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    reason = responses.get(status, "Unknown")
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {text}" for name, text in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _http_chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def _line(request: RecordedRequest) -> str:
    if request.disconnected_at is not None:
        state = "client left"
    elif request.finished_at is not None:
        state = "answered"
    else:
        state = "being answered"
    return f"{request.method} {request.path} {request.body[:200]!r} ({state})"
