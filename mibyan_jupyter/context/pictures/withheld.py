"""What stands under a secret's name is not shown, at whatever level; only that it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mibyan_jupyter.context.redaction.named_values import secret_kind
from mibyan_jupyter.context.redaction.wording import looks_random

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_CELLS = 1_000
_HARMLESS_IDS = frozenset(map(id, (bool, type(None))))


def withheld(name: str, cells: Sequence[object]) -> str:
    """`«withheld: password»` in place of these cells if `name` is a secret's, else nothing.

    Tokens and keys are often something else (words of a text, ids of customers): those only where
    some of them look as keys do. The redaction of the whole request counts the mark.
    """
    kind = secret_kind(name)
    if kind is None:
        return ""
    some = cells[:_MOST_CELLS]
    if kind in ("token", "key"):
        secret = any(type(cell) is str and looks_random(cell) for cell in some)
    elif kind == "password":
        secret = any(id(type(cell)) not in _HARMLESS_IDS for cell in some)
    else:
        secret = any(type(cell) is str or type(cell) is bytes for cell in some)
    return f"«withheld: {kind}»" if secret else ""
