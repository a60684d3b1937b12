"""How the unfinished end of a growing answer is completed, so that it looks as it will look.

Works on text only, in one pass, and touches only what may still be half written: an open fence or
formula, the table or paragraph at the end, a last line of nothing but a marker.
"""

from __future__ import annotations

import re

from mibyan_jupyter.rendering.open_marks import close_marks

_LIST_MARKS = r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*"
_OPENER = re.compile(rf"^([ \t>]*{_LIST_MARKS})(`{{3,}}(?!.*`)|~{{3,}}|\$\$|\\\[)", re.MULTILINE)
_CLOSERS = {"$$": "$$", r"\[": r"\]"}
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_MARKED_LINE = re.compile(
    r"^(?:[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+|[ \t>]*#{1,6}[ \t]+|[ \t]*\|(?:.*\|)?)",
    re.MULTILINE,
)
_LONE_MARK = re.compile(
    rf"[ \t>]*{_LIST_MARKS}(?:#{{1,6}}|[-*+_=]+|\d{{1,9}}[.)]|>+|`+[^`]*|~+[^~]*|\|)?[ \t]*\Z"
)
_HALF_TASK = re.compile(rf"[ \t>]*{_LIST_MARKS}\[[ xX]?\]?[ \t]*\Z")
_NUMBER = re.compile(r"[ \t>]*\d{1,3}\Z")
_HALF_DELIMITER = re.compile(r"[ \t]*[|:-][|:\- \t]*\Z")
_DELIMITER = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*(?::?-+:?)?[ \t]*\Z")
_MOST_COLUMNS = 64
_PIPE = re.compile(r"(?<!\\)\|")


def complete_unfinished(tail: str) -> str:
    """The Markdown of an unfinished tail, changed so that it renders sensibly."""
    opener, closed_until = _open_block(tail)
    if opener and opener[2] in _CLOSERS:
        return _with_formula_as_source(tail, opener)
    if opener:
        return _with_open_fence(tail, opener)
    if not tail[closed_until:].strip():
        return tail
    start = _last_inline_start(tail, closed_until)
    completed = tail if _is_half_task(tail) else tail[:start] + close_marks(tail[start:])
    return _without_lone_mark(_with_whole_table(completed))


def _open_block(tail: str) -> tuple[re.Match[str] | None, int]:
    """The opening mark of a fence or formula that has no end yet, and where the others end."""
    end = 0
    while opener := _OPENER.search(tail, end):
        found = _block_end(tail, opener)
        if found < 0:
            return opener, end
        end = found
    return None, end


def _block_end(tail: str, opener: re.Match[str]) -> int:
    mark = opener[2]
    if closer := _CLOSERS.get(mark):
        found = tail.find(closer, opener.end())
        return found + len(closer) if found >= 0 else -1
    closing = re.compile(rf"^[ \t>]*{mark}{mark[0]}*[ \t]*$", re.MULTILINE)
    line = closing.search(tail, opener.end())
    return line.end() if line else -1


def _with_formula_as_source(tail: str, opener: re.Match[str]) -> str:
    source = tail[opener.start(2) :]
    before = tail[: opener.start(2)]
    if not source[2:].strip():
        return _without_lone_mark(before)
    indent = re.sub(r"[^ \t>]", " ", opener[1])
    return f"{before}~~~~\n{indent}{source}"


def _with_open_fence(tail: str, opener: re.Match[str]) -> str:
    """The tail without a last line that is a half opening, or a half end, of the fence."""
    if "\n" not in tail[opener.end() :]:
        return tail[: opener.start()]
    before, _, last = tail.rpartition("\n")
    is_half = last.strip() and not last.strip().strip(opener[2][0])
    return before + "\n" if is_half else tail


def _last_inline_start(tail: str, closed_until: int) -> int:
    """Where the last paragraph, list item, heading or table cell begins."""
    start = closed_until
    for blank in _BLANK_LINE.finditer(tail, start):
        start = blank.end()
    for marked in _MARKED_LINE.finditer(tail, start):
        start = marked.end()
    return start


def _is_half_task(tail: str) -> bool:
    return _HALF_TASK.match(_last_line(tail)) is not None


def _last_line(tail: str) -> str:
    return tail[tail.rfind("\n") + 1 :]


def _without_lone_mark(tail: str) -> str:
    """The tail without a last line that is only a marker, which would flash as an empty block."""
    last = _last_line(tail)
    before = tail[: len(tail) - len(last)]
    is_lone = _LONE_MARK.match(last) or _is_half_task(tail) or (before and _NUMBER.match(last))
    return before if is_lone else tail


def _with_whole_table(tail: str) -> str:
    """A header line, alone or above half a delimiter row, followed by a whole delimiter row."""
    before, _, last = tail.rpartition("\n")
    above = _last_line(before)
    if "|" in above:
        may_follow = _HALF_DELIMITER.match(last) or (not last and above.lstrip().startswith("|"))
        is_header = may_follow and not _is_below_table(before)
        return f"{before}\n{_delimiter_row(above)}" if is_header else tail
    is_header = last.lstrip().startswith("|") and len(last.strip()) > 1
    return f"{tail}\n{_delimiter_row(last)}" if is_header else tail


def _is_below_table(before: str) -> bool:
    """Whether the lines above end in a table that already has its delimiter row."""
    for line in reversed(before.split("\n")):
        if "-" in line and "|" in line and _DELIMITER.match(line):
            return True
        if "|" not in line:
            return False
    return False


def _delimiter_row(header: str) -> str:
    """As many delimiters as the header has cells; absurdly many columns are not a table yet."""
    cells = header.strip().removeprefix("|")
    if cells.endswith("|") and not cells.endswith("\\|"):
        cells = cells[:-1]
    indent = header[: len(header) - len(header.lstrip())]
    columns = len(_PIPE.findall(cells)) + 1
    return indent + "|" + " --- |" * columns if columns <= _MOST_COLUMNS else ""
