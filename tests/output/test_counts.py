"""What an answer costs, by counts that no machine's load changes: renders, messages, bytes."""

from __future__ import annotations

import cProfile
import pstats
from typing import Any

from mibyan_jupyter.output.cell_output import Bundle, CellOutput
from mibyan_jupyter.rendering import LiveDocument, wrap_answer
from mibyan_jupyter.rendering.safe_html import through_gate
from tests.e2e.answers import long_answer, tokens

TOKENS = 5_000
TOKENS_A_FRAME = 50  # 500 tokens a second, ten frames a second
TEXT = "".join(tokens(long_answer(TOKENS))[:TOKENS])


class Counter:
    """A publisher that only counts."""

    def __init__(self) -> None:
        self.messages = 0
        self.bytes = 0
        self.displayed = 0

    def publish(
        self, data: Bundle, *, transient: dict[str, Any] | None = None, update: bool = False
    ) -> None:
        assert update <= (transient is not None), "only what has a name can be updated"
        self.messages += 1
        self.bytes += sum(len(text.encode()) for text in data.values())
        self.displayed += not update

    def clear_output(self, wait: bool = False) -> None:
        assert wait, "clearing at once makes the page jump"
        self.messages += 1


def sent(text: str) -> Counter:
    """What a cell sends for this answer from the first frame to the one last output."""
    counter, pieces, document = Counter(), tokens(text), LiveDocument("d")
    output = CellOutput(counter, lambda: counter.displayed)
    for start in range(0, len(pieces), TOKENS_A_FRAME):
        document.append("".join(pieces[start : start + TOKENS_A_FRAME]))
        output.show(document.render())
    html = wrap_answer(*document.finish_blocks())
    output.finish({"text/html": html, "text/plain": text})
    return counter


def test_an_answer_costs_few_messages_and_bytes() -> None:
    """100 frames are 100 messages and one more a page; their bytes are some 25 times the text."""
    counter = sent(TEXT)
    assert counter.messages <= 145
    assert counter.bytes <= 27 * len(TEXT)


def test_each_block_passes_the_gate_once_and_each_frame_only_its_tail() -> None:
    """5 000 tokens in 100 frames are some 800 blocks, and few renders more than that."""
    profile, document, pieces = cProfile.Profile(), LiveDocument("d"), tokens(TEXT)
    for start in range(0, len(pieces), TOKENS_A_FRAME):
        document.append("".join(pieces[start : start + TOKENS_A_FRAME]))
        profile.runcall(document.render)
    profile.runcall(document.finish_blocks)
    blocks, frames = len(document.finish_blocks()), len(pieces) / TOKENS_A_FRAME
    assert _calls(profile, through_gate.__name__) <= blocks + 2 * frames


def _calls(profile: cProfile.Profile, function: str) -> int:
    counts = pstats.Stats(profile).get_stats_profile().func_profiles
    return int(str(counts[function].ncalls).split("/")[0])
