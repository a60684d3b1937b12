"""The reply to everything else: what was understood, how to reach the model, what to try."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.directives import WORDS
from mibyan_jupyter.demo.markdown import inline, table
from mibyan_jupyter.demo.program_reply import program_for

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|evening|day)|salam|greetings)\b", re.IGNORECASE
)
_QUESTION_WORDS = frozenset(
    ("who", "what", "when", "where", "why", "how", "which", "can", "does", "is", "are", "should")
)
_COMMON = _QUESTION_WORDS | frozenset(
    (
        *("the", "and", "for", "with", "this", "that", "from", "you", "your", "have", "has"),
        *("was", "were", "not", "but", "about", "into", "please", "hello", "there", "demo"),
    )
)


@dataclass(frozen=True)
class PlainQuestion:
    """A prompt of which only the words were understood."""

    prompt: str

    def markdown(self) -> str:
        """A greeting where one is due, what was understood, the key, what to try."""
        greeting = "Hello! " if _GREETING.match(self.prompt) else ""
        faults = table(
            ("In a prompt", "the demo then plays"), [(f"`{word}`", what) for word, what in WORDS]
        )
        return (
            f"{greeting}{self._understood()}\n\n"
            "**For real answers**, run `%mibyan login` and enter your key, or set the environment "
            "variable `MIBYAN_API_KEY` before the kernel starts.\n\n"
            "**Worth a try here**, offline:\n\n"
            "- paste a Python traceback, a CSV table or a function into the prompt\n"
            "- ask *what can you show?* for a tour of Markdown and LaTeX\n"
            "- ask for code: *write a function for the Fibonacci numbers*\n"
            "- ask for the same *as JSON*\n\n"
            f"To see how errors look:\n\n{faults}"
        )

    def code(self) -> str:
        """The recipe nearest to the words."""
        return program_for(self.prompt).source

    def value(self) -> dict[str, Any]:
        """What was understood."""
        return {
            "words": len(self.prompt.split()),
            "question_words": self._question_words(),
            "topics": self._topics(),
        }

    def _understood(self) -> str:
        words = len(self.prompt.split())
        if not words:
            return "The prompt is empty, so there is nothing to answer."
        asked = " and ".join(inline(word) for word in self._question_words())
        topics = ", ".join(inline(topic) for topic in self._topics())
        return (
            f"I read {words} word{'s' if words > 1 else ''}"
            + (f", a question with {asked}" if asked else "")
            + (f", about {topics}." if topics else ".")
        )

    def _question_words(self) -> list[str]:
        return [word for word in dict.fromkeys(self._lowered()) if word in _QUESTION_WORDS][:3]

    def _topics(self) -> list[str]:
        counts = Counter(word for word in self._lowered() if len(word) > 2 and word not in _COMMON)
        return [word for word, _ in counts.most_common(4)]

    def _lowered(self) -> list[str]:
        return re.findall(r"[^\W\d_]+", self.prompt.lower())


def find_anything(prompt: str) -> PlainQuestion:
    """The topic that always fits."""
    return PlainQuestion(prompt)
