"""Keys: unseen, found in order, and kept where only their owner can read them."""

from __future__ import annotations

import copy
import json
import pickle
import re
import stat
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from mibyan_jupyter import keys
from mibyan_jupyter.config import DEFAULT_BASE_URL
from mibyan_jupyter.errors import ConfigurationError
from mibyan_jupyter.keys import FileStore, FoundKey, Key, find_key

SECRET = "mb-0123456789abcdef"
ELSEWHERE = "http://127.0.0.1:8000/v1"


@pytest.fixture(autouse=True)
def _no_store_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed in another test is not remembered."""
    monkeypatch.setattr(keys, "_failed", {})
    monkeypatch.setattr(keys, "_told", set())


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    """The only key store, empty."""
    one = FileStore(tmp_path / "deep" / "keys.json")
    monkeypatch.setattr(keys, "key_stores", lambda: [one])
    return one


def test_a_key_does_not_show_itself() -> None:
    """No way of printing gives the secret away, and it cannot be pickled."""
    key = Key(SECRET)
    for shown in (
        repr(key),
        str(key),
        f"{key}",
        f"{key!r:>30}",
        repr(FoundKey(key, "here")),
        repr([key]),
    ):
        assert "0123" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)


@pytest.mark.parametrize(
    "secret", ["", "  ", "mb-1\nX-Evil: 1", "mb-1 2", "mb-مفتاح", "mb-\x7f", "mb-\rx"]
)
def test_what_cannot_be_a_header_is_no_key(secret: str) -> None:
    """Line breaks and non-ASCII are refused, and the message does not repeat them."""
    with pytest.raises(ConfigurationError) as raised:
        Key(secret)
    assert "Evil" not in str(raised.value)


def test_white_space_around_a_pasted_key_is_dropped() -> None:
    """Pasting often brings a line end along."""
    assert Key(f" {SECRET}\n").reveal() == SECRET


@pytest.mark.usefixtures("store")
def test_the_environments_key_is_for_its_base_url() -> None:
    """`MIBYAN_API_KEY` belongs to `MIBYAN_BASE_URL`, else to Mibyan."""
    environ = {"MIBYAN_API_KEY": SECRET}
    assert find_key(DEFAULT_BASE_URL, environ) == FoundKey(Key(SECRET), "MIBYAN_API_KEY")
    assert find_key(ELSEWHERE, environ) is None
    environ["MIBYAN_BASE_URL"] = f"{ELSEWHERE}/"
    assert find_key(ELSEWHERE, environ) is not None
    assert find_key(DEFAULT_BASE_URL, environ) is None


def test_a_saved_key_is_found_for_its_base_url_only(store: FileStore) -> None:
    """The environment comes before it; `logout` forgets it."""
    assert keys.save_key(ELSEWHERE, Key(SECRET)) == store.name
    found = find_key(ELSEWHERE, {})
    assert found == FoundKey(Key(SECRET), store.name)
    assert find_key(DEFAULT_BASE_URL, {}) is None
    environ = {"MIBYAN_API_KEY": "mb-other", "MIBYAN_BASE_URL": ELSEWHERE}
    assert find_key(ELSEWHERE, environ) == FoundKey(Key("mb-other"), "MIBYAN_API_KEY")
    assert keys.forget_saved_key(ELSEWHERE) == [store.name]
    assert keys.forget_saved_key(ELSEWHERE) == []
    assert find_key(ELSEWHERE, {}) is None


def test_the_key_file_is_its_owners_alone(store: FileStore) -> None:
    """Mode 0600 from the first byte, whatever was there before."""
    store.write(ELSEWHERE, Key(SECRET))
    store.write(DEFAULT_BASE_URL, Key("mb-two"))
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert json.loads(store.path.read_text()) == {ELSEWHERE: SECRET, DEFAULT_BASE_URL: "mb-two"}
    assert [path.name for path in store.path.parent.iterdir()] == ["keys.json"]


DAMAGED = [f'{{"x": "{SECRET}", broken', f'["{SECRET}"]', f'"{SECRET}"', f'{{"x": "{SECRET} ?"}}']


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_key_file_is_said(store: FileStore, content: str) -> None:
    """The message names the file and what to do; its content stays unseen, and stays."""
    store.path.parent.mkdir(parents=True)
    store.path.write_text(content)
    for use in (store.read, store.delete, lambda url: store.write(url, Key("mb-new"))):
        with pytest.raises(ConfigurationError, match=r"keys\.json") as raised:
            use(ELSEWHERE)
        assert len(str(raised.value).splitlines()) == 2
        assert not holds(raised.value, SECRET)
    assert store.path.read_text() == content
    assert find_key(ELSEWHERE, {}) is None
    assert keys.forget_saved_key(ELSEWHERE) == []


def holds(error: BaseException | None, secret: str) -> bool:
    """Whether the error, what led to it, or a variable on its way (not a test's) shows `secret`."""
    if error is None:
        return False
    shown = [repr(error.args), *map(repr, _variables(error))]
    return secret in "".join(shown) or holds(error.__cause__ or error.__context__, secret)


def _variables(error: BaseException) -> Iterator[object]:
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != __file__:
            yield from trace.tb_frame.f_locals.values()
        trace = trace.tb_next


def test_a_key_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Two lines that name the file; nothing that a traceback could print holds the key."""
    (tmp_path / "file").write_text("not a folder")
    store = FileStore(tmp_path / "file" / "keys.json")
    with pytest.raises(ConfigurationError, match=r"keys\.json cannot be written") as raised:
        store.write(ELSEWHERE, Key(SECRET))
    assert len(str(raised.value).splitlines()) == 2
    assert not holds(raised.value, SECRET)
    assert store.read(ELSEWHERE) is None


def test_a_failed_write_leaves_no_draft(store: FileStore) -> None:
    """The keys are not left in a file beside the right one."""
    (store.path / "in the way").mkdir(parents=True)
    with pytest.raises(ConfigurationError):
        store._save({ELSEWHERE: Key(SECRET)})
    assert [path.name for path in store.path.parent.iterdir()] == ["keys.json"]


def test_an_unusable_key_is_in_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a key that is refused stays out of the frames of its error."""
    monkeypatch.setenv("MIBYAN_API_KEY", f"{SECRET} and more")
    for make in (lambda: Key(f"{SECRET} " + "x"), lambda: find_key(DEFAULT_BASE_URL)):
        with pytest.raises(ConfigurationError) as raised:
            make()
        assert not holds(raised.value, SECRET)


class _BrokenStore(FileStore):
    name = "the locked store"

    def _fail(self, *_: object) -> NoReturn:
        raise RuntimeError(f"locked: {SECRET}")

    read = write = delete = _fail


def test_a_keyring_that_fails_gives_way_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locked keyring does not lose the key."""
    file = FileStore(tmp_path / "keys.json")
    monkeypatch.setattr(keys, "key_stores", lambda: [_BrokenStore(tmp_path / "no"), file])
    assert keys.save_key(ELSEWHERE, Key(SECRET)) == file.name
    assert file.read(ELSEWHERE) == Key(SECRET)
    assert find_key(ELSEWHERE, {}) == FoundKey(Key(SECRET), file.name)
    assert keys.forget_saved_key(ELSEWHERE) == [file.name]
    assert find_key(ELSEWHERE, {}) is None


def test_a_store_that_fails_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, without what the store said; it is gone when the store works again."""
    line = "The locked store could not be used (RuntimeError)."
    monkeypatch.setattr(keys, "key_stores", lambda: [_BrokenStore(tmp_path)])
    assert find_key(ELSEWHERE, {}) is None
    assert keys.failed_stores() == (line,)
    with pytest.warns(UserWarning, match=re.escape(line)):
        keys.warn_failed_stores()
    keys.warn_failed_stores()  # a second warning would be an error here
    working = FileStore(tmp_path / "keys.json")
    monkeypatch.setattr(_BrokenStore, "read", working.read)
    assert find_key(ELSEWHERE, {}) is None
    assert keys.failed_stores() == ()


def test_a_keyring_that_cannot_be_set_up_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that does not exist, named in the environment, leaves the file."""
    broken = types.ModuleType("keyring")
    monkeypatch.setitem(sys.modules, "keyring", broken)
    assert [type(store) for store in keys.key_stores()] == [FileStore]


def test_the_warning_is_one_line() -> None:
    """A key without `mb-` is worth one line, without a line of our source below it."""
    with pytest.warns(UserWarning, match="does not start with 'mb-'") as warned:
        keys.warn_foreign_key()
    (shown,) = (warnings.formatwarning(w.message, w.category, w.filename, w.lineno) for w in warned)
    assert shown.endswith(f": {keys.NOT_A_MIBYAN_KEY}\n")
    assert shown.count("\n") == 1


def test_colabs_secrets_come_last(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Colab `userdata` holds the key for Mibyan, for nobody else."""
    colab = types.ModuleType("google.colab")
    colab.userdata = types.SimpleNamespace(get={"MIBYAN_API_KEY": SECRET}.get)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    assert find_key(DEFAULT_BASE_URL, {}) == FoundKey(Key(SECRET), "Colab's secrets")
    assert find_key(ELSEWHERE, {}) is None
    store.write(DEFAULT_BASE_URL, Key("mb-saved"))
    found = find_key(DEFAULT_BASE_URL, {})
    assert found is not None
    assert found.origin == store.name


def test_without_a_keyring_the_file_is_the_store() -> None:
    """The fail backend (the tests' own setting) counts as no keyring."""
    assert [type(store) for store in keys.key_stores()] == [FileStore]


@pytest.mark.usefixtures("store")
def test_a_base_url_that_is_none_leaves_the_environments_key_to_nobody() -> None:
    """It must not stop another address from being asked, nor lend it the key."""
    environ = {"MIBYAN_API_KEY": SECRET, "MIBYAN_BASE_URL": "not a url"}
    assert find_key(DEFAULT_BASE_URL, environ) is None
    assert find_key(ELSEWHERE, environ) is None
