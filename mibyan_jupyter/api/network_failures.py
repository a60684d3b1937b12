"""A network that failed, as an error that says what to do next.

Exceptions of the layers below may quote what came over the wire, so their words are never shown:
only the operating system's, OpenSSL's verdict on a certificate, and ours.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from typing import TYPE_CHECKING, NamedTuple

import httpx

from mibyan_jupyter.errors import APIConnectionError, APITimeoutError, ConfigurationError
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from mibyan_jupyter.api.endpoint import Endpoint
    from mibyan_jupyter.api.routes import Route

CONNECT_SECONDS = 10.0
_CHECK = "Check the network and the base URL (%mibyan status), then %mibyan retry."
_CLOSED = ("peer closed", "without sending", "unexpectedly closed")
_EXPIRED, _OTHER_HOST, _OTHER_ADDRESS = 10, 62, 64  # X509_V_ERR_…, as OpenSSL numbers them
_UNKNOWN_AUTHORITY = (
    "If it is your institution's own, name its CA file in SSL_CERT_FILE, then %mibyan retry."
)
_OTHER_SERVER = "Check the base URL with %mibyan status: another server answers there."
_ON_CERTIFICATES = {
    _EXPIRED: "Check this computer's clock; if it is right, whoever runs the server must renew it.",
    _OTHER_HOST: _OTHER_SERVER,
    _OTHER_ADDRESS: _OTHER_SERVER,
}
_MAY_NEED_TLS = "Check the base URL (%mibyan status): it may need https://; then %mibyan retry."


class _Reason(NamedTuple):
    what: str
    hint: str = _CHECK


def connection_error(
    error: Exception, endpoint: Endpoint, route: Route, *, answered: bool = False
) -> APIConnectionError:
    """The error for a connection that could not be made, or broke; `answered`: after a response."""
    if isinstance(error, httpx.ProxyError):
        status = re.match(r"\d{3}\b", str(error))
        return proxy_error(status.group() if status else "no status", endpoint, route)
    reason = _reason(error)
    hint = reason.hint
    is_made = not isinstance(error, httpx.ConnectError)
    if hint is _CHECK and endpoint.is_plain and is_made and not answered:
        hint = _MAY_NEED_TLS
    if route.proxy_address and isinstance(error, httpx.ConnectError) and hint is _CHECK:
        hint = f"Check {route.proxy_variable}, which names the proxy, then %mibyan retry."
    what = f"The connection to {_way(endpoint, route)} failed: {reason.what}"
    return APIConnectionError(what, hint)


def proxy_error(status: str, endpoint: Endpoint, route: Route) -> APIConnectionError:
    """The error for a proxy that does not let the request through."""
    wants = ": it wants a user name and a password" if status == "407" else ""
    login = ", as http://USER:PASSWORD@HOST:PORT" if status == "407" else ""
    return APIConnectionError(
        f"The proxy {route.proxy_address} refuses the way to {endpoint.address} ({status}){wants}.",
        f"Correct {route.proxy_variable}{login}, then %mibyan retry.",
    )


def timeout_error(error: Exception, endpoint: Endpoint, route: Route) -> APITimeoutError:
    """The error for a server that stayed silent for too long."""
    if isinstance(error, httpx.ConnectTimeout):
        return APITimeoutError(
            f"No connection to {_way(endpoint, route)} within {CONNECT_SECONDS:g} s.", _CHECK
        )
    return APITimeoutError(
        f"{endpoint.address} sent no text for {endpoint.idle_timeout:g} s.",
        "Try %mibyan retry, or wait longer: %config MibyanMagics.idle_timeout = 120",
    )


def certificates_error(variable: str) -> ConfigurationError:
    """The error for certificates that cannot be read; names the variable that names them."""
    return ConfigurationError(
        f"The certificates that {variable} names cannot be read.",
        "Correct the variable or unset it, then %mibyan retry.",
    )


def unusable_proxy_error(error: Exception, variable: str) -> ConfigurationError:
    """The error for a proxy that httpx cannot use; names the variable, never its value."""
    if isinstance(error, ImportError):
        return ConfigurationError(
            f"The SOCKS proxy that {variable} names needs a package that is not installed.",
            'Run %pip install "httpx[socks]" and restart the kernel, or unset the variable.',
        )
    return ConfigurationError(
        f"The proxy that {variable} names cannot be used.",
        "Correct the variable or unset it, then %mibyan retry.",
    )


def _way(endpoint: Endpoint, route: Route) -> str:
    through = f" through the proxy {route.proxy_address}" if route.proxy_address else ""
    return f"{endpoint.address}{through}"


def _reason(error: Exception) -> _Reason:
    """Why, in words that are safe to show; the deepest cause has the best ones."""
    cause = _deepest(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        verdict = one_line(cause.verify_message, 200).rstrip(".")
        hint = _ON_CERTIFICATES.get(cause.verify_code, _UNKNOWN_AUTHORITY)
        return _Reason(f"its certificate is not accepted: {verdict}.", hint)
    if isinstance(cause, ssl.SSLError):
        return _Reason(
            f"it does not speak TLS as it should ({one_line(cause.reason or 'broken', 60)}).",
            "Check the base URL (%mibyan status): it may need http:// or another port.",
        )
    if isinstance(cause, socket.gaierror):
        return _Reason(f"the host is not known here ({cause.strerror}).")
    if isinstance(cause, OSError) and cause.errno:
        return _Reason(f"{os.strerror(cause.errno)}.")  # asyncio puts words of its own into it
    if isinstance(cause, httpx.RemoteProtocolError) or isinstance(error, httpx.RemoteProtocolError):
        return _broken_rule(str(error))
    return _Reason("it broke off.")


def _broken_rule(words: str) -> _Reason:
    if "too long" in words:
        return _Reason("the header of its answer is larger than 100 kB.", _OTHER_SERVER)
    if any(sign in words for sign in _CLOSED):
        return _Reason("the server closed it too early.")
    return _Reason("what the server sends is not HTTP.")


def _deepest(error: BaseException) -> BaseException:
    while True:
        if isinstance(error, BaseExceptionGroup):  # one for each address of the host
            deeper: BaseException | None = error.exceptions[0]
        else:
            deeper = error.__cause__ or error.__context__
        if deeper is None:
            return error
        error = deeper
