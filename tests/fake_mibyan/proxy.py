"""`FakeProxy`: a proxy that tunnels `CONNECT` to one port of this machine, or refuses it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class FakeProxy:
    """Every tunnel ends at `port`, whatever host it was asked for; `refuses` is a status line.

    `targets` are the hosts and ports that clients asked for, `credentials` how they logged in.
    """

    def __init__(self, port: int, *, refuses: str = "") -> None:
        self._port = port
        self._refuses = refuses
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.targets: list[str] = []
        self.credentials: list[str] = []

    @property
    def address(self) -> str:
        """Host and port, as in a proxy variable."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in tuple(self._threads):
            thread.join()
        for each in (self._listener, *self._sockets):
            each.close()

    def _run(self, function: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                self._run(self._tunnel, client)

    def _tunnel(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            start, *lines = _head_of(client).split("\r\n")
            self.targets.append(start.split(" ")[1])
            fields = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
            self.credentials.append(fields.get("proxy-authorization", ""))
            if self._refuses:
                client.sendall(f"HTTP/1.1 {self._refuses}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            self._sockets.append(server)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._run(_pipe, client, server)
            _pipe(server, client)


def _head_of(client: socket.socket) -> str:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (byte := client.recv(1)):
            raise ConnectionResetError
        head += byte
    return head.decode("latin-1")


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
