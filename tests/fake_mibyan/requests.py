"""What a client sent: the requests as they arrived, and the bytes not taken yet."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any


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


class Inbox:
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
        await self._refuse_other_protocols(writer)
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

    async def _refuse_other_protocols(self, writer: asyncio.StreamWriter) -> None:
        """Say 400 to what cannot begin a request, such as TLS; raises EOFError."""
        while not self._bytes:
            await self._grow()
        if not chr(self._bytes[0]).isalpha():
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            raise EOFError

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
