"""Variables that go along: those asked for always, the others as far as time allows."""

from __future__ import annotations

import pytest

from mibyan_jupyter.context import variables
from mibyan_jupyter.context.mentions import mentions_in
from mibyan_jupyter.context.provider import Question


@pytest.mark.parametrize(("patience", "told"), [(60, ["box", "other"]), (-1, ["box"])])
def test_what_nobody_asked_for_is_left_where_time_is_up(
    monkeypatch: pytest.MonkeyPatch, patience: float, told: list[str]
) -> None:
    """With `all`, a mentioned variable is described however long it takes, others in time."""
    monkeypatch.setattr(variables, "_PATIENCE", patience)
    namespace = {"box": 1, "other": 2}
    prompt = "What is @box?"
    question = Question(prompt, "all", mentions_in(prompt, namespace), namespace=namespace)
    items = variables.Variables().gather(question)
    assert [item.source for item in items] == [f"variable {name}" for name in told]
