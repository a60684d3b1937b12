"""Networks that refuse, in real: closed ports, certificates, proxies."""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.fake_mibyan import FakeMibyan, FakeProxy, Reply

PASSWORD = "hunter2"


class Network:
    """Arranges one fault and gives the base URL that runs into it."""

    def __init__(self, fake: FakeMibyan, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.fake = fake
        self.proxy: FakeProxy | None = None
        self._patch = patch
        self._authority = trustme.CA()
        self._running = ExitStack()
        self._pem = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self._pem))

    def close(self) -> None:
        self._running.close()

    # ---- no way there ------------------------------------------------------------------------

    def closed_port(self) -> str:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"

    def closed_port_of_two_addresses(self) -> str:
        return self.closed_port().replace("127.0.0.1", "localhost")

    def unknown_host(self) -> str:
        return "https://mibyan.invalid/v1"

    def no_route(self) -> str:
        return "https://255.255.255.255/v1"

    def key_without_tls(self) -> str:
        self._patch.delenv("MIBYAN_ALLOW_HTTP", raising=False)
        return "http://mibyan.test/v1"

    # ---- TLS ---------------------------------------------------------------------------------

    def trust_authority(self, variable: str = "SSL_CERT_FILE") -> None:
        self._patch.setenv(variable, str(self._pem))

    def serving(self, *names: str, expired: bool = False) -> FakeMibyan:
        """A server with a certificate for `names`."""
        until = datetime.now(UTC) - timedelta(days=1) if expired else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names, not_after=until).configure_cert(context)
        return self._running.enter_context(FakeMibyan(tls=context))

    def good_certificate(self) -> str:
        self.trust_authority()
        return self.serving("127.0.0.1").base_url

    def unknown_authority(self) -> str:
        return self.serving("127.0.0.1").base_url

    def expired_certificate(self) -> str:
        self.trust_authority()
        return self.serving("127.0.0.1", expired=True).base_url

    def wrong_name(self) -> str:
        self.trust_authority()
        return self.serving("other.invalid").base_url

    def https_to_a_plain_port(self) -> str:
        return self.fake.base_url.replace("http:", "https:")

    def http_to_a_tls_port(self) -> str:
        return self.serving("127.0.0.1").base_url.replace("https:", "http:")

    # ---- proxies -----------------------------------------------------------------------------

    def through(self, variable: str, address: str) -> None:
        self._patch.setenv(variable, f"http://user:{PASSWORD}@{address}")

    def tunnel(self, port: int, refuses: str = "") -> FakeProxy:
        self.proxy = self._running.enter_context(FakeProxy(port, refuses=refuses))
        return self.proxy

    def good_tunnel(self) -> str:
        self.trust_authority()
        server = self.serving("mibyan.test")
        self.through("HTTPS_PROXY", self.tunnel(server.port).address)
        return "https://mibyan.test/v1"

    def tunnel_wants_a_login(self) -> str:
        refusing = self.tunnel(0, refuses="407 Give-me-a-password")
        self.through("HTTPS_PROXY", refusing.address)
        return "https://mibyan.test/v1"

    def tunnel_forbidden(self) -> str:
        refusing = self.tunnel(0, refuses="403 Forbidden-by-some-rule")
        self.through("HTTPS_PROXY", refusing.address)
        return "https://mibyan.test/v1"

    def plain_proxy_wants_a_login(self) -> str:
        proxy = self._running.enter_context(FakeMibyan())
        proxy.enqueue(Reply.status(407, "<html>Give me a password</html>"))
        self.through("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
        self._patch.setenv("MIBYAN_ALLOW_HTTP", "1")
        return "http://mibyan.test/v1"

    def proxy_is_gone(self) -> str:
        address = self.closed_port().split("/")[2]
        self.through("ALL_PROXY", address)
        return "https://mibyan.test/v1"
