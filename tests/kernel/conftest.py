"""Real kernels on two stacks: this environment, and the lowest versions that we declare."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kernel.notebook_kernel import NotebookKernel

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import CellResult

_ROOT = Path(__file__).parents[2]
SET_UP = """
from mibyan_jupyter import get_session
get_ipython().run_line_magic("load_ext", "mibyan_jupyter")
get_session().configure(context="none")
"""
_POINT_AT = """
session = get_session()
session.reset()
unset = dict.fromkeys(session.settings._fields)
# What goes along of the notebook has tests of its own.
session.configure(**unset | {{"base_url": {url!r}, "context": "none"}})
session.extra = {{}}
# What is said at first use has a test of its own.
get_ipython().magics_manager.registry["MibyanMagics"]._door._introduced |= {{
    ({server!r}, alone) for alone in (True, False)
}}
"""

StartKernel = Callable[..., NotebookKernel]


def floors_python() -> Path:
    """The interpreter of the environment with the declared floors; fails where it is missing."""
    given = os.environ.get("MIBYAN_FLOORS_PYTHON")
    python = Path(given) if given else _ROOT / ".venvs/floors/bin/python"
    if not python.exists():
        pytest.fail(f"There is no {python}: `make floors` makes it (from tests/floors.txt).")
    return python


@pytest.fixture(
    scope="session", params=["newest", pytest.param("floors", marks=pytest.mark.floors)]
)
def stack(request: pytest.FixtureRequest) -> str:
    """Which versions the kernel runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def python(stack: str) -> Path:
    """The interpreter of the stack."""
    return Path(sys.executable) if stack == "newest" else floors_python()


@pytest.fixture(scope="session")
def shared_kernel(
    python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NotebookKernel]:
    """The stack's one kernel with the extension loaded; use `kernel`."""
    with NotebookKernel(python, tmp_path_factory.mktemp("home")) as kernel:
        kernel.ok(SET_UP)
        yield kernel


@pytest.fixture
def kernel(shared_kernel: NotebookKernel, fake: FakeMibyan) -> NotebookKernel:
    """The stack's kernel: its session is empty, has default settings, and asks `fake`."""
    point_at(shared_kernel, fake)
    return shared_kernel


@pytest.fixture
def start_kernel(python: Path, tmp_path: Path) -> Iterator[StartKernel]:
    """Starts kernels of the stack's that a test has for itself: `start_kernel(**environ)`."""
    with ExitStack() as running:

        def start(home: Path = tmp_path, **environ: str) -> NotebookKernel:
            return running.enter_context(NotebookKernel(python, home, environ))

        yield start


def point_at(kernel: NotebookKernel, fake: FakeMibyan) -> CellResult:
    """Give the kernel's session a new start at this server."""
    server = f"127.0.0.1:{fake.port}"
    return kernel.ok(_POINT_AT.format(url=fake.base_url, server=server))
