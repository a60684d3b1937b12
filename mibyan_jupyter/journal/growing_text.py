"""An answer while it grows, in the form in which it is written down. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Piece = tuple[int, str]
_LONGEST_LINE = 4_000  # characters that are looked at, and written, again and again
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


class GrowingText:
    """`add` the text as it comes, and `tick` from time to time; both return what to write.

    A piece `(offset, text)` replaces the written text from `offset` on. `clean` takes the secrets
    out; it sees whole lines, and of an unfinished line whole words, since half a secret looks like
    none: a word is written unfinished only once it has stood for a tick.
    """

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._settled: list[str] = []
        self._offset = 0
        self._line = ""  # as it came
        self._seen = 0  # characters of it that the last tick saw
        self._told = 0  # characters of it that are written

    @property
    def text(self) -> str:
        """All of it that may be written now."""
        end = max(self._whole_words(), self._told)
        return "".join(self._settled) + self._clean(self._line[:end])

    @property
    def is_waiting(self) -> bool:
        """Whether there is text that is not written yet."""
        return self._told < len(self._line)

    def add(self, text: str) -> Piece | None:
        """Take in text; the lines that it finishes."""
        self._line += text
        end = self._line.rfind("\n") + 1
        if not end and len(self._line) > _LONGEST_LINE:
            end = self._whole_words() or len(self._line)
        if not end:
            return None
        done, self._line = self._clean(self._line[:end]), self._line[end:]
        piece = (self._offset, done)
        self._settled.append(done)
        self._offset += len(done)
        self._seen = self._told = 0
        return piece

    def tick(self) -> Piece | None:
        """The unfinished line so far, if there is more of it to write."""
        end = max(self._whole_words(), self._seen)
        self._seen = len(self._line)
        if end <= self._told:
            return None
        self._told = end
        return self._offset, self._clean(self._line[:end])

    def _whole_words(self) -> int:
        found = _LAST_SPACE.search(self._line)
        return found.end() if found else 0
