"""The reply to a question that came with parts of the notebook: what was sent, and its error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mibyan_jupyter.demo.markdown import fenced, inline, table
from mibyan_jupyter.demo.traceback_reply import RaisedError, find_traceback

_ENVELOPE = re.compile(
    r"\A<notebook-context \w+>\n(?P<content>.*?)</notebook-context \w+>\n\n(?P<question>.*)\Z",
    re.DOTALL,
)
_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_WHOLE_CELL = "The whole cell:\n"


def split_envelope(prompt: str) -> tuple[str, str]:
    """What of the notebook stands before the question ("" if nothing), and the question."""
    match = _ENVELOPE.match(prompt)
    return (match["content"], match["question"]) if match else ("", prompt)


@dataclass(frozen=True)
class NotebookContent:
    """The sections of a question's envelope, by heading, and the error that one of them holds."""

    sections: tuple[tuple[str, str], ...]
    error: RaisedError | None

    def markdown(self) -> str:
        """The error, if there is one; the variables; then a table of all that came along."""
        parts = [self.error.markdown(), self._noted_cell()] if self.error else []
        parts += [
            f"### {inline(heading)}\n\n{fenced(text, 'text')}"
            for heading, text in self.sections
            if heading.startswith("variable ")
        ]
        rows = [(heading, str(text.count("\n") + 1)) for heading, text in self.sections]
        parts.append(f"### What came along with your question\n\n{table(('part', 'lines'), rows)}")
        return "\n\n".join(filter(None, parts))

    def code(self) -> str:
        """The failing cell with a note, else a comment."""
        return (
            self._failing_cell() or "# The notebook's parts that came along hold no failing cell."
        )

    def value(self) -> dict[str, Any]:
        """The headings."""
        return {"came_along": [heading for heading, _ in self.sections]}

    def _noted_cell(self) -> str:
        cell = self._failing_cell()
        return f"### The cell, to be corrected by you\n\n{fenced(cell, 'python')}" if cell else ""

    def _failing_cell(self) -> str:
        for heading, text in self.sections:
            if heading.startswith("error in") and _WHOLE_CELL in text:
                error = text.partition("\n")[0]
                return f"# {error}\n{text.rpartition(_WHOLE_CELL)[2]}"
        return ""


def find_notebook(content: str) -> NotebookContent | None:
    """The topic of an envelope's content; None when it is empty."""
    _, *parts = _SECTION.split(content)
    sections = tuple(
        (heading, text.strip()) for heading, text in zip(parts[::2], parts[1::2], strict=True)
    )
    if not sections:
        return None
    errors = [text for heading, text in sections if heading.startswith("error in")]
    found = find_traceback(errors[0].partition("\n\n")[0]) if errors else None
    return NotebookContent(sections, found if isinstance(found, RaisedError) else None)
