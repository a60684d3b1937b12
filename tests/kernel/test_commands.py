"""`%mibyan` and its subcommands, the manual, Tab, `%config`, and loading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_mibyan import Reply
from tests.kernel.conftest import SET_UP

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel

COMMANDS = {
    "status": "your text goes to",
    "help": "%mibyan retry",
    "help reset": "--undo",
    "model": "The model is mibyan-4.1.",
    "model other": "The model is other.",
    "history": "a question with",
    "last": "You said:",
    "reset": "1 turn forgotten",
    "reset --undo": "back",
    "retry": "You said:",
    "stop": "stopped",
    "logout": "No key was kept.",
    "version": "mibyan-jupyter ",
}


@pytest.mark.parametrize(("command", "shown"), COMMANDS.items())
def test_each_subcommand_runs(kernel: NotebookKernel, command: str, shown: str) -> None:
    """Every subcommand works after one question, and shows what it says."""
    kernel.ok("%%mibyan\na question with $5 and <b>tags</b>")
    cell = kernel.ok(f"%mibyan {command}")
    assert shown in cell.plain + cell.printed
    assert "<b>tags" not in cell.html
    assert "text/markdown" not in repr(cell.outputs)


def test_alone_it_prints_status_and_help(kernel: NotebookKernel) -> None:
    """Bare `%mibyan` says where things stand and what can be done."""
    cell = kernel.ok("%mibyan")
    assert "your text goes to" in cell.plain
    assert "%mibyan login" in cell.plain


def test_the_demo_answers_offline(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%mibyan demo` answers on this machine and says that no model is behind it."""
    assert "no model" in kernel.ok("%mibyan demo").printed
    cell = kernel.ok("%%mibyan -o answer\nWhy is the median below the mean?", timeout=60)
    assert len(cell.answers) == 1
    assert kernel.value("answer.status") == "complete"
    assert fake.requests == []
    kernel.ok("%mibyan demo --off")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("retri", "Did you mean %mibyan retry?"),
        ("nonsense", "%mibyan help lists the commands"),
        ("reset --nonsense", "Usage"),
    ],
)
def test_a_mistyped_command_is_explained(kernel: NotebookKernel, line: str, hint: str) -> None:
    """Two lines, and the nearest command where there is one."""
    cell = kernel.run(f"%mibyan {line}")
    assert cell.ename == "CommandError"
    assert len(cell.traceback) == 2
    assert hint in cell.traceback[1]


def test_retry_without_a_question_is_explained(kernel: NotebookKernel) -> None:
    """Nothing to ask again, nothing to show again: said plainly."""
    assert "%%mibyan" in kernel.run("%mibyan retry").traceback[1]
    assert "no answer yet" in kernel.ok("%mibyan last").printed
    assert "Nothing has been asked" in kernel.ok("%mibyan history").printed


def test_last_shows_a_stopped_answer_again(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """After ■ the text that came can be shown again, still marked."""
    fake.enqueue(Reply.stream(["so far"], hold_after=1))
    cell = kernel.start("%%mibyan\nOne")
    kernel.wait_until(lambda: "so far" in cell.html, "the text")
    kernel.interrupt()
    kernel.finish(cell)
    assert kernel.ok("%mibyan last").plain == "so far\n\n[stopped]"


COMPLETIONS = {
    "%%mibyan --n": ["%%mibyan --new", "%%mibyan --no-history", "%%mibyan --no-stream"],
    "%mibyan re": ["%mibyan reset", "%mibyan resume", "%mibyan retry"],
    "%%mibyan -f ": [f"%%mibyan -f {f}" for f in ("code", "json", "markdown", "math", "text")],
    "%%mibyan -f m": ["%%mibyan -f markdown", "%%mibyan -f math"],
    "%%mibyan --new --q": ["%%mibyan --new --quiet"],
    "%mibyan reset --": ["%mibyan reset --undo"],
    "%mibyan help log": ["%mibyan help login", "%mibyan help logout"],
    "x = 1\n%mibyan ver": ["x = 1\n%mibyan version"],
}


@pytest.mark.parametrize(("typed", "offered"), COMPLETIONS.items())
def test_tab_completes(kernel: NotebookKernel, typed: str, offered: list[str]) -> None:
    """Flags, their values and subcommands complete as the whole line would read."""
    assert sorted(kernel.complete(typed)) == offered


def test_tab_in_the_first_line_of_a_whole_cell(kernel: NotebookKernel) -> None:
    """The cursor stands in the first line and the question is typed already."""
    code = "%%mibyan --qu\nWhy?"
    assert kernel.complete(code, cursor=13) == ["%%mibyan --quiet\nWhy?"]


def test_tab_leaves_other_code_alone(kernel: NotebookKernel) -> None:
    """Python completes as ever, beside us and in other magics."""
    kernel.ok("median_price = 1")
    assert "median_price" in kernel.complete("median_p")
    assert "%%mibyan" in kernel.complete("%%miby")


@pytest.mark.parametrize("asked", ["%%mibyan?", "%mibyan?", "?%%mibyan"])
def test_the_manual_opens(kernel: NotebookKernel, asked: str) -> None:
    """`%%mibyan?` pages a manual that explains every flag with an example."""
    (page,) = kernel.ok(asked).payload
    assert page["source"] == "page"
    manual = page["data"]["text/plain"]
    for flag in ("--model", "--system", "--out", "--format", "--new", "--no-history", "--quiet"):
        assert flag in manual
    assert "%%mibyan -o answer" in manual


def test_config_sets_and_shows(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%config MibyanMagics.…` is a view on the session's one settings value."""
    kernel.ok("%config MibyanMagics.model = 'configured'")
    kernel.ok("%%mibyan\nOne")
    assert fake.requests[0].json["model"] == "configured"
    assert "configured" in kernel.ok("%config MibyanMagics.model").plain
    kernel.ok("session.model = 'set here'")
    assert "set here" in kernel.ok("%config MibyanMagics.model").plain
    assert "idle_timeout" in kernel.ok("%config MibyanMagics").printed


def test_config_explains_a_wrong_value(kernel: NotebookKernel) -> None:
    """`%config` says what is wrong and how it should look; nothing changes."""
    said = kernel.ok("%config MibyanMagics.idle_timeout = -1").printed
    assert "must be a number above 0" in said
    assert "%config MibyanMagics.idle_timeout = 60" in said
    assert kernel.value("session.settings.idle_timeout") == 60
    kernel.ok("%config MibyanMagics.model = 'another'")
    assert kernel.value("[session.model, session.settings.idle_timeout]") == ["another", 60]
    kernel.ok("%config MibyanMagics.idle_timeout = 60")


def test_config_of_one_setting_leaves_the_others(kernel: NotebookKernel) -> None:
    """What `%mibyan model` set is not undone by `%config` of something else."""
    kernel.ok("%config MibyanMagics.model = 'first'")
    kernel.ok("%mibyan model second")
    kernel.ok("%config MibyanMagics.system = 'Be brief.'")
    assert kernel.value("session.model") == "second"


def settings(kernel: NotebookKernel) -> list[Any]:
    """The values that the layers below argue about."""
    found: list[Any] = kernel.value(
        "[(s := get_session().settings).model, s.system, s.idle_timeout, s.history_tokens]"
    )
    return found


def test_the_layers_of_settings(
    start_kernel: StartKernel, tmp_path: Path, fake: FakeMibyan
) -> None:
    """Argument > set in this kernel > environment > IPython's configuration file > default."""
    profile = tmp_path / ".ipython/profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text(
        "c = get_config()\n"
        "c.MibyanMagics.model = 'from the file'\n"
        "c.MibyanMagics.system = 'from the file'\n"
        "c.MibyanMagics.history_tokens = 1234\n"
    )
    kernel = start_kernel(
        MIBYAN_MODEL="environment", MIBYAN_IDLE_TIMEOUT="7", MIBYAN_BASE_URL=fake.base_url
    )
    kernel.ok(SET_UP)
    assert settings(kernel) == ["environment", "from the file", 7.0, 1234]
    kernel.ok("%config MibyanMagics.model = 'kernel'")
    assert settings(kernel) == ["kernel", "from the file", 7.0, 1234]
    kernel.ok("%%mibyan -m argument\nOne")
    body = fake.requests[0].json
    assert body["model"] == "argument"
    assert body["messages"][0] == {"role": "system", "content": "from the file"}
    kernel.ok("get_session().configure(model=None)")
    assert settings(kernel)[0] == "environment"
    kernel.ok("import os; del os.environ['MIBYAN_MODEL']")
    assert settings(kernel)[0] == "from the file"


def test_a_wrong_setting_in_the_environment_is_explained(start_kernel: StartKernel) -> None:
    """A base URL that is none: the question ends in two lines, and loading still works."""
    kernel = start_kernel(MIBYAN_BASE_URL="not a url")
    kernel.ok("%load_ext mibyan_jupyter")
    cell = kernel.run("%%mibyan\nOne")
    assert cell.ename == "ConfigurationError"
    assert len(cell.traceback) == 2


LEFT_BEHIND = """
import threading
ip = get_ipython()
def left():
    manager, found = ip.magics_manager, []
    found += [kind for kind in ("line", "cell") if "mibyan" in manager.magics[kind]]
    found += ["registry"] * ("MibyanMagics" in manager.registry)
    found += [type(c).__name__ for c in ip.configurables if "Mibyan" in type(c).__name__]
    matchers = [m.matcher_identifier for m in ip.Completer.custom_matchers]
    found += ["matcher"] * matchers.count("mibyan_jupyter.flags")
    transforms = [f.__name__ for f in ip.input_transformer_manager.line_transforms]
    found += ["question marks"] * transforms.count("keep_question_marks")
    found += ["tap"] * ("send" in vars(ip.kernel.session))
    callbacks = [f for each in ip.events.callbacks.values() for f in each]
    return found + ["hook" for f in callbacks if "mibyan" in repr(f)]
"""


@pytest.fixture
def own_kernel(start_kernel: StartKernel, fake: FakeMibyan) -> NotebookKernel:
    """A kernel whose loading and end are tested."""
    kernel = start_kernel(MIBYAN_BASE_URL=fake.base_url)
    kernel.ok(SET_UP)
    return kernel


def test_loading_and_unloading(own_kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Loading twice changes nothing, unloading leaves nothing, loading again works."""
    kernel = own_kernel
    kernel.ok(LEFT_BEHIND)
    everything = ["line", "cell", "registry", "MibyanMagics", "matcher", "question marks", "tap"]
    everything += ["hook", "hook"]
    assert kernel.value("left()") == everything
    kernel.ok("%load_ext mibyan_jupyter")
    kernel.ok("import mibyan_jupyter\nmibyan_jupyter.load_ipython_extension(ip)")
    assert kernel.value("left()") == everything
    kernel.ok("%%mibyan\nOne")
    kernel.ok("%unload_ext mibyan_jupyter")
    assert kernel.value("left()") == []
    assert kernel.run("%mibyan status").status == "error"
    kernel.ok("%load_ext mibyan_jupyter")
    assert kernel.value("left()") == everything
    kernel.ok("%%mibyan\nTwo")
    kernel.ok("%reload_ext mibyan_jupyter")
    assert kernel.value("left()") == everything
    cell = kernel.ok("%%mibyan\nThree")
    assert len(cell.outputs) == 1
    sent = [message["content"] for message in fake.requests[-1].json["messages"]]
    assert sent == ["One", "You said: One", "Two", "You said: Two", "Three"]


def test_a_wrong_value_never_stops_loading(own_kernel: NotebookKernel) -> None:
    """IPython keeps a refused value in its configuration; loading again warns and goes on."""
    own_kernel.ok("%config MibyanMagics.history_tokens = 'many'")
    again = own_kernel.ok("%unload_ext mibyan_jupyter\n%load_ext mibyan_jupyter")
    assert "history_tokens must be a whole number above 0" in again.printed
    assert own_kernel.value("get_session().settings.history_tokens") == 24_000


RUNNING = """
from mibyan_jupyter.session.turns import TurnRequest
running = get_session().submit(TurnRequest("one"))
"""


def test_unloading_stops_a_running_answer(own_kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """What still streams in the background ends with the extension."""
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    own_kernel.ok(RUNNING)
    fake.wait_for_holds()
    own_kernel.ok("%unload_ext mibyan_jupyter")
    fake.wait_for_disconnect()
    assert own_kernel.value("running.wait(10).status") == "stopped"


def test_a_kernel_that_shuts_down_lets_go(own_kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A graceful shutdown with a stream open ends soon, and closes the stream."""
    fake.enqueue(Reply.stream(["held"], hold_after=1))
    own_kernel.ok(RUNNING)
    fake.wait_for_holds()
    own_kernel.manager.shutdown_kernel()
    fake.wait_for_disconnect()


def test_a_question_mark_belongs_to_the_question(kernel: NotebookKernel) -> None:
    """At a line's end it asks IPython for help everywhere but here."""
    kernel.ok("hold = 1")
    assert "your question" in kernel.ok("%mibyan context What does @hold hold?").plain
    assert "Ask Mibyan a question" in str(kernel.ok("%mibyan?").payload)
    kernel.ok("text = '''\n%mibyan context What does it hold?\n'''")
    assert kernel.value("text") == "\n%mibyan context What does it hold?\n"
