"""Where a session's questions go, and how: its settings, their layers, and the key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from mibyan_jupyter import keys
from mibyan_jupyter.config import ENVIRONMENT, Settings, is_mibyan, resolve_settings
from mibyan_jupyter.errors import MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.api.endpoint import Endpoint
    from mibyan_jupyter.keys import FoundKey


_Value = TypeVar("_Value")


class _Setting(Generic[_Value]):
    """One of the settings as an attribute: read, it is what is in force; set, it is checked."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, connection: Connection | None, owner: type | None = None) -> _Value:
        if connection is None:
            return self  # type: ignore[return-value]  # of the class, for those who look at it
        return cast("_Value", getattr(connection.settings, self._name))

    def __set__(self, connection: Connection, value: _Value | None) -> None:
        connection.configure(**{self._name: value})


class Connection:
    """The settings and the key of one session; any thread may read and change them."""

    # No other attributes: what is set under a mistyped name would hold nothing back.
    __slots__ = (
        "__weakref__",
        "_config_file",
        "_given_key",
        "_last_used",
        "_resolved",
        "_set_here",
    )

    base_url = _Setting[str]()
    model = _Setting[str]()
    system = _Setting[str]()
    idle_timeout = _Setting[float]()
    history_tokens = _Setting[int]()
    auth_header = _Setting[str]()
    context = _Setting[str]()
    context_tokens = _Setting[int]()
    context_without = _Setting[tuple[str, ...]]()
    privacy = _Setting[str]()
    redact_personal = _Setting[bool]()
    journal = _Setting[bool]()

    def __init__(self, api_key: str | None = None, **settings: Any) -> None:
        self._config_file: dict[str, Any] = {}
        self._set_here: dict[str, Any] = {}
        self._given_key: tuple[str, keys.Key] | None = None
        self._last_used: Endpoint | None = None
        self._resolved: tuple[object, Settings] | None = None
        self.configure(**settings)
        if api_key is not None:
            self.set_key(api_key)

    @property
    def settings(self) -> Settings:
        """All settings, resolved from their layers; anew only where one of these has changed."""
        environment = tuple(map(os.environ.get, ENVIRONMENT.values()))
        layers = (self._set_here, self._config_file, environment)
        if self._resolved is None or self._resolved[0] != layers:
            found = resolve_settings(self._set_here, config_file=self._config_file)
            self._resolved = (layers, found)
        return self._resolved[1]

    def configure(self, **settings: Any) -> None:
        """Set some settings for this kernel; None gives one back to the layers below."""
        given = {name: value for name, value in settings.items() if value is not None}
        checked = Settings().with_changes(**given)
        usable = {name: getattr(checked, name) for name in given}
        self._set_here = {**self._set_here, **settings, **usable}

    def chosen_here(self, name: str) -> Any:
        """What was set for this kernel itself; None where the layers below speak."""
        return self._set_here.get(name)

    def use_config_file(self, settings: Mapping[str, Any]) -> None:
        """The layer that IPython's configuration file gives, above the defaults only."""
        Settings().with_changes(**settings)
        self._config_file = dict(settings)

    def set_key(self, secret: str | keys.Key) -> keys.Key:
        """Use this key in this kernel, for the present base URL only."""
        key = secret if isinstance(secret, keys.Key) else keys.Key(secret)
        self._given_key = (self.base_url, key)
        return key

    def forget_key(self) -> str | None:
        """Forget the key that was set in this kernel; returns the base URL that it was for."""
        given, self._given_key = self._given_key, None
        return given[0] if given else None

    def find_key(self) -> FoundKey | None:
        """The key for the present base URL, and where it comes from."""
        if self._given_key is not None and self._given_key[0] == self.base_url:
            return keys.FoundKey(self._given_key[1], "set in this kernel")
        return keys.find_key(self.base_url)

    def _endpoint(self, settings: Settings) -> Endpoint:
        from mibyan_jupyter.api.endpoint import Endpoint

        found = self.find_key()
        keys.warn_failed_stores()
        if found is None and is_mibyan(settings.base_url):
            raise MissingKeyError(
                "No Mibyan key is set. With a key: run %mibyan login, or set MIBYAN_API_KEY.",
                "Without one: %mibyan demo answers offline, and shows how it works.",
            )
        if found and is_mibyan(settings.base_url) and not found.key.looks_like_mibyan:
            keys.warn_foreign_key()
        self._last_used = Endpoint(
            settings.base_url,
            found.key if found else None,
            settings.auth_header,
            settings.idle_timeout,
        )
        return self._last_used

    def without_key(self, text: str) -> str:
        """The text without the key that was used last."""
        return self._last_used.without_key(text) if self._last_used else text
