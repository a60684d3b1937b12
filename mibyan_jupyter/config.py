"""Settings: one frozen value, made from layers.

argument > set in this kernel > environment > IPython's configuration file > default. The session
holds the value; `%config MibyanMagics.…` and `%mibyan` are views on it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BASE_URL = "https://mibyanai.com/api/public/v1"
ENVIRONMENT = {
    "base_url": "MIBYAN_BASE_URL",
    "model": "MIBYAN_MODEL",
    "idle_timeout": "MIBYAN_IDLE_TIMEOUT",
}
AUTH_HEADERS = ("Authorization", "x-mibyan-api-key")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session uses where a call does not say otherwise.

    `base_url` has no trailing slash. `idle_timeout` (seconds) bounds the wait for the first byte
    and then the silence between two pieces of text. `history_tokens` bounds the earlier turns in a
    request. `auth_header` is `Authorization` (Bearer) or `x-mibyan-api-key`.
    """

    base_url: str = DEFAULT_BASE_URL
    model: str = "mibyan-4.1"
    system: str = ""
    idle_timeout: float = 60.0
    history_tokens: int = 24_000
    auth_header: str = "Authorization"

    def with_changes(self, **changes: Any) -> Settings:
        """A copy with some values changed, each checked; raises ConfigurationError."""
        return replace(self, **{name: _checked(name, value) for name, value in changes.items()})


SETTING_NAMES = tuple(field.name for field in fields(Settings))


def resolve_settings(
    *layers: Mapping[str, Any],
    config_file: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of a new session; `layers` stand above the environment, the strongest last."""
    environ = os.environ if environ is None else environ
    chosen = dict(config_file or {})
    chosen |= {
        name: environ[variable] for name, variable in ENVIRONMENT.items() if environ.get(variable)
    }
    for layer in layers:
        chosen |= {name: value for name, value in layer.items() if value is not None}
    return Settings().with_changes(**chosen)


def normalize_base_url(url: str) -> str:
    """The base URL as it is compared and shown: no trailing slash, host in lower case.

    Raises ConfigurationError when it is not an absolute http(s) URL, or names a user or password
    (they would end up in messages).
    """
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        raise _bad_base_url(url) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad_base_url(url)
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            f"The base URL for {parts.hostname} holds a user name or password.",
            "Leave them out; give the key with %mibyan login or MIBYAN_API_KEY.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default_port = {"http": 80, "https": 443}[parts.scheme]
    netloc = host if port in (None, default_port) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path.rstrip("/"), "", ""))


def is_mibyan(base_url: str) -> bool:
    """Whether this is Mibyan's own service, which always needs a key."""
    host = urlsplit(base_url).hostname or ""
    return host == "mibyanai.com" or host.endswith(".mibyanai.com")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by its usual names."""
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


def _bad_base_url(url: str) -> ConfigurationError:
    return ConfigurationError(
        f"{url[:200]!r} is not a base URL.",
        f"It should look like {DEFAULT_BASE_URL}",
    )


def _checked(name: str, value: Any) -> Any:
    if name not in SETTING_NAMES:
        raise ConfigurationError(
            f"There is no setting {name!r}.", f"The settings are: {', '.join(SETTING_NAMES)}."
        )
    check = _CHECKS.get(name)
    return check(value) if check else value


def _positive(name: str, number: type[int] | type[float]) -> Any:
    def check(value: Any) -> int | float:
        try:
            converted = number(value)
        except (TypeError, ValueError):
            converted = number(0)
        if not 0 < converted < float("inf"):
            raise ConfigurationError(
                f"{name} must be a number above 0, not {str(value)[:50]!r}.",
                f"For example: %config MibyanMagics.{name} = {getattr(Settings(), name)}",
            )
        return converted

    return check


def _auth_header(value: Any) -> str:
    for header in AUTH_HEADERS:
        if str(value).lower() == header.lower():
            return header
    raise ConfigurationError(
        f"auth_header cannot be {str(value)[:50]!r}.", f"It is one of: {', '.join(AUTH_HEADERS)}."
    )


def _model(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(
            "The model's name is empty.", "For example: %mibyan model mibyan-4.1"
        )
    return value.strip()


_CHECKS = {
    "base_url": normalize_base_url,
    "model": _model,
    "idle_timeout": _positive("idle_timeout", float),
    "history_tokens": _positive("history_tokens", int),
    "auth_header": _auth_header,
}
