"""The live variables that a question names, as bounded pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.cells import wanted_names
from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.provider import Question

_MENTIONED = 8_000  # characters
_NAMED = 4_000
_OTHERS = 300
_MOST_OTHERS = 40


class Variables:
    """What `@name` mentions first, then what the prompt names, with `all` the others too."""

    name = "variables"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        if question.namespace is None:
            return
        mentioned = tuple(question.mentions.names)
        named = sorted(wanted_names(question) - set(mentioned))
        yield from (_item(name, question, Rank.MENTIONED, _MENTIONED) for name in mentioned)
        yield from (_item(name, question, Rank.FRAMES, _NAMED) for name in named)
        if question.mode == "all":
            others = [n for n in question.namespace if n not in {*mentioned, *named}]
            for name in others[:_MOST_OTHERS]:
                yield _item(name, question, Rank.FRAMES, _OTHERS)


def _item(name: str, question: Question, rank: Rank, limit: int) -> ContextItem:
    assert question.namespace is not None  # noqa: S101 - gather has looked
    seen = picture(
        question.namespace[name],
        name,
        level=question.level_of(name),
        limit=limit,
        prompt=question.prompt,
    )
    return ContextItem(f"variable {name}", seen.text, rank, seen.notes, live=True)
