"""The HTTP client: posts a chat completion and reads its answer as it comes.

The one home of httpx. The client belongs to one event loop, the session's I/O thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from mibyan_jupyter.api.begun import Begun
from mibyan_jupyter.api.decoder import Completion, CompletionDecoder
from mibyan_jupyter.api.endpoint import Endpoint
from mibyan_jupyter.api.failures import in_brief, status_error
from mibyan_jupyter.api.inflate import Inflater
from mibyan_jupyter.api.network_failures import connection_error, proxy_error, timeout_error
from mibyan_jupyter.api.reading_rhythm import ReadingRhythm
from mibyan_jupyter.api.retries import Refusal, wait_before_retry
from mibyan_jupyter.api.routes import Route, check_key_stays_unread, open_route, route_to
from mibyan_jupyter.errors import APIResponseError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from mibyan_jupyter.errors import MibyanError

__all__ = ["Client", "CompletionStream", "Endpoint", "Pacing", "Retry"]

_AFTER_FINISH_SECONDS = 0.75
_AFTER_DONE_SECONDS = 0.05
_ERROR_BODY_SECONDS = 2.0
_ERROR_BODY_BYTES = 64 * 1024
_is_content = attrgetter("is_content")


class Pacing(NamedTuple):
    """What retries take from outside: how to wait, the time (Unix seconds), chance (0 to 1)."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class Retry(NamedTuple):
    """A refused request goes out again after `seconds`; `number` is 1 for the first time."""

    number: int
    seconds: float
    why: str


class CompletionStream:
    """One answer on the wire: iterate over it for batches of completions.

    A batch is what one piece of the network completed. `done` tells whether `[DONE]` came. Raises
    APIResponseError, after the last batch, for what is no chat completion or carries an error.
    """

    def __init__(self, response: httpx.Response, endpoint: Endpoint) -> None:
        self._response = response
        self._pieces = _body_of(response)
        self._rhythm = ReadingRhythm()
        self._idle_timeout = endpoint.idle_timeout
        content_type = response.headers.get("content-type", "")
        self._decoder = CompletionDecoder(content_type, endpoint.shown)

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
        while not decoder.ended:
            begun = Begun(anext(self._pieces, None))
            piece = begun.result if begun.is_done else await self._wait(begun, deadline)
            if piece is None:
                break
            completions = decoder.feed(piece)
            self._rhythm.came(piece)
            if completions:
                yield completions
            if not begun.is_done and not decoder.ended and (rest := self._rhythm.rest(now())):
                await asyncio.sleep(rest)
            if decoder.finished:
                deadline = min(deadline, now() + _AFTER_FINISH_SECONDS)
            elif _moves_on(piece, completions, is_stream=decoder.is_stream):
                deadline = now() + self._idle_timeout
        if completions := decoder.finish():
            yield completions
        if decoder.error is not None:
            raise decoder.error

    async def _wait(self, begun: Begun[bytes | None], deadline: float) -> bytes | None:
        """The next piece; None at the body's end, or where a finished answer's does not come."""
        try:
            async with asyncio.timeout_at(deadline):
                return await begun
        except TimeoutError:
            if self._decoder.finished:
                return None
            raise

    async def aclose(self) -> None:
        """Close the stream; the connection can be used again if the body's end is near."""
        if self.done:
            with contextlib.suppress(TimeoutError, httpx.HTTPError, APIResponseError):
                async with asyncio.timeout(_AFTER_DONE_SECONDS):
                    async for _ in self._pieces:
                        pass
        await self._response.aclose()


class Client:
    """Posts chat completions; makes its connections on first use.

    `transport` replaces the network and `pacing` the time, for tests.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport | None = None, pacing: Pacing | None = None
    ) -> None:
        self._transport = transport
        self._pacing = pacing or Pacing()
        self._http: dict[Route, httpx.AsyncClient] = {}

    @contextlib.asynccontextmanager
    async def post(
        self,
        endpoint: Endpoint,
        body: dict[str, Any],
        on_retry: Callable[[Retry], object] = lambda _: None,
    ) -> AsyncIterator[CompletionStream]:
        """Send `body` and open its answer; leaving the block closes the connection's stream.

        A server that refuses for now is asked again, which `on_retry` is told before the wait.
        Raises APIStatusError for an error status, APIConnectionError or APITimeoutError when the
        network fails (also while the answer is read), ConfigurationError for what cannot be sent:
        an unusable URL, proxy or certificate, a key without TLS, or a body that is no JSON.
        """
        content = encode_body(body)
        check_key_stays_unread(endpoint)
        route = route_to(endpoint.url)
        stream = None
        try:
            post = _Post(endpoint, route, content, str(body.get("model", "")))
            stream = await self._open(post, on_retry)
            yield stream
        except (TimeoutError, httpx.TimeoutException) as error:
            raise timeout_error(error, endpoint, route) from None
        except httpx.InvalidURL:
            raise ConfigurationError(
                f"The base URL for {endpoint.address!r} is not usable.", "Check %mibyan status."
            ) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            answered = stream is not None
            raise connection_error(error, endpoint, route, answered=answered) from None
        finally:
            if stream is not None:
                await _close(stream)

    async def _open(self, post: _Post, on_retry: Callable[[Retry], object]) -> CompletionStream:
        """Send until the server accepts; nothing is sent again once an answer has begun."""
        for requests in count(1):
            async with asyncio.timeout(post.endpoint.idle_timeout):
                response = await self._send(post)
            if response.is_success:
                return CompletionStream(response, post.endpoint)
            refusal = await _refusal_of(response)
            now = self._pacing.clock()
            wait = wait_before_retry(refusal, requests, now=now, jitter=self._pacing.chance())
            if wait is None:
                raise post.error_of(refusal, requests, now)
            on_retry(Retry(requests, wait, in_brief(refusal.status)))
            await self._pacing.sleep(wait)
        raise AssertionError  # count() has no end

    async def _send(self, post: _Post) -> httpx.Response:
        if post.route not in self._http:
            self._http[post.route] = open_route(post.route, self._transport)
        http, endpoint, opened = self._http[post.route], post.endpoint, _Opened()
        request = http.build_request(
            "POST",
            endpoint.url,
            content=post.content,
            headers=endpoint.headers,
            extensions={"trace": opened.note},
        )
        try:
            return await http.send(request, stream=True)
        except asyncio.CancelledError:
            await opened.aclose()
            raise

    async def aclose(self) -> None:
        """Close every connection."""
        while self._http:
            await self._http.popitem()[1].aclose()


class _Post(NamedTuple):
    """One question on its way, and what an error may have to name."""

    endpoint: Endpoint
    route: Route
    content: bytes
    model: str

    def error_of(self, refusal: Refusal, requests: int, now: float) -> MibyanError:
        if refusal.status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED and self.route.proxy:
            return proxy_error("407", self.endpoint, self.route)
        return status_error(refusal, self.endpoint, model=self.model, requests=requests, now=now)


class _Opened:
    """The TCP connection that a request made; httpcore leaves it open when TLS is cancelled."""

    def __init__(self) -> None:
        self._streams: list[Any] = []

    async def note(self, event: str, found: dict[str, Any]) -> None:
        """Take part in httpcore's trace: https://www.encode.io/httpcore/extensions/#trace"""
        if event == "connection.connect_tcp.complete":
            self._streams.append(found["return_value"])

    async def aclose(self) -> None:
        for stream in self._streams:
            await stream.aclose()


def _body_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The pieces of a body, uncompressed."""
    encoding = response.headers.get("content-encoding", "")
    return _inflated(response, encoding) if encoding else response.aiter_raw()


async def _inflated(response: httpx.Response, encoding: str) -> AsyncIterator[bytes]:
    inflater = Inflater(encoding)
    async for raw in response.aiter_raw():
        for piece in inflater.pieces(raw):
            yield piece


def _moves_on(piece: bytes, completions: list[Completion], *, is_stream: bool) -> bool:
    """Whether a piece is content, as a comment, an empty delta or a blank is not.

    The text of a JSON body is there at its end only, so there every byte counts.
    """
    return any(map(_is_content, completions)) if is_stream else bool(piece.strip())


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


async def _refusal_of(response: httpx.Response) -> Refusal:
    """A response that is no success; of its body, what can be had soon."""
    start = b""
    try:
        with contextlib.suppress(TimeoutError, httpx.HTTPError, APIResponseError):
            async with asyncio.timeout(_ERROR_BODY_SECONDS):
                async for piece in _body_of(response):
                    start += piece
                    if len(start) > _ERROR_BODY_BYTES:
                        break
    finally:
        await response.aclose()
    return Refusal(response.status_code, response.headers, start[:_ERROR_BODY_BYTES])
