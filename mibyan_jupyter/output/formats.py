"""The output formats of `%%mibyan -f`: what is asked of the model, and what is shown at the end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.text import unhidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mibyan_jupyter.session.turns import Answer


_PYTHON = frozenset({"", "python", "python3", "py", "ipython", "ipython3", "jupyter"})


class Format(NamedTuple):
    """One output format.

    `instruction` is added to the turn's system message. `body` gives the safe HTML to show of a
    whole answer; None shows the answer as Markdown.
    """

    name: str
    summary: str
    instruction: str = ""
    body: Callable[[Answer], str] | None = None


def bound_value(answer: Answer, format_name: str) -> Any:
    """What `-o` binds: the Answer, or the value of a JSON one; raises MibyanError.

    An answer that is not complete binds no JSON, since what parses may be a part of the value.
    """
    if format_name != "json":
        return answer
    if answer.status != "complete":
        raise MibyanError(
            f"The answer is not whole ({answer.ending}), so no JSON was bound.",
            "Run the cell again, or ask for less; %mibyan last shows what came.",
        )
    return json_value(answer.text)


def json_value(text: str) -> Any:
    """The JSON value in an answer; raises MibyanError when there is none.

    Fences labelled json come first, then those without label, the whole text, and the objects and
    arrays anywhere in it; of several, the largest.
    """
    for candidate in _json_candidates(text):
        try:
            return json.loads(candidate, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            continue
    raise MibyanError(
        "The answer is not JSON, so nothing was bound.",
        "Run the cell again; asking for one JSON value in the prompt helps.",
    )


def all_code(answer: Answer) -> str:
    """The cell of `-f code`: all fenced blocks, without prose; "" where there is no whole one.

    It hides nothing: invisible characters are escapes.
    """
    if answer.status != "complete":
        return ""
    return unhidden("\n\n".join(block.source.rstrip("\n") for block in answer.code_blocks))


def corrected_source(answer: Answer) -> str | None:
    """The cell that an answer proposes: its last block of Python, if that is whole; else None.

    It hides nothing: invisible characters are escapes.
    """
    if answer.status != "complete":
        return None
    blocks = [block for block in answer.code_blocks if block.language.lower() in _PYTHON]
    return unhidden(blocks[-1].source.rstrip("\n")) if blocks else None


def why_no_cell(answer: Answer) -> str:
    """Two lines, where no cell is made of the code in an answer since it is not whole; else ""."""
    if answer.status == "complete" or not answer.code_blocks:
        return ""
    return (
        f"The answer is not whole ({answer.ending}), so no cell is proposed.\n"
        "%mibyan continue shows the rest; run this cell again, or ask for less, to have it whole."
    )


def _json_candidates(text: str) -> Iterator[str]:
    from mibyan_jupyter.rendering import code_blocks

    blocks = code_blocks(text)
    for language in ("json", ""):
        sources = [block.source for block in blocks if block.language.lower() == language]
        yield from sorted(sources, key=len, reverse=True)
    yield text
    yield from sorted(_bracketed(text), key=len, reverse=True)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_STRINGS_AND_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[][{}]')


def _bracketed(text: str) -> Iterator[str]:
    """The outermost parts in brackets. What follows an unclosed one is in it, so no whole."""
    depth = start = 0
    for token in _STRINGS_AND_BRACKETS.finditer(text):
        if token[0] in "[{":
            start = start if depth else token.start()
            depth += 1
        elif token[0] in "]}" and depth:
            depth -= 1
            if not depth:
                yield text[start : token.end()]


def _code_body(answer: Answer) -> str:
    from mibyan_jupyter.rendering import render_markdown, render_plain

    source = all_code(answer)
    if not source:
        return render_markdown(answer.text, "code")
    lines = source.count("\n") + 1
    return render_plain(
        f"{lines} line{'s' if lines > 1 else ''} of code proposed in the cell below, not run."
    )


def _text_body(answer: Answer) -> str:
    from mibyan_jupyter.rendering import render_plain

    return render_plain(answer.text)


def _json_body(answer: Answer) -> str:
    from mibyan_jupyter.rendering import render_code, render_markdown

    try:
        value = bound_value(answer, "json")
    except MibyanError:
        return render_markdown(answer.text, "json")
    return render_code(json.dumps(value, ensure_ascii=False, indent=2), "json")


def _math_body(answer: Answer) -> str:
    from mibyan_jupyter.rendering import render_math

    return render_math(formula(answer.text))


_MATH_FENCES = re.compile(r"^(```\w*|\$\$?|\\\[|\\\()\s*|\s*(```|\$\$?|\\\]|\\\))$")


def formula(text: str) -> str:
    """The LaTeX of an answer, without fences or delimiters."""
    stripped = text.strip()
    while (bare := _MATH_FENCES.sub("", stripped).strip()) != stripped:
        stripped = bare
    return stripped


FORMATS = {
    chosen.name: chosen
    for chosen in (
        Format("markdown", "rendered Markdown (the default)"),
        Format(
            "code",
            "the code only, proposed as a new cell below, not run",
            "Reply with code only, in fenced code blocks, without any prose.",
            _code_body,
        ),
        Format("text", "the text as it is, nothing rendered", body=_text_body),
        Format(
            "json",
            "one JSON value, parsed; -o binds it",
            "Reply with JSON only: one valid JSON value and nothing else.",
            _json_body,
        ),
        Format(
            "math",
            "one LaTeX formula, typeset",
            "Reply with LaTeX only: one formula without delimiters and nothing else.",
            _math_body,
        ),
    )
}
