"""The reply to a traceback: what it means, where it happened, what to change."""

from __future__ import annotations

import builtins
import difflib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.demo.correction import Correction, correct
from mibyan_jupyter.demo.exception_notes import NOTES, note_for
from mibyan_jupyter.demo.markdown import bullets, fenced, inline
from mibyan_jupyter.demo.traceback_reading import Traceback, read_traceback

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_CANDIDATES = 2_000
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "NameError": (r"name '([^']+)'",),
    "UnboundLocalError": (r"variable '([^']+)'",),
    "KeyError": (r"^['\"](.*)['\"]$", r"^(.+)$"),
    "AttributeError": (r"has no attribute '([^']+)'",),
    "ModuleNotFoundError": (r"No module named '([^'.]+)",),
    "ImportError": (r"cannot import name '([^']+)'",),
    "FileNotFoundError": (r": '([^']+)'$",),
    "PermissionError": (r": '([^']+)'$",),
    "ValueError": (r"(?:literal for \w+\(\) with base \d+|to float): ('.*')$",),
    "TypeError": (r"argument:? '([^']+)'", r"'([^']+)' object is not"),
}


_KNOWN_NAMES: dict[str, Iterable[str]] = {
    "NameError": dir(builtins),
    "ModuleNotFoundError": (
        *("pandas", "numpy", "matplotlib", "scipy", "seaborn", "polars", "sklearn", "requests"),
        *sys.stdlib_module_names,
    ),
    "KeyError": (),
    "AttributeError": (),
    "ImportError": (),
    "FileNotFoundError": (),
}
"""The exceptions for which a name can be misspelt, with names beyond those in the request."""


@dataclass(frozen=True)
class RaisedError:
    """A traceback, with what its message names and what may have been meant."""

    traceback: Traceback
    subject: str | None
    meant: str | None
    correction: Correction | None

    def markdown(self) -> str:
        """Meaning, place, specifics, usual fixes, corrected code."""
        note = note_for(self.traceback.name)
        parts = [
            f"## `{self.traceback.name}`: what happened",
            note.meaning + (f"\n\n{self._specifics()}" if self._specifics() else ""),
            self._place(),
            "### What usually helps",
            bullets(note.fixes),
        ]
        if self.correction is not None:
            parts += ["### Try this", self.correction.why, fenced(self.correction.code)]
        return "\n\n".join(part for part in parts if part)

    def code(self) -> str:
        """The corrected code, or a cell that shows more of what went wrong."""
        if self.correction is not None:
            return self.correction.code
        return "%debug  # at the prompt: p NAME shows a value, u goes up, q leaves"

    def value(self) -> dict[str, Any]:
        """The traceback's parts."""
        failing = self.traceback.failing
        return {
            "exception": self.traceback.name,
            "message": self.traceback.message,
            "line": failing.line if failing else None,
            "code": failing.code if failing else None,
            "subject": self.subject,
            "did_you_mean": self.meant,
            "fixes": list(note_for(self.traceback.name).fixes),
        }

    def _specifics(self) -> str:
        if self.traceback.message and self.subject is None:
            return f"The message: {inline(self.traceback.message, 200)}."
        if self.subject is None:
            return ""
        meant = f" Did you mean {inline(self.meant)}?" if self.meant else ""
        return f"Here it is about {inline(self.subject)}.{meant}"

    def _place(self) -> str:
        failing = self.traceback.failing
        if failing is None:
            return ""
        where = f" of {inline(failing.place)}" if failing.place else ""
        shown = f":\n\n{fenced(failing.code[:300])}" if failing.code else "."
        return f"It happened in line {failing.line}{where}{shown}"


def find_traceback(prompt: str) -> RaisedError | None:
    """The traceback in the prompt, understood."""
    traceback = read_traceback(prompt)
    return None if traceback is None else _understood(traceback, prompt)


def find_exception_name(prompt: str) -> RaisedError | None:
    """A common exception that the prompt only mentions: "what is a KeyError?"."""
    mentioned = next((word for word in re.findall(r"[A-Z]\w+", prompt) if word in NOTES), None)
    return None if mentioned is None else _understood(Traceback(mentioned, "", ()), prompt)


def _understood(traceback: Traceback, prompt: str) -> RaisedError:
    subject = _subject(traceback)
    short_name = traceback.name.rpartition(".")[2]
    known = _KNOWN_NAMES.get(short_name)
    meant = _closest(subject, prompt, known) if subject and known is not None else None
    correction = correct(traceback, subject, meant)
    return RaisedError(traceback, subject, meant, correction)


def _subject(traceback: Traceback) -> str | None:
    patterns = _SUBJECTS.get(traceback.name.rpartition(".")[2], ())
    found = (re.search(pattern, traceback.message) for pattern in patterns)
    return next((match[1] for match in found if match), None)


def _closest(subject: str, prompt: str, known: Iterable[str]) -> str | None:
    """A string or word of the request, or a known name, that looks like `subject`."""
    if subject in known:
        return None
    words = re.findall(r"[^\W\d]\w*", prompt)
    strings = re.findall(r"'([^'\n]{1,40})'|\"([^\"\n]{1,40})\"", prompt)
    quoted = [one or other for one, other in strings]
    names: dict[str, None] = dict.fromkeys([*quoted, *words][:_MAX_CANDIDATES] + list(known))
    candidates = [name for name in names if name != subject]
    for word in candidates:
        if word.strip().lower() == subject.strip().lower():
            return word
    matches: list[str] = difflib.get_close_matches(subject[:60], candidates, n=1, cutoff=0.7)
    return matches[0] if matches else None
