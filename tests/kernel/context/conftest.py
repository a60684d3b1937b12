"""A kernel of these tests’ own: what it has recorded are their cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.kernel.conftest import point_at

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel


PRICES = """import pandas as pd
notes = [f"n{i}" for i in range(100)]
prices = pd.DataFrame({"city": ["Aden", "Taiz"] * 50, "price": range(100), "note": notes})"""


@pytest.fixture(scope="package")
def own(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookKernel]:
    """A kernel of this folder's, whose recorded cells are the tests' own."""
    from tests.kernel.notebook_kernel import NotebookKernel

    with NotebookKernel(python, tmp_path_factory.mktemp("context")) as kernel:
        kernel.ok("%load_ext mibyan_jupyter")
        kernel.ok("from mibyan_jupyter import get_session")
        # How many variables that nobody asked for are described in time is the machine's affair.
        kernel.ok("from mibyan_jupyter.context import variables; variables._PATIENCE = 5")
        yield kernel


@pytest.fixture
def kernel(own: NotebookKernel, fake: FakeMibyan) -> NotebookKernel:
    """Default settings, no memory of earlier cells, and the server is `fake`."""
    own.ok("%unload_ext mibyan_jupyter")
    own.ok("%reset -f")
    own.ok("%load_ext mibyan_jupyter\nfrom mibyan_jupyter import get_session")
    point_at(own, fake)
    own.ok("for held in tuple(session.private): session.set_private(held, None)")
    own.ok("session.configure(context=None)")
    return own


def sent(fake: FakeMibyan, number: int = -1) -> str:
    """The whole last message that the server got."""
    return str(fake.wait_for_requests(1)[number].json["messages"][-1]["content"])


def show_page(kernel: NotebookKernel, order: list[str], texts: dict[str, str]) -> None:
    """Tell the page as the labextension does, and wait until it is known."""
    kernel.start_control("mibyan_page", {"order": order, "texts": texts})
    known = "list(session.context_source._page.order) if session.context_source._page else []"
    kernel.wait_until(lambda: kernel.value(known) == order, "the page")
