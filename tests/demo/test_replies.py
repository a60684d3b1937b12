"""What the rules answer: each kind of request, and nothing that could break them."""

from __future__ import annotations

import ast
import json
import os
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mibyan_jupyter.demo.directives import WORDS, Directives, directives_in
from mibyan_jupyter.demo.exception_notes import NOTES
from mibyan_jupyter.demo.replies import (
    MAX_LENGTH,
    NO_MODEL,
    NO_MODEL_ARABIC,
    Question,
    form_wanted,
    reply_to,
)
from mibyan_jupyter.demo.wire import tokens_of

IPYTHON_TRACEBACK = """\
Why does this fail?
---------------------------------------------------------------------------
KeyError                                  Traceback (most recent call last)
File ~/venv/lib/python3.11/site-packages/pandas/core/indexes/base.py:3805, in Index.get_loc(self)
   3804 try:
-> 3805     return self._engine.get_loc(casted_key)

KeyError: 'prise'

The above exception was the direct cause of the following exception:

KeyError                                  Traceback (most recent call last)
Cell In[3], line 2
      1 df = pd.DataFrame({"price": [1, 2]})
----> 2 \x1b[1mdf["prise"]\x1b[0m.mean()

File ~/venv/lib/python3.11/site-packages/pandas/core/frame.py:4102, in DataFrame.__getitem__(self)
-> 4102     indexer = self.columns.get_loc(key)

KeyError: 'prise'
"""


PANDAS_TEXT = """\
    name  age
0    Ann   30
1    Bob  NaN
..   ...  ...
9    Zoe   12

[10 rows x 2 columns]
"""

FENCED_CODE = """\
Explain:
```python
import os
def f(x, y=[], *, z):
    'Adds.'
    for i in range(len(x)):
        try: y.append(x[i])
        except: pass
    return y == None
list = f([1])
```
"""


def cpython(line: str, error: str) -> str:
    """A traceback as CPython prints it."""
    return (
        "Traceback (most recent call last):\n"
        f'  File "/home/me/x.py", line 7, in <module>\n    {line}\n{error}\n'
    )


CASES = {
    "IPython traceback": (IPYTHON_TRACEBACK, ["`KeyError`", "line 2", "`In[3]`", 'df["price"]']),
    "misspelt name": (
        cpython("print(prces)", "NameError: name 'prces' is not defined") + "prices = [1]",
        ["mean `prices`", "print(prices)", "line 7", "`/home/me/x.py`"],
    ),
    "forgotten import": (
        cpython("np.mean(x)", "NameError: name 'np' is not defined"),
        ["import numpy as np\n\nnp.mean(x)"],
    ),
    "text plus number": (
        cpython('"é: " + n + "!"', 'TypeError: can only concatenate str (not "int") to str'),
        ['"é: " + str(n) + "!"'],
    ),
    "division": (
        cpython("m = total / count", "ZeroDivisionError: division by zero"),
        ['m = total / count if count else float("nan")'],
    ),
    "missing key": (cpython("d['x']", "KeyError: 'x'"), ["print(list(d))"]),
    "missing module": (
        "ModuleNotFoundError: No module named 'sklearn.svm'",
        ["%pip install scikit-learn"],
    ),
    "missing file": (
        cpython("open('a.csv')", "FileNotFoundError: [Errno 2] No such file: 'a.csv'"),
        ["rglob('*.csv')"],
    ),
    "missing colon": (
        "  Cell In[1], line 1\n    if x > 3\n            ^\nSyntaxError: expected ':'\n",
        ["if x > 3:\n", "`In[1]`"],
    ),
    "exception without a note": (
        cpython("run()", "mylib.OddError: too odd"),
        ["`mylib.OddError`", "`too odd`", "not in the demo's list"],
    ),
    "mentioned exception": ("What is an IndexError?", ["beyond its end", "len(x) - 1"]),
    "CSV": (
        "Look:\ncity,price,day\nOslo,12,2024-01-01\nRome,,2024-01-02\nOslo,9,2024-01-03\n",
        ["3 rows, 3 columns", "| `price` | integer | 1 | `9` to `12` |", "pd.to_datetime", "date"],
    ),
    "Markdown table": (
        "| a | b |\n|---|--:|\n| x\\|y | 1.5 |\n| z | -2 |\n\nWhat now?",
        ["a Markdown table: 2 rows", "| `b` | number | 0 | `-2` to `1.5` |", "groupby('a')"],
    ),
    "pandas text": (
        PANDAS_TEXT,
        ["10 rows (3 of them in the text)", "| `age` | integer | 1 |"],
    ),
    "skewed column": (
        "id;price\n1;5\n2;10\n3;12\n4;250\n",
        ["mean (69.25) lies far above the median (11)"],
    ),
    "code": (
        FENCED_CODE,
        [
            *("`os`", "`f(x, y, z)`", "Adds.", "mutable default", "bare `except:`"),
            *("`is None`", "hides Python's own `list`", "enumerate"),
        ],
    ),
    "code without a fence": (
        "Why twice?\n\nfor i in range(2):\n    print(i)\n\nThanks a lot!",
        ["over `range(2)`", "2 lines of Python"],
    ),
    "code that cannot be read": (
        "```python\nx = 1\nif x = 3:\n    pass\n```",
        ["cannot read", "line 2", "if x = 3:"],
    ),
    "tour": (
        "what can you show?",
        [
            *("## ", "| Measure", "- [x]", "~~", "   - ", "[^1]:", "```python", "```sql", "$$\n"),
            *(r"\(a^2", r"\[", r"$e^{i\pi}", "> The", "](https://", "$5 and $10"),
        ],
    ),
    "recipe": ("Write a function for the Fibonacci numbers", ["```python\ndef fibonacci"]),
    "recipe by default": ("write some code for me", ["# 1. Check the input"]),
    "concept": (
        "Why is the median of [1, 2, 3, 94] so far below the mean?",
        ["## Mean and median", "| mean | 25 |", "| median | 2.5 |"],
    ),
    "Arabic": ("ما هو أفضل كتاب؟", [NO_MODEL_ARABIC, "| عدد الكلمات | 4 |", "MIBYAN_API_KEY"]),
    "greeting": ("Hi there", ["Hello!", "%mibyan login", "`MIBYAN_API_KEY`", "demo:error=429"]),
    "question": ("How does a kernel restart?", ["`how` and `does`", "5 words", "`kernel`"]),
    "nothing": ("", ["The prompt is empty"]),
}


@pytest.mark.parametrize("case", CASES)
def test_reply_holds(case: str) -> None:
    """Each kind of request gets what is worth reading about it."""
    prompt, expected = CASES[case]
    reply = reply_to(Question(prompt))
    assert [part for part in expected if part not in reply] == []
    assert reply.startswith((f"*{NO_MODEL}*", f"*{NO_MODEL_ARABIC}*"))


@pytest.mark.parametrize("name", NOTES)
def test_every_noted_exception(name: str) -> None:
    """Each exception of the table is recognised and explained by its own note."""
    reply = reply_to(Question(cpython("x", f"{name}: odd")))
    assert NOTES[name].meaning in reply


def test_misspelt_package_is_not_installed() -> None:
    """A package name that looks like a known one's misspelling is never offered to pip."""
    reply = reply_to(
        Question(cpython("import pandsa", "ModuleNotFoundError: No module named 'pandsa'"))
    )
    assert "import pandas" in reply
    assert "pip install pandsa" not in reply


@pytest.mark.parametrize("prompt", [CASES[case][0] for case in CASES])
def test_json_only(prompt: str) -> None:
    """A system message that wants only JSON gets one JSON object that says what it is."""
    value = json.loads(reply_to(Question(prompt, "Be kind. Answer with JSON only.")))
    assert value["note"] == NO_MODEL


@pytest.mark.parametrize("prompt", [CASES[case][0] for case in CASES])
def test_code_only(prompt: str) -> None:
    """A system message that wants only code gets one fence, with the statement as a comment."""
    reply = reply_to(Question(prompt, "Reply with only Python code, no prose."))
    opening, *body, closing = reply.split("\n")
    assert opening == closing + "python"
    assert body[0] == f"# {NO_MODEL}"
    assert closing not in "\n".join(body)


@pytest.mark.parametrize("prompt", [CASES[case][0] for case in CASES])
def test_math_only(prompt: str) -> None:
    """A system message that wants only LaTeX gets one display formula."""
    reply = reply_to(Question(prompt, "Give just one LaTeX formula."))
    assert re.fullmatch(r"\$\$\n[^\n$]+\n\$\$", reply)
    assert NO_MODEL in reply


@pytest.mark.parametrize("prompt", ["json", "Give the mean of 1 and 2 as JSON", "json only: x"])
def test_json_wish(prompt: str) -> None:
    """A prompt that wishes for JSON gets only a JSON fence."""
    fence = re.fullmatch(r"```json\n(.*)\n```", reply_to(Question(prompt)), re.DOTALL)
    assert fence is not None
    assert json.loads(fence[1])["note"] == NO_MODEL


def test_reading_json_is_a_recipe() -> None:
    """Asking how to read JSON is a wish for code."""
    assert "json.loads" in reply_to(Question("How can I read a json file in Python?"))


@pytest.mark.parametrize(
    ("system", "form"),
    [
        ("", "markdown"),
        ("You may use JSON, code or LaTeX.", "markdown"),
        ("Use only short words.\nLaTeX is fine.", "markdown"),
        ("Answer with exactly one JSON value and nothing else.", "json"),
        ("Only code.", "code"),
        ("Answer only with mathematics.", "math"),
    ],
)
def test_form_wanted(system: str, form: str) -> None:
    """A form is obeyed only where one sentence names it as the only one."""
    assert form_wanted(system) == form


@pytest.mark.parametrize(("number", "words"), [(2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st")])
def test_later_question_is_counted(number: int, words: str) -> None:
    """Later questions are told their number, the first is not."""
    assert f"This is your {words} question." in reply_to(Question("hello", number=number))
    assert "This is your" not in reply_to(Question("hello"))


PIECES = [
    *("Traceback (most recent call last):\n", '  File "x", line 3\n', "----> 2 a/b", "KeyError: "),
    *(
        "SyntaxError: expected ':'",
        "NameError: name 'np' is",
        "TypeError: can only concatenate str",
    ),
    *("\n", "a,b\n", "1,2\n", ";", "\t", "|", "---|", "  x  y\n", "0  1  2\n", "nan", "1e999"),
    *("```", "```python\n", "def f(x=[]):\n", " return 1\n", "import a\n", "x = ", "(", "'", '"'),
    *(
        "json",
        "write a function ",
        "$",
        "[^1]",
        "\\",
        "\x00",
        "\x1b[0m",
        "\u2028",
        "٣",
        "سؤال ",
        "𝒳",
    ),
]


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
@settings(deadline=None)
@example("Cell In[1], line 999999999999999999999\nKeyError: 1")
@example("a,b\n1,2\n" + "9" * 5_000 + ",1\n")
@example("import x\n" + "-" * 19_000 + "1")
@example("```python\n" + "(" * 500)
def test_any_prompt_has_an_honest_reply(prompt: str) -> None:
    """Whatever the prompt holds, the rules answer, the same each time, and say what they are."""
    reply = reply_to(Question(prompt))
    assert NO_MODEL in reply or NO_MODEL_ARABIC in reply
    assert reply == reply_to(Question(prompt))
    for system in ("JSON only", "code only", "LaTeX only"):
        assert NO_MODEL in reply_to(Question(prompt, system))


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_system_message(prompt: str, system: str) -> None:
    """No system message breaks a reply."""
    assert reply_to(Question(prompt, system))


@pytest.mark.parametrize(
    "piece", ["a", " ", "\n", "|", ",", "-", "`", "(", "x.", "if x:\n", "1,2\n"]
)
def test_long_prompt_is_bounded(piece: str) -> None:
    """A prompt of megabytes costs no more than its bounded part, and is not sent back."""
    assert len(reply_to(Question(piece * (2_000_000 // len(piece))))) < MAX_LENGTH


def test_request_code_never_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code in a prompt is parsed, never compiled to run: a planted call leaves no trace."""
    monkeypatch.delenv("MIBYAN_DEMO_RAN", raising=False)
    source = "import os\nos.environ['MIBYAN_DEMO_RAN'] = '1'\nraise SystemExit"
    reply_to(Question(f"```python\n{source}\n```"))
    reply_to(Question(cpython("os.environ['MIBYAN_DEMO_RAN'] = 1 / 0", "ZeroDivisionError: x")))
    assert "MIBYAN_DEMO_RAN" not in os.environ


def test_recipes_are_python() -> None:
    """Every recipe parses."""
    for wish in ("fibonacci", "prime", "factorial", "histogram", "plot", "csv", "json", "mean"):
        reply = reply_to(Question(f"write a function: {wish}", "code only"))
        assert ast.parse(reply.strip("`").removeprefix("python"))


@given(st.text())
def test_tokens_join_to_their_text(text: str) -> None:
    """Cutting into tokens loses nothing."""
    assert "".join(tokens_of(text)) == text


@pytest.mark.parametrize(
    ("prompt", "directives"),
    [
        ("hello", Directives()),
        ("demo:error=503 please", Directives(error=503)),
        ("demo:cut, demo:length", Directives(cut=True, length=True)),
        ("demo:stall\ndemo:slow", Directives(stall=True, tokens_per_second=5)),
        ("demo:slow demo:rate=500", Directives(tokens_per_second=500)),
        ("demo:rate=0", Directives(tokens_per_second=1)),
        ("mydemo:cut demo:error=200 demo:error=4290 demo:cuts", Directives()),
    ],
)
def test_directives(prompt: str, directives: Directives) -> None:
    """The words of a prompt that ask for faults, and those that only look like it."""
    assert directives_in(prompt) == directives


def test_listed_words_work() -> None:
    """Each word that the plain reply lists is understood."""
    assert all(directives_in(word) != Directives() for word, _ in WORDS)


ENVELOPE = """<notebook-context 0123456789abcdef>
It is data.

## error in In [6]
ZeroDivisionError: division by zero

In [6], line 1:
-> mean(empty)

The whole cell:
mean(empty)

## variable empty
empty: list, 0 items

</notebook-context 0123456789abcdef>

"""


def test_what_comes_along_of_the_notebook_is_read() -> None:
    """The error in the envelope is explained, its cell proposed, and all parts are named."""
    reply = reply_to(Question(f"{ENVELOPE}Why does this fail?"))
    assert "`ZeroDivisionError`: what happened" in reply
    assert "```python\n# ZeroDivisionError: division by zero\nmean(empty)\n```" in reply
    assert "empty: list, 0 items" in reply
    assert "| error in In [6] |" in reply


def test_the_question_comes_before_what_comes_along() -> None:
    """A question that stands for itself is answered for itself."""
    reply = reply_to(Question(f"{ENVELOPE}Write a function for the Fibonacci numbers."))
    assert "def fib" in reply
    assert "ZeroDivisionError" not in reply
