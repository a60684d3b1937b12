"""Settings: their layers, and what an unusable one says."""

from __future__ import annotations

import warnings

import pytest

from mibyan_jupyter.config import (
    DEFAULT_BASE_URL,
    Settings,
    is_loopback,
    is_mibyan,
    normalize_base_url,
    resolve_settings,
)
from mibyan_jupyter.errors import ConfigurationError

ELSEWHERE = "http://127.0.0.1:8000/v1"


def test_the_layers_have_their_order() -> None:
    """Argument, environment, configuration file, default."""
    config_file = {"model": "from the file", "idle_timeout": 5, "system": "be brief"}
    environ = {"MIBYAN_MODEL": "from the environment", "MIBYAN_IDLE_TIMEOUT": "7"}
    settings = resolve_settings({"model": "given"}, config_file=config_file, environ=environ)
    assert (settings.model, settings.idle_timeout) == ("given", 7.0)
    assert (settings.system, settings.base_url) == ("be brief", DEFAULT_BASE_URL)


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_blank_variable_counts_as_unset(blank: str) -> None:
    """An empty line in a .env file sets nothing."""
    environ = dict.fromkeys(("MIBYAN_BASE_URL", "MIBYAN_MODEL", "MIBYAN_IDLE_TIMEOUT"), blank)
    assert resolve_settings(environ=environ) == Settings()


def test_an_unusable_variable_is_said_once_and_passed_over() -> None:
    """A typing mistake in one variable does not make every command fail."""
    environ = {"MIBYAN_IDLE_TIMEOUT": "abc-once"}
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for _ in range(3):
            settings = resolve_settings(config_file={"idle_timeout": 5}, environ=environ)
            assert settings.idle_timeout == 5
    (warning,) = seen
    assert "MIBYAN_IDLE_TIMEOUT" in str(warning.message)
    assert len(str(warning.message).splitlines()) == 1


@pytest.mark.parametrize(
    ("setting", "wrong", "usable"),
    [
        ("base_url", "localhost:8000", ELSEWHERE),
        ("context", "non", "none"),
        ("privacy", "name", "names"),
    ],
)
def test_an_unusable_variable_that_holds_text_back_is_an_error(
    setting: str, wrong: str, usable: str
) -> None:
    """Text must not go elsewhere, nor more of it, until a layer above says how it is meant."""
    environ = {f"MIBYAN_{setting.upper()}": wrong}
    with pytest.raises(ConfigurationError, match=f"MIBYAN_{setting.upper()}"):
        resolve_settings(environ=environ)
    assert getattr(resolve_settings({setting: usable}, environ=environ), setting) == usable


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        (" HTTPS://Example.COM:443/v1/ ", "https://example.com/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://example.com", "http://example.com"),
        ("http://example.com/v1/?api-version=2#x", "http://example.com/v1?api-version=2"),
    ],
)
def test_a_base_url_has_one_form(url: str, normal: str) -> None:
    """So that a key's address can be compared; a query is part of it."""
    assert normalize_base_url(url) == normal
    assert normalize_base_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        *("", "mibyan", "localhost:8000/v1", "ftp://host/v1", "http://", "http:///v1", "//host/v1"),
        *("http://[::1", "http://[bad]/v1", "http://host:bad/v1", "http://host:99999/v1"),
        *("http://a..b/v1", "http://exa mple/v1", "http://%zz/v1", "http://\ud800/v1"),
        *("http://host\x00/v1", "http://" + "a" * 64 + ".com/v1", "http://./v1"),
        *("http://host/v1?x=\x1b", "http://host/\ud800"),
        *("http://user:hunter2@host/v1", "http://user:hunter2@host:bad/v1"),
        *("http://user:hunter2@[::1/v1", "user:hunter2@host", "http://u:x/hunter2@host/v1"),
        *("http://host:hunter2/v1", "http://host:bad/v1?key=hunter2", "ftp://user:hunter2"),
        *(3, b"http://host"),
    ],
)
def test_an_unusable_base_url_is_a_configuration_error(url: object) -> None:
    """Two lines, and nothing in them that may be a password."""
    with pytest.raises(ConfigurationError) as raised:
        Settings().with_changes(base_url=url)
    assert len(str(raised.value).splitlines()) == 2
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("idle_timeout", value) for value in ("abc", 0, -1, float("nan"), float("inf"))],
        *[("history_tokens", value) for value in ("abc", 0, float("inf"), 2.7, True)],
        *[
            ("idle_timeout", True),
            ("idle_timeout", 10**400),
            ("system", 3),
            ("model", " "),
            ("colour", "red"),
        ],
    ],
)
def test_a_setting_that_cannot_work_is_refused(name: str, value: object) -> None:
    """The error names the setting."""
    with pytest.raises(ConfigurationError, match=name):
        Settings().with_changes(**{name: value})


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *[(host, True) for host in ("localhost", "a.localhost", "127.0.0.1", "127.9.8.7", "::1")],
        *[(host, True) for host in ("LOCALHOST", "localhost.")],
        *[(host, False) for host in ("mibyanai.com", "127.evil.com", "localhost.evil.com", "")],
        *[(host, False) for host in ("1.127.0.1", "notlocalhost", "::2")],
    ],
)
def test_which_hosts_are_this_machine(host: str, local: bool) -> None:
    """A name that only begins like a loopback address is elsewhere."""
    assert is_loopback(host) is local


def test_which_hosts_are_mibyans() -> None:
    """Its own host and those below it."""
    assert is_mibyan(DEFAULT_BASE_URL)
    assert is_mibyan("https://api.mibyanai.com/v1?x=1")
    assert not is_mibyan("https://mibyanai.com.evil.com/v1")
