"""A small runnable cell for a wish such as "write a function…", chosen by keywords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import fenced

_WISH = re.compile(
    r"\b(?:write|create|make|give me|show me|generate|need|implement|define|code)\b.{0,80}?"
    r"\b(?:function|code|cell|script|program|class|loop|plot|chart|graph|histogram|snippet)\b"
    r"|\b(?:plot|draw|implement)\b|\bhow (?:do|can|to|would)\b.{0,80}?\b(?:python|pandas|code|"
    r"read|load|plot|sort|compute|calculate)\b|^\W*code\W*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Program:
    """A cell and what it does."""

    title: str
    source: str

    def markdown(self) -> str:
        """One sentence, the cell, one hint."""
        return (
            f"The nearest recipe in the demo's book: **{self.title}**.\n\n{fenced(self.source)}\n\n"
            "Run it as it is, then change one line at a time."
        )

    def code(self) -> str:
        """The cell."""
        return self.source

    def value(self) -> dict[str, Any]:
        """Title and cell."""
        return {"title": self.title, "code": self.source}


_RECIPES: tuple[tuple[str, Program], ...] = (
    (
        r"fibonacci",
        Program(
            "the Fibonacci numbers",
            """\
def fibonacci(count: int) -> list[int]:
    numbers = []
    a, b = 0, 1
    for _ in range(count):
        numbers.append(a)
        a, b = b, a + b
    return numbers

print(fibonacci(10))""",
        ),
    ),
    (
        r"\bprimes?\b",
        Program(
            "the prime numbers below a limit",
            """\
def primes_below(limit: int) -> list[int]:
    is_prime = [True] * max(limit, 2)
    is_prime[0] = is_prime[1] = False
    for n in range(2, int(limit**0.5) + 1):
        if is_prime[n]:
            for multiple in range(n * n, limit, n):
                is_prime[multiple] = False
    return [n for n in range(limit) if is_prime[n]]

print(primes_below(50))""",
        ),
    ),
    (
        r"factorial",
        Program(
            "the factorial",
            """\
def factorial(n: int) -> int:
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result

print(factorial(10))""",
        ),
    ),
    (
        r"histogram|distribution",
        Program(
            "a histogram",
            """\
import random

import matplotlib.pyplot as plt

random.seed(1)
values = [random.gauss(100, 15) for _ in range(1000)]
plt.hist(values, bins=30)
plt.xlabel("value")
plt.ylabel("how often")
plt.show()""",
        ),
    ),
    (
        r"\b(?:plot|chart|graph|draw|curve)\b",
        Program(
            "a line plot",
            """\
import math

import matplotlib.pyplot as plt

x = [i / 20 for i in range(200)]
plt.plot(x, [math.sin(v) for v in x], label="sin x")
plt.xlabel("x")
plt.legend()
plt.show()""",
        ),
    ),
    (
        r"\bjson\b",
        Program(
            "reading JSON",
            """\
import json

value = json.loads('{"city": "Oslo", "prices": [12, 9]}')
print(value["city"], sum(value["prices"]))""",
        ),
    ),
    (
        r"\bcsv\b|\bread\b.{0,80}\bfile\b",
        Program(
            "reading a CSV file",
            """\
import io

import pandas as pd

text = "city,price\\nOslo,12\\nRome,9\\n"  # or: pd.read_csv("your-file.csv")
df = pd.read_csv(io.StringIO(text))
print(df.dtypes)
df.head()""",
        ),
    ),
    (
        r"\b(?:mean|median|average)\b",
        Program(
            "mean and median",
            """\
import statistics

prices = [5, 10, 12, 250]
print("mean:  ", statistics.mean(prices))
print("median:", statistics.median(prices))""",
        ),
    ),
    (
        r"\bsort(?:ed|ing)?\b",
        Program(
            "sorting by a key",
            """\
cities = [("Oslo", 12), ("Rome", 9), ("Cairo", 15)]
for name, price in sorted(cities, key=lambda city: city[1], reverse=True):
    print(f"{name:6} {price:>3}")""",
        ),
    ),
    (
        r"\b(?:count|word|frequen\w+)\b",
        Program(
            "counting words",
            """\
from collections import Counter

text = "the median of the prices is below the mean of the prices"
for word, count in Counter(text.split()).most_common(3):
    print(word, count)""",
        ),
    ),
    (
        r"\bgroup",
        Program(
            "grouping a table",
            """\
import pandas as pd

df = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "price": [12, 9, 14]})
df.groupby("city")["price"].agg(["count", "mean", "median"])""",
        ),
    ),
)

_SKELETON = Program(
    "a function to fill in",
    """\
def answer(values: list[float]) -> float:
    # 1. Check the input: an empty list has no answer.
    if not values:
        raise ValueError("values is empty")
    # 2. Compute, one named step a line.
    total = sum(values)
    # 3. Return the result; print it outside.
    return total / len(values)

print(answer([1, 2, 3]))""",
)


def program_for(prompt: str) -> Program:
    """The recipe whose keyword the prompt holds, or the skeleton."""
    recipes = (
        recipe
        for pattern, recipe in _RECIPES
        if re.search(pattern, prompt, re.IGNORECASE | re.DOTALL)
    )
    return next(recipes, _SKELETON)


def find_program(prompt: str) -> Program | None:
    """A recipe, if the prompt asks for code."""
    return program_for(prompt) if _WISH.search(prompt) else None
