"""`_repr_llm_`, the one method of a foreign object that is called."""

from __future__ import annotations

from typing import Any

import pytest

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy


def _saying(method: Any) -> Any:
    return type("Model", (), {"_repr_llm_": method, "calls": 0})()


def _shown(value: object, level: Privacy = Privacy.STATS, limit: int = 200) -> str:
    return picture(value, "x", level=level, limit=limit).text


NAME = "<tests.context.pictures.test_own_words.Model>"


def test_its_text_is_the_picture() -> None:
    """What the author wants to be read is read, under the type's name and within the limit."""
    assert _shown(_saying(lambda _: "3 layers")) == f"x: {NAME} 3 layers"
    assert _shown(_saying(lambda _: "a\nb")) == f"x: {NAME}\n  a\n  b"
    assert len(_shown(_saying(lambda _: "a\n" * 10**6), limit=90)) <= 90


def test_it_is_found_on_the_type_only() -> None:
    """An attribute of the instance is not consent."""
    value = type("Model", (), {})()
    value._repr_llm_ = lambda: "hello"
    assert _shown(value) == f"x: {NAME}"


@pytest.mark.parametrize("level", [Privacy.NAMES, Privacy.SCHEMA])
def test_it_is_not_called_below_stats(level: Privacy) -> None:
    """The dial is the user's: the author cannot know what may leave the machine."""
    assert _shown(_saying(lambda _: "secret"), level) == f"x: {NAME}"


def _raises(_: object) -> str:
    raise SystemExit("no")


def _never_returns(_: object) -> str:
    while True:
        pass


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (_raises, "raised an exception"),
        (lambda _: 5, "returned no text"),
        (_never_returns, "took longer than 100 ms"),
    ],
)
def test_it_has_one_chance(method: Any, reason: str) -> None:
    """Late, failing or wordless: the type is not asked again, and a note says why."""
    calls = []

    def counted(self: object) -> Any:
        calls.append(self)
        return method(self)

    value = _saying(counted)
    for _ in range(2):
        seen = picture(value, "x", level=Privacy.STATS, limit=200)
        assert seen.text == f"x: {NAME}"
        assert seen.notes == (f"its _repr_llm_ {reason} and is not called any more",)
    assert len(calls) == 1
