"""A key that is typed and one of the environment, and every place where one could turn up."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.conftest import SET_UP
from tests.kernel.notebook_kernel import NotebookKernel
from tests.kernel.test_link import LinkedPanel

MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")
_letters = random.Random(5).choices(string.ascii_letters, k=48)  # noqa: S311 - planted, not used
TYPED, OF_ENVIRONMENT = (f"mb-{''.join(_letters[at : at + 24])}" for at in (0, 24))

ASKING = {
    "a cell": "%%mibyan\nOne",
    "a call": "mine = 'a local'\nsession.ask('Two')",
    "an awaited call": "await session.aask('Three')",
    "a stream": "async for delta in session.astream('Four'): pass",
    "the error before, again": "%tb",
    "an error during an error": "try:\n    session.ask('Five')\nexcept Exception:\n    1 / 0",
    "an error from an error": (
        "try:\n    session.ask('Six')\nexcept Exception as error:\n"
        "    caught = error\n    raise ValueError('chained') from error"
    ),
}
LOGGING = """
import logging
logging.basicConfig(filename="debug.log", level=logging.DEBUG, force=True)
from mibyan_jupyter import ChatPanel
"""
CRASH = """
import sys
from IPython.core.crashhandler import CrashHandler
from ipykernel.kernelapp import IPKernelApp
crash = CrashHandler(IPKernelApp.instance())
crash.show_crash_traceback = True
crash(type(caught), caught, caught.__traceback__)
"""
LOCALS = """
import traceback
def everything(error):
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield from told.format()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        yield repr(frame.f_locals)
print(*everything(caught), *everything(sys.last_value), sep="\\n")
"""
INSTANCES = """
import gc
package = "mibyan_jupyter"
ours = [each for each in gc.get_objects() if str(type(each).__module__).startswith(package)]
print(len(ours), *map(repr, ours), *map(str, ours), sep="\\n")
"""
PANEL = """
import ipywidgets
from ipywidgets.embed import embed_snippet
panel = ChatPanel()
shown = panel._repr_mimebundle_()
print(panel.get_state(), shown, ipywidgets.Widget.get_manager_state(), embed_snippet([panel]))
"""
TRAITS = """
magics = get_ipython().magics_manager.registry["MibyanMagics"]
print(magics.trait_values(), get_ipython().config, magics.config)
"""
HISTORY = """
ip = get_ipython()
ip.history_manager.writeout_cache()
print(In, Out, vars(ip.history_manager), _, __, ___, ip.user_ns.get("_i1"))
"""
RECEIPTS = """
for turn in session.history:
    print(turn, turn.sent, turn.receipt, turn.error and vars(turn.error))
print(session.messages, session.preview("x"), session.settings, session.find_key())
"""
CHILDREN = """
import os, subprocess
child = {name: value for name, value in os.environ.items() if name != "MIBYAN_API_KEY"}
print(subprocess.run(["env"], env=child, capture_output=True, text=True).stdout)
"""
LOOKING = {
    "crash report": CRASH,
    "traceback with locals": LOCALS,
    "every object of ours": INSTANCES,
    "widget state": PANEL,
    "traits": TRAITS,
    "In, Out and history": HISTORY,
    "receipts": RECEIPTS,
    "environment of a child": CHILDREN,
    "status": "%mibyan status",
    "history": "%mibyan history",
    "why": "%mibyan why --text",
    "settings": "%config MibyanMagics",
    "handout": "%mibyan export all.html",
    "Markdown": "%mibyan export all.md",
    "notebook": "%mibyan export all.ipynb",
    "saved conversation": "%mibyan save all.json",
}
FILES = {
    "debug.log": "debug.log",
    "history.sqlite": ".ipython/**/history.sqlite*",
    "journal": "data/**/*.jsonl",
    "crash report's file": ".ipython/**/*rash*.txt",
    "handout's file": "all.html",
    "Markdown's file": "all.md",
    "notebook's file": "all.ipynb",
    "saved conversation's file": "all.json",
}
SNAPSHOT = "what the panel is told"
PLACES = [*(f"{mode}: {name}" for mode in MODES for name in ASKING), *LOOKING, *FILES, SNAPSHOT]


@pytest.fixture(scope="module", params=[TYPED, OF_ENVIRONMENT], ids=["typed", "of environment"])
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def places(
    key: str, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """What stands in each place after answers, refusals and hang-ups with this key."""
    home = tmp_path_factory.mktemp("keys")
    with FakeMibyan() as fake:
        environ = {"XDG_DATA_HOME": str(home / "data"), "MIBYAN_BASE_URL": fake.base_url}
        environ |= {"MIBYAN_API_KEY": key} if key == OF_ENVIRONMENT else {}
        with NotebookKernel(python, home, environ) as kernel:
            kernel.ok(SET_UP + "session = get_session()")
            kernel.ok(LOGGING)
            if key == TYPED:
                kernel.will_type.append(key)
                kernel.ok("%mibyan login")
            yield _fill(kernel, fake, key)


def _fill(kernel: NotebookKernel, fake: FakeMibyan, key: str) -> dict[str, str]:
    kernel.ok("%%mibyan\nHello")
    assert fake.requests[-1].headers["authorization"] == f"Bearer {key}"
    refused = {"error": {"message": f"Incorrect key: {key}"}}
    found = {}
    for mode in MODES:
        kernel.ok(f"%xmode {mode}")
        for name, code in ASKING.items():
            fake.enqueue(Reply.status(401, refused))
            cell = kernel.run(code)
            found[f"{mode}: {name}"] = repr(cell.messages) + repr(cell.reply)
    kernel.will_type.append("")
    for name, code in LOOKING.items():
        cell = kernel.run(code)
        assert cell.status == "ok" or name == "crash report", "\n".join(cell.traceback)
        found[name] = repr(cell.messages) + repr(cell.reply)
    panel = LinkedPanel(kernel)
    panel.open()
    found[SNAPSHOT] = repr(panel.messages)
    for name, pattern in FILES.items():
        files = [file.read_bytes() for file in kernel.home.glob(pattern)]
        found[name] = b"".join(files).decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("place", PLACES)
def test_the_key_is_in_no_such_place(places: dict[str, str], key: str, place: str) -> None:
    """Errors, tracebacks with all variables, reprs, state, files: each has something, none it."""
    assert len(places[place]) > 100
    assert key not in places[place]
    assert key[3:] not in places[place]
