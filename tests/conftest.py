"""Fixtures that many tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from mibyan_jupyter.config import ENVIRONMENT
from mibyan_jupyter.session.session import Session
from tests.fake_mibyan import FakeMibyan

OURS = ("MIBYAN_API_KEY", *ENVIRONMENT.values())


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_developer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The developer's own keys, settings and proxies never reach a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*OURS, *(name for name in os.environ if name.lower().endswith("_proxy"))):
            patch.delenv(name, raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield


@pytest.fixture(autouse=True, scope="session")
def _interrupts_work() -> None:
    """A shell that starts us in the background ignores SIGINT, and our children would, too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def fake() -> Iterator[FakeMibyan]:
    """A queueable server that can break every rule of the wire."""
    with FakeMibyan() as server:
        yield server


@pytest.fixture
def session(fake: FakeMibyan) -> Iterator[Session]:
    """A session of the test's own, which asks `fake`; what still runs at its end is stopped."""
    one = Session(base_url=fake.base_url)
    yield one
    one.reset()
