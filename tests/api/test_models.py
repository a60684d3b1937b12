"""The wire's values: the page's example, and everything that servers leave out or add."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.models import (
    ChatCompletion,
    ChatCompletionChunk,
    Choice,
    Delta,
    Message,
    Usage,
    error_message,
    parse_completion,
)
from tests.api.page import RESPONSE


def test_the_pages_response_example_is_parsed_whole() -> None:
    """Every field of the page's example response arrives in its typed place."""
    assert parse_completion(RESPONSE) == ChatCompletion(
        id="chatcmpl-123",
        object="chat.completion",
        created=1677652288,
        model="mibyan-4.1",
        choices=(
            Choice(
                index=0,
                message=Message("assistant", "Mibyan: Delivering trust, one parcel at a time."),
                finish_reason="stop",
            ),
        ),
        usage=Usage(prompt_tokens=15, completion_tokens=10, total_tokens=25),
    )


def test_a_chunk_is_known_by_its_shape() -> None:
    """A body with deltas is a chunk, whatever its `object` says."""
    for name in ("chat.completion.chunk", "chat.completion", ""):
        chunk = parse_completion(
            {"object": name, "choices": [{"index": 0, "delta": {"content": "Hi"}}]}
        )
        assert isinstance(chunk, ChatCompletionChunk)
        assert chunk.choices[0].delta == Delta(None, "Hi")
        assert (chunk.text, chunk.finish_reason, chunk.usage) == ("Hi", None, None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"choices": [{"message": {"content": "a"}}], "service_tier": "x"}, "a"),
        ({"choices": [{"message": {"content": None, "tool_calls": []}}]}, ""),
        ({"choices": [{"message": None}]}, ""),
        ({"choices": []}, ""),
        ({"choices": [{"delta": None}]}, ""),
        ({"choices": [{"delta": {}}]}, ""),
        ({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, ""),
        ({"choices": [{"delta": {"reasoning_content": "hm"}}]}, ""),
        ({"choices": [{"index": 1, "delta": {"content": "other"}}]}, ""),
        ({"choices": [None, "x", {"delta": {"content": "a"}}]}, "a"),
        ({"choices": None, "usage": {"prompt_tokens": 1}}, ""),
        ({"usage": {"prompt_tokens": 1, "completion_tokens": 2}}, ""),
    ],
)
def test_missing_and_unknown_fields_are_tolerated(body: dict[str, Any], text: str) -> None:
    """What a server leaves out gets an empty value; what it adds is ignored."""
    completion = parse_completion(body)
    assert completion is not None
    assert completion.text == text


@pytest.mark.parametrize("body", [None, [], "x", 3, {}, {"error": {"message": "no"}}])
def test_what_is_no_completion_is_none(body: Any) -> None:
    """A body of another kind is not taken for an empty answer."""
    assert parse_completion(body) is None


def test_the_choice_of_index_0_counts_wherever_it_stands() -> None:
    """A server may list its choices in any order; without an index 0 the first one counts."""
    second = {"index": 1, "message": {"content": "b"}, "finish_reason": "length"}
    first = {"index": 0, "message": {"content": "a"}, "finish_reason": "stop"}
    for choices, text, reason in (([second, first], "a", "stop"), ([second], "b", "length")):
        completion = parse_completion({"choices": choices})
        assert completion is not None
        assert (completion.text, completion.finish_reason) == (text, reason)


@pytest.mark.parametrize(
    ("body", "is_content"),
    [
        ({"choices": [{"delta": {"content": "a"}}]}, True),
        ({"choices": [{"delta": {"reasoning_content": "a"}}]}, True),
        ({"choices": [{"delta": {"tool_calls": [{}]}}]}, True),
        ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, True),
        ({"choices": [], "usage": {"prompt_tokens": 1}}, True),
        ({"choices": [{"message": {"content": ""}}]}, True),
        ({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, False),
        ({"choices": [{"delta": {"content": None, "tool_calls": []}}], "usage": None}, False),
        ({"choices": []}, False),
    ],
)
def test_what_counts_as_content(body: dict[str, Any], is_content: bool) -> None:
    """Text, thought, a tool call, the end and usage move an answer on; a role does not."""
    completion = parse_completion(body)
    assert completion is not None
    assert completion.is_content is is_content


def test_the_servers_words_can_be_printed() -> None:
    """Names and messages are one line each, short, and hold no control characters."""
    completion = parse_completion(
        {
            "model": "m\x1b]0;x\x07\x9b\n" + "y" * 200,
            "choices": [{"delta": {}, "finish_reason": "s\x1b[2J" + "z" * 99}],
        }
    )
    assert completion is not None
    assert completion.model == "m]0;x " + "y" * 94
    assert completion.finish_reason == "s[2J" + "z" * 36
    assert error_message({"error": {"message": "a\x1b[1m\nb\x9b\ud83d"}}) == "a[1m b\ufffd"
    assert error_message({"error": "e\x00"}) == "e"


def test_a_missing_total_is_the_sum() -> None:
    """Usage without a total adds it up."""
    completion = parse_completion({"usage": {"prompt_tokens": 3, "completion_tokens": 4}})
    assert completion is not None
    assert completion.usage == Usage(3, 4, 7)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "no credit", "code": 402}}, "no credit"),
        ({"error": {"code": "bad_key"}}, "bad_key"),
        ({"error": "plain"}, "plain"),
        ({"error": {}}, "unknown error"),
        ({"error": None, "choices": []}, None),
        ({}, None),
        ([], None),
    ],
)
def test_the_servers_own_words_are_found(body: Any, message: str | None) -> None:
    """An OpenAI-shaped error object gives its message, anything else None."""
    assert error_message(body) == message


FIELDS = ("choices", "delta", "message", "content", "usage", "index", "error", "id")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_value_breaks_the_parser(body: Any) -> None:
    """Any JSON value is a completion with text, or None; it never raises."""
    completion = parse_completion(json.loads(json.dumps(body)))
    assert completion is None or isinstance(completion.text, str)
    assert error_message(body) is None or isinstance(error_message(body), str)
