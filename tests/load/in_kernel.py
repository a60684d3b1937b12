"""Many turns, one long answer and many sessions in a real kernel."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.e2e.answers import long_answer, tokens
from tests.fake_mibyan import FakeMibyan, RecordedRequest, Reply
from tests.kernel.notebook_kernel import NotebookKernel

WORDS = 600
_WARM_UP = 20
_RESIDENT = "__import__('psutil').Process().memory_info().rss"
_TEXT = "sum(len(t.prompt) + len(t.answer.text) for t in session.history)"
_RENDER_CLOCK = """
import threading, time
def render_seconds():
    (worker,) = (each for each in threading.enumerate() if each.name == "mibyan-render")
    return time.clock_gettime(time.pthread_getcpuclockid(worker.ident))
"""
_AT_ONCE = """
import asyncio
from mibyan_jupyter import Session
sessions = [Session(base_url=session.base_url) for _ in range({count})]
answers = await asyncio.gather(
    *(each.aask(f"session {{number}}") for number, each in enumerate(sessions))
)
"""


@dataclass(frozen=True)
class Grown:
    """Bytes by which a kernel has grown, and characters of prompts and answers that it holds."""

    resident: int
    text: int

    @property
    def beside_text(self) -> float:
        """What is not text, in MB."""
        return (self.resident - self.text) / 1e6


def after_turns(kernel: NotebookKernel, fake: FakeMibyan, turns: int) -> Grown:
    """Ask so many questions in cells, each with the conversation before it."""
    for number in range(_WARM_UP + turns):
        fake.enqueue(Reply.stream([f"{number} ", "word " * WORDS]))
        kernel.ok(f"%%mibyan\nQuestion {number}", f"cell-{number}")
        if number == _WARM_UP - 1:
            resident, text = kernel.value(f"[{_RESIDENT}, {_TEXT}]")
    assert kernel.value("len(session.history)") == _WARM_UP + turns
    grown, length = kernel.value(f"[{_RESIDENT}, {_TEXT}]")
    return Grown(grown - resident, length - text)


def render_seconds(kernel: NotebookKernel, fake: FakeMibyan, count: int) -> float:
    """CPU seconds that all renders of one answer of so many tokens take."""
    kernel.ok("%%mibyan\nHello")
    kernel.ok(_RENDER_CLOCK)
    before = kernel.value("render_seconds()")
    answer = tokens(long_answer(count))
    fake.enqueue(Reply.stream(answer, tokens_per_second=10_000))
    kernel.ok("%%mibyan\nAt length", timeout=count / 500 + 30)
    assert kernel.value("session.history[-1].answer.text") == "".join(answer)
    return float(kernel.value("render_seconds()") - before)


def told_its_own(request: RecordedRequest) -> Reply:
    """A reply of many pieces that repeats the prompt."""
    return Reply.stream([f"{request.prompt} "] * WORDS, tokens_per_second=2_000)


def right_answers(kernel: NotebookKernel, count: int) -> int:
    """Ask so many sessions at once; how many got their own answer, whole."""
    kernel.ok(_AT_ONCE.format(count=count), timeout=60)
    texts = json.loads(kernel.value("__import__('json').dumps([a.text for a in answers])"))
    expected = [f"session {number} " * WORDS for number in range(count)]
    return sum(text == wanted for text, wanted in zip(texts, expected, strict=True))
