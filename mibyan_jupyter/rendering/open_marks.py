"""Closing the marks (emphasis, code, links, formulas, tags) that a half-written text opened."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_OPEN = 32
_TOKEN = re.compile(
    r"(?P<escape>\\[^(\[\s\w])|(?P<tex>\\[(\[]|\$\$)|(?P<backslash>\\\Z)|(?P<code>`+)"
    r"|(?P<dollar>\$)|(?P<emphasis>\*+|_+|~~+)|(?P<url>https?://[^\s<>*]+)"
    r"|(?P<bracket>!?\[)|(?P<closing_bracket>\])"
    r"|<(?P<slash>/?)(?P<tag>sub|sup|kbd)>|(?P<half_tag></?[a-z]{0,3}\Z)|(?P<half_url><(?=https?:))",
    re.IGNORECASE,
)
_TEX_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_FORMULA = re.compile(r"\$(?![\s$])(?:[^\\$]|\\.)++(?<!\s)\$(?!\d)", re.DOTALL)
_LOOKS_LIKE_TEX = re.compile(r"(?!\s|\d[\d.,]*(?:\s|\Z))[^$]*[\\^_{][^$]*\Z")
_TARGET = re.compile(
    r'\]\((?:[^()\s\\]|\\.|\([^()\s]*\))*+(?:\s++(?:"(?:[^"\\]|\\.)*+"?)?)?\s*(?P<end>\)?)'
)
_URL_END = re.compile(r"[^\s<>]*(?P<end>>?)")


@dataclass(slots=True)
class _Open:
    """A mark that waits for its end: emphasis runs, and tags."""

    mark: str
    closing: str


def close_marks(text: str) -> str:
    """The text of one paragraph, item or cell with its open marks closed, in linear time."""
    return _Scan(text).completed()


class _Scan:
    """One pass over a text: `open` marks so far, and spans of the text to `drop`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text)
        self._open: list[_Open] = []
        self._brackets: list[re.Match[str]] = []
        self._drop: list[tuple[int, int]] = []
        self._last_closing = ""

    def completed(self) -> str:
        position = 0
        while token := _TOKEN.search(self._text, position, self._end):
            if len(self._open) > _MOST_OPEN or len(self._brackets) > _MOST_OPEN:
                return self._text
            visit = getattr(self, f"_visit_{token.lastgroup}", None)
            position = visit(token) if visit else token.end()
        self._forget_open_brackets()
        return self._assembled()

    def _assembled(self) -> str:
        kept: list[str] = []
        position = 0
        for start, end in sorted(self._drop):
            kept.append(self._text[position : min(start, self._end)])
            position = max(position, end)
        kept += [self._text[position : self._end], self._last_closing]
        text = "".join(kept)
        closing = "".join(mark.closing for mark in reversed(self._open))
        # Emphasis cannot end after a space.
        return text.rstrip() + closing if closing else text

    def _stop(self, end: int, closing: str = "") -> int:
        """Nothing after `end` counts any more."""
        self._end, self._last_closing = end, closing
        return end

    def _visit_backslash(self, token: re.Match[str]) -> int:
        return self._stop(token.start())

    def _visit_half_tag(self, token: re.Match[str]) -> int:
        return self._stop(token.start())

    def _visit_half_url(self, token: re.Match[str]) -> int:
        url = _URL_END.match(self._text, token.end())
        assert url is not None  # noqa: S101 (the pattern matches the empty text)
        if not url["end"] and url.end() == len(self._text):
            self._drop.append(token.span())
        return url.end()

    def _visit_code(self, token: re.Match[str]) -> int:
        mark = token[0]
        closing = re.compile(rf"(?<!`){mark}(?!`)").search(self._text, token.end())
        if closing:
            return closing.end()
        written = self._text[token.end() :].rstrip("`")
        if not written.strip():
            return self._stop(token.start())
        return self._stop(token.end() + len(written), mark)

    def _visit_tex(self, token: re.Match[str]) -> int:
        closer = _TEX_CLOSERS[token[0]]
        found = self._text.find(closer, token.end())
        return found + 2 if found >= 0 else self._show_source(token)

    def _visit_dollar(self, token: re.Match[str]) -> int:
        if formula := _FORMULA.match(self._text, token.start()):
            return formula.end()
        if token.end() == len(self._text):
            return self._stop(token.start())
        is_tex = _LOOKS_LIKE_TEX.match(self._text, token.end())
        return self._show_source(token) if is_tex else token.end()

    def _show_source(self, token: re.Match[str]) -> int:
        """Half a formula becomes code: its source, quietly."""
        source = self._text[token.start() :].strip()
        if source == token[0] or "`" in source:
            return self._stop(token.start())
        return self._stop(token.start(), f"`{source}`")

    def _visit_emphasis(self, token: re.Match[str]) -> int:
        mark, rest = token[0][0], len(token[0])
        before = self._text[token.start() - 1 : token.start()]
        after = self._text[token.end() : token.end() + 1]
        if mark == "_" and before.isalnum() and after.isalnum():
            return token.end()
        if before.strip():
            rest = self._close_emphasis(mark, rest)
        if rest and after.strip():
            self._open.append(_Open(mark, mark * rest))
        elif rest and not after:
            return self._stop(token.end() - rest)
        return token.end()

    def _close_emphasis(self, mark: str, length: int) -> int:
        """Close what a run of `length` marks can close; the number of marks that are left."""
        while length:
            index = self._innermost(mark)
            if index is None:
                return length
            del self._open[index + 1 :]
            opened = len(self._open[index].closing)
            used = min(length, opened)
            length -= used
            self._open[index].closing = mark * (opened - used)
            if used == opened:
                del self._open[index]
        return 0

    def _innermost(self, mark: str) -> int | None:
        matching = (n for n in reversed(range(len(self._open))) if self._open[n].mark == mark)
        return next(matching, None)

    def _visit_tag(self, token: re.Match[str]) -> int:
        tag = token["tag"].lower()
        if not token["slash"]:
            self._open.append(_Open(tag, f"</{tag}>"))
        elif (index := self._innermost(tag)) is not None:
            del self._open[index:]
        return token.end()

    def _visit_bracket(self, token: re.Match[str]) -> int:
        self._brackets.append(token)
        return token.end()

    def _visit_closing_bracket(self, token: re.Match[str]) -> int:
        if not self._brackets:
            return token.end()
        bracket = self._brackets.pop()
        target = _TARGET.match(self._text, token.start())
        if target is None:
            if token.end() == len(self._text) and self._may_be_link(bracket):
                self._drop += [bracket.span(), token.span()]
            return token.end()
        if not target["end"] and target.end() == len(self._text):
            self._drop += [bracket.span(), target.span()]
        return target.end()

    def _may_be_link(self, bracket: re.Match[str]) -> bool:
        """Whether `[words]` may become a link; `values[0]` and `[^note]` do not."""
        before = self._text[bracket.start() - 1 : bracket.start()]
        return not before.isalnum() and not self._text.startswith("^", bracket.end())

    def _forget_open_brackets(self) -> None:
        for bracket in self._brackets:
            if self._text.startswith("^", bracket.end()):
                self._end = min(self._end, bracket.start())
            elif self._may_be_link(bracket):
                self._drop.append(bracket.span())
