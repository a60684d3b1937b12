"""Short explanations of what beginners in data ask about most."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import fenced, table

_NUMBERS = re.compile(r"(?<![\w.])-?\d{1,12}(?:\.\d{1,6})?(?![\w.]*\w)")
_MAX_NUMBERS = 1_000


@dataclass(frozen=True)
class Concept:
    """One idea: its title, an explanation, a cell to try, and the numbers of the question."""

    title: str
    explanation: str
    cell: str
    numbers: tuple[float, ...] = ()

    def markdown(self) -> str:
        """The explanation, the question's own numbers where it has some, the cell."""
        parts = [f"## {self.title}", self.explanation]
        if len(self.numbers) > 2:
            rows = [(name, f"{value:.6g}") for name, value in self._measures().items()]
            parts += ["The numbers in your question give:", table(("Measure", "Value"), rows)]
        return "\n\n".join([*parts, "See it happen:", fenced(self.cell)])

    def code(self) -> str:
        """The cell."""
        return self.cell

    def value(self) -> dict[str, Any]:
        """Title, explanation and measures."""
        measures = self._measures() if len(self.numbers) > 2 else {}
        return {"title": self.title, "explanation": self.explanation, "measures": measures}

    def _measures(self) -> dict[str, float]:
        return {
            "count": len(self.numbers),
            "mean": statistics.fmean(self.numbers),
            "median": statistics.median(self.numbers),
            "standard deviation": statistics.stdev(self.numbers),
        }


_MEAN_AND_MEDIAN = Concept(
    "Mean and median",
    "The **mean** adds everything up, so one huge value pulls it along; the **median** is the "
    "value in the middle, and does not care how huge the largest is. Where they lie far apart, "
    r"the data is *skewed*: mean $\bar x = \frac{1}{n}\sum x_i$ above the median means a few "
    "large values on the right. Prices, incomes and waiting times nearly always look like that.",
    """\
import statistics

prices = [5, 10, 12, 14]
for price in (15, 250):
    values = [*prices, price]
    print(values, "mean:", statistics.mean(values), "median:", statistics.median(values))""",
)
_SPREAD = Concept(
    "Standard deviation",
    "It says how far the values typically lie from their mean, in the unit of the values: "
    r"$s = \sqrt{\frac{1}{n-1}\sum (x_i - \bar x)^2}$. For bell-shaped data, about two thirds "
    "of the values lie within one standard deviation of the mean.",
    """\
import statistics

for values in ([9, 10, 11], [0, 10, 20]):
    print(values, "mean:", statistics.mean(values), "sd:", statistics.stdev(values))""",
)
_CORRELATION = Concept(
    "Correlation",
    "It measures, from −1 to 1, how well a straight line describes two columns together. It says "
    "nothing about cause: both may follow a third thing. Plot first, then compute.",
    """\
import statistics

hours = [1, 2, 3, 4, 5]
points = [52, 55, 61, 70, 72]
print(round(statistics.correlation(hours, points), 3))""",
)
_LIST_AND_TUPLE = Concept(
    "List and tuple",
    "A **list** is a row of things that may grow and change; a **tuple** is a fixed record, such "
    "as a point. Because it cannot change, a tuple may be a dictionary's key.",
    """\
cities = ["Oslo", "Rome"]
cities.append("Cairo")
distances = {("Oslo", "Rome"): 2_009}
print(cities, distances["Oslo", "Rome"])""",
)

_CONCEPTS = (
    (r"\b(?:standard deviation|variance|spread)\b", _SPREAD),
    (r"\bcorrelat", _CORRELATION),
    (r"\b(?:median|mean value|average|skew\w*|outliers?)\b", _MEAN_AND_MEDIAN),
    (r"\btuples?\b", _LIST_AND_TUPLE),
)


def find_concept(prompt: str) -> Concept | None:
    """The idea that the prompt asks about, with the numbers that it holds."""
    for pattern, concept in _CONCEPTS:
        if re.search(pattern, prompt, re.IGNORECASE):
            numbers = tuple(float(text) for text in _NUMBERS.findall(prompt)[:_MAX_NUMBERS])
            return Concept(concept.title, concept.explanation, concept.cell, numbers)
    return None
