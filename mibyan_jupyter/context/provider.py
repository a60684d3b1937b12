"""The extension point: a provider looks at one question and gives items of context."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from mibyan_jupyter.config import words
from mibyan_jupyter.context.mentions import Mentions
from mibyan_jupyter.context.observed import Page
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mibyan_jupyter.context.items import ContextItem
    from mibyan_jupyter.context.observed import CellRecord
    from mibyan_jupyter.context.slicing.executed import ExecutedCell


OUR_PARTS = ("failures", "variables", "figures", "cells", "notebook")
"""The names of our own providers (`mibyan_jupyter/context/gather.py`)."""
_NAME = re.compile(r"[^\W\d]\w*")


class AskedContext(NamedTuple):
    """What one turn asks of the notebook: the prompt, how much, and how private.

    `without` names providers that are switched off; `private` holds single variables' levels.
    """

    prompt: str
    mode: str
    without: tuple[str, ...]
    level: Privacy
    private: Mapping[str, Privacy]


class Question(NamedTuple):
    """What a provider may look at.

    `prompt` is the text as typed, `mode` is `auto`, `mentioned` or `all`, `mentions` are the `@`
    mentions. `cells` are the executed cells, oldest first, ours left out; `forgotten` is how many
    older ones are not known any more, `deleted` the ids of cells that are gone, `page` the notebook
    as it stands now, where that is known. `namespace` holds the live variables, and is None where
    they may not be read (the kernel is busy). `level` and `private` are the privacy dial, for all
    and for single variables. `rests_on` are the positions in `cells` of those that the question
    rests on, `makes` the names that are bound there for it, the latest first.
    `executed` are the `cells` as the slicer sees them, once it has.
    """

    prompt: str
    mode: str = "auto"
    mentions: Mentions = Mentions()
    cells: tuple[CellRecord, ...] = ()
    deleted: frozenset[str] = frozenset()
    forgotten: int = 0
    page: Page = Page()
    namespace: Mapping[str, Any] | None = None
    level: Privacy = Privacy.STATS
    private: Mapping[str, Privacy] = MappingProxyType({})
    notebook: str = ""
    rests_on: tuple[int, ...] = ()
    makes: tuple[str, ...] = ()
    executed: tuple[ExecutedCell, ...] = ()

    def __repr__(self) -> str:
        """Without the notebook's data, which a log would keep."""
        return f"Question({self.prompt!r}, mode={self.mode!r})"

    def names_cell(self, cell: CellRecord) -> bool:
        """Whether the prompt mentions this cell, by its number or as the newest."""
        if self.mentions.newest_cell and cell is self.cells[-1]:
            return True
        return cell.execution_count in self.mentions.cells

    def level_of(self, name: str, *, same_as: Iterable[str] = ()) -> Privacy:
        """The level in force for one variable: lifted for this turn, else the session's.

        What was made private is never shown above its own level, neither under its name nor under
        another (`same_as` are the names that hold the same object).
        """
        lifted = self.mentions.names.get(name)
        wished = self.level if lifted is None else lifted
        return min([wished, *(self.private[n] for n in (name, *same_as) if n in self.private)])

    def held_to(self, cell: CellRecord) -> Privacy:
        """The level of the most private variable that the cell names, for what it has shown.

        What it calls, and what was computed from such a variable elsewhere, is not looked into.
        """
        if not self.private:
            return Privacy.ROWS
        if self.namespace is None:  # it may name one of them by another name
            return min(self.private.values())
        names = frozenset(_NAME.findall(cell.source))
        held = (private for name in names for private in (name, *self.private_names(name)))
        return min((self.private[n] for n in held if n in self.private), default=Privacy.ROWS)

    def private_names(self, name: str) -> tuple[str, ...]:
        """The private names of the object that this variable holds."""
        from mibyan_jupyter.context.pictures.type_names import has_identity

        variables = self.namespace or {}
        value = variables.get(name)
        if not has_identity(value):
            return ()
        return tuple(private for private in self.private if variables.get(private) is value)


class Mentionable(NamedTuple):
    """What can be mentioned with `@` now.

    `variables` are names with their types, `cells` execution counts with their first lines, newest
    first; `error` and `figure` tell whether there is one.
    """

    variables: tuple[tuple[str, str], ...] = ()
    cells: tuple[tuple[int, str], ...] = ()
    error: bool = False
    figure: bool = False


@runtime_checkable
class ContextProvider(Protocol):
    """Gives context for a question.

    `name` is one word, by which the provider can be switched off. `gather` is called on the
    kernel's main thread for each question (a provider of yours: on a thread of its own, for at
    most 0.1 s; if it takes longer it is skipped from then on, and the receipt says so). It reads
    and changes nothing else, and may raise: then its items are left out, and that is said.
    """

    name: str

    def gather(self, question: Question) -> Iterable[ContextItem]: ...


_registered: list[ContextProvider] = []


def register_context(provider: ContextProvider) -> ContextProvider:
    """Add a provider of your own (also as a decorator); one of the same name is replaced.

    Raises TypeError for what is no provider, ValueError for a name that `without` could not mean.
    """
    made = provider() if isinstance(provider, type) else provider
    if not isinstance(made, ContextProvider) or not isinstance(made.name, str):
        raise TypeError("a context provider has a name and a method gather(question)")
    if words(made.name) != (made.name,) or made.name in OUR_PARTS:
        raise ValueError(f"a context provider needs a name of its own, in one word: {made.name!r}")
    _registered[:] = [each for each in _registered if each.name != made.name]
    _registered.append(made)
    return provider


def registered_providers() -> tuple[ContextProvider, ...]:
    """The providers that were added, in the order in which they were."""
    return tuple(_registered)
