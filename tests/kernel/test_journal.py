"""The journal in real kernels: what a killed one leaves, and what keeps it from being written."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.conftest import SET_UP, StartKernel, point_at
from tests.kernel.test_link import LinkedPanel

if TYPE_CHECKING:
    from tests.kernel.notebook_kernel import NotebookKernel

Kernels = Callable[..., "NotebookKernel"]
TURNS = "[[t.prompt, t.status, t.answer.text if t.answer else None] for t in session.history]"
KEY = "mb-0123456789abcdef"


@pytest.fixture
def kernels(
    start_kernel: StartKernel, tmp_path: Path, fake: FakeMibyan
) -> Callable[..., NotebookKernel]:
    """Starts kernels of one user, of the notebook `a.ipynb` unless another one is named."""
    count = 0

    def start(
        notebook: str = "/x/a.ipynb", home: Path | None = None, **environ: str
    ) -> NotebookKernel:
        nonlocal count
        count += 1
        home = home or tmp_path / f"kernel{count}"
        home.mkdir(exist_ok=True)
        data = {"XDG_DATA_HOME": str(tmp_path / "data"), "JPY_SESSION_NAME": notebook}
        kernel = start_kernel(home, **data | environ)
        kernel.ok(SET_UP)
        point_at(kernel, fake)
        return kernel

    return start


def journals(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "data").rglob("*.jsonl"))


def kill(kernel: NotebookKernel) -> None:
    """As the kernel's out-of-memory killer does: nothing of it runs any more."""
    kernel.manager.signal_kernel(9)
    process = kernel.manager.provisioner.process  # type: ignore[union-attr]
    process.wait()


@pytest.mark.parametrize("moment", ["before the first byte", "mid-stream", "between turns"])
def test_a_killed_kernel_leaves_its_conversation(
    kernels: Kernels, fake: FakeMibyan, moment: str
) -> None:
    """The next one restores it when asked, the cut turn marked; nothing is sent."""
    first = kernels()
    fake.enqueue(Reply.stream(["one"]))
    first.ok("%%mibyan\nFirst", cell_id="A")
    if moment != "between turns":
        fake.enqueue(
            Reply.stream(["shown **so far**\n\nand", " more"], hold_after=int("mid" in moment))
        )
        cell = first.start("%%mibyan\nSecond", cell_id="B")
        if moment == "mid-stream":
            first.wait_until(lambda: "so far" in cell.html, "the text on screen")
        else:
            first.wait_until(lambda: len(fake.requests) == 2, "the request")
    kill(first)
    fake.release()
    second = kernels()
    assert second.value("len(session.history)") == 0
    sent = len(fake.requests)
    said = second.ok("%mibyan resume").printed
    wanted = [["First", "complete", "one"]]
    if moment == "mid-stream":
        assert "2 turns restored; nothing was sent" in said
        assert "%mibyan continue" in said
        (_, status, text) = second.value(TURNS)[1]
        assert status == "cut_off"
        assert "shown **so far**\n\n".startswith(text) or text.startswith("shown **so far**\n\n")
    elif moment == "before the first byte":
        assert second.value(TURNS) == [*wanted, ["Second", "stopped", None]]
        assert "%mibyan retry" in said
    else:
        assert second.value(TURNS) == wanted
    assert len(fake.requests) == sent, "resuming sends nothing"
    second.ok("%%mibyan\nThird", cell_id="C")
    prompts = [m["content"] for m in fake.requests[-1].json["messages"] if m["role"] == "user"]
    assert prompts == ["First", *(["Second"] if moment == "mid-stream" else []), "Third"]
    second.ok("%%mibyan\nFirst again", cell_id="A")
    assert second.value(TURNS)[0][0] == "First again", (
        "a restored cell's turn gives way to its cell"
    )


def test_what_is_restored_stays_beside_a_further_run_of_its_cell(
    kernels: Kernels, fake: FakeMibyan
) -> None:
    """The cut answer is in the history, and what `resume` says is true of it."""
    first = kernels()
    fake.enqueue(Reply.stream(["PRECIOUS half\n", "rest"], hold_after=1))
    cell = first.start("%%mibyan\nLong", cell_id="A")
    first.wait_until(lambda: "PRECIOUS" in cell.html, "the text on screen")
    kill(first)
    fake.release()
    second = kernels()
    fake.enqueue(Reply.refused(400))
    assert second.run("%%mibyan\nLong", cell_id="A").status == "error"
    said = second.ok("%mibyan resume").printed
    assert "1 turn restored, before what was asked since" in said
    assert "%mibyan continue" not in said, "the newest answer is another one"
    assert second.value(TURNS) == [
        ["Long", "cut_off", "PRECIOUS half\n"],
        ["Long", "failed", None],
    ]
    assert "PRECIOUS" in second.ok("%mibyan last").html
    assert "here already" in second.ok("%mibyan resume").printed
    assert len(second.value(TURNS)) == 2


def test_a_saved_run_of_a_cell_is_loaded_beside_the_newer_one(kernels: Kernels) -> None:
    """`load` counts what it brings; what was reset before it comes back too."""
    kernel = kernels()
    kernel.ok("%%mibyan\nOld", cell_id="A")
    kernel.ok("%mibyan save l.json")
    kernel.ok("%%mibyan\nNew", cell_id="A")
    assert "1 turn loaded" in kernel.ok("%mibyan load l.json").printed
    assert [turn[0] for turn in kernel.value(TURNS)] == ["Old", "New"]
    assert "here already" in kernel.ok("%mibyan load l.json").printed
    kernel.ok("session.forget(session.history[0].id)")
    kernel.ok("%mibyan reset\n%mibyan load l.json")
    assert "2 turns" in kernel.ok("%mibyan reset --undo").printed
    assert [turn[0] for turn in kernel.value(TURNS)] == ["New", "Old"]


def test_what_is_shown_is_in_the_journal(
    kernels: Kernels, fake: FakeMibyan, tmp_path: Path
) -> None:
    """Settled text when it is shown, unfinished words within a second; the file is the user's."""
    kernel = kernels()
    fake.enqueue(Reply.stream(["A line.\n\nHalf a sent", "ence"], hold_after=1))
    cell = kernel.start("%%mibyan\nGo on")
    kernel.wait_until(lambda: "A line." in cell.html, "the first block")
    (path,) = journals(tmp_path)
    assert "A line." in path.read_text()
    kernel.wait_until(lambda: "Half a sent" in path.read_text(), "the rest", timeout=5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    header = json.loads(path.read_text().splitlines()[0])
    assert (header["kind"], header["version"], header["notebook"]) == ("journal", 1, "/x/a.ipynb")
    fake.release()
    kernel.finish(cell)


def test_no_secret_and_no_key_is_written(
    kernels: Kernels, fake: FakeMibyan, tmp_path: Path
) -> None:
    """Neither the question's nor those that a server repeats, in any piece of the stream."""
    token, foreign = "tok-Q9w8E7r6T5y4", "a-key-that-looks-like-none-77"
    kernel = kernels(SERVICE_TOKEN=token)
    kernel.ok(f"get_session().set_key({foreign[::-1]!r}[::-1]);")
    echoed = f"Your key is {foreign} and {KEY}, your token {token}.\n"
    fake.enqueue(Reply.stream([*echoed, "x"], pause=0.02, hold_after=len(echoed)))
    cell = kernel.start(
        f"%%mibyan -s 'Mind {token}'\nIs {token} a secret, or db_password = hunter2!x ?"
    )
    kernel.wait_until(lambda: "your token" in cell.html, "the answer")
    kernel.listen_for(0.8)
    fake.release()
    kernel.finish(cell)
    (path,) = journals(tmp_path)
    written = path.read_text()
    assert "your token" in written
    for secret in (token, foreign, KEY, "hunter2!x"):
        assert secret not in written


def test_only_the_kernels_own_session_is_kept(kernels: Kernels, tmp_path: Path) -> None:
    """An independent one leaves nothing; loading alone neither."""
    kernel = kernels()
    kernel.ok(
        "from mibyan_jupyter import Session\nSession(base_url=session.base_url).ask('by myself');"
    )
    assert journals(tmp_path) == []
    kernel.ok("session.ask('ours');")
    (path,) = journals(tmp_path)
    assert "by myself" not in path.read_text()


@pytest.mark.parametrize("how", ["setting", "environment"])
def test_it_can_be_switched_off(kernels: Kernels, tmp_path: Path, how: str) -> None:
    """For a kernel or by the environment; switched on, what is asked from then on is kept."""
    kernel = kernels(**({"MIBYAN_JOURNAL": "off"} if how == "environment" else {}))
    if how == "setting":
        kernel.ok("%config MibyanMagics.journal = False")
    kernel.ok("%%mibyan\nUnseen")
    assert journals(tmp_path) == []
    assert "journal is off" in kernel.ok("%mibyan status").plain
    kernel.ok("%config MibyanMagics.journal = True")
    kernel.ok("%%mibyan\nSeen")
    (path,) = journals(tmp_path)
    assert "Seen" in path.read_text()
    assert "Unseen" not in path.read_text()
    kernel.ok("%config MibyanMagics.journal = False")
    kernel.ok("%%mibyan\nHidden")
    assert "Hidden" not in path.read_text()
    assert "%mibyan forget deletes it" in kernel.ok("%mibyan status").plain


def test_first_use_says_once_where_it_lies(kernels: Kernels) -> None:
    """With the line that says where text goes; not while it is switched off."""
    kernel = kernels()
    door = 'get_ipython().magics_manager.registry["MibyanMagics"]._door._introduced.clear()'
    kernel.ok(door)
    said = "%mibyan forget deletes it"
    assert said in kernel.ok("%%mibyan\nOne").html
    assert said not in kernel.ok("%%mibyan -c auto\nTwo").html
    kernel.ok(f"{door}\n%config MibyanMagics.journal = False")
    assert said not in kernel.ok("%%mibyan\nThree").html


def test_two_kernels_of_one_notebook_keep_out_of_each_others_way(
    kernels: Kernels, tmp_path: Path
) -> None:
    """Each has its own file; a living one is neither restored nor deleted."""
    first, second = kernels(), kernels()
    first.ok("%%mibyan\nOf the first")
    second.ok("%%mibyan\nOf the second")
    assert len(journals(tmp_path)) == 2
    assert "nothing to resume" in second.ok("%mibyan resume").printed
    said = second.ok("%mibyan forget").printed
    assert "1 journal of this notebook deleted" in said
    assert "1 journal kept" in said
    kill(first)
    second.ok("%mibyan resume")
    assert [turn[0] for turn in second.value(TURNS)] == ["Of the first", "Of the second"]


def test_forget_deletes_what_lies_there(kernels: Kernels, tmp_path: Path) -> None:
    """This notebook's journals, or all; what was said is not written again, what comes is."""
    other = kernels("/x/b.ipynb")
    other.ok("%%mibyan\nOf another notebook")
    kill(other)
    kernel = kernels()
    kernel.ok("%%mibyan\nBefore")
    assert "1 journal of this notebook deleted" in kernel.ok("%mibyan forget").printed
    (left,) = journals(tmp_path)
    assert "Of another notebook" in left.read_text()
    kernel.ok("%%mibyan\nAfter")
    assert kernel.value("len(session.history)") == 2
    ours = next(path for path in journals(tmp_path) if path != left)
    assert "Before" not in ours.read_text()
    assert "After" in ours.read_text()
    assert "2 journals of all notebooks deleted" in kernel.ok("%mibyan forget --all").printed
    assert journals(tmp_path) == []


def test_a_restarted_kernel_without_a_notebook_finds_its_own(kernels: Kernels) -> None:
    """The kernel's connection file names it, and a restart keeps that."""
    kernel = kernels("")
    kernel.ok("%%mibyan\nBefore the restart")
    kill(kernel)
    again = kernels("", home=kernel.home)
    assert "1 turn restored" in again.ok("%mibyan resume").printed


def test_vs_code_names_the_notebook_in_a_variable(kernels: Kernels) -> None:
    """The journal of a kernel there is that notebook's, and no other's."""
    here = "__vsc_ipynb_file__ = '/x/code.ipynb'"
    kernel = kernels("")
    kernel.ok(here)
    kernel.ok("%%mibyan\nOf VS Code")
    kill(kernel)
    again = kernels("")
    assert "nothing to resume" in again.run("%mibyan resume").printed.lower()
    again.ok(here)
    assert "1 turn restored" in again.ok("%mibyan resume").printed


def test_a_damaged_line_and_another_version_are_said(kernels: Kernels, tmp_path: Path) -> None:
    """The rest is restored; what cannot be read stays where it is."""
    kernel = kernels()
    kernel.ok("%%mibyan\nKept")
    kill(kernel)
    (path,) = journals(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"kind":"turn"}\n')
    older = path.with_name(path.name.replace("-20", "-30"))  # the newest by its name
    older.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":0'))
    said = kernels().ok("%mibyan resume").printed
    assert "1 turn restored" in said
    assert "1 damaged line was passed over" in said
    assert f"{older.name} has format version 0" in said
    assert older.exists()


def test_a_full_disk_is_said_once_and_nothing_is_lost(kernels: Kernels, tmp_path: Path) -> None:
    """The chat goes on; once there is room again the whole conversation is in the journal."""
    kernel = kernels()
    kernel.ok("%%mibyan\nFits")
    (path,) = journals(tmp_path)
    limit = (
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({}, resource.RLIM_INFINITY))"
    )
    kernel.ok(limit.format(path.stat().st_size + 100))
    panel = LinkedPanel(kernel)
    panel.open()
    told = kernel.ok("%%mibyan\nToo much")
    panel.wait_until(lambda: "file too large" in panel.header["journal_trouble"], "the header")
    assert "not kept on disk: file too large" in told.printed
    assert "You said: Too much" in told.plain
    again = kernel.ok("%%mibyan\nStill too much")
    assert "not kept on disk" not in again.printed
    assert "file too large" in kernel.ok("%mibyan status").plain
    kernel.ok(limit.format("resource.RLIM_INFINITY"))
    kernel.ok("%%mibyan\nRoom again")
    panel.wait_until(lambda: panel.header["journal_trouble"] == "", "the header")
    assert "not kept" not in kernel.ok("%mibyan status").plain
    kill(kernel)
    later = kernels()
    later.ok("%mibyan resume")
    asked = [turn[0] for turn in later.value(TURNS)]
    assert asked == ["Fits", "Too much", "Still too much", "Room again"]


@pytest.mark.skipif(os.geteuid() != 0, reason="root makes folders of another user's")
def test_an_unwritable_folder_is_said_once(kernels: Kernels) -> None:
    """Another user's kernel, whose data directory is root's."""
    kernel = kernels()
    kernel.ok("import os, platformdirs\n%config MibyanMagics.journal = False")
    kernel.ok(LOAD_ALL)  # where the package lies root alone may read, perhaps
    kernel.ok("%%mibyan\nLoads the rest")
    kernel.ok("%config MibyanMagics.journal = True\nos.seteuid(65534)")
    told = kernel.ok("%%mibyan\nHello")
    assert "not kept on disk: permission denied" in told.printed
    assert "You said: Hello" in told.plain
    assert "not kept" not in kernel.ok("%%mibyan\nAgain").printed
    kernel.ok("os.seteuid(0)")


def test_unloading_ends_the_journal(kernels: Kernels, tmp_path: Path) -> None:
    """Nothing is written any more, and the run can be resumed from."""
    kernel = kernels()
    kernel.ok("%%mibyan\nSeen")
    kernel.ok("%unload_ext mibyan_jupyter")
    kernel.ok("session.ask('Unseen');")
    (path,) = journals(tmp_path)
    assert "Unseen" not in path.read_text()
    assert kernel.ok("%load_ext mibyan_jupyter\n%mibyan status").plain.count("kept on disk") == 1


LOAD_ALL = """
import importlib, pkgutil, mibyan_jupyter
for module in pkgutil.walk_packages(mibyan_jupyter.__path__, "mibyan_jupyter."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
BACKGROUND = """
from mibyan_jupyter.session.events import TextAdded
from mibyan_jupyter.session.turns import TurnRequest
came = []
session.subscribe(lambda event: came.append(1) if isinstance(event, TextAdded) else None)
session.submit(TurnRequest("Held"));
"""


@pytest.mark.parametrize("end", ["%unload_ext mibyan_jupyter", "restart", "shutdown"])
def test_what_ends_an_answer_on_purpose_keeps_its_text(
    kernels: Kernels, fake: FakeMibyan, end: str
) -> None:
    """All that had come is restored, marked as not whole; the kernel is gone within seconds."""
    kernel = kernels()
    fake.enqueue(Reply.stream(["All that had co", "me"], hold_after=1))
    kernel.ok(BACKGROUND)
    kernel.wait_until(lambda: kernel.value("came") == [1], "the text")
    began = time.monotonic()
    if end == "shutdown":
        kernel.manager.shutdown_kernel()
        assert time.monotonic() - began < 2, "the issue says 1 s; machines may be busy"
    elif end == "restart":
        kernel.manager.request_shutdown(restart=True)
        kernel.manager.finish_shutdown()
    else:
        kernel.ok(end)
        kill(kernel)
    fake.release()
    later = kernels()
    later.ok("%mibyan resume")
    ((prompt, status, text),) = later.value(TURNS)
    assert (prompt, text) == ("Held", "All that had co")
    assert status in ("stopped", "cut_off")


def test_the_panel_knows_how_much_it_can_resume(kernels: Kernels) -> None:
    """Until something was restored or asked; a command of the panel does it."""
    first = kernels()
    first.ok("%%mibyan\nOne")
    first.ok("%%mibyan\nTwo")
    kill(first)
    panel = LinkedPanel(kernels())
    panel.open()
    assert panel.header["resumable"] == 2
    panel.request("command", line="/resume")
    panel.wait_until(lambda: [t["prompt"] for t in panel.turns] == ["One", "Two"], "the turns")
    panel.wait_until(lambda: panel.header["resumable"] == 0, "the header")
    assert [turn["status"] for turn in panel.turns] == ["complete"] * 2
    asks = LinkedPanel(kernels())
    asks.open()
    assert asks.header["resumable"] == 2, "a living kernel's run is passed over"
    asks.ask("Three")
    asks.wait_until(lambda: asks.header["resumable"] == 0, "the header")
