"""Random and hostile bytes as a response's body: never an exception, never a result that depends
on how the network cut them.

Each case that ever failed is kept in `corpus/`, one body a file, and read again on every run.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.api.decoder import CompletionDecoder
from mibyan_jupyter.errors import APIResponseError
from mibyan_jupyter.session.answer_builder import AnswerBuilder
from tests.fake_mibyan import DONE, chunk, sse
from tests.session.faults.events import STRAY
from tests.session.faults.fault import a_tool_call, at_index, completion

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.body"))
CASES = 10_000
WHOLE = [
    *(sse(chunk(text)) for text in ("a", "é\u2028", "\ud83d", "\ude00", "\x00\x1b[31m")),
    *(sse(chunk(finish_reason=reason)) for reason in ("stop", "length", "")),
    *(sse(at_index(1, "b")), sse(a_tool_call()), sse({"error": {"message": "e"}}), DONE),
    *(stray for name, stray in STRAY.items() if name != "deep nesting"),
    str(completion(message={"content": "a"})).replace("'", '"').encode(),
]
SIGNS = [
    *(b"data:", b"data: ", b"event: error\n", b"event:", b"id:", b"retry:", b":", b"\n", b"\r"),
    *(
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\xf0\x9f",
        b"\xe2\x80\xa8",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(b'"', b"\\", b"\\ud83d", b"\\u0000", b"null", b"1e999", b"-", b",", b'"choices"', b"[DONE]"),
    *(b'{"choices":[{"index":0,"delta":{"content":"', b'"}}]}', b'"finish_reason":"stop"'),
]
BODIES = st.lists(
    st.sampled_from(WHOLE) | st.sampled_from(SIGNS) | st.binary(max_size=8), max_size=12
).map(b"".join)
TYPES = st.sampled_from(["text/event-stream", "application/json", "text/html", ""])


Result = tuple[str, str, str | None, str | None]


def read(content_type: str, pieces: list[bytes]) -> Result:
    """Status, text, reason and error of a turn whose body came in these pieces."""
    decoder, builder = CompletionDecoder(content_type), AnswerBuilder("m")
    for piece in pieces:
        builder.add(decoder.feed(piece))
        if decoder.ended:
            break
    builder.add(decoder.finish())
    builder.rest()
    status, answer, error = builder.end(done=decoder.done, error=decoder.error)
    assert error is None or type(error) is APIResponseError
    assert (answer is None) == (status == "failed") == (not builder.length)
    text = answer.text if answer else ""
    return status, text, answer.finish_reason if answer else None, error.what if error else None


def check(content_type: str, body: bytes, places: list[int]) -> None:
    whole = read(content_type, [body])
    bounds = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    cut = [body[a:b] for a, b in pairwise(bounds)]
    assert read(content_type, cut) == whole
    assert read(content_type, [body[place : place + 1] for place in range(len(body))]) == whole
    _, text, _, error = whole
    text.encode()  # it holds no lone surrogate
    assert not any(sign < " " and sign not in "\t\n\r" for sign in text)
    assert error is None or (error.isprintable() and len(error) < 400)


@settings(max_examples=CASES, deadline=None)
@given(TYPES, BODIES, st.lists(st.integers(0, 999), max_size=4))
def test_no_body_breaks_the_decoder(content_type: str, body: bytes, places: list[int]) -> None:
    """Whole, cut anywhere and byte by byte: one result, and an error only of ours."""
    check(content_type, body, places)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus_is_read_as_before(path: Path) -> None:
    """Bodies that once were trouble."""
    for content_type in ("text/event-stream", "application/json", ""):
        check(content_type, path.read_bytes(), [1, 7, 50])
