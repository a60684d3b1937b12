"""A key is sent to the server it is for, and is seen nowhere else."""

from __future__ import annotations

import stat
import uuid
from collections import deque
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.conftest import SET_UP, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel

SECRET = "mb-planted-Secret_0123456789"

REMEMBERED = """
def remembered(secret):
    ip = get_ipython()
    hm = ip.history_manager
    places = {"In": In, "raw": hm.input_hist_raw, "parsed": hm.input_hist_parsed, "_oh": _oh}
    places["cache"] = [*hm.db_input_cache, *hm.db_output_cache]
    places |= {n: v for n, v in ip.user_ns.items() if n.startswith("_") and isinstance(v, str)}
    places |= {n: v for n, v in vars(hm).items() if isinstance(v, str)}
    return sorted(name for name, value in places.items() if secret in repr(value))
"""


@pytest.fixture
def other() -> Iterator[FakeMibyan]:
    """A second server."""
    with FakeMibyan() as server:
        yield server


@pytest.fixture
def kernel(kernel: NotebookKernel) -> Iterator[NotebookKernel]:
    """The shared kernel, without a key before and after."""
    kernel.ok("import os\nsession.forget_key()")
    yield kernel
    kernel.ok("session.forget_key()\n_ = os.environ.pop('MIBYAN_API_KEY', None)")


def sent_key(fake: FakeMibyan) -> str | None:
    """How the last request proved who it is."""
    headers = fake.requests[-1].headers
    assert "x-mibyan-api-key" not in headers
    return headers.get("authorization")


def log_in(kernel: NotebookKernel, flags: str = "") -> str:
    """Type the key where `%mibyan login` asks for it; what the cell printed."""
    kernel.will_type.append(SECRET)
    return kernel.ok(f"%mibyan login {flags}").printed


def test_the_environments_key_goes_only_where_it_belongs(
    start_kernel: StartKernel, fake: FakeMibyan, other: FakeMibyan
) -> None:
    """MIBYAN_API_KEY is a Bearer header for MIBYAN_BASE_URL, and reaches no other server."""
    kernel = start_kernel(MIBYAN_BASE_URL=f"{fake.base_url}/", MIBYAN_API_KEY=SECRET)
    kernel.ok(SET_UP)
    kernel.ok("%%mibyan\nOne")
    assert sent_key(fake) == f"Bearer {SECRET}"
    kernel.ok(f"%config MibyanMagics.base_url = {other.base_url!r}")
    kernel.ok("%%mibyan\nTwo")
    assert sent_key(other) is None
    assert "set in MIBYAN" not in kernel.ok("%mibyan status").plain
    kernel.ok("%mibyan demo")
    assert "none (not needed here)" in kernel.ok("%mibyan status").plain
    kernel.ok("%mibyan demo --off")
    assert kernel.value("get_session().base_url") == other.base_url


def test_login_asks_unseen(kernel: NotebookKernel, fake: FakeMibyan, other: FakeMibyan) -> None:
    """`%mibyan login` asks as for a password; the key is for this base URL, in this kernel."""
    asked = len(kernel.input_requests)
    assert SECRET not in log_in(kernel)
    assert [request["password"] for request in kernel.input_requests[asked:]] == [True]
    kernel.ok("%%mibyan\nOne")
    assert sent_key(fake) == f"Bearer {SECRET}"
    kernel.ok(f"session.base_url = {other.base_url!r}")
    kernel.ok("%%mibyan\nTwo")
    assert sent_key(other) is None


def test_login_saves_where_only_the_owner_reads(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`--save` without a keyring writes a file of mode 0600; `logout` forgets it again."""
    file = kernel.home / ".config/mibyan-jupyter/keys.json"
    assert str(file) in log_in(kernel, "--save")
    assert SECRET in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kernel.ok("session.forget_key()")
    kernel.ok("%%mibyan\nOne")
    assert sent_key(fake) == f"Bearer {SECRET}"
    assert str(file) in kernel.ok("%mibyan status").plain
    assert "forgotten in" in kernel.ok("%mibyan logout").printed
    assert SECRET not in file.read_text()
    kernel.ok("%%mibyan\nTwo")
    assert sent_key(fake) is None


def test_logout_names_a_key_that_is_left(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A key in the environment cannot be forgotten, so `logout` says that it is still used."""
    kernel.ok(f"os.environ |= dict(MIBYAN_API_KEY='mb-left', MIBYAN_BASE_URL={fake.base_url!r})")
    log_in(kernel)
    assert "still comes from MIBYAN_API_KEY" in kernel.ok("%mibyan logout").printed
    kernel.ok("%%mibyan\nOne")
    assert sent_key(fake) == "Bearer mb-left"
    kernel.ok("del os.environ['MIBYAN_BASE_URL']")


def test_the_other_header_is_opt_in(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`auth_header` moves the key to x-mibyan-api-key, and takes it out of Authorization."""
    log_in(kernel)
    kernel.ok("%config MibyanMagics.auth_header = 'x-mibyan-api-key'")
    kernel.ok("%%mibyan\nOne")
    assert fake.requests[-1].headers["x-mibyan-api-key"] == SECRET
    assert "authorization" not in fake.requests[-1].headers


@pytest.mark.parametrize(
    "code",
    [
        "%mibyan login {}",
        "%mibyan login --save {}",
        "%mibyan login '{}",
        "%mibyan login key={}",
        "%mibyan {}",
        "x = 1\n%mibyan login {}\nx",
        "%%mibyan -m {}\nQuestion",
        '%%mibyan -s "my key is {}"\nQuestion',
        "%%mibyan -s it's {}\nQuestion",
    ],
)
def test_a_typed_key_is_refused_and_forgotten(
    kernel: NotebookKernel, fake: FakeMibyan, code: str
) -> None:
    """A key in a cell is not used and leaves every memory of inputs, the database's file too."""
    secret = f"{SECRET}_{uuid.uuid4().hex}"
    cell = kernel.run(code.format(secret))
    assert (cell.status, cell.ename) == ("error", "CommandError")
    assert len(cell.traceback) == 2
    assert secret not in "".join(cell.traceback)
    assert "revoke" in cell.traceback[1]
    assert fake.requests == []
    check_forgotten(kernel, secret)


@pytest.mark.parametrize(
    "code",
    [
        "%%time\n%%mibyan -m {}\nQuestion",
        "%%capture _\n%mibyan login {}",
        "%mibyan login sk-{}",
        "%mibyan login --save 'sk-{}",
        "%mibyan login --key=sk-{}",
        "%mibyan login --save=sk-{}",
        "%mibyan login -ksk-{}",
        "%mibyan Login sk-{}",
        "%mibyan --save login sk-{}",
        "%mibyan --key=sk-{} login",
        "%mibyan login --save 'my sk-{}'",
        "%mibyan model sk-{}",
        "%mibyan logn sk-{}",
        "%%mibyan login\nsk-{}",
        "%%mibyan login --save\n\n{}\n",
        "%%mibyan login\nmy key: sk-{}",
        "%%mibyan --save login\nsk-{}",
        "%%mibyan\n%mibyan login {}",
        "%%mibyan\nWhy?\n%mibyan login --save sk-{}\n",
        "%%mibyan\n{}",
    ],
)
def test_a_typed_key_is_forgotten_wherever_it_stands(
    kernel: NotebookKernel, fake: FakeMibyan, code: str
) -> None:
    """So is one inside another magic (which may swallow the error), or one of another service."""
    secret = f"{SECRET}_{uuid.uuid4().hex}" if "sk-" not in code else uuid.uuid4().hex
    cell = kernel.run(code.format(secret))
    assert secret not in repr([m for m in cell.messages if m["msg_type"] != "execute_input"])
    assert fake.requests == []
    check_forgotten(kernel, secret)


def test_forgetting_spares_other_inputs(kernel: NotebookKernel) -> None:
    """A common word typed after `login` takes no other line with it."""
    kernel.ok("# please save this line, and login")
    kernel.run("%mibyan login save")
    kernel.ok(REMEMBERED)
    assert "raw" in kernel.value("remembered('please save this line')")
    assert kernel.value("remembered('%mibyan login save')") == []


@pytest.mark.parametrize(
    "question",
    ["Why does a key begin with mb-…?", "%mibyan login --save\nWhat does that do?", "login"],
)
def test_a_question_about_keys_is_asked(
    kernel: NotebookKernel, fake: FakeMibyan, question: str
) -> None:
    """Only a body that is a key, or types one after `login`, is refused."""
    kernel.ok(f"%%mibyan -o login -f text\n{question}")
    assert fake.requests[0].json["messages"][-1]["content"] == question


def check_forgotten(kernel: NotebookKernel, secret: str) -> None:
    """The kernel's memory and its history file know nothing of the secret."""
    for _ in range(3):  # the inputs wander from _i to _iii
        kernel.ok(REMEMBERED)
        assert kernel.value(f"remembered({secret!r})") == []
    kernel.ok("get_ipython().history_manager.writeout_cache()")
    files = list((kernel.home / ".ipython").rglob("history.sqlite*"))
    assert files
    assert all(secret.encode() not in file.read_bytes() for file in files)
    assert "a key was removed" in kernel.ok("%history").printed


def test_no_error_shows_the_key(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Neither repr, str nor a traceback with all variables (`%xmode Verbose`, `%tb`) shows it."""
    log_in(kernel)
    kernel.ok("%xmode Verbose")
    fake.enqueue(*[Reply.status(401, {"error": {"message": "no"}})] * 3)
    cells = [kernel.run("%%mibyan\nOne"), kernel.run("%tb"), kernel.run("session.ask('Two')")]
    cells += [kernel.run("await session.aask('Three')"), kernel.run("%tb")]
    chained = "try:\n    session.ask('Four')\nexcept Exception as error:\n    {}"
    fake.enqueue(*[Reply.status(401)] * 3)
    cells += [
        kernel.run(chained.format("raise ValueError('chained') from error")),
        kernel.run(chained.format("import traceback; traceback.print_exc(); kept = error")),
        kernel.run(chained.format("1 / 0")),
    ]
    kernel.ok("%xmode Context")
    values = "session, session.find_key(), session._endpoint(session.settings), session.settings"
    cells += [kernel.ok(f"[{values}]"), kernel.ok(f"print(*({values}), sep='\\n')")]
    cells += [kernel.ok("session.history"), kernel.ok("[vars(kept), kept.args]")]
    cells += [kernel.ok("%mibyan status"), kernel.ok("%mibyan history"), kernel.ok("%mibyan")]
    for cell in cells:
        assert SECRET not in repr(cell.messages) + repr(cell.reply), cell.code


def test_a_key_that_the_server_repeats_is_not_shown(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Not while it streams in pieces, not at last, not in what code reads of it."""
    log_in(kernel)
    fake.enqueue(Reply.stream(["Yours is ", *SECRET, ", mb"], pause=0.02, hold_after=29))
    cell = kernel.start("%%mibyan\nWhat is my key?")
    kernel.wait_until(lambda: "mb-…" in cell.html, "the answer without the key")
    fake.release()
    kernel.finish(cell)
    assert kernel.value("session.history[-1].answer.text") == "Yours is Key(mb-…), mb"
    assert not any(SECRET[:9] in str(message["content"]) for message in cell.messages)


def test_a_key_that_cannot_be_saved_is_not_shown(start_kernel: StartKernel, tmp_path: Path) -> None:
    """An unwritable configuration folder gives two lines; no traceback, however wordy, the key."""
    (tmp_path / "file").write_text("not a folder")
    kernel = start_kernel(XDG_CONFIG_HOME=str(tmp_path / "file"))
    kernel.ok(SET_UP)
    kernel.ok("%xmode Verbose")
    kernel.will_type.extend([SECRET] * 2 + [f"{SECRET} twice"])
    cell = kernel.run("%mibyan login --save")
    assert cell.ename == "ConfigurationError"
    assert len(cell.traceback) == 2
    assert "keys.json" in cell.traceback[0]
    cells = [cell, kernel.run("%tb")]
    chained = (
        "try:\n    get_ipython().run_line_magic('mibyan', 'login --save')\n"
        "except Exception as error:\n    raise ValueError('chained') from error"
    )
    cells += [kernel.run(chained), kernel.run("%tb"), kernel.run(chained)]
    assert kernel.will_type == deque()
    assert [each.ename for each in cells[2:]] == ["ValueError", None, "ValueError"]
    for each in cells:
        assert SECRET not in repr(each.messages) + repr(each.reply), each.code


LOCKED_KEYRING = {
    "__init__.py": "def get_keyring(): pass\ndef _fail(*_): raise OSError('locked')\n"
    "get_password = set_password = delete_password = _fail",
    "backends/__init__.py": "",
    "backends/fail.py": "class Keyring: pass",
    "backends/null.py": "class Keyring: pass",
}


def test_a_locked_keyring_breaks_nothing(
    start_kernel: StartKernel, fake: FakeMibyan, tmp_path: Path
) -> None:
    """It is said in one line, once; local servers, `login --save` and `logout` work."""
    (tmp_path / "modules/keyring/backends").mkdir(parents=True)
    for name, source in LOCKED_KEYRING.items():
        (tmp_path / "modules/keyring" / name).write_text(source)
    kernel = start_kernel(
        PYTHONPATH=str(tmp_path / "modules"),
        MIBYAN_BASE_URL=fake.base_url,
    )
    kernel.ok(SET_UP)
    (line,) = kernel.ok("%%mibyan\nOne").printed.splitlines()
    assert "The system keyring could not be used (OSError)." in line
    assert kernel.ok("%%mibyan\nTwo").printed == ""
    assert "The system keyring could not be used" in kernel.ok("%mibyan status").plain
    assert "keys.json" in log_in(kernel, "--save")
    kernel.ok("get_session().forget_key()")
    kernel.ok("%%mibyan\nThree")
    assert sent_key(fake) == f"Bearer {SECRET}"
    assert "keys.json" in kernel.ok("%mibyan logout").printed
    kernel.ok("%%mibyan\nFour")
    assert sent_key(fake) is None


def test_a_key_that_cannot_be_one_is_not_shown(kernel: NotebookKernel) -> None:
    """A pasted key with a space or line break is refused without repeating it."""
    kernel.will_type.append("mb-two parts")
    cell = kernel.run("%mibyan login")
    assert len(cell.traceback) == 2
    assert "mb-two" not in repr(cell.messages)


def test_a_front_end_without_input_says_what_to_do(kernel: NotebookKernel) -> None:
    """Where the front end cannot ask (nbclient), login says so in two lines."""
    cell = kernel.finish(kernel.start("%mibyan login", allow_stdin=False))
    assert cell.ename == "ConfigurationError"
    assert len(cell.traceback) == 2


def test_without_key_and_server_two_lines_say_what_to_do(start_kernel: StartKernel) -> None:
    """With nothing set at all: how to set a key, how to try the demo; no traceback."""
    kernel = start_kernel()
    kernel.ok(SET_UP)
    for code in ("%%mibyan\nHi", "get_session().ask('Hi')", "await get_session().aask('Hi')"):
        cell = kernel.run(code)
        assert cell.ename == "MissingKeyError"
        assert len(cell.traceback) == 2
        assert "%mibyan login" in cell.traceback[0]
        assert "%mibyan demo" in cell.traceback[1]
    assert kernel.value("len(get_session().history)") == 0


def test_a_strange_key_for_mibyan_gives_one_warning_line(start_kernel: StartKernel) -> None:
    """A key without `mb-` is accepted, with one line of warning, for Mibyan's own address."""
    kernel = start_kernel()
    kernel.ok(SET_UP)
    kernel.will_type.append("sk-not-of-mibyan")
    printed = kernel.ok("%mibyan login").printed.splitlines()
    assert len(printed) == 2
    assert "does not start with 'mb-'" in printed[1]
    (warned,) = kernel.ok(
        "_ = get_session()._endpoint(get_session().settings)"
    ).printed.splitlines()
    assert warned.endswith("UserWarning: " + printed[1])


def test_point_at_leaves_no_key(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """The tests' own kernel starts without a key, whatever this machine has."""
    point_at(kernel, fake)
    kernel.ok("%%mibyan\nOne")
    assert sent_key(fake) is None
