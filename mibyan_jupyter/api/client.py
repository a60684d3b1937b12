"""The HTTP client: posts a chat completion and reads its answer as it comes.

The one home of httpx. The client belongs to one event loop, the session's I/O thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from mibyan_jupyter._version import __version__
from mibyan_jupyter.api.decoder import Completion, CompletionDecoder
from mibyan_jupyter.api.failures import connection_error, status_error, timeout_error
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mibyan_jupyter.errors import APIStatusError
    from mibyan_jupyter.keys import Key

CONNECT_SECONDS = 10.0
_AFTER_DONE_SECONDS = 0.05
_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes and how it proves who it is; `idle_timeout` is in seconds."""

    base_url: str
    key: Key | None = None
    auth_header: str = "Authorization"
    idle_timeout: float = 60.0

    @property
    def url(self) -> str:
        return f"{self.base_url}/chat/completions"

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers; the only place where a key is opened."""
        headers = {"Content-Type": "application/json"}
        if self.key is not None:
            bearer = "Bearer " if self.auth_header == "Authorization" else ""
            headers[self.auth_header] = bearer + self.key.reveal()
        return headers


class CompletionStream:
    """One answer on the wire: iterate over it for batches of completions.

    A batch is what one piece of the network completed. `done` tells whether `[DONE]` came.
    """

    def __init__(self, response: httpx.Response, endpoint: Endpoint) -> None:
        self._response = response
        self._endpoint = endpoint
        self._decoder = CompletionDecoder(response.headers.get("content-type", ""))

    @property
    def done(self) -> bool:
        return self._decoder.done

    async def __aiter__(self) -> AsyncIterator[list[Completion]]:
        pieces = self._response.aiter_bytes()
        now = asyncio.get_running_loop().time
        deadline = now() + self._endpoint.idle_timeout
        while (piece := await _next_piece(pieces, deadline)) is not None:
            if completions := self._decoder.feed(piece):
                deadline = now() + self._endpoint.idle_timeout
                yield completions
            if self.done:
                await _drain(pieces)
                return
        if completions := self._decoder.finish():
            yield completions


async def _next_piece(pieces: AsyncIterator[bytes], deadline: float) -> bytes | None:
    async with asyncio.timeout_at(deadline):
        return await anext(pieces, None)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the body's end if that is near: only then can the connection be used again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_AFTER_DONE_SECONDS):
            async for _ in pieces:
                pass


class Client:
    """Posts chat completions; makes its `httpx.AsyncClient` on first use.

    `transport` replaces the network, for tests.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._http: httpx.AsyncClient | None = None

    @contextlib.asynccontextmanager
    async def post(
        self, endpoint: Endpoint, body: dict[str, Any]
    ) -> AsyncIterator[CompletionStream]:
        """Send `body` and open its answer; leaving the block closes the connection's stream.

        Raises APIStatusError for an error status, APIConnectionError or APITimeoutError when the
        network fails (also while the answer is read), ConfigurationError for an unusable URL.
        """
        target = urlsplit(endpoint.base_url)
        response: httpx.Response | None = None
        try:
            async with asyncio.timeout(endpoint.idle_timeout):
                response = await self._send(endpoint, body)
                if not response.is_success:
                    raise await _error_of(response, with_key=endpoint.key is not None)
            yield CompletionStream(response, endpoint)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise timeout_error(error, target.netloc, endpoint.idle_timeout) from None
        except httpx.InvalidURL:
            raise ConfigurationError(
                f"{endpoint.base_url[:200]!r} is not a usable base URL.", "Check %mibyan status."
            ) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise connection_error(error, target.netloc) from None
        finally:
            if response is not None:
                await response.aclose()

    async def _send(self, endpoint: Endpoint, body: dict[str, Any]) -> httpx.Response:
        request = self._connection().build_request(
            "POST", endpoint.url, content=encode_body(body), headers=endpoint.headers
        )
        return await self._connection().send(request, stream=True)

    def _connection(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                transport=self._transport,
                mounts=None if self._transport else dict.fromkeys(_LOOPBACK),
                headers={
                    "User-Agent": f"mibyan-jupyter/{__version__}",
                    "Accept-Encoding": "identity",  # a compressing proxy would hold text back
                },
                # The silence between pieces is bounded by CompletionStream, which knows content
                # from keep-alive comments.
                timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                follow_redirects=False,
            )
        return self._http

    async def aclose(self) -> None:
        """Close every connection."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None


def encode_body(body: dict[str, Any]) -> bytes:
    """The request's JSON: UTF-8 as it is, escapes only for text that UTF-8 cannot hold."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(body, separators=(",", ":")).encode()


async def _error_of(response: httpx.Response, *, with_key: bool) -> APIStatusError:
    start = await _start_of(response)
    return status_error(response.status_code, response.headers, start, with_key=with_key)


async def _start_of(response: httpx.Response, limit: int = 64 * 1024) -> bytes:
    """Enough of an error's body to find the server's message."""
    start = b""
    async for piece in response.aiter_bytes():
        start += piece
        if len(start) > limit:
            break
    return start[:limit]
