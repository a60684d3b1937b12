"""One Chromium for the folder, and saved files in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.browser import running_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


# Package scope: Playwright's loop counts as running in this thread, which would break asyncio.run
# in the tests of other folders.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium that all tests share."""
    with running_chromium() as chromium:
        yield chromium
