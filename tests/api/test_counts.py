"""How often a client turns to the network, by count: it does not wait for each token."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any

import pytest

from mibyan_jupyter.api.client import Client, Endpoint
from tests.fake_mibyan import FakeMibyan, Reply

if TYPE_CHECKING:
    from collections.abc import Coroutine

BODY = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Go"}]}


class CountingSelector(selectors.DefaultSelector):
    """Counts how often its loop turned."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0

    def select(self, timeout: float | None = None) -> Any:
        self.turns += 1
        return super().select(timeout)


def turns_of(work: Coroutine[Any, Any, Any]) -> int:
    """The turns of a loop of its own that does this work."""
    selector = CountingSelector()
    loop = asyncio.SelectorEventLoop(selector)
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()
    return selector.turns


async def read(fake: FakeMibyan) -> str:
    client = Client()
    async with client.post(Endpoint(fake.base_url), BODY) as stream:
        text = "".join([each.text async for batch in stream for each in batch])
    await client.aclose()
    return text


@pytest.mark.parametrize("rate", [500, 1_000])
def test_a_trickle_is_read_in_few_turns(fake: FakeMibyan, rate: int) -> None:
    """1 000 tokens, each sent by itself, cost fewer than 200 turns of the loop: it was 2 000."""
    words = [f"word{n} " for n in range(1_000)]
    fake.enqueue(Reply.stream(words, tokens_per_second=rate))
    assert turns_of(read(fake)) < 200


def test_one_question_is_one_request(fake: FakeMibyan) -> None:
    """Nothing else goes over the wire."""
    turns_of(read(fake))
    assert len(fake.requests) == 1
