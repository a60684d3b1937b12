"""What the end of an answer means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.models import parse_completion
from mibyan_jupyter.errors import APIConnectionError
from mibyan_jupyter.session.answer_builder import AnswerBuilder, printable


def built(*bodies: dict[str, Any]) -> AnswerBuilder:
    builder = AnswerBuilder("m")
    for body in bodies:
        completion = parse_completion(body)
        assert completion is not None
        builder.add([completion])
    return builder


def delta(text: str = "", finish_reason: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}]}


BROKEN = APIConnectionError("reset")


@pytest.mark.parametrize(
    ("bodies", "end", "status", "fails"),
    [
        ([delta("a"), delta(finish_reason="stop")], {}, "complete", False),
        ([delta("a"), delta(finish_reason="stop")], {"done": True}, "complete", False),
        ([delta("a"), delta(finish_reason="stop")], {"error": BROKEN}, "complete", False),
        ([delta("a")], {"done": True}, "complete", False),
        ([delta("a")], {}, "cut_off", True),
        ([delta("a")], {"error": BROKEN}, "cut_off", True),
        ([delta("a", "length")], {"done": True}, "cut_off", False),
        ([delta("a", "content_filter")], {"done": True}, "cut_off", False),
        ([delta("a", "eos_token")], {"done": True}, "cut_off", False),
        ([delta("a")], {"stopped": True}, "stopped", False),
        ([], {"stopped": True}, "stopped", False),
        ([], {"done": True}, "failed", True),
        ([delta(finish_reason="stop")], {"done": True}, "failed", True),
        ([delta(finish_reason="tool_calls")], {"done": True}, "failed", True),
        ([], {"error": BROKEN}, "failed", True),
        ([{"choices": [{"message": {"content": "a"}}]}], {}, "complete", False),
        ([{"choices": [{"message": {"content": ""}}]}], {}, "failed", True),
    ],
)
def test_how_an_answer_ends(
    bodies: list[dict[str, Any]], end: dict[str, Any], status: str, fails: bool
) -> None:
    """`complete` needs `stop`, or `[DONE]` with no other reason; text is kept, never passed off."""
    got, answer, error = built(*bodies).end(**end)
    assert got == status
    assert (error is not None) == fails
    assert (answer is None) == (not bodies or status == "failed")
    assert answer is None or answer.status == status


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("\ud83d\ude00", "😀"),
        ("x\ud83dy", "x\ufffdy"),
    ],
)
def test_text_that_no_page_can_hold_is_mended(raw: str, shown: str) -> None:
    """Control characters go, a pair that was cut in two is joined, a lone half is U+FFFD."""
    assert printable(raw) == shown


@given(st.lists(st.text()))
def test_the_deltas_add_up_to_the_answer(texts: list[str]) -> None:
    """The sum of what `add` returned is the answer's text."""
    builder = AnswerBuilder("m")
    added = []
    for text in texts:
        completion = parse_completion(delta(text))
        assert completion is not None
        added.append(builder.add([completion]))
    _, answer, _ = builder.end(done=True)
    assert "".join(added) == (answer.text if answer else "")
    assert builder.length == len("".join(added))
