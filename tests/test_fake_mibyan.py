"""The fake server keeps its promises: what is queued is what a client gets."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Close, FakeMibyan, Hold, Pause, Reply, Reset, Step, chunk, sse

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/public/v1/chat/completions"


@pytest.fixture
def fake() -> Iterator[FakeMibyan]:
    """A running fake."""
    with FakeMibyan() as server:
        yield server


@pytest.fixture
def client(fake: FakeMibyan) -> Iterator[http.client.HTTPConnection]:
    """A raw HTTP client of that fake."""
    connection = http.client.HTTPConnection("127.0.0.1", fake.port, timeout=10)
    yield connection
    connection.close()


def ask(
    client: http.client.HTTPConnection, prompt: str = "Hi", *, stream: bool = True
) -> http.client.HTTPResponse:
    """Send one question and return the response with its body unread."""
    body = json.dumps({"messages": [{"role": "user", "content": prompt}], "stream": stream})
    client.request("POST", PATH, body, {"Content-Type": "application/json", "X-Probe": "1"})
    return client.getresponse()


def text_of(body: bytes) -> str:
    """The deltas of an event stream, joined."""
    events = [line[6:] for line in body.decode().split("\n") if line.startswith("data: {")]
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events]
    return "".join(delta.get("content", "") for delta in deltas)


def test_stream_is_played_and_recorded(
    fake: FakeMibyan, client: http.client.HTTPConnection
) -> None:
    """A queued stream arrives whole, and the request is kept as it was sent."""
    fake.enqueue(Reply.stream(["Hel", "lo\u2028"], usage={"total_tokens": 3}))
    body = ask(client).read()
    assert text_of(body) == "Hello\u2028"
    assert b'"finish_reason": "stop"' in body
    assert b'"total_tokens": 3' in body
    assert body.endswith(b"data: [DONE]\n\n")
    (request,) = fake.wait_for_requests(1)
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["x-probe"] == "1"
    assert ("X-Probe", "1") in request.raw_headers
    assert request.prompt == "Hi"


@pytest.mark.parametrize("stream", [True, False])
def test_default_reply_echoes(client: http.client.HTTPConnection, stream: bool) -> None:
    """With nothing queued the fake names the last user message, in the mode asked for."""
    body = ask(client, "what is ü?", stream=stream).read()
    text = text_of(body) if stream else json.loads(body)["choices"][0]["message"]["content"]
    assert text == "You said: what is ü?"


def test_connection_is_kept_alive(fake: FakeMibyan, client: http.client.HTTPConnection) -> None:
    """Chunked and sized replies alike leave the connection usable."""
    fake.enqueue(
        Reply.stream(["a"]), Reply.status(429, {"error": {}}, headers={"Retry-After": "2"})
    )
    ask(client).read()
    refused = ask(client)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "2")
    refused.read()
    ask(client).read()
    assert {request.connection for request in fake.requests} == {1}


def test_hold_waits_for_release(fake: FakeMibyan, client: http.client.HTTPConnection) -> None:
    """A held stream sends nothing more until the test releases it."""
    fake.enqueue(Reply.stream(["one", "two"], hold_after=1))
    response = ask(client)
    fake.wait_for_holds()
    before = response.read1()
    while b"one" not in before:
        before += response.read1()
    assert b"two" not in before
    fake.release()
    assert b"two" in response.read()


def test_raw_bytes_pauses_and_close(fake: FakeMibyan, client: http.client.HTTPConnection) -> None:
    """Raw pieces arrive as given, and Close ends them before what was promised."""
    pieces: list[Step] = [sse(chunk("a")), Pause(0.01), b"data: {", Close(), b"never sent"]
    fake.enqueue(Reply.raw(pieces, headers={"Content-Length": "999"}))
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(client).read()
    assert caught.value.partial == sse(chunk("a")) + b"data: {"


def test_reset_is_a_tcp_reset(fake: FakeMibyan, client: http.client.HTTPConnection) -> None:
    """Reset() reaches the client as ECONNRESET."""
    fake.enqueue(Reply.raw([b"data: x", Hold(), Reset()]))
    response = ask(client)
    assert response.read1(7) == b"data: x"
    fake.release()
    with pytest.raises(ConnectionResetError):
        response.read()


def test_disconnect_is_seen(fake: FakeMibyan, client: http.client.HTTPConnection) -> None:
    """A client that leaves mid-stream is noticed, with the moment; one that stays is not."""
    fake.enqueue(Reply.stream(["a"]), Reply.stream(["a", "b"], hold_after=1))
    ask(client).read()
    response = ask(client)
    fake.wait_for_holds()
    left_at = time.monotonic()
    response.close()
    client.close()
    request = fake.wait_for_disconnect(2)
    assert request.disconnected_at is not None
    assert request.disconnected_at >= left_at
    assert fake.requests[0].disconnected_at is None


def test_no_answer_at_all(fake: FakeMibyan) -> None:
    """A wire reply that only holds sends not even a status line."""
    fake.enqueue(Reply.wire([Hold()]))
    with socket.create_connection(("127.0.0.1", fake.port), timeout=0.05) as client:
        client.sendall(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        fake.wait_for_holds()
        with pytest.raises(TimeoutError):
            client.recv(1)
    assert fake.wait_for_disconnect().json == {}


def test_failed_wait_says_what_was_seen(
    fake: FakeMibyan, client: http.client.HTTPConnection
) -> None:
    """A wait that fails names what it waited for and the requests that came."""
    ask(client, "only one").read()
    with pytest.raises(AssertionError, match=r"(?s)2 request.*only one"):
        fake.wait_for_requests(2, timeout=0.01)


def test_reply_can_depend_on_the_request(
    fake: FakeMibyan, client: http.client.HTTPConnection
) -> None:
    """A queued function makes its reply from the request."""
    fake.enqueue(lambda request: Reply.json(request.prompt.upper()))
    assert b'"HI"' in ask(client).read()


def test_stop_leaves_no_thread() -> None:
    """Stopping with a client mid-stream joins the thread and can be repeated."""
    before = set(threading.enumerate())
    with FakeMibyan() as fake:
        fake.enqueue(Reply.stream(["a"], hold_after=1))
        client = http.client.HTTPConnection("127.0.0.1", fake.port, timeout=10)
        response = ask(client)
        fake.wait_for_holds()
    response.close()
    client.close()
    fake.stop()
    assert set(threading.enumerate()) == before
