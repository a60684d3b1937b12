"""The client against a real socket: what goes out, and how an answer comes back."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from mibyan_jupyter.api.client import Client, Endpoint
from mibyan_jupyter.api.decoder import Completion
from mibyan_jupyter.errors import (
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    MibyanError,
)
from mibyan_jupyter.keys import Key
from tests.api.page import PATH, PROMPT, REQUEST, RESPONSE, STREAMING_REQUEST
from tests.fake_mibyan import DONE, Close, FakeMibyan, Hold, Pause, Reply, chunk, sse

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


def ask_until_error(endpoint: Endpoint) -> tuple[str, MibyanError | None]:
    """The text of one request up to its error, and the error."""
    completions: list[Completion] = []

    async def run() -> None:
        client = Client()
        try:
            async with client.post(endpoint, STREAMING_REQUEST) as stream:
                async for batch in stream:
                    completions.extend(batch)
        finally:
            await client.aclose()

    try:
        asyncio.run(run())
    except MibyanError as error:
        return text_of(completions), error
    return text_of(completions), None


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


def test_a_stop_after_done_comes_too_late(fake: FakeMibyan) -> None:
    """The wait for the connection's end belongs to the connection, not to the answer."""
    fake.enqueue(Reply.raw([sse(chunk("a")) + DONE, Hold()]))

    async def read(client: Client, came: asyncio.Event) -> bool:
        async with client.post(Endpoint(fake.base_url), STREAMING_REQUEST) as stream:
            async for _ in stream:
                came.set()
        return stream.done

    async def run() -> bool:
        client, came = Client(), asyncio.Event()
        reading = asyncio.create_task(read(client, came))
        await came.wait()
        reading.cancel()
        done = await reading
        await client.aclose()
        return done

    assert asyncio.run(run())
    fake.wait_for_disconnect()


@pytest.mark.parametrize(
    "late",
    [[], [sse({"choices": [], "usage": {"prompt_tokens": 7}})], [b": keep-alive\n\n"]],
    ids=["nothing", "usage", "a comment"],
)
def test_after_the_finish_reason_only_a_short_grace_is_waited(
    fake: FakeMibyan, late: list[bytes]
) -> None:
    """A server that keeps the body open ends the answer all the same; late usage is taken."""
    steps = [sse(chunk("a")), sse(chunk(finish_reason="stop")), Pause(0.2), *late, Hold()]
    fake.enqueue(Reply.raw(steps))
    began = time.monotonic()
    completions, done = ask(Endpoint(fake.base_url, idle_timeout=30), STREAMING_REQUEST)
    assert time.monotonic() - began < 1.3
    assert (text_of(completions), done) == ("a", False)
    usages = [each.usage.prompt_tokens for each in completions if each.usage]
    assert usages == ([7] if b"usage" in b"".join(late) else [])


def test_done_within_the_grace_is_taken(fake: FakeMibyan) -> None:
    """`[DONE]` may come a little after the finish reason."""
    fake.enqueue(Reply.raw([sse(chunk("a", finish_reason="stop")), Pause(0.2), DONE, Hold()]))
    assert ask(Endpoint(fake.base_url), STREAMING_REQUEST)[1]


def test_a_server_that_ends_every_piece_is_read_to_its_end(fake: FakeMibyan) -> None:
    """Where text follows a finish reason, the reason told nothing: no grace, all the text."""
    ends = [sse(chunk(letter, finish_reason="stop")) for letter in "abc"]
    fake.enqueue(Reply.raw([*ends[:2], Pause(1.1), ends[2], DONE]))
    assert text_of(ask(Endpoint(fake.base_url), STREAMING_REQUEST)[0]) == "abc"


@pytest.mark.parametrize("start", [b"", b": hi\n\n", b"event: message\n", b"\xef\xbb\xbf"])
def test_an_event_stream_is_known_by_its_first_bytes(fake: FakeMibyan, start: bytes) -> None:
    """No content type, which does not say so, does not hide a stream."""
    fake.enqueue(Reply.raw([start + sse(chunk("a")), sse(chunk("b")), DONE], headers={}))
    completions, done = ask(Endpoint(fake.base_url), STREAMING_REQUEST)
    assert (text_of(completions), done) == ("ab", True)


def test_a_json_body_may_begin_with_a_bom(fake: FakeMibyan) -> None:
    """Some servers put one there."""
    fake.enqueue(Reply.status(200, b"\xef\xbb\xbf" + json.dumps(RESPONSE).encode()))
    assert text_of(ask(Endpoint(fake.base_url), REQUEST)[0]).startswith("Mibyan")


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


def test_what_was_read_is_told_before_a_rest(
    fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops while the reader of a trickle rests loses nothing of what had come."""
    monkeypatch.setattr("mibyan_jupyter.api.reading_rhythm.ReadingRhythm.rest", lambda *_: 60)
    fake.enqueue(Reply.stream(["one ", "two"]))

    async def first_batch() -> list[Completion]:
        client = Client()
        async with client.post(Endpoint(fake.base_url), STREAMING_REQUEST) as stream:
            batch = await anext(aiter(stream))
        await client.aclose()
        return batch

    assert asyncio.run(asyncio.wait_for(first_batch(), 20))


# ---- refusals (every fault has its row in tests/session/faults) ----------------------------------


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


@pytest.mark.parametrize("location", ["http://[bad", "", "/login", "http://user:hunter2@host/"])
def test_any_redirect_is_the_redirect_error(fake: FakeMibyan, location: str) -> None:
    """Also one whose target cannot be read; a password in it is not repeated."""
    fake.enqueue(Reply.status(302, headers={"Location": location}))
    with pytest.raises(APIStatusError, match="redirects to") as raised:
        ask(Endpoint(fake.base_url, KEY), REQUEST)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("steps", "headers"),
    [
        ([b'{"error": {"mess', Close()], {"Content-Length": "999"}),
        ([b"no gzip"], {"Content-Encoding": "gzip"}),
        ([b"{", Hold()], {}),
    ],
    ids=["cut", "unreadable", "stalled"],
)
def test_an_error_status_holds_without_a_readable_body(
    fake: FakeMibyan, steps: list[Any], headers: dict[str, str]
) -> None:
    """The status says enough; the body may be cut, unreadable or never come."""
    fake.enqueue(Reply.raw(steps, status=401, headers=headers))
    with pytest.raises(AuthenticationError):
        ask(Endpoint(fake.base_url, KEY, idle_timeout=0.3), REQUEST)


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "too \x1b[31mmany words"},
        {"detail": [{"loc": ["body"], "msg": "too [31mmany"}, {"msg": "words"}]},
        {"message": "too [31mmany words"},
    ],
)
def test_other_frameworks_words_are_shown(fake: FakeMibyan, body: dict[str, Any]) -> None:
    """FastAPI's `detail`, as text or as a list; without control characters."""
    fake.enqueue(Reply.status(422, body))
    with pytest.raises(BadRequestError, match=r"too \[31mmany;? words"):
        ask(Endpoint(fake.base_url), REQUEST)


@pytest.mark.parametrize("value", [{1}, float("nan"), float("inf"), object(), {(1, 2): 3}])
def test_what_is_no_json_is_refused_before_anything_is_sent(fake: FakeMibyan, value: Any) -> None:
    """`session.extra` may hold anything that a user put there."""
    with pytest.raises(ConfigurationError, match=r"session\.extra"):
        ask(Endpoint(fake.base_url), {**REQUEST, "logit_bias": value})
    assert fake.requests == []


def test_a_query_of_the_base_url_stays_a_query(fake: FakeMibyan) -> None:
    """Azure's kind of address names its version there."""
    ask(Endpoint(f"{fake.base_url}?api-version=2"), REQUEST)
    assert fake.requests[0].path == f"{PATH}?api-version=2"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (sse({"error": {"message": "overloaded"}}), "overloaded"),
        (b'event: error\ndata: {"message": "overloaded"}\n\n', "overloaded"),
        (b"event: error\ndata: overloaded\n\n", "overloaded"),
        (b"data: {not json}\n\n", "cannot be read"),
    ],
    ids=["error object", "error event", "error in plain words", "no JSON"],
)
def test_text_before_an_error_in_the_same_piece_is_kept(
    fake: FakeMibyan, end: bytes, said: str
) -> None:
    """Where the network cut the bytes does not decide what is lost."""
    fake.enqueue(Reply.raw([sse(chunk("Hello world")) + end + sse(chunk("never"))]))
    text, error = ask_until_error(Endpoint(fake.base_url))
    assert text == "Hello world"
    assert isinstance(error, APIResponseError)
    assert said in str(error)


@pytest.mark.parametrize(
    "delta", [{"reasoning_content": "hm"}, {"tool_calls": [{"index": 0}]}], ids=["thought", "tool"]
)
def test_what_is_not_shown_is_content_too(fake: FakeMibyan, delta: dict[str, Any]) -> None:
    """A model that reasons for longer than the limit is at work, not silent."""
    thought = sse({"choices": [{"index": 0, "delta": delta}]})
    fake.enqueue(Reply.raw([*([thought, Pause(0.1)] * 8), sse(chunk("a")), DONE]))
    completions, _ = ask(Endpoint(fake.base_url, idle_timeout=0.5), STREAMING_REQUEST)
    assert text_of(completions) == "a"


def test_a_json_body_may_flow_for_longer_than_the_limit(fake: FakeMibyan) -> None:
    """Its text is there at the end only, so every byte counts."""
    body = json.dumps(RESPONSE).encode()
    cut = [body[place : place + 60] for place in range(0, len(body), 60)]
    steps = [step for piece in cut for step in (piece, Pause(0.15))]
    fake.enqueue(Reply.raw(steps, headers={"Content-Type": "application/json"}))
    completions, _ = ask(Endpoint(fake.base_url, idle_timeout=0.5), REQUEST)
    assert text_of(completions).startswith("Mibyan")
