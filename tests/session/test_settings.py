"""Settings from their layers, and keys that go only where they belong."""

from __future__ import annotations

from typing import Any

import pytest

from mibyan_jupyter.config import SETTING_NAMES, Settings
from mibyan_jupyter.errors import (
    ConfigurationError,
    MissingKeyError,
)
from mibyan_jupyter.session.session import Session
from tests.fake_mibyan import FakeMibyan

# ---- settings and keys ---------------------------------------------------------------------------


def test_settings_come_from_their_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """argument > set in this kernel > environment > configuration file > default."""
    session = Session()
    assert session.model == "mibyan-4.1"
    session.use_config_file({"model": "file"})
    assert session.model == "file"
    monkeypatch.setenv("MIBYAN_MODEL", "environment")
    assert session.model == "environment"
    session.model = "kernel"
    assert session.model == "kernel"
    session.configure(model=None)
    assert session.model == "environment"
    assert Session(model="argument").model == "argument"


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_each_setting_is_an_attribute(name: str) -> None:
    """Read and set alike; `configure` and the attribute are one."""
    session = Session()
    value = getattr(Settings(model="m", system="s", context="none", privacy="names"), name)
    setattr(session, name, value)
    assert getattr(session, name) == getattr(session.settings, name) == value
    assert session.chosen_here(name) == value


def test_a_mistyped_attribute_is_refused() -> None:
    """Else it would look as if something were held back."""
    session = Session()
    for name in ("contxt", "privcy", "without"):
        with pytest.raises(AttributeError):
            setattr(session, name, "none")
    with pytest.raises(ConfigurationError):
        session.privacy = "name"


def test_settings_are_kept_as_they_were_checked() -> None:
    """A generator is read once."""
    session = Session()
    session.configure(context_without=(name for name in ["variables"]))
    assert session.context_without == session.context_without == ("variables",)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://mibyanai.com/api/public/v1/", "https://mibyanai.com/api/public/v1"),
        ("HTTPS://Mibyanai.com:443/api/public/v1", "https://mibyanai.com/api/public/v1"),
        ("http://localhost:8000/v1//", "http://localhost:8000/v1"),
        (" http://[::1]:80/ ", "http://[::1]"),
    ],
)
def test_a_base_url_is_compared_in_one_form(url: str, normal: str) -> None:
    """Slashes at the end, capitals and default ports make no difference."""
    assert Session(base_url=url).base_url == normal


@pytest.mark.parametrize(
    "setting",
    [
        {"base_url": "mibyanai.com"},
        {"base_url": "ftp://x/v1"},
        {"base_url": "http://x:port/v1"},
        {"base_url": "http://me:pw@host/v1"},
        {"model": " "},
        {"idle_timeout": "soon"},
        {"idle_timeout": 0},
        {"history_tokens": -5},
        {"auth_header": "Cookie"},
        {"colour": "blue"},
    ],
)
def test_a_setting_that_cannot_work_is_refused(setting: dict[str, Any]) -> None:
    """At once, in two lines, and the earlier value stays."""
    session = Session()
    with pytest.raises(ConfigurationError) as raised:
        session.configure(**setting)
    assert len(str(raised.value).splitlines()) == 2
    assert "pw" not in str(raised.value)
    assert session.settings == Session().settings


def test_without_key_and_base_url_nothing_is_asked() -> None:
    """The message says how to set a key and how to try the demo; no turn is made."""
    session = Session()
    with pytest.raises(MissingKeyError, match="login") as raised:
        session.ask("x")
    assert "%mibyan demo" in str(raised.value)
    assert session.history == ()


def test_a_key_goes_only_where_it_was_given_for(
    fake: FakeMibyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed host never receives the environment's key, nor one set for another host."""
    monkeypatch.setenv("MIBYAN_API_KEY", "mb-environment")
    session = Session(base_url=fake.base_url)
    session.ask("a")
    assert "authorization" not in fake.requests[-1].headers
    session.set_key("mb-kernel")
    session.ask("b")
    assert fake.requests[-1].headers["authorization"] == "Bearer mb-kernel"
    with FakeMibyan() as other:
        session.base_url = other.base_url
        session.ask("c")
        assert "authorization" not in other.requests[-1].headers
    monkeypatch.setenv("MIBYAN_BASE_URL", fake.base_url)
    session = Session()
    session.ask("d")
    assert fake.requests[-1].headers["authorization"] == "Bearer mb-environment"


def test_a_foreign_key_for_mibyan_gives_one_line_of_warning(fake: FakeMibyan) -> None:
    """It is accepted, since only the server knows; other servers' keys look as they like."""
    session = Session(api_key="sk-other")
    with pytest.warns(UserWarning, match="does not start with 'mb-'"):
        assert session._endpoint(session.settings).key is not None
    Session(api_key="sk-other", base_url=fake.base_url).ask("no warning")
