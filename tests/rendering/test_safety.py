"""Answers that try to run a script, fetch something or leave their place in the page."""

from __future__ import annotations

import pytest

from mibyan_jupyter.rendering import (
    LiveDocument,
    quiet_line,
    render_code,
    render_markdown,
    render_math,
    render_plain,
    wrap_answer,
)
from tests.rendering.allowed_html import faults, links
from tests.rendering.payloads import PAYLOADS, PUBLIC, one_document


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload(payload: str) -> None:
    """No payload leaves a tag, attribute, class, id or scheme outside the allow-list."""
    embedded = f"Before\n\n{payload}\n\n- item {payload}\n\nAfter {payload} text."
    for source in (payload, embedded):
        assert faults(wrap_answer(render_markdown(source, payload), quiet_line(payload))) == []
        assert faults(render_plain(source)) == []
        assert faults(render_code(source, payload)) == []
        assert faults(render_math(source)) == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload_while_it_is_written(payload: str) -> None:
    """A payload cut off after any character is as harmless as the whole."""
    document = LiveDocument(payload)
    for character in f"{payload}\n\n{payload} text":
        document.append(character)
        frame = document.render()
        assert faults("".join(frame.settled) + frame.tail) == []


def test_the_public_corpus() -> None:
    """Thousands of payloads that others have collected: alone, in a quote, item and cell."""
    assert len(PUBLIC) > 4_000
    for payload in PUBLIC:
        cell = payload.replace("\n", " ")
        source = f"{payload}\n\n> - x {payload}\n\n| a | b |\n|---|---|\n| {cell} | b |"
        assert faults(render_markdown(source, "d")) == [], payload


def test_the_public_corpus_while_it_is_written() -> None:
    """All of it in one answer, in frames that end anywhere."""
    text, document = one_document(PUBLIC), LiveDocument("d")
    for start in range(0, len(text), 997):
        document.append(text[start : start + 997])
        frame = document.render()
        assert faults("".join(frame.settled) + frame.tail) == []
    assert document.finish().count("<hr") == len(PUBLIC)


def test_every_link_of_the_corpus_is_disarmed() -> None:
    """Each link that does come out tells its target nothing about the notebook."""
    found = [link for payload in PAYLOADS for link in links(render_markdown(payload, "d"))]
    outside = [link for link in found if not link.get("href", "#").startswith("#")]
    assert outside
    assert {(link["rel"], link["target"]) for link in outside} == {
        ("noopener noreferrer nofollow", "_blank")
    }


def test_the_oracle_is_awake() -> None:
    """The oracle of these tests does object to raw payloads."""
    for corpus in (PAYLOADS, PUBLIC):
        raw = [payload for payload in corpus if payload.startswith("<")]
        assert sum(bool(faults(payload)) for payload in raw) > 0.8 * len(raw)
