"""The words of a file that we write ourselves, in the language of its questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import bidirectional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mibyan_jupyter.session.turns import Turn


@dataclass(frozen=True, slots=True)
class Words:
    """One language, by its tag (BCP 47); `question` has a place for a number."""

    language: str
    subtitle: str
    contents: str
    skip: str
    question: str
    date: str
    model: str
    notebook: str
    questions: str
    no_answer: str
    stopped: str
    cut_off: str
    cut_by_length: str
    cut_by_filter: str

    def ending(self, turn: Turn) -> str:
        """What a reader must know of how the turn ended; "" for a whole answer."""
        if turn.answer is None:
            return self.stopped if turn.status == "stopped" else self.no_answer
        if turn.status == "cut_off":
            reasons = {"length": self.cut_by_length, "content_filter": self.cut_by_filter}
            return reasons.get(turn.answer.finish_reason or "", self.cut_off)
        return self.stopped if turn.status == "stopped" else ""


ENGLISH = Words(
    language="en",
    subtitle="Questions to Mibyan, and its answers",
    contents="Questions",
    skip="Skip to the first question",
    question="Question {}",
    date="Date",
    model="Model",
    notebook="Notebook",
    questions="Questions",
    no_answer="There is no answer to this question.",
    stopped="The answer was stopped here.",
    cut_off="The answer was cut off here.",
    cut_by_length="The answer was cut off here: it reached the model's length limit.",
    cut_by_filter="The answer was cut off here by the content filter.",
)
ARABIC = Words(
    language="ar",
    subtitle="أسئلة إلى مبيان وأجوبتها",
    contents="الأسئلة",
    skip="انتقل إلى السؤال الأول",
    question="السؤال {}",
    date="التاريخ",
    model="النموذج",
    notebook="الدفتر",
    questions="عدد الأسئلة",
    no_answer="لا جواب عن هذا السؤال.",
    stopped="أُوقِف الجواب هنا.",
    cut_off="انقطع الجواب هنا.",
    cut_by_length="انقطع الجواب هنا: بلغ الحدَّ الأقصى لطول النموذج.",
    cut_by_filter="قطع مرشِّح المحتوى الجواب هنا.",
)

# Letters of Persian, Urdu and their neighbours that Arabic does not have.
_NOT_ARABIC = re.compile("[ٹپچڈڑژکگںھہیے]")


def words_for(prompts: Sequence[str]) -> Words:
    """Arabic for questions that are mostly in Arabic, else English."""
    in_arabic = [_is_arabic(prompt) for prompt in prompts]
    return ARABIC if sum(in_arabic) > len(in_arabic) / 2 else ENGLISH


def direction_of(prompts: Sequence[str]) -> str:
    """`rtl` when most questions begin with a letter that is written from the right, else `ltr`."""
    from_the_right = [_first_letter(prompt) in ("R", "AL") for prompt in prompts]
    return "rtl" if sum(from_the_right) > len(from_the_right) / 2 else "ltr"


def _is_arabic(text: str) -> bool:
    return _first_letter(text) == "AL" and not _NOT_ARABIC.search(text)


def _first_letter(text: str) -> str:
    """The bidirectional class of the first letter that has a direction."""
    classes = (bidirectional(character) for character in text)
    return next((kind for kind in classes if kind in ("L", "R", "AL")), "")
