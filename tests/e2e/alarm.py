"""`Alarm`: rings when a script of a payload runs in any page or frame of a browser profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_RING = "mibyanAlarm"
_WIRE = f"""for (const name of ["alert", "confirm", "prompt", "print"])
    window[name] = text => {{ window.{_RING}(`${{name}}(${{text}})`); }};"""
_FETCHED = {"image", "media", "font", "stylesheet", "manifest", "texttrack", "eventsource", "ping"}
_OF_JUPYTERLAB = re.compile(r"127\.0\.0\.1:\d+/static/lab/\w+\.woff")


class Alarm:
    """Listens from now on to what payloads call, and to what elements of theirs would fetch.

    `fetched` holds them of this machine too, where a payload's `src=x` would lead; JupyterLab
    itself fetches no such thing once it stands, except MathJax's fonts.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.rung: list[str] = []
        self.fetched: list[str] = []
        context.expose_binding(_RING, self._ring)
        context.add_init_script(_WIRE)
        context.on("request", self._note)

    def _ring(self, _source: Any, what: str) -> None:
        self.rung.append(what)

    def _note(self, request: Any) -> None:
        if request.resource_type in _FETCHED and not _OF_JUPYTERLAB.search(request.url):
            self.fetched.append(request.url)
