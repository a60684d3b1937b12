"""The HTTP client: posts a chat completion and reads its answer as it comes.

The one home of httpx. The client belongs to one event loop, the session's I/O thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from mibyan_jupyter._version import __version__
from mibyan_jupyter.api.decoder import Completion, CompletionDecoder
from mibyan_jupyter.api.failures import (
    connection_error,
    environment_error,
    status_error,
    timeout_error,
)
from mibyan_jupyter.config import is_loopback
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mibyan_jupyter.errors import APIStatusError
    from mibyan_jupyter.keys import Key

CONNECT_SECONDS = 10.0
_AFTER_FINISH_SECONDS = 0.75
_AFTER_DONE_SECONDS = 0.05
_ERROR_BODY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes and how it proves who it is; `idle_timeout` is in seconds."""

    base_url: str
    key: Key | None = None
    auth_header: str = "Authorization"
    idle_timeout: float = 60.0

    @property
    def url(self) -> str:
        path, mark, query = self.base_url.partition("?")
        return f"{path}/chat/completions{mark}{query}"

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

    A batch is what one piece of the network completed. `done` tells whether `[DONE]` came. Raises
    APIResponseError, after the last batch, for what is no chat completion or carries an error.
    """

    def __init__(self, response: httpx.Response, idle_timeout: float) -> None:
        self._response = response
        self._pieces = response.aiter_bytes()
        self._idle_timeout = idle_timeout
        self._decoder = CompletionDecoder(response.headers.get("content-type", ""))

    @property
    def done(self) -> bool:
        return self._decoder.done

    @property
    def whole(self) -> bool:
        """Whether nothing is missing, though the body may not have ended."""
        return self.done or self._decoder.finished

    async def __aiter__(self) -> AsyncIterator[list[Completion]]:
        decoder, now = self._decoder, asyncio.get_running_loop().time
        deadline = now() + self._idle_timeout
        while not decoder.ended and (piece := await self._next_piece(deadline)) is not None:
            if completions := decoder.feed(piece):
                yield completions
            if decoder.finished:
                deadline = min(deadline, now() + _AFTER_FINISH_SECONDS)
            elif not decoder.is_stream or any(each.is_content for each in completions):
                deadline = now() + self._idle_timeout
        if completions := decoder.finish():
            yield completions
        if decoder.error is not None:
            raise decoder.error

    async def _next_piece(self, deadline: float) -> bytes | None:
        """The next piece; None at the body's end, or where a finished answer's does not come."""
        try:
            async with asyncio.timeout_at(deadline):
                return await anext(self._pieces, None)
        except TimeoutError:
            if self._decoder.finished:
                return None
            raise

    async def aclose(self) -> None:
        """Close the stream; the connection can be used again if the body's end is near."""
        if self.done:
            with contextlib.suppress(TimeoutError, httpx.HTTPError):
                async with asyncio.timeout(_AFTER_DONE_SECONDS):
                    async for _ in self._pieces:
                        pass
        await self._response.aclose()


class Client:
    """Posts chat completions; makes its connections on first use.

    `transport` replaces the network, for tests.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._http: dict[bool, httpx.AsyncClient] = {}  # by whether it stays on this machine

    @contextlib.asynccontextmanager
    async def post(
        self, endpoint: Endpoint, body: dict[str, Any]
    ) -> AsyncIterator[CompletionStream]:
        """Send `body` and open its answer; leaving the block closes the connection's stream.

        Raises APIStatusError for an error status, APIConnectionError or APITimeoutError when the
        network fails (also while the answer is read), ConfigurationError for what cannot be sent:
        an unusable URL, proxy or certificate, or a body that is no JSON.
        """
        host = urlsplit(endpoint.base_url).netloc
        stream = None
        try:
            stream = await self._open(endpoint, body)
            yield stream
        except (TimeoutError, httpx.TimeoutException) as error:
            raise timeout_error(error, host, endpoint.idle_timeout) from None
        except httpx.InvalidURL:
            raise ConfigurationError(
                f"The base URL for {host[:200]!r} is not usable.", "Check %mibyan status."
            ) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise connection_error(error, host) from None
        finally:
            if stream is not None:
                await _close(stream)

    async def _open(self, endpoint: Endpoint, body: dict[str, Any]) -> CompletionStream:
        async with asyncio.timeout(endpoint.idle_timeout):
            response = await self._send(endpoint, body)
        if response.is_success:
            return CompletionStream(response, endpoint.idle_timeout)
        try:
            raise await _error_of(response, with_key=endpoint.key is not None)
        finally:
            await response.aclose()

    async def _send(self, endpoint: Endpoint, body: dict[str, Any]) -> httpx.Response:
        content = encode_body(body)
        http = self._connection(urlsplit(endpoint.base_url).hostname or "")
        request = http.build_request(
            "POST", endpoint.url, content=content, headers=endpoint.headers
        )
        return await http.send(request, stream=True)

    def _connection(self, host: str) -> httpx.AsyncClient:
        local = is_loopback(host)
        if local not in self._http:
            self._http[local] = _http_client(
                self._transport or (_direct_transport() if local else None)
            )
        return self._http[local]

    async def aclose(self) -> None:
        """Close every connection."""
        while self._http:
            await self._http.popitem()[1].aclose()


async def _close(stream: CompletionStream) -> None:
    """Close the stream; a cancellation meanwhile comes too late to undo a whole answer."""
    if not stream.whole:
        await stream.aclose()
        return
    closing = asyncio.create_task(stream.aclose())
    while not closing.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({closing})
    closing.result()


def _http_client(transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """A client with the environment's proxies and certificates, or with `transport` instead."""
    try:
        return httpx.AsyncClient(
            transport=transport,
            headers={
                "User-Agent": f"mibyan-jupyter/{__version__}",
                "Accept-Encoding": "identity",  # a compressing proxy would hold text back
            },
            # The silence between pieces is bounded by CompletionStream, which knows content
            # from keep-alive comments.
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            follow_redirects=False,
        )
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise environment_error(error, os.environ) from None


def _direct_transport() -> httpx.AsyncHTTPTransport:
    """No proxy; the environment's certificates only where they can be used."""
    try:
        return httpx.AsyncHTTPTransport()
    except OSError:
        return httpx.AsyncHTTPTransport(trust_env=False)


def encode_body(body: dict[str, Any]) -> bytes:
    """The request's JSON: UTF-8 as it is, escapes only for text that UTF-8 cannot hold.

    Raises ConfigurationError for a value that JSON cannot hold.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"session.extra holds a value that JSON cannot hold: {str(error)[:100]}",
            "Use text, finite numbers, True, False, None, lists and dicts in it.",
        ) from None
    try:
        return text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(body, separators=(",", ":")).encode()


async def _error_of(response: httpx.Response, *, with_key: bool) -> APIStatusError:
    start = await _start_of(response)
    return status_error(response.status_code, response.headers, start, with_key=with_key)


async def _start_of(response: httpx.Response, limit: int = 64 * 1024) -> bytes:
    """Enough of an error's body to find the server's message; what can be had of it."""
    start = b""
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_ERROR_BODY_SECONDS):
            async for piece in response.aiter_bytes():
                start += piece
                if len(start) > limit:
                    break
    return start[:limit]
