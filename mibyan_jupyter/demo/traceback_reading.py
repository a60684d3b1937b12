"""Reading a Python traceback, as CPython or IPython prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mibyan_jupyter.demo.exception_notes import NOTES

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LOCATION = re.compile(
    r'^\s*(?:File "(?P<path>[^"]+)", line (?P<line>\d+)'
    r"|(?:Cell |Input |File )?(?P<place>In ?\[\d+\]|[^\s:,]+\.py)[:,]?.*)"
)
_ARROW = re.compile(r"^\s*-+> ?(?P<line>\d+)(?P<code>.*)")
_ERROR = re.compile(r"^(?P<name>(?:\w+\.)*[A-Za-z_]\w*)(?:: (?P<message>.*)|:?\s*)$")
_HEADING = "Traceback (most recent call last)"
_MAX_LINE = 1_000
_FOREIGN = ("site-packages", "dist-packages", "<frozen", "/lib/python")


@dataclass(frozen=True)
class Frame:
    """One line of the call stack; `line` counts from 1."""

    place: str
    line: int
    code: str

    @property
    def is_own(self) -> bool:
        """Whether it is the student's code rather than a library's."""
        return not any(mark in self.place for mark in _FOREIGN)


@dataclass(frozen=True)
class Traceback:
    """What was raised, and the frames from the outermost to the innermost."""

    name: str
    message: str
    frames: tuple[Frame, ...]

    @property
    def failing(self) -> Frame | None:
        """The innermost frame of one's own code, or the innermost of all."""
        own = [frame for frame in self.frames if frame.is_own]
        innermost_last = own or self.frames
        return innermost_last[-1] if innermost_last else None


def read_traceback(text: str) -> Traceback | None:
    """The last traceback in `text`, or the last line such as `KeyError: 'x'`; None without one."""
    lines = [line[:_MAX_LINE] for line in _ANSI.sub("", text).splitlines()]
    headed = any(_HEADING in line for line in lines)
    raised = [
        (number, match)
        for number, line in enumerate(lines)
        if (match := _ERROR.match(line.strip())) and _is_raised(match, headed)
    ]
    if not raised:
        return None
    end, match = raised[-1]
    return Traceback(match["name"], (match["message"] or "").strip(), _frames(lines[:end]))


def _is_raised(match: re.Match[str], headed: bool) -> bool:
    short = match["name"].rpartition(".")[2]
    known = short in NOTES or short.endswith(("Error", "Exception"))
    return known and (headed or match["message"] is not None)


def _frames(lines: list[str]) -> tuple[Frame, ...]:
    frames = []
    place = ""
    for number, line in enumerate(lines):
        if arrow := _ARROW.match(line):
            frames.append(Frame(place, int(arrow["line"][:9]), arrow["code"].strip()))
        elif location := _LOCATION.match(line):
            place = location["path"] or location["place"]
            if location["line"]:
                code = lines[number + 1].strip() if number + 1 < len(lines) else ""
                frames.append(Frame(place, int(location["line"][:9]), code))
            elif cell := re.match(r".*?, line (\d{1,9})$", line):
                # IPython's SyntaxError: the code follows without an arrow.
                code = lines[number + 1].strip() if number + 1 < len(lines) else ""
                if not re.match(r"\d|-+>", code):
                    frames.append(Frame(place, int(cell[1]), code))
    return tuple(frames)
