"""`LabServer`: a JupyterLab of its own, on loopback, that knows nothing of the user's."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import nbformat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

_CONFIG = {
    "ServerApp": {
        "ip": "127.0.0.1",
        "port_retries": 0,
        "open_browser": False,
        "allow_root": True,
        "disable_check_xsrf": True,
    },
    "IdentityProvider": {"token": ""},
    "PasswordIdentityProvider": {"hashed_password": ""},
    "LabApp": {"expose_app_in_browser": True},
    "JupyterNotebookApp": {"expose_app_in_browser": True},
}
_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "extensionmanager-extension/plugin": {"enabled": False},
}
_START_SECONDS = 60
_NO_PROXY = build_opener(ProxyHandler({}))


class LabServer:
    """`with LabServer(folder)`: everything it writes is below `folder`.

    Kernels are this environment's Python; `kernels_see` sets what is in their environment.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.notebooks = folder / "notebooks"
        self._log = folder / "jupyterlab.log"
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._write_configuration()
        command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={self._port}"]
        command += [f"--ServerApp.root_dir={self.notebooks}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=self._environment(), stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._wait_until_up()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def url(self) -> str:
        """The server's address, with a slash at its end."""
        return f"http://127.0.0.1:{self._port}/"

    def kernels_see(self, **environment: str) -> None:
        """Start kernels from now on with these variables, beside the server's own."""
        spec = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3",
            "language": "python",
            "env": environment,
        }
        path = self._folder / "share" / "kernels" / "python3" / "kernel.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(spec))

    @contextlib.contextmanager
    def preference(
        self, plugin: str, *, scope: str = "@jupyterlab", **values: object
    ) -> Iterator[None]:
        """A stretch in which a user has set this for a plugin; pages see it when they load."""
        path = self._settings_of(plugin, scope)
        before = path.read_text() if path.exists() else "{}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
        try:
            yield
        finally:
            path.write_text(before)

    def _settings_of(self, plugin: str, scope: str = "@jupyterlab") -> Path:
        return self._folder / "settings" / scope / f"{plugin}.jupyterlab-settings"

    def write_notebook(self, name: str, cells: list[str]) -> None:
        """A notebook of code cells, without outputs."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        self.save_notebook(name, notebook)

    def read_notebook(self, name: str) -> Any:
        """The notebook as it is on the disk."""
        return nbformat.read(self.notebooks / name, as_version=4)

    def save_notebook(self, name: str, notebook: Any) -> None:
        """Put a notebook onto the disk, past the server: an edited one is untrusted."""
        nbformat.write(notebook, self.notebooks / name)

    def start_kernel(self, name: str, *, shared_with: str = "") -> None:
        """Begin a notebook's session before its page does; perhaps with another one's kernel."""
        kernel = {"name": "python3"}
        if shared_with:
            sessions = self._api("api/sessions")
            kernel = next(each["kernel"] for each in sessions if each["path"] == shared_with)
        session = {"path": name, "name": name, "type": "notebook", "kernel": kernel}
        self._api("api/sessions", "POST", session)

    def shut_kernels_down(self) -> None:
        """End every session with its kernel: they outlive the page that began them."""
        for session in self._api("api/sessions"):
            with contextlib.suppress(HTTPError):  # gone with another one's kernel
                self._api(f"api/sessions/{session['id']}", "DELETE")
        for kernel in self._api("api/kernels"):
            self._api(f"api/kernels/{kernel['id']}", "DELETE")

    def _write_configuration(self) -> None:
        self.notebooks.mkdir(parents=True)
        self.kernels_see()
        config = self._folder / "config"
        config.mkdir()
        (config / "jupyter_lab_config.json").write_text(json.dumps(_CONFIG))
        for plugin, values in _SETTINGS.items():
            path = self._settings_of(plugin)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))

    def _environment(self) -> dict[str, str]:
        private = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_PATH": "share",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
            "HOME": "home",
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "MIBYAN", "XDG_"))
        }
        places = {name: str(self._folder / place) for name, place in private.items()}
        for place in places.values():
            os.makedirs(place, exist_ok=True)  # noqa: PTH103 - a plain string, as environments are
        return kept | places

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            with contextlib.suppress(URLError, ConnectionError):
                self._api("api/status")
                return
            time.sleep(0.05)
        raise AssertionError(f"JupyterLab did not start:\n{self._log.read_text()[-4000:]}")

    def _api(self, path: str, method: str = "GET", sent: object = None) -> Any:
        body = None if sent is None else json.dumps(sent).encode()
        request = Request(self.url + path, body, method=method)  # noqa: S310 - our own loopback
        with _NO_PROXY.open(request, timeout=20) as response:
            received = response.read()
        return json.loads(received) if received else None

    def _stop(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(URLError, ConnectionError):
            self.shut_kernels_down()
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextlib.contextmanager
def kernels_ended(lab: LabServer) -> Iterator[None]:
    """A stretch of work after which no kernel runs."""
    try:
        yield
    finally:
        lab.shut_kernels_down()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
