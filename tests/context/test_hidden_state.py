"""The map of the cells that are not sent, and what the page no longer shows."""

from __future__ import annotations

from mibyan_jupyter.context.slicing import (
    ExecutedCell,
    hidden_state,
    map_line,
)
from tests.context.executed_cells import notebook


def test_map_line_says_what_a_cell_does() -> None:
    """One line a cell: its number, its names, the first line of its code."""
    cells = notebook("def clean(df):\n    return df.dropna()", "df['x'] = other\n", "", "# a\n1/0")
    assert [map_line(cell) for cell in cells] == [
        'In [1]: defines clean – "def clean(df):"',
        "In [2]: changes df, uses other – \"df['x'] = other\"",
        'In [3] – "(empty)"',
        'In [4] – "1/0"',
    ]


def test_map_line_is_short() -> None:
    """Many or long names and long lines are cut at 100 characters."""
    many = ", ".join(f"name_{n}" for n in range(40))
    line = map_line(ExecutedCell("r", None, 12, f"{many} = range(40)", failed=True))
    assert line.startswith("In [12]: defines name_0, name_1, name_10, name_11, …, failed – ")
    assert len(line) == 100


def test_hidden_state_of_a_changed_cell() -> None:
    """A name whose cell ran again with another text is said to come from the earlier one."""
    cells = (
        ExecutedCell("a", "one", 1, "df = load()"),
        ExecutedCell("b", "one", 2, "other = load()"),
        ExecutedCell("c", "two", 3, "df.head()"),
    )
    assert hidden_state(cells, set(), {"df", "other"}) == (
        "`df` was made by a cell that has changed since (In [1]; its text now is another).",
    )
    assert hidden_state(cells, set(), {"other"}, texts={"one": "other = 1"}) == (
        "`other` was made by a cell that has changed since (In [2]; its text now is another).",
    )


def test_hidden_state_of_a_deleted_cell() -> None:
    """A name whose cell is gone is said to be so, and only for names that are asked for."""
    cells = notebook("df = load()", "other = 1")
    assert hidden_state(cells, {"cell-0"}, {"df"}) == (
        "`df` was made by In [1], whose cell is gone.",
    )
    assert hidden_state(cells, {"cell-0"}, {"other"}) == ()
    assert hidden_state(cells, {"cell-0"}, {"unknown"}) == ()


def test_hidden_state_of_a_run_out_of_order() -> None:
    """Where the notebook's order is known, a use that stands above the definition is said."""
    cells = notebook("df = load()", "df['x'] = 1")
    order = ["cell-1", "cell-0"]
    assert hidden_state(cells, set(), {"df"}, notebook_order=order) == (
        "`df` ran out of order: In [2] stands above In [1], but ran after it.",
    )
    assert hidden_state(cells, set(), {"df"}, notebook_order=order[::-1]) == ()
    assert hidden_state(cells, set(), {"df"}) == ()
