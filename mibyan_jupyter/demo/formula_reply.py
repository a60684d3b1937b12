"""One LaTeX formula, chosen by keywords."""

from __future__ import annotations

import re

_FORMULAS = (
    (r"variance|standard deviation|\bstd\b", r"s^2 = \frac{1}{n-1}\sum_{i=1}^{n}(x_i-\bar{x})^2"),
    (r"mean|average", r"\bar{x} = \frac{1}{n}\sum_{i=1}^{n} x_i"),
    (r"correlation", r"r = \frac{\sum (x_i-\bar x)(y_i-\bar y)}{(n-1)\, s_x s_y}"),
    (r"regression|slope", r"\hat\beta = (X^\top X)^{-1} X^\top y"),
    (r"bayes", r"P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}"),
    (r"normal|gauss", r"f(x) = \frac{1}{\sigma\sqrt{2\pi}}\, e^{-\frac{(x-\mu)^2}{2\sigma^2}}"),
    (r"quadratic|roots?", r"x_{1,2} = \frac{-b \pm \sqrt{b^2-4ac}}{2a}"),
    (r"pythagor|hypotenuse", r"c = \sqrt{a^2 + b^2}"),
    (r"derivative", r"f'(x) = \lim_{h \to 0} \frac{f(x+h)-f(x)}{h}"),
    (r"integral|area", r"\int_a^b f(x)\,dx = F(b) - F(a)"),
    (r"circle", r"A = \pi r^2"),
    (r"binomial|combination", r"\binom{n}{k} = \frac{n!}{k!\,(n-k)!}"),
)
_DEFAULT = r"e^{i\pi} + 1 = 0"


def formula_for(prompt: str, note: str) -> str:
    """A display formula that carries `note` beside it."""
    formulas = (
        formula for pattern, formula in _FORMULAS if re.search(pattern, prompt, re.IGNORECASE)
    )
    return f"$$\n{next(formulas, _DEFAULT)} \\qquad \\text{{({note})}}\n$$"
