"""The demo endpoint on a real socket, asked by a raw HTTP client."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import pytest

from mibyan_jupyter.demo import DemoServer, running_demo
from mibyan_jupyter.demo.replies import NO_MODEL
from mibyan_jupyter.demo.wire import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/public/v1/chat/completions"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server that paces nothing noticeably."""
    demo = DemoServer(tokens_per_second=100_000)
    demo.start()
    yield demo
    demo.stop()


@pytest.fixture
def client(server: DemoServer) -> Iterator[http.client.HTTPConnection]:
    """A raw HTTP client of that server."""
    port = int(server.base_url.split(":")[2].partition("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield connection
    connection.close()


def ask(
    client: http.client.HTTPConnection, prompt: str, *, stream: bool = False
) -> http.client.HTTPResponse:
    """Send one question and return the response with its body unread."""
    body = {"model": "mibyan-4.1", "messages": [{"role": "user", "content": prompt}]}
    return send(client, json.dumps({**body, "stream": stream}))


def send(client: http.client.HTTPConnection, body: str) -> http.client.HTTPResponse:
    """Send a body as it is."""
    client.request("POST", PATH, body, {"Authorization": "Bearer mb-none"})
    return client.getresponse()


def events_of(body: bytes) -> list[str]:
    """The data of each server-sent event."""
    return [part.removeprefix("data: ") for part in body.decode().split("\n\n") if part]


def deltas_of(events: list[str]) -> list[dict[str, Any]]:
    """The delta of each chunk."""
    return [json.loads(event)["choices"][0]["delta"] for event in events if event != "[DONE]"]


def test_json_answer(client: http.client.HTTPConnection) -> None:
    """Without streaming comes one chat.completion with usage."""
    response = ask(client, "hello")
    value = json.loads(response.read())
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert value["object"] == "chat.completion"
    (choice,) = value["choices"]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["role"] == "assistant"
    assert NO_MODEL in choice["message"]["content"]
    usage = value["usage"]
    assert usage["completion_tokens"] == len(tokens_of(choice["message"]["content"]))
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 1


def test_streamed_answer(client: http.client.HTTPConnection) -> None:
    """With streaming come the role, the deltas, one end with usage, and [DONE]."""
    response = ask(client, "hello", stream=True)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    events = events_of(response.read())
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]
    assert [chunk for chunk in chunks if "usage" in chunk] == chunks[-1:]
    assert chunks[-1]["usage"]["completion_tokens"] == len(chunks) - 2


@pytest.mark.parametrize("prompt", ["hello", "what can you show?", "ما هو الوسيط؟", "\ud800😀"])
def test_both_modes_say_the_same(client: http.client.HTTPConnection, prompt: str) -> None:
    """The deltas, joined, are the text of the JSON answer, each time again."""
    streamed = deltas_of(events_of(ask(client, prompt, stream=True).read()))
    for _ in range(2):
        text = json.loads(ask(client, prompt).read())["choices"][0]["message"]["content"]
        assert "".join(delta.get("content", "") for delta in streamed) == text


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ("{", None),
        ("[1]", None),
        ("[" * 100_000, None),
        ("{}", "messages"),
        ('{"messages": []}', "messages"),
        ('{"messages": ["hi"]}', "messages[0]"),
        ('{"messages": [{"content": "hi"}]}', "messages[0].role"),
        ('{"messages": [{"role": ["user"], "content": "hi"}]}', "messages[0].role"),
        ('{"messages": [{"role": "user", "content": 5}]}', "messages[0].content"),
        ('{"messages": [{"role": "user", "content": "hi"}], "stream": "yes"}', "stream"),
    ],
)
def test_bad_body(client: http.client.HTTPConnection, body: str, param: str | None) -> None:
    """A body that breaks the protocol gives 400 with an error object that names the field."""
    response = send(client, body)
    error = json.loads(response.read())["error"]
    assert response.status == 400
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert error["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", PATH, 405), ("POST", "/v1/chat/completions", 404), ("GET", "/", 404)],
)
def test_wrong_address(
    client: http.client.HTTPConnection, method: str, path: str, status: int
) -> None:
    """Other paths give 404 and other methods 405, both as error objects that name the way."""
    client.request(method, path)
    response = client.getresponse()
    assert response.status == status
    assert PATH in json.loads(response.read())["error"]["message"]


def test_parts_and_earlier_turns(client: http.client.HTTPConnection) -> None:
    """Content may be a list of parts, and the reply counts the user's earlier questions."""
    user = {"role": "user", "content": [{"type": "text", "text": "hello"}]}
    messages = [user, {"role": "assistant", "content": None}, user, user]
    value = json.loads(send(client, json.dumps({"messages": messages})).read())
    assert "your 3rd question" in value["choices"][0]["message"]["content"]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("status", [401, 429, 500, 529])
def test_error_on_demand(client: http.client.HTTPConnection, status: int, stream: bool) -> None:
    """`demo:error=…` plays that status, in both modes."""
    response = ask(client, f"please demo:error={status}", stream=stream)
    error = json.loads(response.read())["error"]
    assert response.status == status
    assert str(status) in error["message"]
    assert (response.headers["Retry-After"] == "1") == (status in {429, 529})


def test_cut_stream(client: http.client.HTTPConnection) -> None:
    """`demo:cut` breaks the chunked body after some text."""
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(client, "demo:cut", stream=True).read()
    events = events_of(caught.value.partial)
    assert len(deltas_of(events)) > 2
    assert "[DONE]" not in events


def test_cut_json(client: http.client.HTTPConnection) -> None:
    """`demo:cut` breaks a JSON body before its promised length."""
    with pytest.raises(http.client.IncompleteRead):
        ask(client, "demo:cut").read()


def test_length(client: http.client.HTTPConnection) -> None:
    """`demo:length` gives half an answer and says so."""
    whole = json.loads(ask(client, "demo:lengthy").read())["choices"][0]
    half = json.loads(ask(client, "demo:length").read())["choices"][0]
    assert (whole["finish_reason"], half["finish_reason"]) == ("stop", "length")
    assert len(half["message"]["content"]) < len(whole["message"]["content"])


def test_stall_ends_with_the_server() -> None:
    """`demo:stall` sends some text, then nothing until the connection goes."""
    demo = DemoServer(tokens_per_second=100_000)
    port = int(demo.start().split(":")[2].partition("/")[0])
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    response = ask(client, "demo:stall", stream=True)
    assert response.readline().startswith(b"data: ")
    demo.stop()
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    client.close()


def test_rate(client: http.client.HTTPConnection) -> None:
    """`demo:rate=400` sends 400 tokens a second, counted over the whole answer."""
    response = ask(client, "hello demo:rate=400", stream=True)
    started = time.monotonic()
    tokens = len(deltas_of(events_of(response.read()))) - 2
    seconds = time.monotonic() - started
    assert tokens / 400 * 0.9 < seconds < tokens / 400 * 3


def test_client_that_leaves_is_no_news(
    server: DemoServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that leaves mid-answer neither disturbs the next one nor is logged."""
    port = int(server.base_url.split(":")[2].partition("/")[0])
    for _ in range(3):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        response = ask(client, "hello demo:slow", stream=True)
        response.readline()
        response.close()
        client.close()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    assert ask(client, "hello").read()
    client.close()
    assert [record for record in caplog.records if record.name != "asyncio"] == []


def test_many_at_once(server: DemoServer) -> None:
    """Slow answers do not hold each other up."""
    port = int(server.base_url.split(":")[2].partition("/")[0])
    clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(10)]
    answers = [ask(client, "demo:rate=1000", stream=True) for client in clients]
    bodies = [answer.read() for answer in answers]
    assert all(body.endswith(b"data: [DONE]\n\n") for body in bodies)
    for client in clients:
        client.close()


def test_lifecycle() -> None:
    """Starting and stopping are idempotent, leave no thread, and a stopped server can start."""
    before = set(threading.enumerate())
    demo = DemoServer()
    demo.stop()
    first = demo.start()
    assert demo.start() == first == demo.base_url
    demo.stop()
    demo.stop()
    demo.wait()
    assert set(threading.enumerate()) == before
    assert demo.start()
    demo.stop()
    assert set(threading.enumerate()) == before


def test_nobody_else_can_reach_it() -> None:
    """It listens on loopback, and on no other address of the machine."""
    demo = DemoServer()
    port = urlsplit(demo.start()).port
    listening = [
        each.laddr.ip
        for each in psutil.Process().net_connections("tcp")
        if each.status == psutil.CONN_LISTEN and each.laddr.port == port
    ]
    demo.stop()
    assert listening == ["127.0.0.1"]


def test_taken_port() -> None:
    """A port that another program holds is refused where the caller can see it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        demo = DemoServer(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            demo.start()


def test_one_shared_demo() -> None:
    """`running_demo()` is the same running server each time."""
    demo = running_demo()
    try:
        assert running_demo() is demo
        assert demo.base_url.startswith("http://127.0.0.1:")
        assert demo.base_url.endswith("/api/public/v1")
    finally:
        demo.stop()


def run(code: str) -> subprocess.Popen[str]:
    """A fresh Python that runs `code`."""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_import_is_light() -> None:
    """Importing the demo imports neither tornado nor httpx nor the rest of the package."""
    code = (
        "import sys, mibyan_jupyter\n"
        "before = set(sys.modules)\n"
        "import mibyan_jupyter.demo\n"
        "new = set(sys.modules) - before\n"
        "print([m for m in new if m.split('.')[0] in {'tornado', 'httpx'}\n"
        "       or m.startswith('mibyan_jupyter.') and '.demo' not in m])"
    )
    with run(code) as process:
        assert process.communicate()[0].strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_serve_until_interrupted() -> None:
    """`serve` answers in the foreground, and Ctrl+C ends it without a traceback."""
    code = (
        "from mibyan_jupyter.demo import serve\n"
        "serve(0, started=lambda url: print(url, flush=True))"
    )
    with run(code) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split(":")[2].partition("/")[0])
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        assert ask(client, "json demo:rate=9999").status == 200
        client.close()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
