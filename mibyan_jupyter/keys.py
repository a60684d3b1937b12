"""API keys: where one is found, which server it is for, and how it stays unseen.

A key is bound to the base URL it was given for, so a changed host (or the demo) never receives
it. Only the code that builds the request header opens a `Key`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from mibyan_jupyter.config import DEFAULT_BASE_URL, normalize_base_url
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYRING_SERVICE = "mibyan-jupyter"


class Key:
    """A secret that does not print: `repr`, `str` and formatting show `mb-…` only."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        secret = secret.strip()
        if not secret or not all("!" <= character <= "~" for character in secret):
            raise ConfigurationError(
                "That is not a usable key: it is empty or has spaces, line breaks or non-ASCII.",
                "Copy the key again, in one piece, and give it with %mibyan login.",
            )
        self._secret = secret

    def reveal(self) -> str:
        """The secret itself; for the header builder and the key store only."""
        return self._secret

    @property
    def looks_like_mibyan(self) -> bool:
        """Whether it starts with `mb-`, as Mibyan's own keys do."""
        return self._secret.startswith("mb-")

    def __repr__(self) -> str:
        return "Key(mb-…)" if self.looks_like_mibyan else "Key(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._secret == self._secret

    def __hash__(self) -> int:
        return hash(self._secret)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Key is not pickled: it would be written down in clear")


@dataclass(frozen=True)
class FoundKey:
    """A key and where it came from (words for `%mibyan status`)."""

    key: Key
    origin: str


class KeyStore(Protocol):
    """Where `%mibyan login --save` keeps keys, one for each base URL."""

    @property
    def name(self) -> str: ...

    def read(self, base_url: str) -> str | None: ...

    def write(self, base_url: str, secret: str) -> None: ...

    def delete(self, base_url: str) -> bool: ...


class KeyringStore:
    """The operating system's keyring; raises `keyring` errors when there is none."""

    name = "the system keyring"

    def read(self, base_url: str) -> str | None:
        import keyring

        return keyring.get_password(KEYRING_SERVICE, base_url)

    def write(self, base_url: str, secret: str) -> None:
        import keyring

        keyring.set_password(KEYRING_SERVICE, base_url, secret)

    def delete(self, base_url: str) -> bool:
        import keyring

        if self.read(base_url) is None:
            return False
        keyring.delete_password(KEYRING_SERVICE, base_url)
        return True


class FileStore:
    """A JSON file that only its owner can read (mode 0600)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """The file; by default in the user's configuration directory."""
        if self._path is None:
            import platformdirs

            self._path = Path(platformdirs.user_config_dir("mibyan-jupyter")) / "keys.json"
        return self._path

    @property
    def name(self) -> str:
        return f"{self.path} (readable by you only)"

    def read(self, base_url: str) -> str | None:
        return self._load().get(base_url)

    def write(self, base_url: str, secret: str) -> None:
        self._save({**self._load(), base_url: secret})

    def delete(self, base_url: str) -> bool:
        kept = self._load()
        if kept.pop(base_url, None) is None:
            return False
        self._save(kept)
        return True

    def _load(self) -> dict[str, str]:
        try:
            stored = json.loads(self.path.read_text("utf-8"))
            return {str(url): str(secret) for url, secret in stored.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            raise ConfigurationError(
                f"The key file {self.path} cannot be read ({type(error).__name__}).",
                "Delete it, then run %mibyan login --save again.",
            ) from None

    def _save(self, keys: Mapping[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(dict(keys), file)
        draft.replace(self.path)


def key_stores() -> list[KeyStore]:
    """The stores of this machine, best first; the keyring only where one is installed."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return [FileStore()]
    if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
        return [FileStore()]
    return [KeyringStore(), FileStore()]


def save_key(base_url: str, key: Key) -> str:
    """Keep `key` for later kernels; returns the name of the store that took it."""
    *attempts, last = key_stores()
    for store in attempts:
        try:
            store.write(base_url, key.reveal())
        except Exception:  # noqa: S112, BLE001, PERF203, RUF100 - a locked keyring: the file is next
            continue
        return store.name
    last.write(base_url, key.reveal())
    return last.name


def forget_saved_key(base_url: str) -> list[str]:
    """Remove the key saved for `base_url`; returns the names of the stores that held one."""
    return [store.name for store in key_stores() if store.delete(base_url)]


def find_key(base_url: str, environ: Mapping[str, str] | None = None) -> FoundKey | None:
    """The key this machine holds for `base_url`: environment → keyring or file → Colab.

    A key given in this kernel comes first of all; the session knows that one.
    """
    environ = os.environ if environ is None else environ
    env_base = normalize_base_url(environ.get("MIBYAN_BASE_URL") or DEFAULT_BASE_URL)
    if base_url == env_base and environ.get("MIBYAN_API_KEY", "").strip():
        return FoundKey(Key(environ["MIBYAN_API_KEY"]), "MIBYAN_API_KEY")
    for store in key_stores():
        if secret := store.read(base_url):
            return FoundKey(Key(secret), store.name)
    return _colab_key() if base_url == DEFAULT_BASE_URL else None


def _colab_key() -> FoundKey | None:
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata

    try:
        secret = userdata.get("MIBYAN_API_KEY")
    except Exception:  # noqa: BLE001, RUF100 - Colab's own errors: no such secret, or no access
        return None
    return FoundKey(Key(secret), "Colab's secrets") if secret else None
