"""The rules of the history, as pure functions over its tuple of turns.

Where a turn stands, and what a request sends. Position is the place of the first submission, not
the place in the notebook.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mibyan_jupyter.api.models import Message
from mibyan_jupyter.tokens import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mibyan_jupyter.session.turns import Turn

History = tuple["Turn", ...]


def place(history: History, turn: Turn) -> tuple[History, History]:
    """The history with `turn` in its place, and the turns that had to leave for it.

    The first ask of a new run of a cell takes the place of that cell's earlier turns; its further
    asks follow it. Turns without a cell are appended.
    """
    removed = tuple(old for old in history if _gives_way(old, turn))
    if removed:
        return in_place_of(removed, turn, history), removed
    position = _after_same_run(history, turn)
    return (*history[:position], turn, *history[position:]), ()


def in_place_of(removed: History, turn: Turn, history: History) -> History:
    """The history with `turn` where the first of the `removed` stood; unchanged without them."""
    gone = [old.id for old in removed]
    places = [place for place, old in enumerate(history) if old.id in gone]
    if not places:
        return history
    inherits = turn.inherits_new or any(history[place].inherits_new for place in places)
    kept = tuple(old for old in history if old.id not in gone)
    return (*kept[: places[0]], replace(turn, inherits_new=inherits), *kept[places[0] :])


def _gives_way(old: Turn, turn: Turn) -> bool:
    return old.id == turn.request.replaces or _is_other_run(old, turn)


def _is_other_run(old: Turn, turn: Turn) -> bool:
    """Whether the two were asked in two runs of one cell."""
    one, other = old.request.cell, turn.request.cell
    return one is not None and other is not None and one.same_cell(other) and one.run != other.run


def _after_same_run(history: History, turn: Turn) -> int:
    if turn.request.cell is not None:
        for position in range(len(history), 0, -1):
            if history[position - 1].request.cell == turn.request.cell:
                return position
    return len(history)


def put_before(restored: History, history: History) -> History:
    """The history with the `restored` turns before it, each turn once.

    Nothing is lost by that: a restored turn whose cell has another run here is no longer that
    cell's, and so gives way neither to that run nor to the next one.
    """
    here = {turn.id: turn for turn in history}
    known = {turn.id for turn in restored}
    newest = [turn if turn.ended else here.get(turn.id, turn) for turn in restored]
    runs: dict[tuple[str, str], set[str]] = {}
    for turn in history:
        if cell := turn.request.cell:
            runs.setdefault((cell.notebook, cell.cell_id), set()).add(cell.run)
    whole = tuple(_beside(runs, turn) for turn in newest)
    for turn in history:
        if turn.id not in known:
            whole, _ = place(whole, turn)
    return whole


def _beside(runs: Mapping[tuple[str, str], Collection[str]], turn: Turn) -> Turn:
    """The turn, without its cell where that has another of these `runs`."""
    cell = turn.request.cell
    if cell and any(run != cell.run for run in runs.get((cell.notebook, cell.cell_id), ())):
        return replace(turn, request=replace(turn.request, cell=None))
    return turn


def without(history: History, turn_ids: Collection[str]) -> History:
    """The history less these turns; what they parted from what was before stays parted."""
    kept: list[Turn] = []
    inherits = False
    for turn in history:
        if turn.id in turn_ids:
            inherits = inherits or turn.begins_anew
            continue
        moves_on = inherits and not turn.begins_anew
        kept.append(replace(turn, inherits_new=True) if moves_on else turn)
        inherits = False
    return tuple(kept)


def replace_turn(history: History, turn: Turn) -> History:
    """The history with the turn of the same id replaced, whose mark stays there; unchanged if
    that has gone.
    """
    return tuple(
        replace(turn, inherits_new=old.inherits_new) if old.id == turn.id else old
        for old in history
    )


def earlier_turns(history: History, turn: Turn) -> History:
    """The turns that a request for `turn` sends along: back to the nearest `--new` mark."""
    position = next((i for i, old in enumerate(history) if old.id == turn.id), len(history))
    begins_anew = any(each.begins_anew for each in (turn, *history[position : position + 1]))
    if begins_anew or not turn.request.history:
        return ()
    return _conversation(history[:position])


def _conversation(history: History) -> History:
    start = max((i for i, turn in enumerate(history) if turn.begins_anew), default=0)
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
