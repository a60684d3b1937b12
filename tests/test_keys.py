"""Keys: unseen, found in order, and kept where only their owner can read them."""

from __future__ import annotations

import copy
import json
import pickle
import stat
import sys
import types
from pathlib import Path

import pytest

from mibyan_jupyter import keys
from mibyan_jupyter.config import DEFAULT_BASE_URL
from mibyan_jupyter.errors import ConfigurationError
from mibyan_jupyter.keys import FileStore, FoundKey, Key, find_key

SECRET = "mb-0123456789abcdef"
ELSEWHERE = "http://127.0.0.1:8000/v1"


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
    store.write(ELSEWHERE, SECRET)
    store.write(DEFAULT_BASE_URL, "mb-two")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert json.loads(store.path.read_text()) == {ELSEWHERE: SECRET, DEFAULT_BASE_URL: "mb-two"}
    assert [path.name for path in store.path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("content", ["{broken", "[1]", '"text"'])
def test_a_damaged_key_file_is_said(store: FileStore, content: str) -> None:
    """The message names the file and what to do; its content stays unseen."""
    store.path.parent.mkdir(parents=True)
    store.path.write_text(content)
    with pytest.raises(ConfigurationError, match=r"keys\.json") as raised:
        store.read(ELSEWHERE)
    assert "broken" not in str(raised.value)


class _BrokenStore(FileStore):
    def write(self, base_url: str, secret: str) -> None:
        raise RuntimeError(f"locked: {base_url} {len(secret)}")


def test_a_keyring_that_fails_gives_way_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locked keyring does not lose the key."""
    file = FileStore(tmp_path / "keys.json")
    monkeypatch.setattr(keys, "key_stores", lambda: [_BrokenStore(tmp_path / "no"), file])
    assert keys.save_key(ELSEWHERE, Key(SECRET)) == file.name
    assert file.read(ELSEWHERE) == SECRET


def test_colabs_secrets_come_last(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Colab `userdata` holds the key for Mibyan, for nobody else."""
    colab = types.ModuleType("google.colab")
    colab.userdata = types.SimpleNamespace(get={"MIBYAN_API_KEY": SECRET}.get)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    assert find_key(DEFAULT_BASE_URL, {}) == FoundKey(Key(SECRET), "Colab's secrets")
    assert find_key(ELSEWHERE, {}) is None
    store.write(DEFAULT_BASE_URL, "mb-saved")
    found = find_key(DEFAULT_BASE_URL, {})
    assert found is not None
    assert found.origin == store.name


def test_without_a_keyring_the_file_is_the_store() -> None:
    """The fail backend (the tests' own setting) counts as no keyring."""
    assert [type(store) for store in keys.key_stores()] == [FileStore]
