"""`allow_nested_loops()`: opt-in, the library that is safe here, or a refusal with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mibyan_jupyter.errors import NestedLoopsError
from mibyan_jupyter.kernel.nested_loops import choose_library
from tests.fake_mibyan import Reply
from tests.kernel.conftest import SET_UP, point_at

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel

ALLOW = "from mibyan_jupyter import allow_nested_loops\nlibrary = allow_nested_loops()"
RUN = "import asyncio\nasync def value(): await asyncio.sleep(0.01); return 42\n"


@pytest.mark.parametrize(
    ("python", "ipykernel", "has_successor", "library"),
    [
        ((3, 11), (6, 29), False, "nest_asyncio"),
        ((3, 11), (6, 29), True, "nest_asyncio"),
        ((3, 11), (7, 0), False, "nest_asyncio"),
        ((3, 11), (7, 1), False, None),
        ((3, 11), (7, 1), True, "nest_asyncio2"),
        ((3, 12), (6, 29), False, None),
        ((3, 12), (6, 29), True, "nest_asyncio2"),
        ((3, 14), (7, 4), True, "nest_asyncio2"),
        ((3, 14), (7, 4), False, None),
    ],
)
def test_the_library_that_is_safe(
    python: tuple[int, int], ipykernel: tuple[int, int], has_successor: bool, library: str | None
) -> None:
    """nest_asyncio loses cells from ipykernel 7.1 on and breaks asyncio from Python 3.12 on."""
    if library is None:
        with pytest.raises(NestedLoopsError, match="%pip install"):
            choose_library(python, ipykernel, has_successor=has_successor)
    else:
        assert choose_library(python, ipykernel, has_successor=has_successor) == library


@pytest.fixture
def own_kernel(start_kernel: StartKernel, fake: FakeMibyan) -> NotebookKernel:
    """A kernel for one test: what is applied to it cannot be taken back."""
    kernel = start_kernel()
    kernel.ok(SET_UP)
    point_at(kernel, fake)
    return kernel


def test_it_allows_asyncio_run_and_loses_no_cell(
    own_kernel: NotebookKernel, fake: FakeMibyan, stack: str
) -> None:
    """Afterwards `asyncio.run(...)` works in a cell, and the cells queued behind it all run."""
    own_kernel.ok(ALLOW)
    chosen = "nest_asyncio2" if stack == "newest" else "nest_asyncio"
    assert own_kernel.value("library") == chosen
    cells = own_kernel.run_all(
        (f"{RUN}asyncio.run(value())", None),
        ("asyncio.run(session.aask('nested')).text", None),
        ("%%mibyan\nOne", None),
        ("await session.aask('Two')", None),
        ("print('last')", None),
    )
    assert [cell.status for cell in cells] == ["ok"] * 5
    assert cells[0].plain == "42"
    assert "nested" in cells[1].plain
    assert cells[4].printed == "last\n"
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    stopped = own_kernel.start("%%mibyan\nThree")
    own_kernel.wait_until(lambda: "held" in stopped.html, "the first words")
    own_kernel.interrupt()
    assert own_kernel.finish(stopped).ename == "Stopped"
    fake.wait_for_disconnect(len(fake.requests))


def test_without_it_asyncio_run_is_refused_by_asyncio(own_kernel: NotebookKernel) -> None:
    """Nothing is applied on import or by asking: a nested `asyncio.run` fails as ever."""
    own_kernel.ok("%%mibyan\nOne")
    cell = own_kernel.run(f"{RUN}coroutine = value()\nasyncio.run(coroutine)")
    assert cell.ename == "RuntimeError"
    own_kernel.ok("coroutine.close()")


def test_where_no_library_is_safe_it_refuses(own_kernel: NotebookKernel, stack: str) -> None:
    """Without nest_asyncio2 the newest ipykernel refuses, names the reason and stays as it was."""
    own_kernel.ok("import sys\nsys.modules['nest_asyncio2'] = None  # as if not installed")
    cell = own_kernel.run(ALLOW)
    if stack == "floors":
        assert cell.status == "ok", "nest_asyncio is safe on ipykernel 6.29"
        return
    assert cell.ename == "NestedLoopsError"
    assert len(cell.traceback) == 2
    assert "lose queued cells" in cell.traceback[0]
    assert own_kernel.run(f"{RUN}asyncio.run(coroutine := value())").ename == "RuntimeError"
    own_kernel.ok("coroutine.close()")
