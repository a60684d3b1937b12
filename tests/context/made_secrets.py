"""Made-up secrets, the same on every run."""

from __future__ import annotations

import random
import string

from mibyan_jupyter.context.redaction import Secrets

NONE = Secrets()


def made(prefix: str, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """A key of this shape, the same on every run."""
    source = random.Random(prefix)  # noqa: S311 - planted keys, the same on every run
    return prefix + "".join(source.choice(alphabet) for _ in range(length - 2)) + "7a"
