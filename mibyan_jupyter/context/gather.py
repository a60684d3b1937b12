"""Gathers the context of one question: asks each provider, and lets no fault of one spoil it."""

from __future__ import annotations

import logging
import threading
from functools import cache
from typing import TYPE_CHECKING

from mibyan_jupyter.context.failures import failing_cell
from mibyan_jupyter.context.items import ContextItem, Gathered
from mibyan_jupyter.context.provider import OUR_PARTS, registered_providers
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from mibyan_jupyter.context.provider import ContextProvider, Question

log = logging.getLogger("mibyan_jupyter")
_DEADLINE = 0.1  # seconds, for a provider that is not ours
_too_slow: set[str] = set()


class NotAContextItem(TypeError):  # noqa: N818 - the name is what a receipt says
    """A provider gave something else, or an item with something else in it."""


def provider_names() -> tuple[str, ...]:
    """The providers that can be switched off, by name."""
    return (*OUR_PARTS, *(each.name for each in registered_providers()))


def check_providers(names: Iterable[str]) -> None:
    """Raise ConfigurationError for a name that no provider has: it would leave out nothing."""
    if unknown := _unknown(names):
        raise ConfigurationError(
            f"No part of the context is called {unknown[0][:40]!r}.",
            f"The parts are: {', '.join(provider_names())}.",
        )


def _unknown(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in provider_names()]


@cache
def _ours() -> tuple[ContextProvider, ...]:
    """Those that look at cells and variables; loaded where there are any."""
    from mibyan_jupyter.context.cells import Cells
    from mibyan_jupyter.context.failures import Failures
    from mibyan_jupyter.context.figures import Figures
    from mibyan_jupyter.context.notebook import Notebook
    from mibyan_jupyter.context.variables import Variables

    return Failures(), Variables(), Figures(), Cells(), Notebook()


def gather(question: Question, without: Collection[str] = ()) -> Gathered:
    """All items for `question`, from every provider that is not named in `without`."""
    if question.mode == "none":
        return Gathered()
    items: list[ContextItem] = []
    notes = list(_not_seen(question))
    notes += [
        f"no part of the context is called “{name}”, which was to be left out"
        for name in _unknown(without)
    ]
    ours = _ours() if question.cells or question.namespace else ()
    if ours:
        question = _with_slice(question, notes)
    for provider in (*ours, *registered_providers()):
        if provider.name in without:
            continue
        try:
            found = provider.gather if provider in ours else _bounded(provider)
            items += found(question)
        except Exception as error:
            log.debug("the context provider %s failed", provider.name, exc_info=True)
            notes.append(f"{provider.name} left out: {type(error).__name__}")
    seen = any(item.source.startswith("figure ") for item in items)
    if question.mentions.figure and not seen and "figures" not in without:
        notes.append("no figure is known")
    return Gathered(tuple(items), tuple(notes))


def _with_slice(question: Question, notes: list[str]) -> Question:
    from mibyan_jupyter.context.cells import with_slice

    try:
        return with_slice(question)
    except Exception as error:
        log.debug("slicing failed", exc_info=True)
        notes.append(f"the cells it rests on were not found: {type(error).__name__}")
        return question


def _not_seen(question: Question) -> Iterator[str]:
    """In words, what the question names or needs, and cannot be looked at."""
    if question.namespace is None:
        yield "live objects not read: kernel busy"
    known = {cell.execution_count for cell in question.cells}
    for count in question.mentions.cells:
        if count not in known:
            yield f"no cell In [{count}] is known"
    if question.mentions.error and failing_cell(question) is None:
        yield "no cell has failed"
    for name in question.mentions.unknown:
        yield f"no variable {name} is known"


def _bounded(provider: ContextProvider):  # type: ignore[no-untyped-def]
    """`provider.gather` with its deadline; raises TimeoutError at and after the first miss."""

    def bounded(question: Question) -> list[ContextItem]:
        if provider.name in _too_slow:
            raise TimeoutError
        found: list[ContextItem] = []
        failed: list[Exception] = []

        def run() -> None:
            try:
                found.extend(provider.gather(question))
            except Exception as error:  # handed to the caller below
                failed.append(error)

        thread = threading.Thread(target=run, name=f"mibyan-{provider.name}", daemon=True)
        thread.start()
        thread.join(_DEADLINE)
        if thread.is_alive():
            _too_slow.add(provider.name)
            raise TimeoutError
        if failed:
            raise failed[0]
        return [_checked(item) for item in found]

    return bounded


def _checked(item: object) -> ContextItem:
    """Each is looked at by those who choose among all of them, whom a wrong one would stop."""
    if not isinstance(item, ContextItem):
        raise NotAContextItem
    texts = (item.source, item.text, *item.notes)
    numbers = (item.rank, item.position)
    right = all(isinstance(text, str) for text in texts) and not isinstance(item.notes, str)
    if not right or not all(isinstance(number, int) for number in numbers):
        raise NotAContextItem
    return item
