"""The rules of the history, as pure functions over its tuple of turns.

Where a turn stands, and what a request sends. Position is the place of the first submission, not
the place in the notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.api.models import Message
from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mibyan_jupyter.session.turns import Turn

History = tuple["Turn", ...]


def place(history: History, turn: Turn) -> tuple[History, History]:
    """The history with `turn` in its place, and the turns that had to leave for it.

    The first ask of a new run of a cell takes the place of that cell's earlier turns; its further
    asks follow it. Turns without a cell are appended.
    """
    removed = tuple(old for old in history if _gives_way(old, turn))
    if removed:
        position = history.index(removed[0])
        kept = tuple(old for old in history if old not in removed)
        return (*kept[:position], turn, *kept[position:]), removed
    position = _after_same_run(history, turn)
    return (*history[:position], turn, *history[position:]), ()


def _gives_way(old: Turn, turn: Turn) -> bool:
    if old.id == turn.request.replaces:
        return True
    cell = turn.request.cell
    return (
        cell is not None
        and cell.same_cell(old.request.cell)
        and old.request.cell is not None
        and old.request.cell.run != cell.run
    )


def _after_same_run(history: History, turn: Turn) -> int:
    if turn.request.cell is not None:
        for position in range(len(history), 0, -1):
            if history[position - 1].request.cell == turn.request.cell:
                return position
    return len(history)


def replace_turn(history: History, turn: Turn) -> History:
    """The history with the turn of the same id replaced; unchanged if that has gone."""
    return tuple(turn if old.id == turn.id else old for old in history)


def earlier_turns(history: History, turn: Turn) -> History:
    """The turns that a request for `turn` sends along: back to the nearest `--new` mark."""
    if turn.request.new or not turn.request.history:
        return ()
    position = next((i for i, old in enumerate(history) if old.id == turn.id), len(history))
    return _conversation(history[:position])


def _conversation(history: History) -> History:
    start = max((i for i, turn in enumerate(history) if turn.request.new), default=0)
    return tuple(turn.standing for turn in history[start:] if turn.goes_along)


def fit(turns: History, budget: int) -> History:
    """The newest `turns` that fit into `budget` tokens (estimated).

    The oldest leave in steps of a quarter of the budget, where whole turns allow it: the beginning
    of the request then stays the same for a while, which servers can keep.
    """
    costs = [_cost(turn) for turn in turns]
    total, dropped, first = sum(costs), 0, 0
    step = max(budget // 4, 1)
    target = -(-max(total - budget, 0) // step) * step
    while first < len(turns):
        fits = total - dropped <= budget
        if fits and dropped + costs[first] > target:
            break
        dropped += costs[first]
        first += 1
    return turns[first:]


def _cost(turn: Turn) -> int:
    answer = turn.answer.text if turn.answer else ""
    return estimate_tokens(turn.prompt) + estimate_tokens(answer)


def as_messages(turns: Sequence[Turn], system: str = "") -> tuple[Message, ...]:
    """The messages of `turns`, prompts without their context, after the system message."""
    messages = [Message("system", system)] if system else []
    for turn in turns:
        if turn.answer is not None:
            messages.append(Message("user", turn.prompt))
            messages.append(Message("assistant", turn.answer.text))
    return tuple(messages)


def messages_now(history: History, system: str, budget: int) -> tuple[Message, ...]:
    """What a turn appended now would send, less its own prompt."""
    return as_messages(fit(_conversation(history), budget), system)
