"""The notebook itself: its name, and the versions of what its cells import."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mibyan_jupyter.context.items import ContextItem, Rank
from mibyan_jupyter.context.slicing.names import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mibyan_jupyter.context.provider import Question


class Notebook:
    """One short item, where any cell goes along."""

    name = "notebook"

    def gather(self, question: Question) -> Iterator[ContextItem]:
        if not question.cells or question.mode == "mentioned":
            return
        packages = {
            name
            for cell in question.cells
            if "import" in cell.source
            for statement in statements_of(cell.source)
            for name in statement.imports
        }
        versions = [f"{name} {found}" for name in sorted(packages) if (found := _version(name))]
        parts = [f"Python {platform.python_version()}", *versions]
        named = f"{question.notebook}, in the folder " if question.notebook else "in the folder "
        text = f"{named}{Path.cwd().name}\n{', '.join(parts)}"
        yield ContextItem("notebook", text, Rank.MAP, position=-1)


def _version(module: str) -> str:
    """The version that an imported module states, read without running anything of it."""
    loaded = sys.modules.get(module)
    stated = vars(loaded).get("__version__") if type(loaded) is type(sys) else None
    return stated if type(stated) is str else ""
