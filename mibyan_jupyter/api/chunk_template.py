"""Chunks of a stream that differ in their text alone: all but that text is read once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.api.models import ChatCompletionChunk, parse_completion

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTENT = re.compile(r'"content"\s*:\s*"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_PROBE = "\ue000"


class ChunkTemplate:
    """`learn` from chunks that were read in full, then `read` those that are like them.

    Two in a row with the same JSON around their content make a template. It is tried with another
    content before it counts: if that one alone differs in the chunk, so it is for any other, since
    what JSON means does not depend on what its strings hold. `json` reads JSON.
    """

    def __init__(self, json: Callable[[str], Any]) -> None:
        self._json = json
        self._ends = ("", "")
        self._chunk: ChatCompletionChunk | None = None

    def read(self, text: str) -> ChatCompletionChunk | None:
        """The chunk of `text`, where it is like the template."""
        before, after = self._ends
        if self._chunk is None or not (text.startswith(before) and text.endswith(after)):
            return None
        if len(text) < len(before) + len(after):
            return None
        content = text[len(before) : len(text) - len(after)]
        if "\\" in content or '"' in content:
            content = self._json(f'"{content}"')
        return _with_content(self._chunk, content) if isinstance(content, str) else None

    def learn(self, text: str, chunk: object) -> None:
        """Take note of a chunk and the JSON that it stood in."""
        found = _CONTENT.search(text)
        ends = (text[: found.start(1)], text[found.end(1) :]) if found else ("", "")
        is_like_the_last, self._ends, self._chunk = ends == self._ends, ends, None
        if found and is_like_the_last and isinstance(chunk, ChatCompletionChunk) and chunk.choices:
            tried = parse_completion(self._json(_PROBE.join(ends)))
            self._chunk = chunk if tried == _with_content(chunk, _PROBE) else None


def _with_content(chunk: ChatCompletionChunk, content: str) -> ChatCompletionChunk:
    """The chunk with another text in its first choice; `_replace` would take twice as long."""
    choice, *others = chunk.choices
    delta = choice.delta
    changed = type(choice)(
        choice.index,
        type(delta)(delta.role, content, delta.thinks, delta.wants_tool),
        choice.finish_reason,
    )
    return ChatCompletionChunk(*chunk[:4], (changed, *others), chunk.usage)
