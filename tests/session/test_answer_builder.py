"""What the end of an answer means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.models import ChatCompletion, ChatCompletionChunk, parse_completion
from mibyan_jupyter.errors import APIConnectionError
from mibyan_jupyter.keys import Key
from mibyan_jupyter.session.answer_builder import AnswerBuilder
from mibyan_jupyter.text import printable


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
        ([delta("a", "stop")], {"stopped": True}, "complete", False),
        ([delta("a", "length")], {"stopped": True}, "cut_off", False),
        ([delta(finish_reason="stop")], {"stopped": True}, "stopped", False),
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
    """`complete` needs `stop`, or `[DONE]` with no other reason; text is kept, never passed off.

    An answer that had its finish reason was not stopped.
    """
    builder = built(*bodies)
    got, answer, error = builder.end(**end)
    assert got == status
    assert (error is not None) == fails
    assert (answer is None) == (builder.length == 0)
    assert answer is None or answer.status == status


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("a\x80b\x85\x9b31mc\x9f\xa0", "ab31mc\xa0"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("\ud83d\ude00", "😀"),
        ("x\ud83dy", "x\ufffdy"),
    ],
)
def test_text_that_no_page_can_hold_is_mended(raw: str, shown: str) -> None:
    """Control characters go, a pair that was cut in two is joined, a lone half is U+FFFD."""
    assert printable(raw) == shown


PIECES = st.lists(st.text() | st.sampled_from(["\ud83d", "\ude00", "\x1b", "\x9b", "a"]))


@given(PIECES)
def test_the_deltas_add_up_to_the_answer(texts: list[str]) -> None:
    """The sum of what was told is the answer, and the same however the server cut it."""
    builder = AnswerBuilder("m")
    added = _told(builder, texts)
    assert builder.length == len(added)
    _, answer, _ = builder.end(done=True)
    assert (answer.text if answer else "") == added == printable("".join(texts))


def test_a_pair_that_two_pieces_share_is_joined() -> None:
    """JSON escapes may cut a pair; the first half waits, and is U+FFFD if it stays alone."""
    builder = built(delta("a\ud83d"))
    assert builder.length == 1
    assert builder.add([_completion("\ude00b")]) == "😀b"
    alone = built(delta("a\ud83d"))
    assert alone.rest() == "\ufffd"
    assert alone.text == "a\ufffd"


KEY = "mb-abmb-abcdefmb-ab"  # begins anew within itself, and ends as it begins


@given(st.lists(st.sampled_from([*KEY, KEY, KEY[:9], KEY[9:], "\x00", " ", "m", "text"])))
def test_a_key_that_the_server_repeats_is_in_no_answer(texts: list[str]) -> None:
    """However it is cut, with control characters in it or not; other text is all there."""
    builder = AnswerBuilder("m", Key(KEY))
    told = _told(builder, texts)
    sent = printable("".join(texts))
    assert builder.text == told
    assert KEY not in told
    assert told.startswith(sent.partition("mb-")[0])
    assert KEY in sent or KEY[:7] in sent[-len(KEY) :] or told == sent


def test_a_key_that_is_cut_is_hidden_too() -> None:
    """■ in the middle of it, or a name as long as fits; what every key begins with may stand."""
    cut = AnswerBuilder("m", Key(KEY))
    assert cut.add([_completion(f"It is {KEY[:-1]}")]) == "It is "
    assert cut.rest() == "Key(mb-…)"
    public = AnswerBuilder("m", Key(KEY))
    assert public.add([_completion("It is mb-")]) == "It is "
    assert public.rest() == "mb-"


def test_a_key_is_in_no_name() -> None:
    """Neither in the model's nor in the reason, which is cut."""
    long_key = "mb-" + "k" * 60
    completion = parse_completion({"model": long_key, **delta("Hi", f"because {long_key}")})
    assert completion is not None
    builder = AnswerBuilder("m", Key(long_key))
    builder.add([completion])
    answer = builder.end()[1]
    assert answer is not None
    assert (answer.model, answer.finish_reason) == ("Key(mb-…)", "because Key(mb-…)")


@pytest.mark.parametrize("word", ["none", "dummy", "m"])
def test_a_key_that_could_be_a_word_is_no_secret(word: str) -> None:
    """A local server's key may be any word, which answers use."""
    builder = AnswerBuilder("m", Key(word))
    assert builder.add([_completion(f"This is {word}")]) == f"This is {word}"


def _told(builder: AnswerBuilder, texts: list[str]) -> str:
    return "".join(builder.add([completion]) for completion in map(_completion, texts)) + (
        builder.rest()
    )


def _completion(text: str) -> ChatCompletion | ChatCompletionChunk:
    completion = parse_completion(delta(text))
    assert completion is not None
    return completion
