"""`allow_nested_loops()`: lets a notebook's own code call `asyncio.run(...)`. Opt-in, never needed
by this package, and refused where it would break the kernel.

Measured: `nest_asyncio` with ipykernel ≥ 7.1 loses every cell that is queued behind a nested wait.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Literal

from mibyan_jupyter.errors import NestedLoopsError

Library = Literal["nest_asyncio", "nest_asyncio2"]


def choose_library(
    python: tuple[int, int], ipykernel: tuple[int, int], *, has_successor: bool
) -> Library:
    """Which library can nest loops here; raises NestedLoopsError where neither can safely."""
    if python < (3, 12) and ipykernel < (7, 1):
        return "nest_asyncio"
    if has_successor:
        return "nest_asyncio2"
    where = f"ipykernel {ipykernel[0]}.{ipykernel[1]} on Python {python[0]}.{python[1]}"
    raise NestedLoopsError(
        f"nest_asyncio would lose queued cells or break asyncio with {where}.",
        "Use `await` in the cell instead, or: %pip install 'nest-asyncio2>=1.7.4'",
    )


def allow_nested_loops() -> Library:
    """Let the code of this notebook run event loops inside the kernel's; returns what was applied.

    Raises NestedLoopsError where that would break the kernel. mibyan-jupyter itself works with
    and without it.
    """
    library = choose_library(
        sys.version_info[:2], _ipykernel_version(), has_successor=_has_good_successor()
    )
    if library == "nest_asyncio2":
        import nest_asyncio2

        nest_asyncio2.apply()
    else:
        import nest_asyncio

        nest_asyncio.apply()
    return library


def _ipykernel_version() -> tuple[int, int]:
    """The running kernel's version; (0, 0) outside a kernel."""
    ipykernel = sys.modules.get("ipykernel")
    return _two_numbers(str(getattr(ipykernel, "__version__", "0.0")))


def _has_good_successor() -> bool:
    if find_spec("nest_asyncio2") is None:
        return False
    try:
        installed = version("nest_asyncio2")
    except PackageNotFoundError:
        return False
    return tuple(int(part) for part in installed.split(".")[:3] if part.isdigit()) >= (1, 7, 3)


def _two_numbers(text: str) -> tuple[int, int]:
    major, minor, *_ = [*text.split("."), "0", "0"]
    return int(major), int("".join(filter(str.isdigit, minor)) or 0)
