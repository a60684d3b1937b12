"""The reply to a question in Arabic, in Arabic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import fenced, table

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_LATIN = re.compile(r"[A-Za-z]")


def mostly_arabic(prompt: str) -> bool:
    """Whether the prompt has more Arabic letters than Latin ones."""
    return len(_ARABIC.findall(prompt)) > len(_LATIN.findall(prompt))


@dataclass(frozen=True)
class ArabicQuestion:
    """A question in Arabic that holds no traceback, table or code."""

    words: int
    letters: int

    def markdown(self) -> str:
        """What was understood, an example cell, and how to reach the model."""
        counted = table(
            ("ما فهمتُه", "القيمة"),
            [
                ("لغة السؤال", "العربية"),
                ("عدد الكلمات", str(self.words)),
                ("عدد الحروف", str(self.letters)),
            ],
        )
        return (
            f"شكرًا على سؤالك. هذا خادم تجريبي يعمل على جهازك دون اتصال بالإنترنت:\n\n{counted}\n\n"
            f"جرّب هذه الخلية:\n\n{fenced(self.code())}\n\n"
            "وللحصول على إجابات حقيقية اكتب `%mibyan login` وأدخل مفتاحك، "
            "أو ضعه في متغيّر البيئة `MIBYAN_API_KEY`."
        )

    def code(self) -> str:
        """A cell with Arabic text in it."""
        return 'أسعار = [12, 15, 9]\nprint("المتوسط:", sum(أسعار) / len(أسعار))'

    def value(self) -> dict[str, Any]:
        """The counts."""
        return {"language": "ar", "words": self.words, "letters": self.letters}


def find_arabic(prompt: str) -> ArabicQuestion | None:
    """The question, if it is in Arabic."""
    if not mostly_arabic(prompt):
        return None
    return ArabicQuestion(words=len(prompt.split()), letters=len(_ARABIC.findall(prompt)))
