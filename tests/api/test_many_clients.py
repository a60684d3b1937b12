"""Many clients of one gateway that refuses some requests and drops some connections."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from mibyan_jupyter.api.client import Client, Endpoint, Pacing
from mibyan_jupyter.errors import APIConnectionError, MibyanError, RateLimitError
from mibyan_jupyter.session.answer_builder import AnswerBuilder
from tests.fake_mibyan import FakeMibyan, RecordedRequest, Reply, Reset, chunk, sse

CLIENTS, PROMPTS = 200, 5
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
    status, answer, error = builder.end(done=done, error=error)
    return Asked(prompt, status, answer.text if answer else "", error)


async def one_client(endpoint: Endpoint, name: int) -> list[Asked]:
    async def no_wait(_: float) -> None:
        await asyncio.sleep(0)

    client = Client(pacing=Pacing(sleep=no_wait))
    asked = [await ask(client, endpoint, f"p{name}.{number}") for number in range(PROMPTS)]
    await client.aclose()
    return asked


def test_every_prompt_is_answered_or_a_typed_error() -> None:
    """Nothing is lost, mixed up or sent more than three times, whatever the gateway does."""
    gateway = Gateway()
    with FakeMibyan(default=gateway) as fake:
        endpoint = Endpoint(fake.base_url)

        async def all_clients() -> list[list[Asked]]:
            clients = (one_client(endpoint, name) for name in range(CLIENTS))
            return list(await asyncio.gather(*clients))

        asked = [each for client in asyncio.run(all_clients()) for each in client]
        sent = [request.prompt for request in fake.requests]
    assert len(asked) == CLIENTS * PROMPTS
    assert min(gateway.refused, gateway.dropped) > 0
    for each in asked:
        whole = "".join(words_for(each.prompt))
        if each.status == "complete":
            assert each.text == whole
        else:
            assert isinstance(each.error, APIConnectionError | RateLimitError), each
            assert whole.startswith(each.text)
    assert max(map(sent.count, set(sent))) <= 3
    assert sum(each.status != "complete" for each in asked) <= gateway.dropped + 2
