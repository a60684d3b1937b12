"""100 000 tokens flat out: CPU and memory of one reader, each time in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks.samples import Samples, in_turn
from tests.benchmarks.table import Row, as_text, at_most, without_goal
from tests.benchmarks.ways import OPENAI_PRINT
from tests.e2e.answers import long_answer, tokens
from tests.fake_mibyan import FakeMibyan, Reply

TOKENS = 100_000
REPETITIONS = 5
_TOKENS_A_WRITE = 64
_HTTPX = """
import httpx
client = httpx.Client(timeout=None, trust_env=False)
def read(url):
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Tell me"}]}
    parts = []
    with client.stream("POST", url + "/chat/completions", json=body) as response:
        for line in response.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                for choice in json.loads(line[6:])["choices"]:
                    parts.append(choice["delta"].get("content") or "")
    return "".join(parts)
"""
_OPENAI = """
from openai import OpenAI
client = OpenAI(base_url=sys.argv[1], api_key="none")
def read(url):
    messages = [{"role": "user", "content": "Tell me"}]
    stream = client.chat.completions.create(model="m", messages=messages, stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
"""
_CLIENT = """
import asyncio
from mibyan_jupyter.api.client import Client, Endpoint
loop, client = asyncio.new_event_loop(), Client()
async def stream(url):
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Tell me"}]}
    async with client.post(Endpoint(url), body) as completions:
        return "".join([each.text async for batch in completions for each in batch])
def read(url):
    return loop.run_until_complete(stream(url))
"""
_SESSION = """
from mibyan_jupyter import Session
session = Session(base_url=sys.argv[1])
def read(url):
    return session.ask("Tell me").text
"""
_MEASURE = """
import json, re, sys, time
{reader}
def peak():  # not getrusage's, which begins with what the parent process had
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])
read(sys.argv[1])
memory, began = peak(), time.process_time()
text = read(sys.argv[1])
print(json.dumps([time.process_time() - began, (peak() - memory) / 1000, len(text.encode())]))
"""
_READERS = {"httpx": _HTTPX, "client": _CLIENT, "session": _SESSION, "openai": _OPENAI}


def measure() -> list[Row]:
    """CPU of our reader against bare httpx and the openai client, and how memory grows."""
    text = long_answer(TOKENS)
    answer = Reply.stream(tokens(text)[:TOKENS])
    pythons = {name: Path(sys.executable) for name in _READERS} | {"openai": OPENAI_PRINT.python}
    with FakeMibyan(default=Reply.stream(["Warm."])) as fake:
        reading = {
            name: partial(_read, fake, answer, python, _READERS[name])
            for name, python in pythons.items()
            if python.exists()
        }
        taken = in_turn(reading, REPETITIONS)
    return _rows({name: list(zip(*runs, strict=True)) for name, runs in taken.items()})


def _read(fake: FakeMibyan, answer: Reply, python: Path, reader: str) -> tuple[float, float, int]:
    fake.enqueue(Reply.stream(["Warm."]), in_large_writes(answer))
    code = _MEASURE.format(reader=reader)
    done = subprocess.run(
        [python, "-c", code, fake.base_url],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    seconds, megabytes, size = json.loads(done.stdout)
    return seconds, megabytes, size


def in_large_writes(reply: Reply) -> Reply:
    """The same bytes in few writes, so that readers are not measured at waiting."""
    pieces = [step for step in reply.steps if isinstance(step, bytes)]
    starts = range(0, len(pieces), _TOKENS_A_WRITE)
    return Reply(tuple(b"".join(pieces[at : at + _TOKENS_A_WRITE]) for at in starts))


def _rows(taken: dict[str, list[tuple[float, ...]]]) -> list[Row]:
    cpu = {
        name: Samples(tuple(each / TOKENS * 1e6 for each in columns[0]), "µs")
        for name, columns in taken.items()
    }
    ours = cpu["client"]
    rows = []
    for name, most in (("httpx", 2.2), ("openai", 0.5)):
        if name in cpu:
            detail = f"{ours} of {cpu[name]} a token"
            measure = f"reader's CPU, 100 000 tokens / {name}"
            rows.append(at_most(measure, ours.median / cpu[name].median, most, detail))
    size = taken["client"][2][0] / 1e6
    for name in ("client", "session"):
        grown = Samples(taken[name][1], "MB")
        detail = f"{grown}; the text has {size:.2f} MB"
        measure = f"memory growth, {name}, 100 000 tokens"
        rows.append(at_most(measure, grown.median, round(15 * size + 10, 1), detail, unit="MB"))
    return [*rows, without_goal("Session.ask, the same", str(cpu["session"]), "CPU a token")]


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
