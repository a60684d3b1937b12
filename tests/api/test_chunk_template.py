"""Chunks that differ in their text alone: read as any others, but not in full."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api import chunk_template
from mibyan_jupyter.api.chunk_template import ChunkTemplate
from mibyan_jupyter.api.decoder import CompletionDecoder
from mibyan_jupyter.api.models import ChatCompletionChunk, parse_completion

ENDS = [
    ('{"id":"c","choices":[{"index":0,"delta":{"content":"', '"},"finish_reason":null}]}'),
    ('{"id":"c","choices":[{"delta" : {"role":"assistant", "content" : "', '"}, "index": 0}]}'),
    ('{"choices":[{"delta":{"content":"early","content":"', '"}}],"model":"m"}'),
    ('{"choices":[{"delta":{"content":"', '","content":"late"}}]}'),
    ('{"content":"', '","choices":[{"delta":{"content":"inner"}}]}'),
    ('{"id":"\\"content\\":\\"","choices":[{"delta":{"content":"', '"}},{"index":1}]}'),
    ('{"choices":[{"index":1,"delta":{"content":"', '"}}],"usage":{"prompt_tokens":1}}'),
    ('{"choices":[{"message":{"content":"', '"}}]}'),
    ('{"choices":[],"usage":{},"content":"', '"}'),
]
# JSON's own escapes, whole and broken, and what would end the string early.
PARTS = st.sampled_from(['\\"', "\\\\", "\\n", "\\ud83d", "\\u00e9", "\\x", '"', "é", "}"])
CONTENTS = st.lists(PARTS | st.text(max_size=5), max_size=5).map("".join)


def tolerant(text: str) -> Any:
    """JSON as our decoder reads it; None where it is none."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return None


def parsed(text: str) -> Any:
    """What the text means when it is read in full."""
    return parse_completion(tolerant(text))


@given(st.lists(st.tuples(st.sampled_from(ENDS), CONTENTS), max_size=30))
def test_a_chunk_read_by_template_is_the_chunk_read_in_full(
    pieces: list[tuple[tuple[str, str], str]],
) -> None:
    """Whatever the JSON around the content, whatever the content, in any order."""
    template = ChunkTemplate(tolerant)
    for (before, after), content in pieces:
        text = before + content + after
        whole = parsed(text)
        chunk = template.read(text)
        assert chunk is None or chunk == whole
        if chunk is None:
            template.learn(text, whole)


@pytest.mark.parametrize("ends", ENDS[:2])
def test_the_third_of_like_chunks_is_read_by_template(ends: tuple[str, str]) -> None:
    """Two in a row tell what is alike."""
    template = ChunkTemplate(tolerant)
    for number in range(2):
        text = str(number).join(ends)
        assert template.read(text) is None
        template.learn(text, parsed(text))
    chunk = template.read(r"\"third\"".join(ends))
    assert chunk is not None
    assert chunk.choices[0].delta.content == '"third"'


def test_ends_that_overlap_are_not_like_the_template() -> None:
    """A quote that closes nothing is not taken for two."""
    before, after = ENDS[0]
    template = ChunkTemplate(tolerant)
    for content in "ab":
        template.learn(before + content + after, parsed(before + content + after))
    assert template.read(before + after) is not None
    assert template.read(before + after.removeprefix('"')) is None


def test_a_stream_of_like_chunks_is_read_in_full_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 1 000 chunks, with a time stamp that changes twice, those at a change."""
    read_in_full = []

    def counting(body: Any) -> Any:
        read_in_full.append(body)
        return parse_completion(body)

    monkeypatch.setattr("mibyan_jupyter.api.decoder.parse_completion", counting)
    monkeypatch.setattr(chunk_template, "parse_completion", counting)
    decoder = CompletionDecoder("text/event-stream")
    texts = [f"word {number}\n" for number in range(1000)]
    chunks = []
    for number, text in enumerate(texts):
        choices = [{"index": 0, "delta": {"content": text}}]
        body = json.dumps({"id": "c", "created": number // 400, "choices": choices})
        chunks += decoder.feed(f"data: {body}\n\n".encode())
    assert [chunk.text for chunk in chunks] == texts
    assert all(isinstance(chunk, ChatCompletionChunk) for chunk in chunks)
    assert [chunk.created for chunk in chunks] == [number // 400 for number in range(1000)]
    assert len(read_in_full) <= 9
