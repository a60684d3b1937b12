"""The output formats of `%%mibyan -f`: what is asked of the model, and what is shown at the end."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.errors import MibyanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mibyan_jupyter.session.turns import Answer


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    `instruction` is added to the turn's system message. `body` gives the safe HTML to show of a
    whole answer; None shows the answer as Markdown.
    """

    name: str
    summary: str
    instruction: str = ""
    body: Callable[[Answer], str] | None = None


def json_value(text: str) -> Any:
    """The JSON value in an answer, fenced or bare; raises MibyanError when there is none."""
    for candidate in (*_fenced(text), text):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    raise MibyanError(
        "The answer is not JSON, so nothing was bound.",
        "%mibyan last shows it; asking for one JSON value in the prompt helps.",
    )


def all_code(answer: Answer) -> str:
    """The source of all fenced blocks, without prose."""
    return "\n\n".join(block.source.rstrip("\n") for block in answer.code_blocks)


def _fenced(text: str) -> list[str]:
    from mibyan_jupyter.rendering import code_blocks

    return [block.source for block in code_blocks(text)]


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
        value = json_value(answer.text)
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
