"""Tab completes the flags of `%%mibyan`, and the subcommands of `%mibyan` and their flags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from IPython.core.completer import SimpleCompletion, context_matcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult

    from mibyan_jupyter.commands.arguments import Argument

_MAGIC_LINE = re.compile(r"^\s*(%%?)mibyan(?:\s+(?P<words>.*))?$")


@context_matcher(identifier="mibyan_jupyter.flags")  # type: ignore[untyped-decorator]
def flag_matcher(context: CompletionContext) -> SimpleMatcherResult:
    """What can be typed next on a `%mibyan` or `%%mibyan` line; nothing elsewhere."""
    line = context.line_with_cursor[: context.cursor_position]
    match = _MAGIC_LINE.match(line)
    if match is None or match["words"] is None:
        return {"completions": []}
    found = list(_completions(match[1], match["words"], context.token))
    return {"completions": [SimpleCompletion(text) for text in found], "suppress": bool(found)}


def _completions(sign: str, typed: str, token: str) -> Iterable[str]:
    *before, current = re.split(r"\s+", typed)
    # IPython replaces its token only, which may begin after the dashes.
    cut = max(len(current) - len(token), 0)
    for candidate in _candidates(sign, before):
        if candidate.startswith(current):
            yield candidate[cut:]


def _candidates(sign: str, before: list[str]) -> list[str]:
    from mibyan_jupyter.commands.all_commands import COMMANDS
    from mibyan_jupyter.magics.cell_flags import CELL_FLAGS

    if sign == "%%":
        return _after_flag(CELL_FLAGS, before)
    if not before:
        return list(COMMANDS)
    if before[0] == "help":
        return list(COMMANDS)
    command = COMMANDS.get(before[0])
    return _after_flag(command.arguments, before[1:]) if command else []


def _after_flag(arguments: tuple[Argument, ...], before: list[str]) -> list[str]:
    for argument in arguments:
        if before and before[-1] in argument.names and (argument.choices or argument.metavar):
            return list(argument.choices)
    return [
        name
        for argument in arguments
        if argument.is_flag and not set(argument.names) & set(before)
        for name in argument.names
    ]
