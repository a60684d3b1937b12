"""A tour of everything that an answer's Markdown can show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_WISH = re.compile(
    r"what can (?:you|this|it|mibyan) (?:show|do|render|display)|show me (?:everything|the tour)"
    r"|\b(?:markdown|demo) (?:tour|features?|showcase)\b|\b(?:every|all) (?:of )?markdown\b"
    r"|^\W*(?:markdown|demo|tour|show ?case)\W*$",
    re.IGNORECASE,
)

_CELL = """\
import statistics

prices = [5, 10, 12, 250]
print("mean:", statistics.mean(prices), "median:", statistics.median(prices))"""

_TOUR = rf"""## What an answer can show

Text with **bold**, *italic*, ~~struck through~~, `inline code`, a [link](https://jupyter.org)
and a footnote.[^1] Money stays money: the tea costs $5 and $10 with cake.

### A table

| Measure | Formula | Robust? |
|:--------|:-------:|--------:|
| mean    | $\bar x = \frac{{1}}{{n}}\sum x_i$ | no |
| median  | the middle value | yes |

### Lists

- [x] load the data
- [x] look at it
- [ ] explain the outliers

1. First question
   - a detail
     - a detail of the detail
2. Second question

### Code

```python
{_CELL}
```

```sql
SELECT city, AVG(price) AS mean_price
FROM sales
GROUP BY city;
```

### Mathematics

Inline, as $e^{{i\pi}} + 1 = 0$ or \(a^2 + b^2 = c^2\); displayed:

$$
\int_{{-\infty}}^{{\infty}} e^{{-x^2}}\,dx = \sqrt{{\pi}}
$$

\[
\operatorname{{Var}}(X) = \mathbb{{E}}[X^2] - \mathbb{{E}}[X]^2
\]

### A quote

> The median does not care how far away the outliers are.

### Another direction

المتوسط يتأثر بالقيم المتطرفة، أما الوسيط فلا.

[^1]: Footnotes gather at the end of their answer."""  # noqa: S608 – a text to read, not a query


@dataclass(frozen=True)
class Tour:
    """The tour itself; it is always the same."""

    def markdown(self) -> str:
        """Headings, table, lists, code, mathematics, quote, link, footnote."""
        return _TOUR

    def code(self) -> str:
        """The tour's Python cell."""
        return _CELL

    def value(self) -> dict[str, Any]:
        """The titles of the tour's sections."""
        return {"sections": re.findall(r"^### (.+)$", _TOUR, re.MULTILINE)}


def find_tour(prompt: str) -> Tour | None:
    """The tour, if the prompt asks for one."""
    return Tour() if _WISH.search(prompt) else None
