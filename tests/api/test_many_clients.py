"""Many clients of one gateway that refuses some requests and drops some connections."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass

from mibyan_jupyter.api.client import Client, Endpoint, Pacing
from mibyan_jupyter.errors import APIConnectionError, MibyanError, RateLimitError
from mibyan_jupyter.session.answer_builder import AnswerBuilder
from tests.fake_mibyan import FakeMibyan, RecordedRequest, Reply, Reset, chunk, sse

CLIENTS = 200
WORDS = 20


class Gateway:
    """Answers each prompt with its own words; 5 % of the requests get a 429, 1 % a reset."""

    def __init__(self) -> None:
        self._chance = random.Random(7)  # noqa: S311 - the same faults in each run
        self.refused = self.dropped = 0

    def __call__(self, request: RecordedRequest) -> Reply:
        drawn = self._chance.random()
        if drawn < 0.05:
            self.refused += 1
            return Reply.status(429, {"error": {"message": "slow down"}})
        words = words_for(request.prompt)
        if drawn < 0.06:
            self.dropped += 1
            half = words[: self._chance.randrange(WORDS)]
            return Reply.raw([b"".join(sse(chunk(word)) for word in half), Reset()])
        return Reply.stream(words)


@dataclass(frozen=True)
class Asked:
    prompt: str
    status: str
    text: str
    error: MibyanError | None


def words_for(prompt: str) -> list[str]:
    return [f"{prompt}-{number} " for number in range(WORDS)]


async def ask(client: Client, endpoint: Endpoint, prompt: str) -> Asked:
    body = {"stream": True, "messages": [{"role": "user", "content": prompt}]}
    builder, error, done = AnswerBuilder("m"), None, False
    try:
        async with client.post(endpoint, body) as stream:
            async for completions in stream:
                builder.add(completions)
        done = stream.done
    except MibyanError as caught:
        error = caught
    builder.rest()
    status, answer, error = builder.end(done=done, error=error)
    return Asked(prompt, status, answer.text if answer else "", error)


async def one_client(endpoint: Endpoint, name: int, prompts: int) -> list[Asked]:
    async def no_wait(_: float) -> None:
        await asyncio.sleep(0)

    client = Client(pacing=Pacing(sleep=no_wait))
    asked = [await ask(client, endpoint, f"p{name}.{number}") for number in range(prompts)]
    await client.aclose()
    return asked


def ask_all(prompts: int) -> tuple[list[Asked], Gateway, int]:
    """All clients at once; what became of each prompt, the gateway, the most requests for one."""
    gateway = Gateway()
    with FakeMibyan(default=gateway) as fake:
        endpoint = Endpoint(fake.base_url)

        async def all_clients() -> list[list[Asked]]:
            clients = (one_client(endpoint, name, prompts) for name in range(CLIENTS))
            return list(await asyncio.gather(*clients))

        asked = [each for client in asyncio.run(all_clients()) for each in client]
        sent = Counter(request.prompt for request in fake.requests)
    return asked, gateway, max(sent.values())


def is_clear(each: Asked) -> bool:
    """Whether a prompt got its own words, all of them, or some and an error that says why."""
    whole = "".join(words_for(each.prompt))
    if each.status == "complete":
        return each.text == whole
    is_typed = isinstance(each.error, APIConnectionError | RateLimitError)
    return is_typed and whole.startswith(each.text)


def test_every_prompt_is_answered_or_a_typed_error() -> None:
    """Nothing is lost, mixed up or sent more than three times, whatever the gateway does."""
    asked, gateway, most_requests = ask_all(5)
    assert len(asked) == CLIENTS * 5
    assert min(gateway.refused, gateway.dropped) > 0
    assert [each for each in asked if not is_clear(each)] == []
    assert most_requests <= 3
    assert sum(each.status != "complete" for each in asked) <= gateway.dropped + 2
