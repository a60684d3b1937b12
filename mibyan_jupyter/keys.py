"""API keys: where one is found, which server it is for, and how it stays unseen.

A key is bound to the base URL it was given for, so a changed host (or the demo) never receives
it. Only the code that builds the request header opens a `Key`, and a store at its last moment: no
variable holds a secret in clear where an error could leave from, since tracebacks show variables.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol, TypeVar

from mibyan_jupyter.config import DEFAULT_BASE_URL, normalize_base_url
from mibyan_jupyter.errors import ConfigurationError, MibyanError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
KEYRING_SERVICE = "mibyan-jupyter"
_SHORTEST_SECRET = 12
NOT_A_MIBYAN_KEY = f"This key does not start with 'mb-', as the keys for {DEFAULT_BASE_URL} do."


class Key:
    """A secret that does not print: `repr`, `str` and formatting show `mb-…` only."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret.strip()
        del secret
        if not self._secret or not all("!" <= character <= "~" for character in self._secret):
            raise ConfigurationError(
                "That is not a usable key: it is empty or has spaces, line breaks or non-ASCII.",
                "Copy the key again, in one piece, and give it with %mibyan login.",
            )

    def reveal(self) -> str:
        """The secret itself; for the header builder and the key store only."""
        return self._secret

    @property
    def could_be_a_word(self) -> bool:
        """Whether it is as short as what local servers are given, such as `none` or `dummy`."""
        return len(self._secret) < _SHORTEST_SECRET

    @property
    def looks_like_mibyan(self) -> bool:
        """Whether it starts with `mb-`, as Mibyan's own keys do."""
        return self._secret.startswith("mb-")

    def hidden_in(self, text: str) -> str:
        """The text with `mb-…` in the key's place."""
        return text.replace(self._secret, str(self))

    def begun_at_end_of(self, text: str) -> int:
        """How many characters at the text's end may be the beginning of the key."""
        longest = min(len(self._secret) - 1, len(text))
        return next((n for n in range(longest, 0, -1) if text.endswith(self._secret[:n])), 0)

    def __repr__(self) -> str:
        return "Key(mb-…)" if self.looks_like_mibyan else "Key(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._secret == self._secret

    def __hash__(self) -> int:
        return hash(self._secret)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Key is not pickled: it would be written down in clear")


class FoundKey(NamedTuple):
    """A key and where it came from (words for `%mibyan status`)."""

    key: Key
    origin: str


class KeyStore(Protocol):
    """Where `%mibyan login --save` keeps keys, one for each base URL."""

    @property
    def name(self) -> str: ...

    def read(self, base_url: str) -> Key | None: ...

    def write(self, base_url: str, key: Key) -> None: ...

    def delete(self, base_url: str) -> bool: ...


class KeyringStore:
    """The operating system's keyring; raises `keyring` errors when there is none."""

    name = "the system keyring"

    def read(self, base_url: str) -> Key | None:
        import keyring

        secret = keyring.get_password(KEYRING_SERVICE, base_url)
        return Key(secret) if secret else None

    def write(self, base_url: str, key: Key) -> None:
        import keyring

        keyring.set_password(KEYRING_SERVICE, base_url, key.reveal())

    def delete(self, base_url: str) -> bool:
        import keyring

        if self.read(base_url) is None:
            return False
        keyring.delete_password(KEYRING_SERVICE, base_url)
        return True


class FileStore:
    """A JSON file that only its owner can read (mode 0600); raises ConfigurationError."""

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

    def read(self, base_url: str) -> Key | None:
        return self._load().get(base_url)

    def write(self, base_url: str, key: Key) -> None:
        self._save({**self._load(), base_url: key})

    def delete(self, base_url: str) -> bool:
        kept = self._load()
        if kept.pop(base_url, None) is None:
            return False
        self._save(kept)
        return True

    def _load(self) -> dict[str, Key]:
        try:
            stored = json.loads(self.path.read_text("utf-8"))
            return {url: Key(secret) for url, secret in stored.items()}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, AttributeError, ConfigurationError) as error:
            stored, why = None, type(error).__name__
        # Not in the handler: the error would take along what it handles, with the file's text.
        raise ConfigurationError(
            f"The key file {self.path} cannot be read ({why}).",
            "Mend it or move it away, then run %mibyan login --save again.",
        )

    def _save(self, keys: Mapping[str, Key]) -> None:
        try:
            self._replace(keys)
        except OSError as error:
            why = error.strerror or type(error).__name__
        else:
            return
        raise ConfigurationError(  # not in the handler, as above
            f"The key file {self.path} cannot be written ({why}).",
            "Make that file and its folder yours to write, or set MIBYAN_API_KEY instead.",
        )

    def _replace(self, keys: Mapping[str, Key]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.new")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({url: key.reveal() for url, key in keys.items()}, file)
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)


def key_stores() -> list[KeyStore]:
    """The stores of this machine, best first; the keyring only where there is one."""
    try:
        import keyring
        from keyring.backends import fail, null

        without = isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)
    except Exception:  # noqa: BLE001, RUF100 - not installed, or it cannot be set up
        without = True
    return [FileStore()] if without else [KeyringStore(), FileStore()]


def save_key(base_url: str, key: Key) -> str:
    """Keep `key` for later kernels; returns the name of the store that took it."""
    *attempts, last = key_stores()
    for store in attempts:
        try:
            store.write(base_url, key)
        except Exception:  # noqa: S112, BLE001, PERF203, RUF100 - a locked keyring: the file is next
            continue
        return store.name
    last.write(base_url, key)
    return last.name


def forget_saved_key(base_url: str) -> list[str]:
    """Remove the key saved for `base_url`; returns the names of the stores that held one.

    A store that fails is skipped; see `failed_stores`.
    """
    return [store.name for store in key_stores() if _tried(store, store.delete, base_url)]


def find_key(base_url: str, environ: Mapping[str, str] | None = None) -> FoundKey | None:
    """The key this machine holds for `base_url`: environment → keyring or file → Colab.

    A key given in this kernel comes first of all; the session knows that one. A store that fails is
    skipped; see `failed_stores`.
    """
    if base_url == _environments_base(environ) and _variable("MIBYAN_API_KEY", environ):
        return FoundKey(Key(_variable("MIBYAN_API_KEY", environ)), "MIBYAN_API_KEY")
    for store in key_stores():
        if key := _tried(store, store.read, base_url):
            return FoundKey(key, store.name)
    return _colab_key() if base_url == DEFAULT_BASE_URL else None


def _environments_base(environ: Mapping[str, str] | None) -> str | None:
    """The address that the environment's key is for; None where what it names is no address."""
    try:
        return normalize_base_url(_variable("MIBYAN_BASE_URL", environ) or DEFAULT_BASE_URL)
    except ConfigurationError:
        return None


def _variable(name: str, environ: Mapping[str, str] | None) -> str:
    return (os.environ if environ is None else environ).get(name, "").strip()


def _colab_key() -> FoundKey | None:
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata

    try:
        held = bool(userdata.get("MIBYAN_API_KEY"))
    except Exception:  # noqa: BLE001, RUF100 - Colab's own errors: no such secret, or no access
        return None
    return FoundKey(Key(userdata.get("MIBYAN_API_KEY")), "Colab's secrets") if held else None


# ---- what is wrong, said in one line -----------------------------------------------------------

_failed: dict[str, str] = {}
_told: set[str] = set()


def _tried(store: KeyStore, use: Callable[[str], T], base_url: str) -> T | None:
    """What `use` returns; None where the store fails, which is remembered until it works again."""
    try:
        result = use(base_url)
    except Exception as error:  # noqa: BLE001, RUF100 - a keyring's own errors; a key is not all
        _failed[store.name] = _what_failed(store.name, error)
        return None
    _failed.pop(store.name, None)
    return result


def _what_failed(name: str, error: Exception) -> str:
    if isinstance(error, MibyanError):
        return error.what
    return f"{name[0].upper()}{name[1:]} could not be used ({type(error).__name__})."


def failed_stores() -> tuple[str, ...]:
    """A line for each store that failed when it was last tried."""
    return tuple(_failed.values())


def warn_failed_stores() -> None:
    """Warn of `failed_stores`, of each once."""
    for line in failed_stores():
        if line not in _told:
            _told.add(line)
            _warn(line)


def warn_foreign_key() -> None:
    """Warn that the key for Mibyan does not look like one of its own."""
    _warn(NOT_A_MIBYAN_KEY)


_warned: dict[Any, Any] = {}


def _warn(line: str) -> None:
    # With a file that does not exist no line of source is shown below the warning.
    warnings.warn_explicit(line, UserWarning, "mibyan-jupyter", 1, registry=_warned)
