"""Pictures of live objects: what an expert would tell a colleague about a value, as plain text.

`picture(value, name, level=…, limit=…)` is the only door. A picture is bounded in characters and
in time, says what it sampled, obeys the privacy dial and never runs the code of a foreign object:
values are recognised by their exact type, and libraries are read only where they are known.
"""

from __future__ import annotations

from mibyan_jupyter.context.pictures.dispatch import picture
from mibyan_jupyter.context.pictures.sketch import Picture

__all__ = ["Picture", "picture"]
