"""`NotebookKernel`: a real kernel, driven as a notebook drives it.

It sends the messages that JupyterLab sends, and applies the protocol's output messages as a front
end does, so that `CellResult.outputs` is what a notebook would show and save.
"""

from __future__ import annotations

import ast
import json
import os
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = ("MIBYAN_", "JUPYTER_", "JPY_", "IPYTHON", "XDG_", "PYTHONPATH")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
Message = dict[str, Any]
Output = dict[str, Any]


@dataclass(eq=False)
class CellResult:
    """One run of one cell: what it has sent so far, and how that looks in a notebook.

    `arrivals` are the `time.monotonic()` seconds of `messages` (iopub only, in order).
    """

    code: str
    msg_id: str
    messages: list[Message] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    most_outputs: int = 0
    reply: Message | None = None
    idle_at: float | None = None
    _shown_as: list[str | None] = field(default_factory=list)
    _clear_first: bool = False

    @property
    def done(self) -> bool:
        return self.reply is not None and self.idle_at is not None

    @property
    def status(self) -> str:
        """`ok`, `error` or `aborted`."""
        return str(self._content["status"])

    @property
    def ename(self) -> str | None:
        return self._content.get("ename")

    @property
    def traceback(self) -> list[str]:
        """The lines shown for an error, without colours."""
        return [_ANSI.sub("", line) for line in self._content.get("traceback", [])]

    @property
    def payload(self) -> list[Message]:
        """What the reply asks of the front end: a next cell, a page to show."""
        return list(self._content.get("payload", []))

    @property
    def _content(self) -> Message:
        assert self.reply is not None, f"no reply yet to {self.code[:60]!r}"
        content: Message = self.reply["content"]
        return content

    def of_type(self, *types: str) -> list[Message]:
        """The iopub messages of these types."""
        return [message for message in self.messages if message["msg_type"] in types]

    @property
    def frames(self) -> list[float]:
        """When each message that shows or changes an answer arrived."""
        shows = ("display_data", "update_display_data")
        pairs = zip(self.messages, self.arrivals, strict=True)
        return [arrived for message, arrived in pairs if message["msg_type"] in shows]

    @property
    def answers(self) -> list[Output]:
        """The outputs that show an answer."""
        return [each for each in self.outputs if "mibyan-answer" in _bundle(each, "text/html")]

    @property
    def html(self) -> str:
        """The HTML of the rich outputs, one after the other."""
        return "".join(_bundle(output, "text/html") for output in self.outputs)

    @property
    def plain(self) -> str:
        """The plain text of the rich outputs, one after the other."""
        return "".join(_bundle(output, "text/plain") for output in self.outputs)

    @property
    def printed(self) -> str:
        """What it wrote to standard output and standard error."""
        return "".join(o["text"] for o in self.outputs if o["output_type"] == "stream")

    def take(self, message: Message) -> None:
        """File one iopub message and apply it."""
        self.messages.append(message)
        self.arrivals.append(time.monotonic())
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self._clear_first = content["wait"]
            if not content["wait"]:
                self._clear()
        elif kind == "stream":
            self._print(content["name"], content["text"])
        elif kind in ("display_data", "execute_result", "error"):
            shown_as = content.get("transient", {}).get("display_id")
            self._append({**_without(content, "transient"), "output_type": kind}, shown_as)
        elif kind == "status" and content["execution_state"] == "idle":
            self.idle_at = time.monotonic()

    def update(self, content: Message) -> None:
        """Apply an `update_display_data`, which may come from another cell."""
        for index, shown_as in enumerate(self._shown_as):
            if shown_as == content["transient"]["display_id"]:
                kind = self.outputs[index]["output_type"]
                self.outputs[index] = {**_without(content, "transient"), "output_type": kind}

    def _print(self, name: str, text: str) -> None:
        last = self.outputs[-1] if self.outputs and not self._clear_first else {}
        if last.get("name") == name:
            last["text"] += text
        else:
            self._append({"output_type": "stream", "name": name, "text": text})

    def _append(self, output: Output, shown_as: str | None = None) -> None:
        if self._clear_first:
            self._clear()
        self.outputs.append(output)
        self._shown_as.append(shown_as)
        self.most_outputs = max(self.most_outputs, len(self.outputs))

    def _clear(self) -> None:
        self._clear_first = False
        self.outputs.clear()
        self._shown_as.clear()


class NotebookKernel:
    """A kernel with a home of its own: nothing of the user's settings reaches it.

    `python` is the interpreter, `home` an empty folder, `environ` what to set beside the inherited
    environment (which loses all MIBYAN_*, JUPYTER_* and IPYTHON* variables). `on_comm` is called
    with each message of a comm; without another one they gather in `comm_messages`.
    """

    def __init__(self, python: Path, home: Path, environ: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.input_requests: list[Message] = []
        self.will_type: deque[str] = deque()
        self.comm_messages: list[Message] = []
        self.on_comm: Callable[[Message], object] = self.comm_messages.append
        self._cells: dict[str, CellResult] = {}
        self._replies: dict[str, Message] = {}
        self.manager = KernelManager(
            kernel_name="tested",
            kernel_spec_manager=kernel_specs(python, home / "kernels"),
            connection_file=str(home / "connection.json"),
        )
        self.manager.start_kernel(env=clean_environment(home, environ or {}), cwd=home)
        self._client = self.manager.blocking_client()
        self._client.start_channels(hb=False)
        self._client.wait_for_ready(timeout=60)
        self._poller = zmq.Poller()
        channels = ("iopub_channel", "shell_channel", "control_channel")
        for name in channels:
            self._poller.register(getattr(self._client, name).socket, zmq.POLLIN)
        self._poller.register(self._client.stdin_channel.socket, zmq.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process and close the channels; harmless when repeated."""
        self._client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    # ---- cells -------------------------------------------------------------------------------

    def start(
        self, code: str, cell_id: str | None = None, *, allow_stdin: bool = True
    ) -> CellResult:
        """Send a cell, as JupyterLab does (nbclient gives no `cell_id`), and do not wait."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": allow_stdin,
            "stop_on_error": True,
        }
        metadata = {} if cell_id is None else {"cellId": cell_id, "deletedCells": []}
        cell = CellResult(code, self._send("execute_request", content, metadata))
        self._cells[cell.msg_id] = cell
        return cell

    def finish(self, cell: CellResult, timeout: float = 30) -> CellResult:
        """Return the cell once it has replied and the kernel is idle again."""
        self.wait_until(lambda: cell.done, f"{cell.code[:60]!r} to end", timeout)
        if cell.status == "error":
            # ipykernel 6 aborts what arrives within a moment of an error: let that pass.
            self.request("kernel_info_request", {})
        return cell

    def run(self, code: str, cell_id: str | None = None, timeout: float = 30) -> CellResult:
        """Send a cell and wait for its end, whatever that is."""
        return self.finish(self.start(code, cell_id), timeout)

    def ok(self, code: str, cell_id: str | None = None, timeout: float = 30) -> CellResult:
        """Send a cell that must not fail."""
        cell = self.run(code, cell_id, timeout)
        assert cell.status == "ok", "\n".join(cell.traceback) or cell.status
        return cell

    def run_all(self, *cells: tuple[str, str | None]) -> list[CellResult]:
        """Send all cells at once, as Run All does, and wait for all ends."""
        started = [self.start(code, cell_id) for code, cell_id in cells]
        return [self.finish(cell) for cell in started]

    def value(self, expression: str) -> Any:
        """A value of the kernel's, as JSON carries it; it leaves no trace in the history."""
        content = {
            "code": "",
            "silent": True,
            "store_history": False,
            "user_expressions": {"value": f"__import__('json').dumps({expression})"},
            "allow_stdin": False,
        }
        result = self.request("execute_request", content)["user_expressions"]["value"]
        assert result["status"] == "ok", "\n".join(result.get("traceback", []))
        return json.loads(ast.literal_eval(result["data"]["text/plain"]))

    def complete(self, code: str, cursor: int | None = None) -> list[str]:
        """What Tab offers at the cursor (by default the end)."""
        position = len(code) if cursor is None else cursor
        reply = self.request("complete_request", {"code": code, "cursor_pos": position})
        start, end = reply["cursor_start"], reply["cursor_end"]
        return [code[:start] + match + code[end:] for match in reply["matches"]]

    def interrupt(self) -> None:
        """■: SIGINT to the kernel's process."""
        self.manager.interrupt_kernel()

    # ---- messages ----------------------------------------------------------------------------

    def request(self, msg_type: str, content: Message, timeout: float = 30) -> Message:
        """Send a shell request and return its reply's content."""
        msg_id = self._send(msg_type, content, {})
        self.wait_until(lambda: msg_id in self._replies, f"a reply to {msg_type}", timeout)
        reply: Message = self._replies.pop(msg_id)["content"]
        return reply

    def control(self, msg_type: str, content: Message, timeout: float = 30) -> Message:
        """Send a request on the control channel and return its reply's content."""
        msg_id = self.start_control(msg_type, content)
        self.wait_until(lambda: msg_id in self._replies, f"a reply to {msg_type}", timeout)
        reply: Message = self._replies.pop(msg_id)["content"]
        return reply

    def start_control(self, msg_type: str, content: Message) -> str:
        """Send a request on the control channel; its message id."""
        message = self._client.session.msg(msg_type, content)
        self._client.control_channel.send(message)
        return str(message["header"]["msg_id"])

    def wait_until(self, reached: Callable[[], bool], what: str, timeout: float = 30) -> None:
        """Take in messages until `reached()`; an AssertionError names `what` never came."""
        deadline = time.monotonic() + timeout
        while not reached():
            assert time.monotonic() < deadline, f"Waited {timeout} s for {what}."
            assert self.manager.is_alive(), f"The kernel died while we waited for {what}."
            self._take_messages()

    def start_shell(self, msg_type: str, content: Message) -> str:
        """Send a request in the queue of the cells; its message id."""
        return self._send(msg_type, content, {})

    def tell_comm(self, comm_id: str, data: Message) -> None:
        """Send a message on a comm, as its front end."""
        self._send("comm_msg", {"comm_id": comm_id, "data": data}, {})

    def listen_for(self, seconds: float) -> None:
        """Take in messages for so long."""
        self.listen_until(time.monotonic() + seconds)

    def listen_until(self, moment: float) -> None:
        """Take in messages until `time.monotonic()` is at `moment`."""
        while (left := moment - time.monotonic()) > 0:
            self._take_messages(left)

    def _send(self, msg_type: str, content: Message, metadata: Message) -> str:
        message = self._client.session.msg(msg_type, content, metadata=metadata)
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def _take_messages(self, seconds: float = 0.02) -> None:
        channels = self._client
        for socket, _ in self._poller.poll(timeout=min(seconds, 0.02) * 1000):
            _, frames = channels.session.feed_identities(socket.recv_multipart())
            message = channels.session.deserialize(frames)
            parent = message["parent_header"].get("msg_id", "")
            if socket is channels.stdin_channel.socket:
                self.input_requests.append(message["content"])
                channels.input(self.will_type.popleft())
            elif socket is not channels.iopub_channel.socket:
                self._replies[parent] = message
                if parent in self._cells:
                    self._cells[parent].reply = message
            elif message["msg_type"].startswith("comm_"):
                self.on_comm(message)
            elif parent in self._cells:
                self._take_output(self._cells[parent], message)

    def _take_output(self, cell: CellResult, message: Message) -> None:
        cell.take(message)
        if message["msg_type"] == "update_display_data":
            for each in self._cells.values():
                each.update(message["content"])


def _bundle(output: Output, mime: str) -> str:
    return str(output.get("data", {}).get(mime, ""))


def _without(content: Message, name: str) -> Message:
    return {key: value for key, value in content.items() if key != name}


def kernel_specs(python: Path, folder: Path) -> KernelSpecManager:
    """One kernel named `tested`, run by `python`, and no other."""
    spec = folder / "tested"
    spec.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    described = {"argv": argv, "display_name": "tested", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(described), "utf-8")
    return KernelSpecManager(kernel_dirs=[str(folder)], ensure_native_kernel=False)


def clean_environment(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """This process's environment less the user's Jupyter and Mibyan settings, then `environ`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_PRIVATE)}
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / ".config",
        "IPYTHONDIR": home / ".ipython",
        "JUPYTER_CONFIG_DIR": home / ".jupyter",
        "JUPYTER_DATA_DIR": home / ".local",
        "JUPYTER_RUNTIME_DIR": home / ".runtime",
    }
    no_keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return {**inherited, **{k: str(v) for k, v in folders.items()}, **no_keyring, **environ}
