"""How requests leave this machine: proxies, certificates, and the HTTP connections made so.

What the environment says is looked up for each request, so that a variable which is corrected in
the notebook counts at once.
"""

from __future__ import annotations

import os
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from mibyan_jupyter._version import __version__
from mibyan_jupyter.api.endpoint import address_of
from mibyan_jupyter.api.network_failures import (
    CONNECT_SECONDS,
    certificates_error,
    unusable_proxy_error,
)
from mibyan_jupyter.config import is_loopback
from mibyan_jupyter.errors import ConfigurationError

if TYPE_CHECKING:
    from mibyan_jupyter.api.endpoint import Endpoint

ALLOW_HTTP = "MIBYAN_ALLOW_HTTP"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # the first that is set counts


class Route(NamedTuple):
    """The way to a server: through which proxy, and with whose certificates where TLS is spoken.

    `proxy` is a URL that may hold a password; `certificates` are the variable that names them and
    its value, or None for the system's own.
    """

    proxy: str | None = None
    tls: bool = True
    certificates: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Route(proxy={self.proxy_address!r}, tls={self.tls})"

    @property
    def proxy_address(self) -> str:
        """Host and port of the proxy, for messages."""
        return address_of(self.proxy) if self.proxy else ""

    @property
    def proxy_variable(self) -> str:
        """What names the proxy: environment variables, or the system's settings."""
        named = [
            name
            for name, value in os.environ.items()
            if name.lower().endswith("_proxy") and value and _with_scheme(value) == self.proxy
        ]
        return " or ".join(sorted(named)) or "the system's proxy setting"


def route_to(url: str) -> Route:
    """The way to `url` as the environment and the system say; straight to this machine."""
    parts = urlsplit(url)
    proxy = None
    if not is_loopback(parts.hostname or "") and not proxy_bypass(parts.netloc):
        proxies = getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all")
    proxy = _with_scheme(proxy) if proxy else None
    tls = parts.scheme == "https" or (proxy or "").startswith("https:")
    return Route(proxy, tls, _certificates() if tls else None)


def check_key_stays_unread(endpoint: Endpoint) -> None:
    """Raise ConfigurationError where a key would cross a network in clear and nobody allowed it."""
    allowed = os.environ.get(ALLOW_HTTP, "").strip().lower() in ("1", "true", "yes")
    if endpoint.key is None or not endpoint.is_plain or endpoint.is_this_machine or allowed:
        return
    raise ConfigurationError(
        f"Without TLS (http://) anyone on the way to {endpoint.address} could read the key.",
        f"Make the base URL an https:// one, or allow it: %env {ALLOW_HTTP}=1",
    )


def open_route(
    route: Route, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """An HTTP client for `route`; `transport` replaces the network.

    Raises ConfigurationError for a proxy or certificates that cannot be used.
    """
    return httpx.AsyncClient(
        transport=transport or _transport(route),
        headers={
            "User-Agent": f"mibyan-jupyter/{__version__}",
            "Accept-Encoding": "identity",  # a compressing proxy would hold text back
        },
        # The silence between pieces is bounded by CompletionStream, which knows content from
        # keep-alive comments.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none is kept or sent
        trust_env=False,
    )


async def load_ahead() -> None:
    """Import what httpx leaves to a first request, which would wait 0.05 s for it."""
    import anyio

    await open_route(Route(tls=False)).aclose()
    await anyio.sleep(0)  # loads the part for this loop


def _transport(route: Route) -> httpx.AsyncHTTPTransport:
    trusted = tls_context(route)
    try:
        proxy = httpx.Proxy(route.proxy) if route.proxy else None
        if proxy and proxy.url.scheme == "https":
            proxy.ssl_context = trusted
        return httpx.AsyncHTTPTransport(verify=trusted, proxy=proxy, trust_env=False)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise unusable_proxy_error(error, route.proxy_variable) from None


def tls_context(route: Route) -> ssl.SSLContext:
    """The certificates to trust: those that the environment names, else the system's and certifi's.

    certifi's are for systems whose own are not where OpenSSL looks for them. Raises
    ConfigurationError for certificates that cannot be read.
    """
    if not route.tls:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is quickly made
    if route.certificates is None:
        context = httpx.create_ssl_context(trust_env=False)
        context.load_default_certs()
        return context
    variable, value = route.certificates
    try:
        if variable == "SSL_CERT_FILE":
            return ssl.create_default_context(cafile=value)
        return ssl.create_default_context(capath=value)
    except OSError:
        raise certificates_error(variable) from None


def _certificates() -> tuple[str, str] | None:
    found = ((name, os.environ.get(name, "")) for name in _CERTIFICATES)
    return next((pair for pair in found if pair[1]), None)


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"
