"""Answers to look at, and replies that stop at chosen places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fake_mibyan import DONE, Hold, Reply, chunk, sse

if TYPE_CHECKING:
    from collections.abc import Iterable

RICH = r"""## Why the mean is far above the median

Your prices are **right-skewed**: a few very expensive flats pull the *mean* upwards, while the
median only counts how many lie on each side.[^robust] See
[the pandas documentation](https://pandas.pydata.org/docs/) for `Series.skew()`.

1. Look at the distribution first.
2. Compare both numbers by district:
   - `Centre` has 14 flats above $1,000,000
   - `Harbour` has none
3. Then decide which one answers *your* question.

| district | flats | median | mean |
|:---------|------:|-------:|-----:|
| Centre   |   212 |   $412k | $655k |
| Harbour  |    98 |   $287k | $291k |
| Old town |    41 |   $350k | $366k |

```python
import numpy as np

def skewness(values: np.ndarray) -> float:
    \"\"\"Fisher's moment coefficient.\"\"\"
    centred = values - values.mean()
    return (centred**3).mean() / values.std() ** 3   # > 0: a tail to the right

print(f"{skewness(prices):.2f}")
```

The coefficient is $g_1 = m_3 / m_2^{3/2}$, where

$$
m_k = \frac{1}{n} \sum_{i=1}^{n} (x_i - \bar x)^k .
$$

> **Note.** With only 41 flats in *Old town*, its mean is uncertain.
> A bootstrap would tell you by how much.

### What to do next

- [x] Check for typing errors (a price of 9,999,999?)
- [ ] Plot `log(price)`
- [ ] Report the median, and say so

```
$ python report.py --median
ok: 351 rows
```

---

Ask me for the bootstrap if you like; ~~it is hard~~ it takes six lines.

[^robust]: That is what *robust* means: one wild value cannot move it far.
""".replace(r"\"", '"')

ARABIC = """## ما هو الوسيط؟

الوسيط هو القيمة التي تقسم البيانات المرتبة إلى نصفين، ولا يتأثر
بالقيم المتطرفة مثل **المتوسط الحسابي**.

- رتِّب القيم تصاعديًّا.
- خذ القيمة الوسطى، أو استخدم الدالة `df["price"].median()` مباشرة.

| المقياس | القيمة |
|---|---|
| الوسيط | 351 |
| المتوسط | 655 |

```python
# the median of the prices
print(prices.median())
```

> ملاحظة: العلاقة $\\bar x > m$ تدل على التواء موجب.
"""


def tokens(text: str) -> list[str]:
    """The text cut into pieces of about the size of a token."""
    return re.findall(r"\s*\S{1,5}|\s+", text)


def held(parts: Iterable[str]) -> Reply:
    """A streamed answer that stops after each part until it is released."""
    steps: list[bytes | Hold] = []
    for part in parts:
        steps += [sse(chunk(part)), Hold()]
    return Reply.raw([*steps, sse(chunk(finish_reason="stop")), DONE])


def long_answer(length: int) -> str:
    """An answer of at least `length` tokens, with every kind of block in it."""
    section = r"""
## Section {n}

Paragraph {n} has **bold** words, `code_{n}`, a formula $x_{{{n}}}^2$ and costs $5 and $10.

| step | value |
|---|---:|
| first {n} | {n}.0 |
| second | 2.5 |

```python
def step_{n}(values):
    return sum(v ** {n} for v in values)  # a comment
```

$$\sum_{{i=1}}^{{{n}}} i = \frac{{{n}({n}+1)}}{{2}}$$

1. one
2. two
   - nested
"""
    text = ""
    while len(tokens(text)) < length:
        text += section.format(n=text.count("## Section") + 1)
    return text
