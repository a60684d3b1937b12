"""No connection: the network, TLS, proxies."""

from __future__ import annotations

from mibyan_jupyter.errors import (
    APIConnectionError,
    ConfigurationError,
)
from tests.session.faults.fault import (
    Fault,
    none,
)
from tests.session.network import Network

NETWORK = [
    none("connection refused", Network.closed_port, APIConnectionError, "127.0.0.1:", "refused"),
    none(
        "connection refused at every address of the host",
        Network.closed_port_of_two_addresses,
        *(APIConnectionError, "localhost:", "refused"),
    ),
    none("DNS", Network.unknown_host, APIConnectionError, "mibyan.invalid:443", "not known"),
    none("no network", Network.no_route, APIConnectionError, "255.255.255.255:443", "unreachable"),
    none(
        "a key without TLS",
        Network.key_without_tls,
        *(ConfigurationError, "mibyan.test:80", "https://", "MIBYAN_ALLOW_HTTP"),
    ),
    none(
        "TLS: an authority that nobody knows",
        Network.unknown_authority,
        *(APIConnectionError, "127.0.0.1:", "certificate", "SSL_CERT_FILE"),
    ),
    none("TLS: expired", Network.expired_certificate, APIConnectionError, "certificate", "expired"),
    none("TLS: wrong name", Network.wrong_name, APIConnectionError, "certificate", "127.0.0.1"),
    none(
        "TLS: plain http on the port",
        Network.https_to_a_plain_port,
        *(APIConnectionError, "127.0.0.1:", "TLS", "http://"),
    ),
    none(
        "plain http to a TLS port",
        Network.http_to_a_tls_port,
        *(APIConnectionError, "127.0.0.1:", "https://"),
    ),
    none(
        "proxy 407 for a tunnel",
        Network.tunnel_wants_a_login,
        *(APIConnectionError, "proxy 127.0.0.1:", "mibyan.test:443", "407", "HTTPS_PROXY"),
    ),
    none(
        "proxy 407 for plain http",
        Network.plain_proxy_wants_a_login,
        *(APIConnectionError, "proxy 127.0.0.1:", "mibyan.test:80", "407", "HTTP_PROXY"),
    ),
    none(
        "proxy 403 for a tunnel",
        Network.tunnel_forbidden,
        *(APIConnectionError, "proxy 127.0.0.1:", "mibyan.test:443", "403"),
    ),
    none(
        "a proxy that is gone",
        Network.proxy_is_gone,
        *(APIConnectionError, "proxy 127.0.0.1:", "mibyan.test:443", "refused", "ALL_PROXY"),
    ),
    Fault("TLS: a good certificate", "full", text="You said: Hi", at=Network.good_certificate),
    Fault("a good proxy", "full", text="You said: Hi", at=Network.good_tunnel),
]
