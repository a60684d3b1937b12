"""The sidebar's link in real kernels: control channel in, one fixed comm out."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from mibyan_jupyter.link.kernel_link import COMM_ID
from tests.chat.panel import Panel
from tests.fake_mibyan import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import CellResult, NotebookKernel

_SOON = 3.0  # seconds: ten times what a click may take
_BUSY = """
import pathlib, time
print("runs", flush=True)
while not pathlib.Path({path!r}).exists():
    time.sleep(0.01)
"""


class LinkedPanel(Panel):
    """A panel at a real kernel; messages are taken in while it waits."""

    def __init__(self, kernel: NotebookKernel) -> None:
        self._kernel = kernel
        super().__init__(self._request)
        kernel.on_comm = self._hear

    def _request(self, request: dict[str, Any]) -> None:
        for message in self._kernel.control("mibyan_request", request)["messages"]:
            self.take(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if (message["msg_type"], message["content"]["comm_id"]) == ("comm_msg", COMM_ID):
            self.take(message["content"]["data"])

    def wait_until(self, reached: Any, what: str, timeout: float = 20) -> None:
        self._kernel.wait_until(reached, what, timeout)


@pytest.fixture
def panel(kernel: NotebookKernel) -> Iterator[LinkedPanel]:
    """An open panel at the stack's shared kernel."""
    one = LinkedPanel(kernel)
    one.open()
    yield one
    kernel.on_comm = kernel.comm_messages.append
    assert one.gaps == []


@pytest.fixture
def busy(kernel: NotebookKernel, tmp_path: Path) -> Iterator[CellResult]:
    """A cell that runs until the test's end."""
    go = tmp_path / "go"
    cell = kernel.start(_BUSY.format(path=str(go)))
    kernel.wait_until(lambda: bool(cell.printed), "the cell to begin")
    yield cell
    go.touch()
    kernel.finish(cell)


def test_panel_and_cells_share_one_conversation(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """A panel's question is in the next cell's request, and the cell's turn is in the panel."""
    panel.ask("from the panel")
    kernel.ok("%%mibyan\nfrom a cell", "A")
    sent = [message["content"] for message in fake.requests[-1].json["messages"]]
    assert sent == ["from the panel", "You said: from the panel", "from a cell"]
    panel.wait_until(
        lambda: (
            [(t["source"], t["status"]) for t in panel.turns]
            == [("panel", "complete"), ("cell", "complete")]
        ),
        "the cell's turn",
    )
    assert panel.turns[1]["cell"]["id"] == "A"
    assert kernel.value("[t.source for t in session.history]") == ["panel", "cell"]


def test_a_deletion_costs_nothing_of_what_a_reset_forgot(panel: LinkedPanel) -> None:
    """`/reset --undo` brings back what the last reset forgot, also after an edit."""
    for prompt in ("r1", "r2", "r3"):
        panel.ask(prompt)
    panel.request("command", line="/reset")
    panel.ask("oops")
    panel.request("delete", turn=panel.turns[0]["id"])
    panel.ask("q")
    panel.request("edit", turn=panel.turns[0]["id"], prompt="edited")
    panel.wait_until(
        lambda: [(t["prompt"], t["status"]) for t in panel.turns] == [("edited", "complete")],
        "the edited question",
    )
    panel.request("command", line="/reset --undo")
    panel.wait_until(
        lambda: [t["prompt"] for t in panel.turns] == ["r1", "r2", "r3", "edited"], "them all"
    )


def test_a_deleted_first_turn_leaves_its_conversation_parted(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """What was said before `--new` is not sent later; the panel and the history show the mark."""
    panel.ask("private old")
    kernel.ok("%%mibyan --new\nfresh start", "N")
    kernel.ok("%%mibyan\nnext", "M")
    panel.wait_until(lambda: len(panel.turns) == 3, "the cells' turns")
    panel.request("delete", turn=panel.turns[1]["id"])
    panel.wait_until(lambda: panel.turns[1:] and panel.turns[1]["starts_new"], "the mark")
    panel.ask("after")
    sent = [message["content"] for message in fake.requests[-1].json["messages"]]
    assert sent == ["next", "You said: next", "after"]
    assert "new conversation" in kernel.ok("%mibyan history").plain
    kernel.ok("%%mibyan\nnext, again", "M")
    assert [m["content"] for m in fake.requests[-1].json["messages"]] == ["next, again"]


def test_everything_works_while_a_cell_runs(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel, busy: CellResult
) -> None:
    """Asking, streaming, stopping and a reload do not wait for the cell."""
    began = time.monotonic()
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    panel.request("ask", prompt="a")
    panel.wait_until(lambda: "so far" in panel.html(), "text")
    reloaded = LinkedPanel(kernel)
    reloaded.open()
    assert reloaded.html() == panel.html()
    reloaded.request("stop", turn=reloaded.turns[0]["id"])
    fake.wait_for_disconnect()
    reloaded.wait_until(lambda: reloaded.turns[0]["status"] == "stopped", "the end of the turn")
    assert time.monotonic() - began < _SOON
    assert not busy.done


def test_a_busy_kernel_is_named_in_the_receipt(
    kernel: NotebookKernel, panel: LinkedPanel, request: pytest.FixtureRequest
) -> None:
    """Live objects are not read while a cell runs; the question goes without, and says so."""
    kernel.ok("session.configure(context='auto')")
    request.getfixturevalue("busy")
    turn = panel.ask("What is x?")
    assert "live objects not read: kernel busy" in panel.request("why", turn=turn["id"])["notes"]


def test_a_panels_stop_acts_as_the_cells(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """The cell whose answer a panel stops ends as if ■ had been pressed there."""
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    cell = kernel.start("%%mibyan\na", "A")
    panel.wait_until(lambda: bool(panel.turns) and "so far" in panel.html(), "text")
    panel.request("stop", turn=panel.turns[0]["id"])
    assert kernel.finish(cell).ename == "Stopped"


def test_a_question_of_the_panel_waits_for_a_cells_answer(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """The queue is one for all doors, and shown."""
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    cell = kernel.start("%%mibyan\na", "A")
    panel.wait_until(lambda: bool(panel.turns) and "so far" in panel.html(), "text")
    panel.request("ask", prompt="b")
    panel.wait_until(lambda: len(panel.turns) == 2, "the waiting question")
    assert (panel.turns[1]["status"], panel.turns[1]["behind"]) == ("waiting", 1)
    fake.release()
    kernel.finish(cell)
    panel.wait_until(lambda: panel.turns[1]["status"] == "complete", "its answer")


def test_what_can_be_mentioned_is_offered(kernel: NotebookKernel, panel: LinkedPanel) -> None:
    """Data before classes, with their types; cells with their first lines, newest first."""
    code = "import math\nfrom pathlib import Path\nprices = [1, 2]\nclass Flat: pass\nflat = Flat()"
    kernel.ok(code, "A")
    kernel.run("1 / 0", "B")
    found = panel.request("complete")
    names = {each["name"]: each["type"] for each in found["variables"]}
    assert (names["prices"], names["flat"]) == ("list", "Flat")
    assert "math" not in names
    order = list(names)
    assert order.index("prices") < order.index("Flat") < order.index("Path")
    assert [each["first_line"] for each in found["cells"][:2]] == ["1 / 0", "import math"]
    assert (found["error"], found["figure"]) == (True, False)


def test_fix_names_the_cell_that_failed(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """The panel can put the correction where the error was."""
    kernel.run("1 / 0", "failing-cell")
    fake.enqueue(Reply.stream(["```python\n1 / 1\n```"]))
    assert panel.request("command", line="/fix")["type"] == "done"
    panel.wait_until(lambda: "1 / 1" in re.sub("<.*?>", "", panel.html()), "the correction")
    assert panel.turns[-1]["corrects"]["id"] == "failing-cell"
    assert panel.turns[-1]["source"] == "panel"


def test_reloads_leave_nothing_behind(kernel: NotebookKernel, panel: LinkedPanel) -> None:
    """After 20 new views there is no comm and no thread more than before."""
    panel.ask("a")
    threads = "[t.name for t in __import__('threading').enumerate()]"
    before = kernel.value(threads)
    comms = kernel.request("comm_info_request", {})["comms"]
    for _ in range(20):
        LinkedPanel(kernel).open()
    assert sorted(kernel.value(threads)) == sorted(before)
    assert kernel.request("comm_info_request", {})["comms"] == comms
    assert COMM_ID not in comms


def test_three_views_make_no_storm(
    kernel: NotebookKernel, fake: FakeMibyan, panel: LinkedPanel
) -> None:
    """A cell, the sidebar and a widget of 1000 tokens a second: 50 messages a second at most."""
    kernel.ok("from mibyan_jupyter import ChatPanel\nwidget = ChatPanel()")
    comm_id = kernel.value("widget.comm.comm_id")
    opening = {"id": "w1", "op": "snapshot", "args": {}}
    kernel.tell_comm(comm_id, {"method": "custom", "content": opening})
    fake.enqueue(Reply.stream(["word "] * 2_000, tokens_per_second=1_000))
    heard: list[float] = []
    comms: set[str] = set()
    take = kernel.on_comm

    def count(message: dict[str, Any]) -> None:
        heard.append(time.monotonic())
        comms.add(message["content"]["comm_id"])
        take(message)

    kernel.on_comm = count
    cell = kernel.ok("%%mibyan\na", "A")
    times = sorted([*heard, *cell.arrivals])
    busiest = max(sum(start <= other < start + 1 for other in times) for start in times)
    assert busiest <= 50
    assert comms == {COMM_ID, comm_id}
    kernel.ok("widget.close()")
    assert panel.html().count("word") == 2_000


def test_a_kernel_says_when_the_extension_comes_and_goes(start_kernel: StartKernel) -> None:
    """Without it a request gets no reply, but the kernel goes on; loading it is announced."""
    kernel = start_kernel()
    kernel.start_control("mibyan_request", {"id": "1", "op": "snapshot", "args": {}})
    kernel.ok("%load_ext mibyan_jupyter")
    kernel.wait_until(lambda: bool(kernel.comm_messages), "hello")
    hello = kernel.comm_messages[-1]["content"]
    assert (hello["comm_id"], hello["data"]["type"]) == (COMM_ID, "hello")
    panel = LinkedPanel(kernel)
    panel.open()
    assert panel.header["key"] == "missing"
    kernel.ok("%unload_ext mibyan_jupyter")
    panel.wait_until(lambda: panel.messages[-1]["type"] == "bye", "bye")
    kernel.ok("%load_ext mibyan_jupyter")
    again = LinkedPanel(kernel)
    again.open()
    assert again.turns == []


def test_a_panel_in_a_cell_that_runs_again_takes_the_earlier_ones_place(
    kernel: NotebookKernel,
) -> None:
    """Where the widget's own comm is used, too, it is one: for the comm and for what it hears."""
    code = "from mibyan_jupyter import ChatPanel\npanels = [ChatPanel(), ChatPanel()]"
    comms = "len(__import__('comm').get_comm_manager().comms)"
    hearing = "len(__import__('mibyan_jupyter').chat.kernel_hub.kernel_hub()._listeners)"
    told: list[tuple[int, int]] = []
    for _ in range(3):
        kernel.ok(code, "P")
        for number, comm_id in enumerate(kernel.value("[p.comm.comm_id for p in panels]")):
            opening = {"id": f"{comm_id}-{number}", "op": "complete", "args": {}}
            kernel.tell_comm(comm_id, {"method": "custom", "content": opening})
        told.append((kernel.value(comms), kernel.value(hearing)))
    assert told[0] == told[1] == told[2]
    kernel.ok("[panel.close() for panel in panels]")


def test_the_inline_panel_holds_no_conversation(kernel: NotebookKernel, panel: LinkedPanel) -> None:
    """Its traits, which a notebook may save, do not change when something is said."""
    kernel.ok("from mibyan_jupyter import ChatPanel\nshown = ChatPanel()")
    cell = kernel.ok("shown", "P")
    (output,) = cell.outputs
    assert set(output["data"]) == {
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.mibyan-jupyter.panel+json",
        "text/plain",
    }
    panel.ask("something secret")
    state = kernel.value("{k: str(v) for k, v in shown.get_state().items()}")
    assert "something secret" not in str(state)
    kernel.ok("shown.close()")


def test_a_panel_loads_the_extension(start_kernel: StartKernel) -> None:
    """The link that JupyterLab's panel needs is there, also where nothing was loaded before."""
    kernel = start_kernel()
    kernel.ok("from mibyan_jupyter import ChatPanel\nChatPanel()")
    panel = LinkedPanel(kernel)
    panel.open()
    assert panel.turns == []


def test_a_panel_proposes_a_cell_where_it_cannot_insert_one(
    kernel: NotebookKernel, panel: LinkedPanel
) -> None:
    """The code comes below the next cell that runs."""
    assert panel.request("next_cell", source="x = 1")["type"] == "done"
    (payload,) = kernel.ok("1").payload
    assert (payload["source"], payload["text"]) == ("set_next_input", "x = 1")
