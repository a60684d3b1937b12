"""One JupyterLab and one Chromium for the folder; a kernel, a page and a server for each test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.browser import OutsideRequests, running_chromium
from tests.e2e.lab import LabServer, kernels_ended
from tests.e2e.notebook_page import CHOSEN, FRONT_ENDS
from tests.fake_mibyan import FakeMibyan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

    from tests.e2e.notebook_page import NotebookPage

_HERE = Path(__file__).parent
_ARTIFACTS = _HERE.parent.parent / ".artifacts"
_LOAD = "%load_ext mibyan_jupyter"
_outcome = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[_outcome] = report.failed
    return report


# Package scope: Playwright's loop counts as running in this thread, which would break asyncio.run
# in the tests of other folders.
@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """The JupyterLab that all tests share."""
    with LabServer(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium that all tests share."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def fake(lab: LabServer) -> Iterator[FakeMibyan]:
    """A Mibyan that the kernels of this test ask."""
    with FakeMibyan() as server:
        lab.kernels_see(MIBYAN_BASE_URL=server.base_url)
        with kernels_ended(lab):
            yield server


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh browser profile; a failing test leaves a picture of its pages in .artifacts/."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    yield context
    if request.node.stash.get(_outcome, False):
        name = re.sub(r"\W+", "-", request.node.name)
        for number, page in enumerate(context.pages):
            page.screenshot(path=_ARTIFACTS / f"{name}-{number}.png")
    context.close()


@pytest.fixture
def outside(context: BrowserContext) -> Iterator[OutsideRequests]:
    """The requests beyond this machine; the test fails when any is left here at its end."""
    requests = OutsideRequests(context)
    yield requests
    assert requests.urls == []


@pytest.fixture
def front_end(request: pytest.FixtureRequest) -> type[NotebookPage]:
    """What notebooks are opened in: by the test's own mark, else by MIBYAN_FRONT_END."""
    return FRONT_ENDS[getattr(request, "param", CHOSEN)]


@pytest.fixture
def open_notebook(
    front_end: type[NotebookPage],
    lab: LabServer,
    fake: FakeMibyan,  # noqa: ARG001 - its kernels ask the fake
    context: BrowserContext,
    outside: OutsideRequests,  # noqa: ARG001 - it watches
    request: pytest.FixtureRequest,
) -> Callable[..., NotebookPage]:
    """`open_notebook("%%mibyan\\nHi")`: these cells below a first one, which has loaded Mibyan."""
    name = re.sub(r"\W+", "-", request.node.name) + ".ipynb"

    def open_notebook(*cells: str) -> NotebookPage:
        lab.write_notebook(name, [_LOAD, *cells])
        lab.start_kernel(name)
        notebook = front_end(context.new_page(), lab, name)
        notebook.run(0)
        return notebook

    return open_notebook
