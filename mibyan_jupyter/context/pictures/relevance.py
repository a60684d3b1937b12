"""Which of many columns are worth their place, and how the names of the others are told briefly."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from mibyan_jupyter.context.pictures.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)
_MOST_LABELS = 50_000
_LARGE = 12
_EXAMPLES = 5


def ranked(labels: Sequence[str], prompt: str) -> Iterable[int]:
    """Positions of the labels that are worth a line: those the prompt names, those it shares words
    with, the others; of a large family that is numbered through, the first few.
    """
    words = {word.lower() for word in _WORD.findall(prompt[:20_000]) if _tells(word)}
    scores = _scores(labels[:_MOST_LABELS], words, prompt.lower()) if words else {}
    first = sorted(scores, key=lambda position: (-scores[position], position))
    return chain(first, (n for n in _examples(labels) if n not in scores))


def _examples(labels: Sequence[str]) -> Iterator[int]:
    """The positions without those of a large family's members that stand for each other."""
    families = [_family(label) for label in labels[:_MOST_LABELS]]
    sizes = Counter(families)
    seen: Counter[str] = Counter()
    for position, family in enumerate(families):
        seen[family] += 1
        if sizes[family] <= _LARGE or seen[family] <= _EXAMPLES:
            yield position
    yield from range(_MOST_LABELS, len(labels))


def _family(label: str) -> str:
    """What a label has in common with those that differ in a number at the end."""
    numbered = _NUMBERED.match(label)
    return f"{numbered[1]}#" if numbered else f"{label}!"


def _tells(word: str) -> bool:
    return len(word) > 2 or word.isdigit() or word.isupper()


def _scores(labels: Sequence[str], words: set[str], asked: str) -> dict[int, int]:
    """Scores of the labels that have any: 100 for one that is named, 1 for each shared word."""
    any_word = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))).search
    scores = {}
    for position, label in enumerate(labels):
        lowered = label.lower()
        if any_word(lowered) is None:
            continue
        named = _is_named(lowered, asked) or _is_named(lowered.replace("_", " "), asked)
        shared = len(words.intersection(_WORD.findall(lowered)))
        if named or shared:
            scores[position] = 100 * named + shared
    return scores


def _is_named(label: str, asked: str) -> bool:
    return label in asked and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", asked) is not None


def briefly(labels: Sequence[str], room: int) -> str:
    """The labels in at most `room` characters: `x_0 … x_1999 (2 000), target and 3 more`."""
    told, used, named = [], 0, 0
    for text, members in _families(labels[:_MOST_LABELS]):
        used += len(text) + 2
        if used > room - 20:
            break
        told.append(text)
        named += members
    left = len(labels) - named
    more = f" and {count(left)} more" if told and left else ""
    return ", ".join(told) + more


def _families(labels: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Labels that differ in a number at the end, as one text with how many it stands for."""
    families: dict[str, list[str]] = {}
    for label in labels:
        families.setdefault(_family(label), []).append(label)
    for members in families.values():
        if len(members) > 2:
            yield f"{members[0]} … {members[-1]} ({count(len(members))})", len(members)
        else:
            yield from ((label, 1) for label in members)
