"""What `ask` and its kin take, and what they refuse before anything is queued."""

from __future__ import annotations

import numpy as np
import pytest

from mibyan_jupyter.errors import CommandError, ConfigurationError
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Turn, TurnRequest
from tests.fake_mibyan import FakeMibyan


def test_extra_fields_pass_through_and_cannot_replace_ours(
    fake: FakeMibyan, session: Session
) -> None:
    """`session.extra` reaches the body; what the session itself sends is refused in it."""
    session.extra.update(temperature=0.2, stream_options={"include_usage": True})
    session.ask("x")
    body = fake.requests[-1].json
    assert (body["temperature"], body["stream_options"]) == (0.2, {"include_usage": True})
    session.extra = {"model": "theirs"}
    with pytest.raises(ConfigurationError, match="cannot hold 'model'"):
        session.ask("y")
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("prompt", 5), ("prompt", ["a"]), ("system", 5), ("stream", 0), ("history", "no")),
        *(("new", np.bool_(True)), ("cell", "A"), ("corrects", "A"), ("source", "notebook")),
        *(("replaces", Turn("t1", TurnRequest("x"))), ("edits", 3)),
    ],
)
def test_an_argument_of_the_wrong_type_is_refused_at_once(
    session: Session, name: str, value: object
) -> None:
    """Nothing is queued: it would be read otherwise, or make what is saved unreadable."""
    with pytest.raises(TypeError, match=f"^{name} must be"):
        session.ask(**{"prompt": "x", name: value})
    assert session.history == ()


@pytest.mark.parametrize("option", [{"model": " "}, {"context": ""}, {"context": "auto "}])
def test_an_option_that_means_nothing_is_refused(session: Session, option: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        session.ask("x", **option)
    assert session.history == ()


def test_an_empty_question_is_not_sent(session: Session) -> None:
    with pytest.raises(CommandError, match="empty"):
        session.ask(" \n")
    assert session.history == ()


def test_turns_are_named_by_their_ids(session: Session) -> None:
    """A turn itself in their place does not pass for one that is unknown."""
    session.ask("x")
    for act in (session.forget, session.stop):
        with pytest.raises(TypeError, match=r"turn\.id"):
            act(session.history[0])  # type: ignore[arg-type]
    assert len(session.history) == 1
