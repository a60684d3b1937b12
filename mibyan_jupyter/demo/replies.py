"""From a question to its reply: pure, deterministic, and without any model.

A request is about one *topic*, the first that `_FINDERS` recognise in the last user message, and
wants one *form* (prose, or only JSON, code or LaTeX). A topic knows how to say itself in each form.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from mibyan_jupyter.demo.arabic_reply import find_arabic, mostly_arabic
from mibyan_jupyter.demo.code_reply import find_code
from mibyan_jupyter.demo.concept_reply import find_concept
from mibyan_jupyter.demo.formula_reply import formula_for
from mibyan_jupyter.demo.markdown import fenced
from mibyan_jupyter.demo.notebook_reply import find_notebook, split_envelope
from mibyan_jupyter.demo.plain_reply import find_anything
from mibyan_jupyter.demo.program_reply import find_program
from mibyan_jupyter.demo.table_reply import find_table
from mibyan_jupyter.demo.tour_reply import find_tour
from mibyan_jupyter.demo.traceback_reply import find_exception_name, find_traceback

if TYPE_CHECKING:
    from collections.abc import Callable

NO_MODEL = "Demo answer: written by rules, no model is behind it."
NO_MODEL_ARABIC = "إجابة تجريبية: كُتبت بقواعد ثابتة، ولا يقف وراءها أي نموذج."

MAX_LENGTH = 60_000
"""Characters of a prompt that are looked at: its beginning and its end, half of it each."""


@dataclass(frozen=True)
class Question:
    """The last user message, the system messages before it, and its number among the user's."""

    prompt: str
    system: str = ""
    number: int = 1


class Topic(Protocol):
    """What a request is about, said in each form that a student may want."""

    def markdown(self) -> str:
        """Prose; the statement that no model wrote it is added by the caller."""

    def code(self) -> str:
        """A Python cell."""

    def value(self) -> dict[str, Any]:
        """The same as JSON."""


_FINDERS: tuple[Callable[[str], Topic | None], ...] = (
    find_traceback,
    find_table,
    find_code,
    find_tour,
    find_program,
    find_exception_name,
    find_concept,
    find_arabic,
)


def reply_to(question: Question) -> str:
    """The reply's Markdown; whatever the question holds, it never raises."""
    content, prompt = map(_bounded, split_envelope(question.prompt))
    topic = topic_of(prompt, content)
    match form_wanted(question.system):
        case "json":
            return _json(topic)
        case "code":
            return fenced(f"# {NO_MODEL}\n{topic.code()}")
        case "math":
            return formula_for(prompt, NO_MODEL)
    if _wants_json(prompt):
        return fenced(_json(topic), "json")
    return f"{_opening(question.number, mostly_arabic(prompt))}\n\n{topic.markdown()}"


def topic_of(prompt: str, content: str = "") -> Topic:
    """The first topic that fits the prompt, else what of the notebook came along; always one."""
    for find in _FINDERS:
        if (topic := find(prompt)) is not None:
            return topic
    return find_notebook(content) or find_anything(prompt)


_FORMS = (
    ("json", re.compile(r"\bjson\b", re.IGNORECASE)),
    ("math", re.compile(r"\b(latex|formula|math\w*)\b", re.IGNORECASE)),
    ("code", re.compile(r"\bcode\b", re.IGNORECASE)),
)
_EXCLUSIVE = re.compile(r"\b(only|just|nothing (?:else|but)|exactly one|no prose)\b", re.IGNORECASE)


def form_wanted(system: str) -> str:
    """The form that a system message insists on ("json", "code", "math"), or "markdown"."""
    for line in re.split(r"[\n.!?]\s*", system[-4_000:]):
        if _EXCLUSIVE.search(line):
            for form, word in _FORMS:
                if word.search(line):
                    return form
    return "markdown"


_JSON_WISH = re.compile(
    r"\b(?:as|in|into|only|return|give|valid|with|to) (?:\w+ ){0,3}?json\b|\bjson (?:only|please)\b"
    r"|^\s*json\s*$",
    re.IGNORECASE,
)


def _wants_json(prompt: str) -> bool:
    return _JSON_WISH.search(prompt) is not None


def _json(topic: Topic) -> str:
    return json.dumps({"note": NO_MODEL, **topic.value()}, ensure_ascii=False, indent=2)


def _opening(number: int, arabic: bool) -> str:
    if arabic:
        return f"*{NO_MODEL_ARABIC}*" + (f" (السؤال رقم {number})" if number > 1 else "")
    return f"*{NO_MODEL}*" + (f" This is your {_ordinal(number)} question." if number > 1 else "")


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _bounded(prompt: str) -> str:
    half = MAX_LENGTH // 2
    return prompt if len(prompt) <= MAX_LENGTH else f"{prompt[:half]}\n{prompt[-half:]}"
