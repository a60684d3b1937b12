"""How requests leave this machine: proxies and certificates of the environment."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mibyan_jupyter.api.client import Client, Endpoint
from mibyan_jupyter.api.routes import (
    Route,
    check_key_stays_unread,
    route_to,
    tls_context,
)
from mibyan_jupyter.errors import APIConnectionError, ConfigurationError
from mibyan_jupyter.keys import Key
from tests.api.page import REQUEST, STREAMING_REQUEST
from tests.api.test_client import ask, text_of
from tests.fake_mibyan import FakeMibyan
from tests.session.network import PASSWORD, Network

PROXY = "http://proxy.test:3128"


@pytest.fixture
def network(fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Network]:
    one = Network(fake, monkeypatch, tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://a.test/v1", None),
        ({"HTTPS_PROXY": PROXY}, "https://a.test/v1", PROXY),
        ({"https_proxy": PROXY}, "https://a.test/v1", PROXY),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "https://a.test/v1", PROXY),
        ({"HTTPS_PROXY": PROXY}, "http://a.test/v1", None),
        ({"HTTP_PROXY": PROXY}, "http://a.test/v1", PROXY),
        ({"HTTP_PROXY": PROXY}, "https://a.test/v1", None),
        ({"ALL_PROXY": PROXY}, "https://a.test/v1", PROXY),
        ({"ALL_PROXY": "http://other", "HTTPS_PROXY": PROXY}, "https://a.test/v1", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "a.test"}, "https://a.test/v1", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".test, x"}, "https://a.test:8443/v1", None),
        ({"HTTPS_PROXY": PROXY, "no_proxy": "*"}, "https://a.test/v1", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "b.test"}, "https://a.test/v1", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "a.test:1"}, "https://a.test/v1", PROXY),
        ({"ALL_PROXY": PROXY}, "http://127.0.0.1:8000/v1", None),
        ({"ALL_PROXY": PROXY}, "http://localhost/v1", None),
        ({"ALL_PROXY": PROXY}, "http://[::1]:8000/v1", None),
        ({"ALL_PROXY": PROXY}, "http://127.1.2.3/v1", None),
        ({"ALL_PROXY": PROXY}, "http://mibyan.localhost./v1", None),
    ],
)
def test_the_environment_names_the_proxy(
    variables: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`HTTP(S)_PROXY`, `ALL_PROXY` and `NO_PROXY` count; this machine is reached straight."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert route_to(url).proxy == proxy


def test_loopback_never_goes_through_a_proxy(
    fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy is for the world outside."""
    with FakeMibyan() as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        ask(Endpoint(fake.base_url), STREAMING_REQUEST)
        assert proxy.requests == []
        ask(Endpoint("http://mibyan.invalid/v1"), STREAMING_REQUEST)  # the control
        assert [request.path for request in proxy.requests] == [
            "http://mibyan.invalid/v1/chat/completions"
        ]


def test_through_a_tunnel_the_proxy_sees_no_key(network: Network) -> None:
    """It learns the host and how we log in there; the request is for the server alone."""
    completions, _ = ask(Endpoint(network.good_tunnel(), Key("mb-secret")), STREAMING_REQUEST)
    assert text_of(completions).startswith("You said")
    assert network.proxy is not None
    assert network.proxy.targets == ["mibyan.test:443"]
    assert network.proxy.credentials[0].startswith("Basic ")


def test_a_variable_that_is_corrected_counts_at_once(
    fake: FakeMibyan, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same client goes another way as soon as the notebook changes its environment."""

    async def once(client: Client, endpoint: Endpoint) -> None:
        async with client.post(endpoint, REQUEST) as stream:
            async for _ in stream:
                pass

    async def run() -> None:
        client, endpoint = Client(), Endpoint(network.proxy_is_gone().replace("https", "http"))
        with pytest.raises(APIConnectionError):
            await once(client, endpoint)
        monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{fake.port}")
        await once(client, endpoint)
        await client.aclose()

    asyncio.run(run())
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", f"socks5://user:{PASSWORD}@127.0.0.1:1080"),
        ("HTTPS_PROXY", f"gopher://user:{PASSWORD}@127.0.0.1:1"),
        ("https_proxy", f"http://user:{PASSWORD}@host:bad"),
        ("SSL_CERT_FILE", "/nowhere/cert.pem"),
        ("SSL_CERT_FILE", __file__),
    ],
)
def test_an_unusable_proxy_or_certificate_is_named(
    fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """Two lines name the variable and no password; this machine is reached all the same."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable) as raised:
        ask(Endpoint("https://mibyan.invalid/v1"), REQUEST)
    assert len(str(raised.value).splitlines()) == 2
    assert PASSWORD not in str(raised.value)
    ask(Endpoint(fake.base_url), REQUEST)


def test_a_route_shows_no_password() -> None:
    """Neither in its repr nor as the address in messages."""
    route = Route(f"http://user:{PASSWORD}@proxy.test:3128")
    assert PASSWORD not in repr(route)
    assert route.proxy_address == "proxy.test:3128"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_environments_certificates_are_trusted(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """As a file, or as a folder whose names OpenSSL hashes."""
    if variable == "SSL_CERT_DIR" and shutil.which("openssl") is None:
        pytest.skip("the openssl command names the files of such a folder")
    network.trust_authority()
    if variable == "SSL_CERT_DIR":
        hashed_folder(tmp_path)
        monkeypatch.delenv("SSL_CERT_FILE")
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    server = network.serving("127.0.0.1")
    ask(Endpoint(server.base_url), REQUEST)
    assert len(server.requests) == 1


def hashed_folder(folder: Path) -> None:
    """Give the folder's certificate the name that OpenSSL looks for."""
    pem = folder / "authority.pem"
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(pem)]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (folder / f"{name}.0").write_text(pem.read_text("utf-8"), "utf-8")


def test_the_systems_own_certificates_are_trusted(network: Network) -> None:
    """Where no variable names any, those that OpenSSL finds in its own place, beside certifi's.

    OpenSSL takes SSL_CERT_FILE for that place, which is how this test gives it one.
    """
    bundled = len(tls_context(Route()).get_ca_certs())
    network.trust_authority()
    context = tls_context(Route())
    organisations = [dict(pair[0] for pair in each["subject"]) for each in context.get_ca_certs()]
    assert any("trustme" in str(each) for each in organisations)
    assert bundled > 50
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize(
    ("url", "key", "allowed", "refused"),
    [
        ("http://mibyan.test/v1", "mb-k", "", True),
        ("http://mibyan.test/v1", "mb-k", "0", True),
        ("http://192.168.1.5:8000/v1", "mb-k", "", True),
        ("http://mibyan.test/v1", "mb-k", "1", False),
        ("http://mibyan.test/v1", None, "", False),
        ("https://mibyan.test/v1", "mb-k", "", False),
        ("http://127.0.0.1:8000/v1", "mb-k", "", False),
        ("http://localhost:8000/v1", "mb-k", "", False),
        ("http://[::1]:8000/v1", "mb-k", "", False),
        ("http://127.0.0.1.evil.test/v1", "mb-k", "", True),
    ],
)
def test_a_key_is_not_sent_in_clear(
    url: str, key: str | None, allowed: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over plain http to another machine only where the user has allowed it."""
    monkeypatch.setenv("MIBYAN_ALLOW_HTTP", allowed)
    endpoint = Endpoint(url, Key(key) if key else None)
    if not refused:
        check_key_stays_unread(endpoint)
        return
    with pytest.raises(ConfigurationError, match="could read the key"):
        check_key_stays_unread(endpoint)
