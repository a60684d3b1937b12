"""Repeated measurements of one thing, and how a table writes them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Samples:
    """At least one measurement, in `unit`."""

    values: tuple[float, ...]
    unit: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median, and the least and the most where there are several; nobody waits for ever."""
        if math.isinf(self.median):
            return "given up on"
        shown = f"{number(self.median)} {self.unit}".strip()
        if len(self.values) == 1:
            return shown
        return f"{shown} ({number(min(self.values))}–{number(max(self.values))})"


def number(value: float) -> str:
    """Three digits that count, as a person writes them."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def in_turn(ways: Mapping[Key, Callable[[], Result]], repetitions: int) -> dict[Key, list[Result]]:
    """The results of each way; they take turns, so that the machine's moods hit all alike."""
    results: dict[Key, list[Result]] = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, measure in ways.items():
            results[name].append(measure())
    return results
