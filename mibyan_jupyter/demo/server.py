"""The demo's thread and its address; tornado is imported only when a server starts."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPBACK = "127.0.0.1"


class DemoServer:
    """A demo endpoint on a daemon thread with a loop of its own, reachable from this host only.

    `port=0` takes a free one. `base_url` is empty until `start()`.
    """

    def __init__(self, *, port: int = 0, tokens_per_second: float = 60.0) -> None:
        self.base_url = ""
        self.tokens_per_second = tokens_per_second
        self._port = port
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def start(self) -> str:
        """Listen and return the base URL; raises OSError when the port is taken. Idempotent."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                listener = socket.create_server((LOOPBACK, self._port))
                self.base_url = self._serve_in_thread(listener)
        return self.base_url

    def stop(self) -> None:
        """Drop every connection and join the thread. Idempotent."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._stopping.set)
                self._thread.join()
            self._thread = None

    def wait(self) -> None:
        """Block until the server has stopped."""
        while (thread := self._thread) is not None and thread.is_alive():
            thread.join(1)  # a timeout, because Windows delivers no Ctrl+C to a bare join

    def _serve_in_thread(self, listener: socket.socket) -> str:
        from mibyan_jupyter.demo.endpoint import BASE_PATH

        port = listener.getsockname()[1]
        serving = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listener, serving), name=f"mibyan-demo-{port}", daemon=True
        )
        self._thread.start()
        serving.wait()
        return f"http://{LOOPBACK}:{port}{BASE_PATH}"

    def _run(self, listener: socket.socket, serving: threading.Event) -> None:
        # Not asyncio.run: a kernel may have replaced it by nest_asyncio's.
        loop = asyncio.new_event_loop()
        try:
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._serve(listener, serving))
        finally:
            serving.set()
            asyncio.set_event_loop(None)
            loop.close()

    async def _serve(self, listener: socket.socket, serving: threading.Event) -> None:
        from tornado.httpserver import HTTPServer

        from mibyan_jupyter.demo.endpoint import Conversations, make_application

        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        conversations = Conversations(self.tokens_per_second)
        server = HTTPServer(make_application(conversations))
        listener.setblocking(False)
        server.add_sockets([listener])
        serving.set()
        await self._stopping.wait()
        server.stop()
        await server.close_all_connections()
        await conversations.ended()


_shared = DemoServer()


def running_demo() -> DemoServer:
    """This process's one shared demo server, started on first use."""
    _shared.start()
    return _shared


def serve(
    port: int,
    *,
    tokens_per_second: float = 60.0,
    started: Callable[[str], object] = lambda _: None,
) -> None:
    """Serve in the foreground until Ctrl+C; `started` is called with the base URL."""
    server = DemoServer(port=port, tokens_per_second=tokens_per_second)
    started(server.start())
    try:
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
