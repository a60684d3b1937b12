"""The values of a conversation: a turn is one question with its answer.

Everything here is frozen; the session's I/O loop replaces values, it never changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from mibyan_jupyter.config import words
from mibyan_jupyter.text import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mibyan_jupyter.api.models import Message, Usage
    from mibyan_jupyter.context.items import Receipt
    from mibyan_jupyter.errors import MibyanError
    from mibyan_jupyter.rendering import CodeBlock

Status = Literal["waiting", "running", "complete", "stopped", "cut_off", "failed"]
_CUT_OFF_BY = {"length": "the model's length limit", "content_filter": "the content filter"}
Source = Literal["cell", "panel", "python"]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Answer:
    """What the model said, as Markdown, and how it ended.

    `status` is `complete`, `stopped` (by the user) or `cut_off` (by the wire, or by the model's
    limit: then `finish_reason` says which). `usage` is None where the server did not count.
    """

    text: str
    status: Status = "complete"
    finish_reason: str | None = None
    usage: Usage | None = None
    model: str = ""

    @property
    def code_blocks(self) -> tuple[CodeBlock, ...]:
        """The fenced code blocks, in order, each with `.source` and `.language`."""
        from mibyan_jupyter.rendering import code_blocks

        return code_blocks(self.text)

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        if self.status != "cut_off":
            return self.status.replace("_", " ")
        reason = self.finish_reason or ""
        return f"cut off: {_CUT_OFF_BY.get(reason, reason[:40])}" if reason else "cut off"

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Safe HTML and the Markdown source; never `text/markdown`, which front ends would run."""
        del include, exclude
        from mibyan_jupyter.rendering import quiet_line, render_markdown, wrap_answer

        mark = "" if self.status == "complete" else f"[{self.ending}]"
        html = render_markdown(self.text, document_id=f"answer-{id(self):x}")
        plain = "\n\n".join(filter(None, (shown_text(self.text), mark)))
        return {"text/html": wrap_answer(html, quiet_line(mark)), "text/plain": plain}


class CellRun(NamedTuple):
    """One execution of one notebook cell: `run` differs each time the cell is executed."""

    cell_id: str
    run: str
    notebook: str = ""

    def same_cell(self, other: CellRun | None) -> bool:
        return other is not None and (self.notebook, self.cell_id) == (
            other.notebook,
            other.cell_id,
        )


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("prompt", "source", "instruction"), (str,)),
    **dict.fromkeys(("model", "system", "context", "replaces", "edits"), (str, NoneType)),
    **dict.fromkeys(("new", "history", "stream"), (bool,)),
    **dict.fromkeys(("cell", "corrects"), (CellRun, NoneType)),
}
"""Of each field; what is saved could not be read again with others."""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One question, as a door hands it to the session.

    `model` and `system` hold for this turn only; `instruction` is added to its system message
    (output formats use it). `new` starts a conversation here; `history=False` sends no earlier
    turns and keeps this one out of later requests. `replaces` names a turn whose place it takes,
    `edits` one that is forgotten for it, with all that followed.
    `context` is how much of the notebook goes along (None: as the session is set), `without` names
    context providers that are switched off. `corrects` is the cell that the answer's last block of
    Python is meant for. Raises TypeError for a value of another type.
    """

    prompt: str
    source: Source = "python"
    cell: CellRun | None = None
    model: str | None = None
    system: str | None = None
    instruction: str = ""
    new: bool = False
    history: bool = True
    stream: bool = True
    replaces: str | None = None
    edits: str | None = None
    context: str | None = None
    without: tuple[str, ...] = ()
    corrects: CellRun | None = None

    def __post_init__(self) -> None:
        for name, kinds in _KINDS.items():
            if type(value := getattr(self, name)) not in kinds:
                raise TypeError(f"{name} must be a {kinds[0].__name__}, not {type(value).__name__}")
        if self.source not in get_args(Source):
            raise TypeError(f"source must be one of {get_args(Source)}")
        object.__setattr__(self, "without", words(self.without))  # one name, or names in a line


@dataclass(frozen=True, slots=True)
class Turn:
    """One user message with its answer, as the session's history holds it.

    `sent` is what the request held, `receipt` what of the notebook went along, `asked` when it was
    submitted and `started` when it began (UTC), `seconds` how long it took, `left_out` how many
    earlier turns did not fit into the request. `versions` are the earlier answers to this question.
    `error` says why a turn failed or was cut. `inherits_new` marks one that begins a conversation
    since the turn that did is deleted.
    """

    id: str
    request: TurnRequest
    status: Status = "waiting"
    answer: Answer | None = None
    versions: tuple[Answer, ...] = ()
    sent: tuple[Message, ...] = ()
    receipt: Receipt | None = None
    left_out: int = 0
    model: str = ""
    started: datetime | None = None
    seconds: float | None = None
    inherits_new: bool = False
    error: MibyanError | None = field(default=None, compare=False)
    asked: datetime | None = None

    @property
    def prompt(self) -> str:
        return self.request.prompt

    @property
    def source(self) -> Source:
        return self.request.source

    @property
    def begins_anew(self) -> bool:
        """Whether requests from here on send nothing from before this turn."""
        return self.request.new or self.inherits_new

    @property
    def cell_id(self) -> str | None:
        return self.request.cell.cell_id if self.request.cell else None

    @property
    def usage(self) -> Usage | None:
        return self.answer.usage if self.answer else None

    @property
    def has_text(self) -> bool:
        """Whether there is an answer to send along with later questions."""
        return self.answer is not None and bool(self.answer.text)

    @property
    def goes_along(self) -> bool:
        """Whether later questions send this turn along."""
        return self.standing.has_text and self.request.history

    @property
    def standing(self) -> Turn:
        """The turn with the answer that stands: where a try ended without text, an earlier one."""
        kept = [answer for answer in self.versions if answer.text]
        if self.has_text or not self.ended or not kept:
            return self
        return replace(
            self,
            status=kept[-1].status,
            answer=kept[-1],
            receipt=None,  # this and the next are of the try that brought nothing
            left_out=0,
            seconds=None,
            error=None,
        )

    @property
    def ended(self) -> bool:
        return self.status not in ("waiting", "running")


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def newest(turns: Iterable[Turn]) -> Turn | None:
    """The turn that was asked last, which need not stand last; None where there is none."""
    in_time = sorted(turns, key=lambda turn: turn.asked or turn.started or _LONG_AGO)
    return in_time[-1] if in_time else None
