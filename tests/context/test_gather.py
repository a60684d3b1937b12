"""Gathering as a whole: it never raises, keeps its budget, and touches nothing foreign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.context import provider as providers
from mibyan_jupyter.context.choose import choose, section
from mibyan_jupyter.context.gather import _ours, gather, provider_names
from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.mentions import mentions_in
from mibyan_jupyter.context.observed import (
    CellRecord,
    ErrorSeen,
    Failure,
    FrameSeen,
    LocalSeen,
    OutputSeen,
)
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.provider import OUR_PARTS, Question, register_context
from mibyan_jupyter.tokens import estimate_tokens
from tests.context.pictures import hostile as h

MAKERS = (h.hostile, h.hostile_class, h.hostile_instance)
BEHAVIOURS = ("raises", "returns itself", "exits")
SOURCES = st.sampled_from(
    [
        "df = load()",
        "df['x'] = 1",
        "def f(a):\n    return df",
        "not python (",
        "%%bash\nls",
        "x = 1",
        "",
    ]
) | st.text(max_size=40)
FAILURES = st.builds(
    lambda errors: Failure(tuple(errors)),
    st.lists(
        st.builds(
            ErrorSeen,
            link=st.sampled_from(["", "caused by"]),
            name=st.just("ValueError"),
            message=st.text(max_size=20),
            frames=st.lists(
                st.builds(
                    FrameSeen,
                    function=st.sampled_from(["<module>", "f"]),
                    where=st.just("In [1]"),
                    line=st.integers(1, 9),
                    source=st.text(max_size=60),
                    locals=st.just((LocalSeen("x", dict.fromkeys(Privacy, "x: int 1")),)),
                ),
                max_size=3,
            ).map(tuple),
        ),
        min_size=1,
        max_size=3,
    ),
)
OUTPUTS = st.builds(
    OutputSeen, kind=st.sampled_from(["text", "table", "figure"]), text=st.text(max_size=30)
)
VALUES = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any course of cells, any variables, any prompt about them."""
    sources = draw(st.lists(SOURCES, max_size=8))
    cells = tuple(
        CellRecord(
            run=f"r{number}",
            cell_id=draw(st.sampled_from(["a", "b", "c", None])),
            execution_count=number,
            source=source,
            outputs=tuple(draw(st.lists(OUTPUTS, max_size=2))),
            failure=draw(st.none() | FAILURES),
        )
        for number, source in enumerate(sources, 1)
    )
    names = draw(st.dictionaries(st.sampled_from(["df", "x", "f", "box"]), VALUES))
    words = st.sampled_from(
        ["@df", "@df:rows", "@cell:2", "@cell", "@error", "@figure", "`box`", "why x?"]
    )
    prompt = " ".join(draw(st.lists(words | st.text(max_size=10), max_size=5)))
    return Question(
        prompt=prompt,
        mode=draw(st.sampled_from(["auto", "mentioned", "all", "none"])),
        mentions=mentions_in(prompt, names),
        cells=cells,
        deleted=draw(st.frozensets(st.sampled_from("abc"))),
        namespace=draw(st.just(names) | st.none()),
        level=draw(st.sampled_from(Privacy)),
        private=draw(st.dictionaries(st.sampled_from(["df", "x"]), st.sampled_from(Privacy))),
    )


@settings(deadline=None, max_examples=150)
@given(questions(), st.integers(0, 2000), st.sampled_from(MAKERS), st.sampled_from(BEHAVIOURS))
def test_gathering_never_raises_and_keeps_the_budget(
    question: Question, budget: int, make: Callable[[str], Any], behaviour: str
) -> None:
    """No provider of ours fails or touches a foreign object, and what is chosen fits."""
    if question.namespace is not None:
        hostile = {"odd": make(behaviour), "held": [make(behaviour)]}
        prompt = f"{question.prompt} @odd @held:rows @figure"
        names = {**question.namespace, **hostile}
        question = question._replace(
            prompt=prompt, namespace=names, mentions=mentions_in(prompt, names)
        )
    h.TOUCHES.clear()
    found = gather(question)
    assert h.TOUCHES == []
    assert [note for note in found.notes if "left out" in note or "not found" in note] == []
    assert (question.mode != "none") or not found.items
    chosen = choose(found.items, budget)
    assert estimate_tokens("".join(map(section, chosen.items))) <= budget


@settings(deadline=None, max_examples=100)
@given(questions())
def test_outputs_stay_below_rows(question: Question) -> None:
    """Below `rows` an output that nobody named is never sent."""
    question = Question(
        prompt="what is df?",
        mode="all",
        cells=tuple(
            CellRecord(f"r{n}", None, n, "df = 1", (OutputSeen("text", "PLANTED OUTPUT\n"),))
            for n in range(1, 4)
        ),
        namespace=question.namespace,
        level=min(question.level, Privacy.STATS),
    )
    assert not [item for item in gather(question).items if "PLANTED" in item.text]


@pytest.fixture
def registry() -> Iterator[None]:
    """Providers that a test registers are gone after it."""
    before = providers.registered_providers()
    yield
    providers._registered[:] = before


@pytest.mark.usefixtures("registry")
def test_a_provider_can_be_replaced_and_switched_off() -> None:
    """One of the same name takes its place; switched off it is not asked."""

    class First:
        name = "mine"

        def gather(self, question: Question) -> list[ContextItem]:
            return [ContextItem("mine", f"first {question.prompt}")]

    class Second(First):
        def gather(self, question: Question) -> list[ContextItem]:
            return [ContextItem("mine", f"second {question.prompt}", Rank.MENTIONED)]

    register_context(First())
    assert register_context(Second) is Second
    texts = [item.text for item in gather(Question("q")).items]
    assert texts == ["second q"]
    assert provider_names()[-1] == "mine"
    assert gather(Question("q"), without=("mine",)).items == ()


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("name", ["my part", "a,b", "", "cells", "new\nline"])
def test_a_name_that_could_not_be_switched_off_is_refused(name: str) -> None:
    """Or that is one of ours."""
    with pytest.raises(ValueError, match="name"):
        register_context(_giving([], name))


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    "given",
    [
        *(["text"], "text", {"a": "b"}, ContextItem("mine", "text"), [("mine", "text")], 5),
        *([ContextItem(3, "x")], [ContextItem("mine", None)], [ContextItem("m", "x", rank="high")]),
        *([ContextItem("m", "x", notes="one note")], [ContextItem("m", "x", position="first")]),
    ],
)
def test_a_provider_that_gives_something_else_spoils_nothing(given: Any) -> None:
    """It is left out, and the receipt says so."""
    register_context(_giving(given, "mine"))
    gathered = gather(Question("q", namespace={}))
    assert gathered.items == ()
    assert [note.partition(":")[0] for note in gathered.notes] == ["mine left out"]


def _giving(given: Any, called: str) -> Any:
    """A provider of that name that gives the same for each question."""

    class Provider:
        name = called

        def gather(self, question: Question) -> Any:
            del question
            return given

    return Provider()


def test_our_parts_are_named_as_they_are() -> None:
    """The names are known before the parts are loaded."""
    assert tuple(part.name for part in _ours()) == OUR_PARTS


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("thing", [3, object(), "text", type("NoName", (), {"gather": 1})])
def test_what_is_no_provider_is_refused(thing: Any) -> None:
    """At once, not with the next question."""
    with pytest.raises(TypeError, match="has a name and a method"):
        register_context(thing)
