"""Every fault of the wire has one typed outcome: the table of `faults.py`, on real sockets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mibyan_jupyter.api.client import Client, Pacing
from mibyan_jupyter.errors import IncompleteAnswerError, MibyanError
from mibyan_jupyter.session.io_thread import io_thread
from mibyan_jupyter.session.running_turn import answer_of
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Turn, TurnRequest
from tests.fake_mibyan import FakeMibyan
from tests.session.faults import FAULTS, KEY, Fault
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
    session = Session(base_url=base_url, api_key=KEY, client=client, idle_timeout=0.4)
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
