"""The client against a real socket: what goes out, and how an answer comes back."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from mibyan_jupyter.api.client import Client, Endpoint
from mibyan_jupyter.api.decoder import Completion
from mibyan_jupyter.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PaymentError,
    RateLimitError,
)
from mibyan_jupyter.keys import Key
from tests.api.page import PATH, PROMPT, REQUEST, RESPONSE, STREAMING_REQUEST
from tests.fake_mibyan import DONE, Close, FakeMibyan, Hold, Pause, Reply, Reset, chunk, sse

KEY = Key("mb-test-0123456789")


def ask(endpoint: Endpoint, body: dict[str, Any]) -> tuple[list[Completion], bool]:
    """All completions of one request, and whether `[DONE]` came."""

    async def run() -> tuple[list[Completion], bool]:
        client = Client()
        try:
            async with client.post(endpoint, body) as stream:
                completions = [each async for batch in stream for each in batch]
            return completions, stream.done
        finally:
            await client.aclose()

    return asyncio.run(run())


def text_of(completions: list[Completion]) -> str:
    return "".join(completion.text for completion in completions)


# ---- the page's examples -------------------------------------------------------------------------


def test_the_pages_standard_curl_example(fake: FakeMibyan) -> None:
    """Same path, headers and body as the page's first example; its response is parsed whole."""
    fake.enqueue(Reply.status(200, RESPONSE))
    (completion,), _ = ask(Endpoint(fake.base_url, KEY), REQUEST)
    (request,) = fake.wait_for_requests(1)
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["authorization"] == "Bearer mb-test-0123456789"
    assert request.headers["content-type"] == "application/json"
    assert "x-mibyan-api-key" not in request.headers
    assert request.json == REQUEST
    assert completion.text == "Mibyan: Delivering trust, one parcel at a time."
    assert completion.usage is not None
    assert completion.usage.total_tokens == 25


def test_the_pages_streaming_curl_example(fake: FakeMibyan) -> None:
    """The second example differs by `stream` only; its events add up to the answer."""
    fake.enqueue(Reply.stream(["Delivering ", "trust", "."]))
    completions, done = ask(Endpoint(fake.base_url, KEY), STREAMING_REQUEST)
    (request,) = fake.wait_for_requests(1)
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["authorization"] == "Bearer mb-test-0123456789"
    assert request.json == STREAMING_REQUEST
    assert (text_of(completions), done) == ("Delivering trust.", True)
    assert completions[-1].finish_reason == "stop"


def test_the_alternative_header_replaces_the_default_one(fake: FakeMibyan) -> None:
    """`x-mibyan-api-key` is opt-in, and then the only header with the key."""
    ask(Endpoint(fake.base_url, KEY, auth_header="x-mibyan-api-key"), REQUEST)
    (request,) = fake.wait_for_requests(1)
    assert request.headers["x-mibyan-api-key"] == "mb-test-0123456789"
    assert "authorization" not in request.headers


def test_without_a_key_no_key_header_is_sent(fake: FakeMibyan) -> None:
    """Other OpenAI-compatible servers may need no key."""
    ask(Endpoint(fake.base_url), REQUEST)
    (request,) = fake.wait_for_requests(1)
    assert not {"authorization", "x-mibyan-api-key"} & set(request.headers)


@pytest.mark.parametrize(
    "prompt",
    [
        PROMPT,
        '{"a": 1} {} {x!r} $HOME %s "\'\\',
        "مرحبا 👋 \u2028 \ud83d",
        "x" * 1_000_000,
        " \n\t ",
    ],
    ids=["plain", "signs", "unicode", "1 MB", "white space"],
)
def test_a_prompt_arrives_as_it_was(fake: FakeMibyan, prompt: str) -> None:
    """The server reads exactly the prompt's characters, a lone surrogate included."""
    body = {**REQUEST, "messages": [{"role": "user", "content": prompt}]}
    fake.enqueue(Reply.json("ok"))
    ask(Endpoint(fake.base_url), body)
    (request,) = fake.wait_for_requests(1)
    assert request.json["messages"][0]["content"] == prompt


# ---- answers of either kind ----------------------------------------------------------------------


def test_json_for_a_streaming_request_and_the_reverse(fake: FakeMibyan) -> None:
    """Which kind of body came decides, not which one was asked for."""
    fake.enqueue(Reply.json("whole"), Reply.stream(["in ", "parts"]))
    assert text_of(ask(Endpoint(fake.base_url), STREAMING_REQUEST)[0]) == "whole"
    assert text_of(ask(Endpoint(fake.base_url), REQUEST)[0]) == "in parts"


def test_the_bodys_end_ends_the_stream(fake: FakeMibyan) -> None:
    """`[DONE]` is not needed, and what follows it is not read."""
    fake.enqueue(
        Reply.raw([sse(chunk("a")), sse(chunk(finish_reason="stop"))]),
        Reply.raw([sse(chunk("a")), DONE, sse(chunk("b")), DONE]),
    )
    for expected in (False, True):
        completions, done = ask(Endpoint(fake.base_url), STREAMING_REQUEST)
        assert (text_of(completions), done) == ("a", expected)


def test_after_done_nobody_waits_for_the_connection(fake: FakeMibyan) -> None:
    """A server that holds the connection after `[DONE]` does not hold the answer."""
    fake.enqueue(Reply.raw([sse(chunk("a")), DONE, Hold()]))
    completions, done = ask(Endpoint(fake.base_url, idle_timeout=30), STREAMING_REQUEST)
    assert (text_of(completions), done) == ("a", True)
    fake.wait_for_disconnect()


def test_unicode_line_separators_do_not_cut_events(fake: FakeMibyan) -> None:
    """U+2028 inside JSON is text."""
    fake.enqueue(Reply.stream(["a\u2028b\u0085c"]))
    assert text_of(ask(Endpoint(fake.base_url), STREAMING_REQUEST)[0]) == "a\u2028b\u0085c"


def test_one_connection_serves_one_answer_after_the_other(fake: FakeMibyan) -> None:
    """A whole stream leaves its connection usable."""

    async def twice() -> None:
        client = Client()
        for _ in range(2):
            async with client.post(Endpoint(fake.base_url), STREAMING_REQUEST) as stream:
                async for _batch in stream:
                    pass
        await client.aclose()

    asyncio.run(twice())
    assert [request.connection for request in fake.wait_for_requests(2)] == [1, 1]


# ---- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, PaymentError),
        (403, AuthenticationError),
        (404, NotFoundError),
        (413, BadRequestError),
        (422, BadRequestError),
        (429, RateLimitError),
        (500, InternalServerError),
        (503, InternalServerError),
    ],
)
def test_an_error_status_is_a_typed_error(
    fake: FakeMibyan, status: int, kind: type[APIStatusError]
) -> None:
    """Each status has its class, two lines, the server's words, and never the key."""
    fake.enqueue(Reply.status(status, {"error": {"message": "because\nof this"}}))
    with pytest.raises(kind) as raised:
        ask(Endpoint(fake.base_url, KEY), REQUEST)
    assert raised.value.status_code == status
    assert "because of this" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 2
    assert "0123456789" not in repr(raised.value) + str(raised.value)


def test_a_401_without_any_key_asks_for_one(fake: FakeMibyan) -> None:
    """It does not speak of a wrong key where there is none."""
    fake.enqueue(Reply.status(401))
    with pytest.raises(AuthenticationError, match="wants a key") as raised:
        ask(Endpoint(fake.base_url), REQUEST)
    assert "%mibyan login" in str(raised.value)


def test_a_redirect_is_not_followed(fake: FakeMibyan) -> None:
    """Neither the key nor the prompt goes to the other host; the message names it."""
    with FakeMibyan() as other:
        fake.enqueue(Reply.status(307, headers={"Location": f"{other.base_url}/chat/completions"}))
        with pytest.raises(APIStatusError, match=str(other.port)):
            ask(Endpoint(fake.base_url, KEY), REQUEST)
        assert other.requests == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply.status(200, "<html>please log in</html>"),
        Reply.status(200, b""),
        Reply.status(200, {"hello": 1}),
        Reply.status(200, [1, 2]),
        Reply.raw([b"data: {not json}\n\n"]),
        Reply.raw([b'data: "text"\n\n']),
    ],
    ids=["html", "empty", "no choices", "a list", "bad JSON event", "event of another kind"],
)
def test_a_200_that_is_no_completion_says_so(fake: FakeMibyan, reply: Reply) -> None:
    """A login page is not an answer."""
    fake.enqueue(reply)
    with pytest.raises(APIResponseError, match="not a chat completion"):
        ask(Endpoint(fake.base_url), STREAMING_REQUEST)


def test_an_error_object_in_the_stream_is_raised_with_its_words(fake: FakeMibyan) -> None:
    """What came before it was given out already."""
    fake.enqueue(Reply.raw([sse(chunk("a")), b'data: {"error": {"message": "overloaded"}}\n\n']))
    with pytest.raises(APIResponseError, match="overloaded"):
        ask(Endpoint(fake.base_url), STREAMING_REQUEST)


def test_a_refused_connection_names_the_host() -> None:
    """Nobody listens there: host, port, reason and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(APIConnectionError, match=f"127.0.0.1:{port}") as raised:
        ask(Endpoint(f"http://127.0.0.1:{port}/v1"), REQUEST)
    assert "%mibyan status" in str(raised.value)


@pytest.mark.parametrize("fault", [Reset(), Close()])
def test_a_connection_that_breaks_mid_stream_is_an_error(
    fake: FakeMibyan, fault: Reset | Close
) -> None:
    """A cut inside a promised length never passes for an end."""
    headers = {"Content-Type": "text/event-stream", "Content-Length": "9999"}
    fake.enqueue(Reply.raw([sse(chunk("a")), fault], headers=headers))
    with pytest.raises(APIConnectionError):
        ask(Endpoint(fake.base_url), STREAMING_REQUEST)


@pytest.mark.parametrize(
    "reply",
    [
        Reply.wire([Hold()]),
        Reply.raw([Hold()]),
        Reply.raw([sse(chunk("a")), Hold()]),
        Reply.raw([sse(chunk("a")), *([b": keep-alive\n\n", Pause(0.05)] * 200)]),
    ],
    ids=["no headers", "no first byte", "silence after text", "only keep-alive comments"],
)
def test_silence_ends_at_the_idle_limit(fake: FakeMibyan, reply: Reply) -> None:
    """The limit holds before the first byte and between content; a comment is no content."""
    fake.enqueue(reply)
    with pytest.raises(APITimeoutError, match=r"sent nothing for 0\.3 s"):
        ask(Endpoint(fake.base_url, idle_timeout=0.3), STREAMING_REQUEST)


def test_content_pushes_the_idle_limit_back(fake: FakeMibyan) -> None:
    """A stream longer than the limit is whole as long as text keeps coming."""
    fake.enqueue(Reply.stream(list("abcdefgh"), pause=0.1))
    completions, _ = ask(Endpoint(fake.base_url, idle_timeout=0.5), STREAMING_REQUEST)
    assert text_of(completions) == "abcdefgh"


def test_loopback_never_goes_through_a_proxy(
    fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy is for the world outside."""
    with FakeMibyan() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        for base_url in (fake.base_url, fake.base_url.replace("127.0.0.1", "localhost")):
            ask(Endpoint(base_url), STREAMING_REQUEST)
        assert proxy.requests == []
        ask(
            Endpoint("http://mibyan.invalid/v1"), STREAMING_REQUEST
        )  # the control: elsewhere, it is
        assert [request.path for request in proxy.requests] == [
            "http://mibyan.invalid/v1/chat/completions"
        ]
