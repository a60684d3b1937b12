"""The live variables that a question names or rests on, as bounded pictures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mibyan_jupyter.context.cells import wanted_names
from mibyan_jupyter.context.items import ContextItem, Rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mibyan_jupyter.context.provider import Question

_MENTIONED = 8_000  # characters
_NAMED = 4_000
_OTHERS = 300
_MOST_OTHERS = 40
_MOST_OF_SLICE = 8
_PATIENCE = 0.02  # seconds, after which nothing more is looked at that was not asked for


class Variables:
    """What `@name` mentions first, then what the prompt names, then what the slice has made (with
    `all` every other one) as far as time allows.
    """

    name = "variables"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        if question.namespace is None:
            return
        mentioned = tuple(question.mentions.names)
        named = sorted(wanted_names(question) - set(mentioned))
        yield from (_item(name, question, Rank.MENTIONED, _MENTIONED) for name in mentioned)
        yield from (_item(name, question, Rank.FRAMES, _NAMED) for name in named)
        until = time.perf_counter() + _PATIENCE
        for name in _others(question, question.namespace, {*mentioned, *named}):
            if time.perf_counter() > until:
                return
            yield _item(name, question, Rank.FRAMES, _OTHERS)


def _others(
    question: Question, namespace: Mapping[str, object], told: Iterable[str]
) -> Iterator[str]:
    """Names that the question does not mention and may rest on, the latest first.

    Functions and classes stand in the cells already.
    """
    if question.mode == "all":
        names, most = list(namespace)[::-1], _MOST_OTHERS
    else:
        names, most = list(question.makes), _MOST_OF_SLICE
    new = [n for n in dict.fromkeys(names) if n in namespace and n not in told]
    if not new:
        return
    from mibyan_jupyter.context.pictures.type_names import is_code  # a first question may need none

    yield from [n for n in new if not is_code(namespace[n])][:most]


def _item(name: str, question: Question, rank: Rank, limit: int) -> ContextItem:
    from mibyan_jupyter.context.pictures import picture

    assert question.namespace is not None  # noqa: S101 - gather has looked
    seen = picture(
        question.namespace[name],
        name,
        level=question.level_of(name, same_as=question.private_names(name)),
        limit=limit,
        prompt=question.prompt,
    )
    return ContextItem(f"variable {name}", seen.text, rank, seen.notes)
