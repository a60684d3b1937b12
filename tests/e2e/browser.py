"""Chromium for the tests: found on this machine (as by find_browser.sh), kept within it."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Request, WebSocket

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def chromium_path() -> str:
    """An installed Chromium or Chrome; raises AssertionError when there is none."""
    found = os.environ.get("MIBYAN_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), "")
    assert found, (
        "No Chromium was found. Install one (Debian: apt-get install chromium), "
        "or set MIBYAN_CHROMIUM to its path."
    )
    return found


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """One Chromium; it resolves no name, so that no request can leave this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=[*_FLAGS, _ONLY_LOOPBACK]
        )
        try:
            yield browser
        finally:
            browser.close()


class OutsideRequests:
    """The addresses beyond loopback that the pages of one context tried to reach."""

    def __init__(self, context: BrowserContext) -> None:
        self.urls: list[str] = []
        context.on("request", self._note)
        context.on("page", lambda page: page.on("websocket", self._note))

    def _note(self, opened: Request | WebSocket) -> None:
        address = urlsplit(opened.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname != "127.0.0.1":
            self.urls.append(opened.url)
