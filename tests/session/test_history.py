"""The history rules, as pure functions."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.models import Message
from mibyan_jupyter.session.history import (
    History,
    as_messages,
    earlier_turns,
    fit,
    messages_now,
    place,
    put_before,
    without,
)
from mibyan_jupyter.session.turns import Answer, CellRun, Turn, TurnRequest

_ids = itertools.count()


def turn(
    prompt: str, cell: str = "", run: str = "", answer: str | None = "ok", **request: object
) -> Turn:
    """An ended turn; `answer=None` is a failed one."""
    asked = TurnRequest(prompt, cell=CellRun(cell, run) if cell else None, **request)  # type: ignore[arg-type]
    status = "failed" if answer is None else "complete"
    said = None if answer is None else Answer(answer)
    return Turn(f"t{next(_ids)}", asked, status=status, answer=said)


def placed(*turns: Turn) -> History:
    history: History = ()
    for each in turns:
        history, _ = place(history, each)
    return history


def prompts(history: History) -> str:
    return " ".join(each.prompt for each in history)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([turn("a", "A", "1"), turn("b", "B", "2"), turn("c", "C", "3")], "a b c"),
        ([turn("a", "A", "1"), turn("b", "B", "2"), turn("a2", "A", "3")], "a2 b"),
        ([turn("a", "A", "1"), turn("a'", "A", "1"), turn("b", "B", "2")], "a a' b"),
        ([turn("a", "A", "1"), turn("b", "B", "2"), turn("a'", "A", "1")], "a a' b"),
        (
            [
                turn("a", "A", "1"),
                turn("a'", "A", "1"),
                turn("b", "B", "2"),
                turn("x", "A", "3"),
                turn("y", "A", "3"),
            ],
            "x y b",
        ),
        ([turn("a"), turn("b"), turn("a")], "a b a"),
        ([turn("a", "A", "1"), turn("p"), turn("a2", "A", "2"), turn("q")], "a2 p q"),
    ],
    ids=[
        "appended",
        "a rerun takes its place",
        "further asks of a run follow",
        "also after another cell's",
        "a rerun removes all asks of the cell",
        "without cell ids appended",
        "panel turns stay",
    ],
)
def test_where_a_turn_stands(turns: list[Turn], expected: str) -> None:
    """Position is the place of the first submission."""
    assert prompts(placed(*turns)) == expected


def test_the_same_cell_id_in_another_notebook_is_another_cell() -> None:
    """Copied notebooks that share a kernel have the same cell ids."""
    one = Turn("1", TurnRequest("a", cell=CellRun("A", "1", "one.ipynb")))
    two = Turn("2", TurnRequest("b", cell=CellRun("A", "2", "two.ipynb")))
    assert prompts(placed(one, two)) == "a b"


def test_a_replacing_turn_takes_the_place_of_the_named_one() -> None:
    """Retry stands where the old turn stood."""
    first, second = turn("a"), turn("b")
    again = turn("a", replaces=first.id)
    history, removed = place(placed(first, second), again)
    assert [each.id for each in history] == [again.id, second.id]
    assert removed == (first,)


def test_a_request_sends_earlier_turns_that_have_text() -> None:
    """Failed turns are not sent; stopped ones are."""
    stopped = Turn("s", TurnRequest("s"), status="stopped", answer=Answer("half", "stopped"))
    history = placed(turn("a"), turn("failed", answer=None), stopped, turn("now"), turn("later"))
    assert prompts(earlier_turns(history, history[3])) == "a s"


def test_new_starts_at_the_nearest_mark() -> None:
    """Requests go back to the nearest `--new`, and nothing is deleted."""
    history = placed(turn("a"), turn("b", new=True), turn("c"), turn("d", new=True), turn("e"))
    assert prompts(history) == "a b c d e"
    assert [prompts(earlier_turns(history, each)) for each in history] == ["", "", "b", "", "d"]


def test_a_deleted_mark_moves_on_to_the_turn_that_follows() -> None:
    """Unless that has one, or there is none; a turn that takes its place keeps it."""
    history = placed(turn("a"), turn("b", "B", "1", new=True), turn("c", "C", "1"), turn("d"))
    _, b, c, d = history

    def marked(*gone: Turn) -> str:
        return prompts(tuple(t for t in without(history, [g.id for g in gone]) if t.begins_anew))

    assert (marked(b), marked(b, c), marked(b, c, d), marked(c)) == ("c", "d", "", "b")
    again = turn("c2", "C", "2")
    rerun, _ = place(without(history, [b.id]), again)
    assert prompts(rerun) == "a c2 d"
    assert prompts(earlier_turns(rerun, rerun[2])) == "c2"
    assert prompts(earlier_turns(rerun, again)) == "", "also of a turn as it was submitted"


def test_what_is_restored_and_what_is_here_give_way_to_neither() -> None:
    """Another run of a cell stays and is no longer that cell's; the same turn stands once."""
    old, plain = turn("old", "A", "1"), turn("plain", "B", "1")
    new, since = turn("new", "A", "2"), turn("since")
    history = put_before((old, plain), (new, since))
    assert prompts(history) == "old plain new since"
    assert [each.cell_id for each in history] == [None, "B", "A", None]
    assert put_before((old, plain), history) == history
    assert prompts(place(history, turn("newer", "A", "3"))[0]) == "old plain newer since"


def test_a_running_turn_is_as_it_is_here() -> None:
    """What was kept of it from before is stale."""
    running = turn("a")
    stale = Turn(running.id, running.request)
    assert put_before((stale,), (running,)) == (running,)


def test_a_no_history_turn_sends_nothing_and_is_never_resent() -> None:
    """`--no-history` stands outside the conversation."""
    history = placed(turn("a"), turn("alone", history=False), turn("b"))
    assert prompts(earlier_turns(history, history[1])) == ""
    assert prompts(earlier_turns(history, history[2])) == "a"


def test_messages_are_the_systems_and_both_sides() -> None:
    """System first, then user and assistant in turn."""
    assert as_messages([turn("a", answer="x")], "be kind") == (
        Message("system", "be kind"),
        Message("user", "a"),
        Message("assistant", "x"),
    )
    assert messages_now(placed(turn("a", answer="x")), "", 100) == as_messages(
        [turn("a", answer="x")]
    )


@given(st.lists(st.integers(1, 400), max_size=40), st.integers(1, 3000))
def test_the_budget_drops_whole_oldest_turns(sizes: list[int], budget: int) -> None:
    """What is left is the newest, and within the budget."""
    turns = tuple(turn("x" * size, answer="y" * size) for size in sizes)
    kept = fit(turns, budget)
    assert kept == turns[len(turns) - len(kept) :]
    assert sum(2 * -(-len(each.prompt) // 4) for each in kept) <= budget


def test_a_full_history_keeps_its_beginning_for_several_turns() -> None:
    """Turns leave in steps, so that the beginning of the request stays the same for a while."""
    turns: tuple[Turn, ...] = ()
    starts = []
    for _ in range(40):
        turns = (*turns, turn("x" * 200, answer="y" * 200))
        starts.append(fit(turns, 1000)[0].id)
    assert len(set(starts)) <= 40 // 2


@pytest.mark.parametrize(
    ("costs", "budget", "kept"),
    [
        ([6050] * 4, 24_000, 3),
        ([100, 100, 23_900], 24_000, 1),
        ([10, 10, 10], 24_000, 3),
        ([30_000, 10], 24_000, 1),
        ([10, 30_000], 24_000, 0),
    ],
)
def test_no_more_is_dropped_than_a_step(costs: list[int], budget: int, kept: int) -> None:
    """A history that is a little too long loses its oldest turn, not everything."""
    turns = tuple(turn("x" * (cost * 2), answer="y" * (cost * 2)) for cost in costs)
    assert len(fit(turns, budget)) == kept
