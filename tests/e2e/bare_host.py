"""`BareHost`: a page that shows an anywidget of a real kernel, and has nothing of Jupyter's.

It stands for VS Code and Colab: no labextension, no cells, only the widget's own comm.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.kernel.notebook_kernel import NotebookKernel

# Never reached: the page's requests are answered by the test. Loopback counts as secure.
ADDRESS = "http://127.0.0.1:1/notebook"
_HTML = Path(__file__).with_name("bare_host.html").read_text("utf-8")
_BEAT_SECONDS = 0.02


class BareHost:
    """Runs `code`, whose value is the widget, and shows that; `page.reload()` shows it again."""

    def __init__(self, page: Page, kernel: NotebookKernel, code: str) -> None:
        self.page = page
        self._kernel = kernel
        self._from_kernel: list[Any] = []
        self.bundle, self._comm_id, self._state = self._run(code)
        page.route(ADDRESS, self._serve)
        page.expose_function("widgetState", lambda: self._state)
        page.expose_function("sendToKernel", self._send)
        page.expose_function("takeFromKernel", self._take)
        page.goto(ADDRESS)

    def _run(self, code: str) -> tuple[dict[str, Any], str, dict[str, str]]:
        """The widget's output, its comm, and what the comm was opened with."""
        opened = self._kernel.comm_messages
        (output,) = self._kernel.ok(code).outputs
        self._kernel.on_comm = self._hear
        ((comm_id, state),) = (
            (message["content"]["comm_id"], message["content"]["data"]["state"])
            for message in opened
            if "_esm" in message["content"]["data"].get("state", {})
        )
        return output["data"], comm_id, {name: state[name] for name in ("_esm", "_css")}

    def _serve(self, route: Route) -> None:
        route.fulfill(body=_HTML, content_type="text/html")

    def _send(self, content: Any) -> None:
        self._kernel.tell_comm(self._comm_id, {"method": "custom", "content": content})

    def _take(self) -> list[Any]:
        """What has come since, after a moment's wait; the page asks for it without end."""
        self._kernel.listen_for(_BEAT_SECONDS)
        taken, self._from_kernel = self._from_kernel, []
        return taken

    def _hear(self, message: dict[str, Any]) -> None:
        content = message["content"]
        if content["comm_id"] == self._comm_id and content["data"].get("method") == "custom":
            self._from_kernel.append(content["data"]["content"])
