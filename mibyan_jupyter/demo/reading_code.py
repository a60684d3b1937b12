"""Parsing code from a request: `ast.parse` and nothing else, so that none of it ever runs."""

from __future__ import annotations

import ast
import re
import warnings

FILENAME = "<mibyan-demo>"
MAX_SOURCE = 20_000
"""Characters; longer code is not parsed."""


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of `source`, or None when it has none."""
    tree = parse(source)
    return tree if isinstance(tree, ast.Module) else None


def parse(source: str) -> ast.Module | SyntaxError | None:
    """The tree, or why Python cannot read the source; None when it is too large or too deep."""
    if len(source) > MAX_SOURCE:
        return None
    # An odd escape in the student's code is no warning of ours. This filter fits our file name
    # only; catch_warnings would swap the filters of the whole kernel from this thread.
    warnings.filterwarnings("ignore", module=re.escape(FILENAME))
    try:
        return ast.parse(source, FILENAME)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
