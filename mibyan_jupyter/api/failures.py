"""What went wrong on the wire, as errors that say what to do next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mibyan_jupyter.api.models import server_words
from mibyan_jupyter.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    InternalServerError,
    NotFoundError,
    PaymentError,
    RateLimitError,
)
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_STATUS: dict[int, tuple[type[APIStatusError], str, str]] = {
    401: (
        AuthenticationError,
        "The server does not accept the key",
        "Set another with %mibyan login; %mibyan status says where this one came from.",
    ),
    402: (PaymentError, "The account has no credit", "Top it up, then %mibyan retry."),
    403: (
        AuthenticationError,
        "The key is not allowed to do this",
        "Use another key (%mibyan login) or another model (-m).",
    ),
    404: (
        NotFoundError,
        "The server does not know this address or model",
        "Check the base URL and the model with %mibyan status.",
    ),
    413: (
        BadRequestError,
        "The request is too large for the server",
        "Shorten the prompt, or start anew with --new.",
    ),
    429: (RateLimitError, "Too many requests", "Wait a little, then %mibyan retry."),
}

_NO_KEY = (
    AuthenticationError,
    "The server wants a key, and none is set for it",
    "Set one with %mibyan login, or use the offline %mibyan demo.",
)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def status_error(
    status: int, headers: Mapping[str, str], body: bytes, *, with_key: bool
) -> APIStatusError:
    """The error for a response that is no success; carries the server's own message."""
    if 300 <= status < 400:
        return _redirect_error(status, headers)
    kind, what, hint = _BY_STATUS.get(status) or _by_class(status)
    if status == 401 and not with_key:
        kind, what, hint = _NO_KEY
    said = _server_message(body)
    return kind(f"{what} ({status}){f': {said}' if said else '.'}", hint, status_code=status)


def connection_error(error: Exception, host: str) -> APIConnectionError:
    """The error for a network that failed; the deepest cause has the words that help."""
    cause: BaseException = error
    while (deeper := cause.__cause__ or cause.__context__) is not None:
        cause = deeper
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return APIConnectionError(
        f"The connection to {host} failed: {one_line(str(reason), 200)}",
        "Check the network and the base URL (%mibyan status), then %mibyan retry.",
    )


def timeout_error(error: Exception, host: str, idle_timeout: float) -> APITimeoutError:
    """The error for a server that stayed silent for too long."""
    if "Connect" in type(error).__name__:
        return APITimeoutError(
            f"No connection to {host} within 10 s.",
            "Check the network and the base URL (%mibyan status), then %mibyan retry.",
        )
    return APITimeoutError(
        f"{host} sent nothing for {idle_timeout:g} s.",
        "Try %mibyan retry, or wait longer: %config MibyanMagics.idle_timeout = 120",
    )


def environment_error(error: Exception, environ: Mapping[str, str]) -> ConfigurationError:
    """The error for proxies or certificates of the environment that httpx cannot use.

    It names the variables, never their values, which may hold a password.
    """
    if isinstance(error, OSError):
        return ConfigurationError(
            f"The certificates that {_set_of(_CERTIFICATES, environ)} names cannot be read.",
            "Correct the variable or unset it, then %mibyan retry.",
        )
    proxies = _set_of(_PROXIES, environ)
    if isinstance(error, ImportError):
        return ConfigurationError(
            f"The SOCKS proxy that {proxies} names needs a package that is not installed.",
            'Run %pip install "httpx[socks]" and restart the kernel, or unset the variable.',
        )
    return ConfigurationError(
        f"The proxy that {proxies} names cannot be used.",
        "Correct the variable or unset it, then %mibyan retry.",
    )


def _set_of(variables: tuple[str, ...], environ: Mapping[str, str]) -> str:
    names = [name for name in environ if name.upper() in variables and environ[name]]
    return " or ".join(sorted(names)) or "the system"


def _by_class(status: int) -> tuple[type[APIStatusError], str, str]:
    if status >= 500:
        return InternalServerError, "The server failed", "Wait a little, then %mibyan retry."
    return BadRequestError, "The server refuses this request", "Change it, then run the cell again."


def _redirect_error(status: int, headers: Mapping[str, str]) -> APIStatusError:
    target = _host_of(headers.get("location", "")) or "another address"
    return APIStatusError(
        f"The server redirects to {target} ({status}); nothing was sent there.",
        "If that host is right, make it the base URL: set MIBYAN_BASE_URL.",
        status_code=status,
    )


def _host_of(location: str) -> str:
    """Host and port without user and password; empty where there is none, or it is unusable."""
    try:
        return one_line(urlsplit(location).netloc.rpartition("@")[2], 200)
    except ValueError:
        return ""


def _server_message(body: bytes) -> str | None:
    try:
        return server_words(json.loads(body.decode("utf-8-sig", "replace")))
    except (ValueError, RecursionError):
        return None
