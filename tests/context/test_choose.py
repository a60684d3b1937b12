"""The budget: never exceeded, spent by rank, and every item accounted for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.context.choose import choose, cost_of, section
from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.tokens import estimate_tokens

ITEMS = st.lists(
    st.builds(
        ContextItem,
        source=st.text(max_size=30),
        text=st.text(max_size=600) | st.just("word " * 400) | st.just("سطر طويل\n" * 200),
        rank=st.sampled_from(Rank),
        position=st.integers(-2, 9),
    ),
    max_size=12,
)


@given(ITEMS, st.integers(0, 1500))
def test_the_budget_is_never_exceeded_and_nothing_is_unaccounted(
    items: list[ContextItem], budget: int
) -> None:
    """What is sent costs at most the budget, and the receipt names every item once."""
    chosen = choose(items, budget)
    sent = "".join(map(section, chosen.items))
    assert estimate_tokens(sent) <= max(budget, 0)
    assert sorted(item.source for item in chosen.receipt) == sorted(item.source for item in items)
    assert sum(item.tokens for item in chosen.receipt) <= budget
    assert len(chosen.items) == sum(item.included != "left out" for item in chosen.receipt)


def test_rank_decides_what_stays_and_position_how_it_is_read() -> None:
    """Failure before map; of one rank the first given stay, and are sent by position."""
    items = [
        ContextItem("map", "m" * 400, Rank.MAP),
        ContextItem("In [9]", "n" * 400, Rank.SLICE, position=9),
        ContextItem("In [2]", "o" * 400, Rank.SLICE, position=2),
        ContextItem("In [1]", "p" * 400, Rank.SLICE, position=1),
        ContextItem("error", "e" * 400, Rank.FAILURE),
    ]
    chosen = choose(items, 330)
    assert [item.source for item in chosen.items] == ["error", "In [2]", "In [9]"]
    left = {item.source: item.why for item in chosen.receipt if item.included == "left out"}
    assert left == {"In [1]": "over the budget", "map": "over the budget"}


def test_an_item_that_is_too_long_is_cut_at_a_line_end_and_says_so() -> None:
    """The beginning stays, the cut is marked, and the receipt tells how long it was."""
    item = ContextItem("cell", "\n".join(f"line {n}" for n in range(200)), Rank.SLICE)
    (part,) = choose([item], 100).items
    lines = part.text.split("\n")
    assert lines[-1] == "… (cut)"
    assert lines[:-1] == [f"line {n}" for n in range(len(lines) - 1)]
    (entry,) = choose([item], 100).receipt
    assert entry.included == "partial"
    assert f"cut from {cost_of(item):,} tokens" in entry.why
