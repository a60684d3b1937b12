"""A question in one line, for tables: they are kept in the notebook."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mibyan_jupyter.context.redaction import redact, secrets_in_environment

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Turn

_WIDTH = 60


def short_prompt(turn: Turn) -> str:
    """The question without its secrets, of 60 characters at most."""
    prompt = redact(turn.prompt, secrets_in_environment(os.environ)).text
    line = " ".join(prompt.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
