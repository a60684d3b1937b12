"""What each provider of ours gives for one question: which items, in which rank, at which level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from mibyan_jupyter.context.gather import gather
from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.mentions import mentions_in
from mibyan_jupyter.context.observed import (
    CellRecord,
    ErrorSeen,
    Failure,
    FrameSeen,
    LocalSeen,
    OutputSeen,
    Page,
)
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.context.provider import Question
from tests.context.pictures import hostile as h


def cells(*sources: str, **changes: Mapping[str, Any]) -> tuple[CellRecord, ...]:
    """Executed cells; `_2={"outputs": …}` changes fields of the second."""
    records = [CellRecord(f"r{n}", f"c{n}", n, source) for n, source in enumerate(sources, 1)]
    for name, fields in changes.items():
        n = int(name[1:]) - 1
        records[n] = records[n]._replace(**fields)
    return tuple(records)


def ask(
    prompt: str,
    ran: tuple[CellRecord, ...],
    namespace: Mapping[str, Any] | None = None,
    **fields: Any,
) -> dict[str, ContextItem]:
    """The items for a question, by their source."""
    names = namespace or {}
    question = Question(
        prompt=prompt, mentions=mentions_in(prompt, names), cells=ran, namespace=names, **fields
    )
    found = gather(question)
    assert [note for note in found.notes if "left out" in note] == []
    return {item.source: item for item in found.items}


def failure(
    *variables: LocalSeen, name: str = "KeyError", message: str = "'a'"
) -> dict[str, Failure]:
    frame = FrameSeen("<module>", "In [2]", 1, "-> x\n", variables)
    return {"failure": Failure((ErrorSeen("", name, message, (frame,)),))}


# ---- cells ---------------------------------------------------------------------------------------

TABLE = {"outputs": (OutputSeen("text", "a\nb\n"), OutputSeen("table", "x y\n1 2\n3 4\n"))}


def test_a_mentioned_cell_ranks_as_mentioned_with_its_output_and_what_it_used() -> None:
    """`@cell:2` is what the question is about: before the slice, and the slice is what it needs."""
    items = ask("Why @cell:2?", cells("early = 1", "box = {'lid': early}", "z = 3", _2=TABLE))
    assert items["In [2]"].rank is Rank.MENTIONED
    assert items["output of In [2]"].rank is Rank.MENTIONED
    assert items["output of In [2]"].text == "a\nb\nx y\n1 2\n3 4"
    assert items["In [1]"].rank is Rank.SLICE
    assert "In [3]" not in items


def test_other_outputs_are_told_by_what_they_are() -> None:
    """Kind and size; of a figure that it is one."""
    shown = {"outputs": (*TABLE["outputs"], OutputSeen("figure", "<Figure>\n"))}
    items = ask("What is box?", cells("box = 1", _1=shown), {"box": 1})
    assert items["output of In [1]"].text == "(not sent: text, 2 lines, table, 3 lines, figure)"


def test_the_output_of_the_failing_cell_goes_along() -> None:
    """What it printed before it failed is part of the failure."""
    ran = cells("x = 1", "print(x); y", _2={**TABLE, **failure()})
    items = ask("Why?", ran)
    assert items["output of In [2]"].text.startswith("a\nb")


def test_outputs_go_along_at_the_level_of_rows() -> None:
    """At `rows` they are sent as they were shown."""
    items = ask("box?", cells("box = 1", _1=TABLE), {"box": 1}, level=Privacy.ROWS)
    assert "1 2" in items["output of In [1]"].text


def test_a_cell_that_failed_before_is_said_to_have() -> None:
    """In the slice by name only: what it said is its output."""
    ran = cells("df = 1", "df += a", "df = df + 1", "2", _2=failure())
    items = ask("df?", ran, {"df": 2})
    assert items["In [2], which failed with KeyError"].text == "df += a"
    assert "'a'" not in "".join(item.text for item in items.values())


def test_the_map_has_the_newest_first_and_says_what_is_no_longer_known() -> None:
    """When it is cut, old lines go; what the recorder has dropped is counted."""
    ran = cells(*(f"v{n} = {n}" for n in range(150)))
    lines = ask("Hello", ran, {}, forgotten=8_000)["the other cells that ran, newest first"]
    first, *_, older, forgotten = lines.text.split("\n")
    assert first.startswith("In [150]")
    assert older == "(50 more that ran before)"
    assert forgotten == "(8,000 that ran before are not known any more)"


# ---- hidden state --------------------------------------------------------------------------------


def test_hidden_state_of_what_the_failing_cell_uses() -> None:
    """Not of the prompt's names only: where the error comes from matters most."""
    ran = cells("df = load()", "df.total", _2=failure(name="AttributeError"))
    items = ask("Why?", ran, {"df": 1}, deleted=frozenset({"c1"}))
    assert items["hidden state"].text == "`df` was made by In [1], whose cell is gone."


def test_hidden_state_where_the_page_is_known() -> None:
    """The order of the cells and what stands in them now, as a front end tells them."""
    ran = cells("df = load()", "df['x'] = 1")
    page = Page(order=("c2", "c1"), texts={"c1": "df = other()"})
    assert ask("df?", ran, {"df": 1}, page=page)["hidden state"].text.split("\n") == [
        "`df` was made by a cell that has changed since (In [1]; its text now is another).",
        "`df` ran out of order: In [2] stands above In [1], but ran after it.",
    ]


def test_hidden_state_of_what_has_changed_a_name() -> None:
    """Not only the cell that made it: also those that changed it are gone or edited."""
    ran = cells("df = load()", "df['x'] = 1", "df.sort_values('x', inplace=True)")
    page = Page(order=("c1", "c2"), texts={"c2": "df['x'] = 2"})
    items = ask("df?", ran, {"df": 1}, page=page, deleted=frozenset({"c3"}))
    assert items["hidden state"].text.split("\n") == [
        "`df` was changed by a cell that has changed since (In [2]; its text now is another).",
        "`df` was changed by In [3], whose cell is gone.",
    ]


def test_hidden_state_of_what_was_made_too_long_ago() -> None:
    """A name that no known cell made, where older cells have been dropped."""
    assert "hidden state" not in ask("df?", cells("x = 1"), {"df": 1})
    said = ask("df?", cells("x = 1"), {"df": 1}, forgotten=1)["hidden state"].text
    assert said == "`df` was made by a cell that ran too long ago to be known."


# ---- variables -----------------------------------------------------------------------------------


def test_variables_of_the_slice_are_looked_at_briefly() -> None:
    """What the slice has made, latest first; functions stand in the cells, others do not matter."""
    namespace = {"a": 1, "b": 2, "c": 3, "f": lambda: 1, "other": 5}
    ran = cells("a = 1", "f = lambda: 1", "b = a + f()", "c = b", "other = 5")
    items = [s for s in ask("What is c?", ran, namespace) if s.startswith("variable")]
    assert items == ["variable c", "variable b", "variable a"]


def test_variables_that_a_failing_cell_needs_are_looked_at() -> None:
    """Also without a name in the prompt."""
    ran = cells("rate = 2", "rate / 0", _2=failure())
    assert ask("Why?", ran, {"rate": 2})["variable rate"].text == "rate: int 2"


def test_unasked_pictures_stop_when_their_time_is_up() -> None:
    """However many large variables there are, `all` takes no longer than the ones asked for."""
    frame = pd.DataFrame({f"c{n}": range(20_000) for n in range(40)})
    namespace = {f"v{n}": frame.copy() for n in range(40)}
    items = ask("Hello", cells("1"), namespace, mode="all")
    assert 0 < sum(source.startswith("variable") for source in items) < 40


def test_a_private_variable_is_private_in_an_error_too() -> None:
    """Its own name, and whatever it is called in the function that failed."""
    seen = {level: f"{level.name}" for level in Privacy}
    variables = (
        LocalSeen("df", {p: f"df {t}" for p, t in seen.items()}),
        LocalSeen("rows", {p: f"rows {t}" for p, t in seen.items()}, same_as=("df",)),
        LocalSeen("n", {p: f"n {t}" for p, t in seen.items()}),
    )
    ran = cells("df = 1", "f(df)", _2=failure(*variables))
    text = ask("Why?", ran, private={"df": Privacy.NAMES})["error in In [2]"].text
    assert "df NAMES\nrows NAMES\nn STATS\n" in text


def test_a_private_object_is_private_under_every_name() -> None:
    """An alias shows no more than the name that was made private; equal numbers are no alias."""
    df = pd.DataFrame({"a": [1]})
    namespace = {"df": df, "same": df, "copy": df.copy(), "n": 5, "m": 5}
    private = {"df": Privacy.NAMES, "n": Privacy.NAMES}
    items = ask("@df @same:rows @copy @n @m", cells("1"), namespace, private=private)
    assert items["variable same"].text == "same: pandas.DataFrame"
    assert "1 row" in items["variable copy"].text
    assert items["variable m"].text == "m: int 5"


# ---- figures -------------------------------------------------------------------------------------


def drawn(title: str) -> Figure:
    figure = Figure()
    figure.subplots().set_title(title)
    return figure


def test_the_figure_that_was_shown_last_is_the_one_that_is_meant() -> None:
    """As it was read when it was shown: the inline backend has closed it since."""
    pictures = {level: f"figure {level.name}" for level in Privacy}
    shown = {"outputs": (OutputSeen("figure", "<Figure>\n", pictures),)}
    ran = cells("plt.plot(x)", "1", _1=shown)
    items = ask("What does @figure show?", ran, {"fig": drawn("older")})
    assert items["figure of In [1]"].text == "figure STATS"
    assert items["figure of In [1]"].rank is Rank.MENTIONED


def test_a_figure_that_was_not_read_is_found_alive() -> None:
    """In a variable, the newest of them, or else open in pyplot."""
    items = ask("@figure", cells("1"), {"a": drawn("first"), "b": drawn("second"), "c": 1})
    assert "'second'" in items["figure b"].text
    try:
        plt.figure().suptitle("open")
        assert "'open'" in ask("@figure", cells("1"))["figure figure"].text
    finally:
        plt.close("all")


@pytest.mark.parametrize("make", [h.hostile, h.hostile_class, h.hostile_instance])
def test_looking_for_a_figure_touches_nothing_foreign(make: Callable[[str], Any]) -> None:
    """Every variable is passed by, and none of them is asked whether it is one."""
    h.TAME.append(True)
    namespace = {"thing": make("raises"), "x": 1}
    h.TAME.clear()
    h.TOUCHES.clear()
    ask("@figure @thing", cells("thing = make()"), namespace, mode="all")
    assert h.TOUCHES == []


# ---- what is not there ---------------------------------------------------------------------------


def test_what_is_named_and_not_there_is_said() -> None:
    """A cell number that never ran, an error where nothing has failed."""
    prompt = "@cell:9 @error"
    question = Question(prompt, mentions=mentions_in(prompt, {}), cells=cells("1"), namespace={})
    assert gather(question).notes == ("no cell In [9] is known", "no cell has failed")
