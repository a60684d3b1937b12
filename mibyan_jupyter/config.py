"""Settings: one frozen value, made from layers.

argument > set in this kernel > environment > IPython's configuration file > default. The session
holds the value; `%config MibyanMagics.…` and `%mibyan` are views on it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from mibyan_jupyter.errors import ConfigurationError
from mibyan_jupyter.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_BASE_URL = "https://mibyanai.com/api/public/v1"
ENVIRONMENT = {
    "base_url": "MIBYAN_BASE_URL",
    "model": "MIBYAN_MODEL",
    "idle_timeout": "MIBYAN_IDLE_TIMEOUT",
    "context": "MIBYAN_CONTEXT",
    "privacy": "MIBYAN_PRIVACY",
    "journal": "MIBYAN_JOURNAL",
}
AUTH_HEADERS = ("Authorization", "x-mibyan-api-key")
CONTEXT_MODES = ("auto", "none", "mentioned", "all")
PRIVACY_LEVELS = ("names", "schema", "stats", "rows")

_SWITCHED = dict.fromkeys(("true", "on", "yes", "1"), True) | dict.fromkeys(
    ("false", "off", "no", "0"), False
)
_HOST = re.compile(r"[\w-][\w.-]*")
_NEAR_HOST = re.compile(r"\[[^\]/]*\]?|[^:/?#]*")


class Settings(NamedTuple):
    """What a session uses where a call does not say otherwise.

    `base_url` has no trailing slash. `idle_timeout` (seconds) bounds the wait for the first byte
    and then the silence between two pieces of text. `history_tokens` bounds the earlier turns in a
    request. `auth_header` is `Authorization` (Bearer) or `x-mibyan-api-key`. `context` says how
    much of the notebook goes along (`auto`, `none`, `mentioned`, `all`), `context_tokens` bounds
    it, `context_without` names providers that are switched off, and `privacy` is how much of live
    data they may show (`names`, `schema`, `stats`, `rows`). `redact_personal` takes e-mail
    addresses and phone numbers out too, beside the secrets. `journal` keeps the kernel's
    conversation in a file of the user's, so that a crash loses none of it.
    """

    base_url: str = DEFAULT_BASE_URL
    model: str = "mibyan-4.1"
    system: str = ""
    idle_timeout: float = 60.0
    history_tokens: int = 24_000
    auth_header: str = "Authorization"
    context: str = "auto"
    context_tokens: int = 6_000
    context_without: tuple[str, ...] = ()
    privacy: str = "stats"
    redact_personal: bool = False
    journal: bool = True

    def with_changes(self, **changes: Any) -> Settings:
        """A copy with some values changed, each checked; raises ConfigurationError."""
        return self._replace(**{name: _checked(name, value) for name, value in changes.items()})


SETTING_NAMES = Settings._fields


def resolve_settings(
    *layers: Mapping[str, Any],
    config_file: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of a new session; `layers` stand above the environment, the strongest last.

    A variable that cannot be used is said once and passed over; one that holds text back, or says
    where it goes, raises ConfigurationError then.
    """
    above: dict[str, Any] = {}
    for layer in layers:
        above |= {name: value for name, value in layer.items() if value is not None}
    variables = {name: variable for name, variable in ENVIRONMENT.items() if name not in above}
    from_environment = _usable(variables, os.environ if environ is None else environ)
    return Settings().with_changes(**{**(config_file or {}), **from_environment, **above})


def _usable(variables: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, Any]:
    """The environment's value for each setting whose variable is set and can be used."""
    chosen: dict[str, Any] = {}
    for name, variable in variables.items():
        if not (value := environ.get(variable, "").strip()):
            continue
        try:
            chosen[name] = _checked(name, value)
        except ConfigurationError as error:
            if name in ("base_url", "context", "privacy"):
                raise ConfigurationError(f"{variable}: {error.what}", error.hint) from None
            _warn_once(f"{variable} is not used: {error.what}")
    return chosen


@cache
def _warn_once(text: str) -> None:
    warnings.warn(text, stacklevel=2)


def normalize_base_url(url: str) -> str:
    """The base URL as it is compared and shown: no trailing slash, host in lower case.

    A query stays. Raises ConfigurationError when it is not an absolute http(s) URL, or names a
    user or password (they would end up in messages).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except (AttributeError, TypeError, ValueError):
        raise _bad_base_url(url) from None
    usable = isinstance(url, str) and printable(url) == url and _is_host(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not parts.hostname or not usable:
        raise _bad_base_url(url)
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            f"The base URL for {parts.hostname} holds a user name or password.",
            "Leave them out; give the key with %mibyan login or MIBYAN_API_KEY.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default_port = {"http": 80, "https": 443}[parts.scheme]
    netloc = host if port in (None, default_port) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path.rstrip("/"), parts.query, ""))


def is_mibyan(base_url: str) -> bool:
    """Whether this is Mibyan's own service, which always needs a key."""
    host = urlsplit(base_url).hostname or ""
    return host == "mibyanai.com" or host.endswith(".mibyanai.com")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by its usual names."""
    host = host.lower().removesuffix(".")
    return host == "localhost" or host.endswith(".localhost") or _is_loopback_address(host)


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    """Whether a name could be looked up: an IP address, or labels that DNS can hold."""
    try:
        return ":" in host or bool(_HOST.fullmatch(host) and host.encode("idna"))
    except UnicodeError:
        return False


def _bad_base_url(url: object) -> ConfigurationError:
    """Names the host alone: what stands around it may be a password."""
    host = _NEAR_HOST.match(str(url).rpartition("@")[2].rpartition("://")[2])
    return ConfigurationError(
        f"The base URL for {host.group()[:100] if host else ''!r} is not usable.",
        f"It should look like {DEFAULT_BASE_URL}",
    )


def _checked(name: str, value: Any) -> Any:
    if name not in SETTING_NAMES:
        raise ConfigurationError(
            f"There is no setting {name!r}.", f"The settings are: {', '.join(SETTING_NAMES)}."
        )
    check = _CHECKS.get(name)
    return check(value) if check else value


_KINDS = {int: "whole number", float: "number"}


def _positive(name: str, number: type[int] | type[float]) -> Any:
    def check(value: Any) -> int | float:
        try:
            converted = number(value)
        except (TypeError, ValueError, OverflowError):
            converted = number(0)
        changed = isinstance(value, bool) or (isinstance(value, float) and converted != value)
        if changed or not 0 < converted < float("inf"):
            raise ConfigurationError(
                f"{name} must be a {_KINDS[number]} above 0, not {str(value)[:50]!r}.",
                f"For example: %config MibyanMagics.{name} = {getattr(Settings(), name)}",
            )
        return converted

    return check


def _one_of(name: str, words: tuple[str, ...]) -> Any:
    def check(value: Any) -> str:
        for word in words:
            if str(value).lower() == word.lower():
                return word
        raise ConfigurationError(
            f"{name} cannot be {str(value)[:50]!r}.", f"It is one of: {', '.join(words)}."
        )

    return check


def _switch(name: str) -> Any:
    def check(value: Any) -> bool:
        word = str(value).lower()
        if isinstance(value, bool | str) and word in _SWITCHED:
            return _SWITCHED[word]
        raise ConfigurationError(
            f"{name} is True or False, not {str(value)[:50]!r}.",
            f"For example: %config MibyanMagics.{name} = {not getattr(Settings(), name)}",
        )

    return check


def words(value: str | Iterable[object] | None) -> tuple[str, ...]:
    """The names in a text, which stand apart by spaces or commas, or in a list."""
    value = value or ()
    return tuple(value.replace(",", " ").split() if isinstance(value, str) else map(str, value))


def _model(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(
            "The model's name is empty.", "For example: %mibyan model mibyan-4.1"
        )
    return value.strip()


def _system(value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(
            f"The system message must be text, not {type(value).__name__}.",
            'For example: %config MibyanMagics.system = "Answer in one sentence."',
        )
    return value


_CHECKS = {
    "base_url": normalize_base_url,
    "model": _model,
    "system": _system,
    "idle_timeout": _positive("idle_timeout", float),
    "history_tokens": _positive("history_tokens", int),
    "auth_header": _one_of("auth_header", AUTH_HEADERS),
    "context": _one_of("context", CONTEXT_MODES),
    "context_tokens": _positive("context_tokens", int),
    "context_without": words,
    "privacy": _one_of("privacy", PRIVACY_LEVELS),
    "redact_personal": _switch("redact_personal"),
    "journal": _switch("journal"),
}
