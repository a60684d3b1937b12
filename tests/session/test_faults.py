"""Every fault of the wire has one typed outcome: the table of `faults.py`, on real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mibyan_jupyter.api.client import Client, Pacing
from mibyan_jupyter.context.items import Receipt, ReceiptItem
from mibyan_jupyter.errors import (
    APIStatusError,
    BadRequestError,
    IncompleteAnswerError,
    MibyanError,
    RateLimitError,
)
from mibyan_jupyter.session.answer_builder import naming_context
from mibyan_jupyter.session.events import (
    SessionEvent,
    TextAdded,
    TurnRetrying,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.session.running_turn import answer_of
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Turn, TurnRequest
from tests.fake_mibyan import FakeMibyan, Hold, Pause, Reply, Reset, chunk, sse
from tests.session.faults import FAULTS, KEY, SILENCE, Fault
from tests.session.faults.fault import refused
from tests.session.network import PASSWORD, Network

STATUS = {"full": "complete", "kept": "cut_off", "none": "failed"}
NEVER_SHOWN = (
    KEY,
    KEY[:12],
    PASSWORD,
    "RAW BODY",
    "<html",
    "httpx",
    "httpcore",
    "Traceback",
    "\x1b",
)


async def no_sleep(_: float) -> None:
    """Waits before a retry take no time here."""


@pytest.fixture
def client() -> Iterator[Client]:
    one = Client(pacing=Pacing(sleep=no_sleep))
    yield one
    io_thread().call(one.aclose())


@pytest.fixture
def network(fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Network]:
    one = Network(fake, monkeypatch, tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_has_one_typed_outcome(
    fault: Fault, fake: FakeMibyan, client: Client, network: Network
) -> None:
    """Status, text, error, number of requests and the two lines are those of the table."""
    fake.enqueue(*fault.replies, *fault.replies[-1:] * 3)
    base_url = fault.at(network) if fault.at else fake.base_url
    idle = 0.8 if fault in SILENCE else 10
    session = Session(base_url=base_url, api_key=KEY, client=client, idle_timeout=idle)
    began = time.monotonic()
    turn = session.submit(TurnRequest("Hi")).wait(60)
    assert time.monotonic() - began < 15
    assert turn.status == STATUS[fault.outcome], turn.error
    check_text(fault, turn)
    check_error(fault, turn)
    assert len(fake.requests) == (fault.requests if fault.replies else 0)
    assert turn.goes_along == (fault.outcome != "none")


def check_text(fault: Fault, turn: Turn) -> None:
    text = turn.answer.text if turn.answer else ""
    assert text == fault.text or (fault.text == "*" and text)
    reason = turn.answer.finish_reason if turn.answer else None
    assert reason == fault.reason or (fault.outcome == "full" and reason == "stop")


def check_error(fault: Fault, turn: Turn) -> None:
    assert type(turn.error) is (fault.error or type(None)), turn.error
    if turn.error is None:
        assert answer_of(turn) is turn.answer
        return
    with pytest.raises(MibyanError) as raised:
        answer_of(turn)
    if turn.answer is not None:
        assert isinstance(raised.value, IncompleteAnswerError)
        assert raised.value.answer is turn.answer
        assert "%mibyan retry" in str(raised.value)
    shown = str(raised.value)
    assert len(shown.splitlines()) == 2
    assert len(shown) < 800
    assert [word for word in fault.says if word not in shown] == [], shown
    everything = shown + repr(raised.value) + repr(turn.error)
    assert [word for word in NEVER_SHOWN if word in everything] == []


# ---- retries: what is told, and what ends them ---------------------------------------------------


class Waits:
    """The waits that were asked for; `hold` makes each last until it is cancelled."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.hold = False
        self.begun = threading.Event()

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.begun.set()
        if self.hold:
            await asyncio.Event().wait()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def waiting(waits: Waits, fake: FakeMibyan) -> Iterator[Session]:
    """A session whose waits are counted; chance takes nothing away, and it is 1 January 2026."""
    pacing = Pacing(sleep=waits.sleep, clock=lambda: 1_767_225_600.0, chance=lambda: 0.0)
    client = Client(pacing=pacing)
    yield Session(base_url=fake.base_url, client=client)
    io_thread().call(client.aclose())


def test_a_retry_is_told_before_its_wait(fake: FakeMibyan, waiting: Session, waits: Waits) -> None:
    """Which one, how long, and why in our own words; between the start and the first text."""
    fake.enqueue(refused(429, "slow <b>down</b>"), refused(529), Reply.stream(["a"]))
    seen: list[SessionEvent] = []
    turn = waiting.submit(TurnRequest("Hi"), seen.append).wait(10)
    assert turn.status == "complete"
    assert waits.seconds == [0.5, 1.0]
    assert [type(event) for event in seen[:5]] == [
        *(TurnWaiting, TurnStarted, TurnRetrying, TurnRetrying, TextAdded)
    ]
    assert seen[2:4] == [
        TurnRetrying(turn.id, 1, 0.5, "Too many requests (429)"),
        TurnRetrying(turn.id, 2, 1.0, "The server is overloaded (529)"),
    ]


def test_the_same_request_goes_out_again(fake: FakeMibyan, waiting: Session) -> None:
    """Byte by byte, key included."""
    waiting.set_key(KEY)
    fake.enqueue(refused(503), Reply.stream(["a"]))
    waiting.ask("Hi")
    first, second = fake.requests
    assert first.body == second.body
    assert first.headers == second.headers


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("Retry-After", "7", 7.0),
        ("Retry-After", "Thu, 01 Jan 2026 00:01:30 GMT", 90.0),
        ("retry-after-ms", "250", 0.25),
    ],
)
def test_the_servers_wait_is_kept(
    fake: FakeMibyan, waiting: Session, waits: Waits, header: str, value: str, seconds: float
) -> None:
    """In each of the three ways to say it."""
    fake.enqueue(Reply.status(429, headers={header: value}), Reply.stream(["a"]))
    assert waiting.ask("Hi").text == "a"
    assert waits.seconds == [seconds]


def test_a_long_wait_is_said_and_not_waited(
    fake: FakeMibyan, waiting: Session, waits: Waits
) -> None:
    """The error tells how long; one request was sent."""
    fake.enqueue(refused(429, Retry_After="Thu, 01 Jan 2026 05:00:00 GMT"))
    with pytest.raises(RateLimitError, match="asks to wait 5 h"):
        waiting.ask("Hi")
    assert (waits.seconds, len(fake.requests)) == ([], 1)


def test_stop_ends_the_wait_at_once(fake: FakeMibyan, waiting: Session, waits: Waits) -> None:
    """The turn is stopped, and nothing more is sent."""
    waits.hold = True
    fake.enqueue(refused(429))
    running = waiting.submit(TurnRequest("Hi"))
    assert waits.begun.wait(10)
    running.stop()
    assert running.wait(1).status == "stopped"
    assert len(fake.requests) == 1


def test_nothing_is_retried_after_the_first_byte(
    fake: FakeMibyan, waiting: Session, waits: Waits
) -> None:
    """An answer that breaks off is kept as it is, whatever broke it."""
    over = sse({"error": {"message": "overloaded", "code": 529}})
    for steps in ([over], [sse(chunk("a")), over], [sse(chunk("a")), Reset()], [Reset()]):
        fake.enqueue(Reply.raw(steps))
        with pytest.raises(MibyanError):
            waiting.ask("Hi")
    assert (waits.seconds, len(fake.requests)) == ([], 4)


# ---- ■ at any time -------------------------------------------------------------------------------

HELD = {
    "no headers": Reply.wire([Hold()]),
    "half a header": Reply.wire([b"HTTP/1.1 200 OK\r\nContent-", Hold()]),
    "an error without its body": Reply.raw([b"{", Hold()], status=400),
    "no body": Reply.raw([Hold()]),
    "silence after text": Reply.raw([sse(chunk("a")), Hold()]),
    "half a line": Reply.raw([sse(chunk("a")), b"data: ", Hold()]),
    "half a JSON body": Reply.raw([b"{", Hold()], headers={"Content-Type": "application/json"}),
    "half a gzip": Reply.raw([b"\x1f\x8b", Hold()], headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("name", HELD)
def test_stop_at_any_time(name: str, fake: FakeMibyan) -> None:
    """Wherever the server hangs: the turn ends at once, and the server sees us leave."""
    fake.enqueue(HELD[name])
    session = Session(base_url=fake.base_url)
    running = session.submit(TurnRequest("Hi"))
    fake.wait_for_holds()
    running.stop()
    turn = running.wait(1)
    assert turn.status == "stopped"
    fake.wait_for_disconnect(timeout=1)


def test_stop_while_tls_is_negotiated() -> None:
    """A server that takes the connection and says nothing: ■ leaves it at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        session = Session(base_url=f"https://127.0.0.1:{listener.getsockname()[1]}/v1")
        running = session.submit(TurnRequest("Hi"))
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(1)
            assert connection.recv(65_536)  # its greeting
            running.stop()
            assert running.wait(1).status == "stopped"
            assert connection.recv(65_536) == b""


def test_stop_while_keep_alive_comments_rain(fake: FakeMibyan) -> None:
    """A busy silence is stopped as well as a quiet one."""
    fake.enqueue(Reply.raw([sse(chunk("a")), *[b": hi\n\n", Pause(0.001)] * 20_000]))
    session, came = Session(base_url=fake.base_url), threading.Event()

    def listen(event: SessionEvent) -> None:
        if isinstance(event, TextAdded):
            came.set()

    running = session.submit(TurnRequest("Hi"), listen)
    assert came.wait(10)
    running.stop()
    turn = running.wait(1)
    assert (turn.status, turn.answer and turn.answer.text) == ("stopped", "a")


# ---- the rest of the table -----------------------------------------------------------------------


def test_a_redirect_takes_nothing_along(fake: FakeMibyan, client: Client) -> None:
    """Neither key nor prompt goes to the other server; the message names it."""
    with FakeMibyan() as other:
        for status in (301, 302, 303, 307, 308):
            fake.enqueue(Reply.status(status, headers={"Location": f"{other.base_url}/x"}))
            session = Session(base_url=fake.base_url, api_key=KEY, client=client)
            with pytest.raises(APIStatusError, match=f"127.0.0.1:{other.port}"):
                session.ask("Hi")
        assert other.requests == []


def test_a_request_that_is_too_large_names_its_context() -> None:
    """The largest parts of what went along, which could be left out."""
    error = BadRequestError("The request is too large (413).", "Send less.", status_code=413)
    items = [("cells", 10), ("@df", 2_500), ("@error", 800)]
    receipt = Receipt(tuple(ReceiptItem(name, tokens, "whole") for name, tokens in items))
    said = naming_context(error, receipt)
    assert isinstance(said, BadRequestError)
    assert said.hint.startswith("Send less context: most is @df (≈ 2,500 tokens) and @error (≈ 800")
    assert naming_context(error, Receipt()) is error
    assert naming_context(error, None) is error
