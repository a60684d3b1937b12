"""What the notebook's page no longer shows about a name, said in plain sentences. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.slicing.names import names_of, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from mibyan_jupyter.context.slicing.executed import ExecutedCell


def hidden_state(
    cells: Sequence[ExecutedCell],
    deleted: Set[str],
    wanted: Set[str],
    *,
    notebook_order: Sequence[str] | None = None,
    texts: Mapping[str, str] | None = None,
    forgotten: int = 0,
) -> tuple[str, ...]:
    """A sentence for each wanted name that the page does not explain as it stands.

    `deleted` are the ids of cells that are gone. `notebook_order` (cell ids from top to bottom)
    and `texts` (what the cells hold now) where the front end tells them; without `texts`, a cell
    has changed if it ran again with another text. `forgotten` executions came before `cells`.
    """
    now = _latest_texts(cells) | dict(texts or {})
    order = {cell_id: place for place, cell_id in enumerate(notebook_order or ())}
    sentences: list[str] = []
    for name, maker in _makers(cells, wanted).items():
        if maker is not None:
            sentences += _sentences(cells, maker, name, deleted, now, order)
        elif forgotten:
            sentences.append(f"`{name}` was made by a cell that ran too long ago to be known.")
    return tuple(sentences)


def _latest_texts(cells: Sequence[ExecutedCell]) -> dict[str, str]:
    return {cell.cell_id: cell.source for cell in cells if cell.cell_id is not None}


def _makers(cells: Sequence[ExecutedCell], wanted: Set[str]) -> dict[str, int | None]:
    """For each name the last execution that bound it; one that failed only if there is no other."""
    whole: dict[str, int] = {}
    failed: dict[str, int] = {}
    for position, cell in enumerate(cells):
        if not cell.ran:
            continue
        for statement in statements_of(cell.source):
            for name in statement.defines & wanted:
                (failed if cell.failed else whole)[name] = position
    return {name: whole.get(name, failed.get(name)) for name in sorted(wanted)}


def _sentences(
    cells: Sequence[ExecutedCell],
    maker: int,
    name: str,
    deleted: Set[str],
    now: Mapping[str, str],
    order: Mapping[str, int],
) -> Iterator[str]:
    made_by = cells[maker]
    if made_by.cell_id is None:
        return
    done = [(made_by, "made"), *((cell, "changed") for cell in _changers(cells, maker, name))]
    for cell, how in done:
        if cell.cell_id in deleted:
            yield f"`{name}` was {how} by {cell.label}, whose cell is gone."
        elif now.get(cell.cell_id or "", cell.source).strip() != cell.source.strip():
            yield (
                f"`{name}` was {how} by a cell that has changed since"
                f" ({cell.label}; its text now is another)."
            )
    later = _runs_above(cells, maker, name, order)
    if later is not None:
        yield (
            f"`{name}` ran out of order:"
            f" {later.label} stands above {made_by.label}, but ran after it."
        )


def _changers(cells: Sequence[ExecutedCell], maker: int, name: str) -> Iterator[ExecutedCell]:
    """The executions that changed what the maker has bound."""
    for cell in cells[maker + 1 :]:
        if cell.ran and not cell.failed and name in names_of(cell.source).changes:
            yield cell


def _runs_above(
    cells: Sequence[ExecutedCell], maker: int, name: str, order: Mapping[str, int]
) -> ExecutedCell | None:
    """The last execution that used or changed `name` from a place above the cell that made it."""
    place = order.get(cells[maker].cell_id or "")
    if place is None:
        return None
    for cell in reversed(cells[maker + 1 :]):
        names = names_of(cell.source)
        if name in names.uses | names.changes and order.get(cell.cell_id or "", place) < place:
            return cell
    return None
