"""Secrets that are planted all over a notebook never reach the server."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING

import pytest

from tests.kernel.conftest import SET_UP, point_at

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel

_random = random.Random(7)  # noqa: S311 - planted, not used


def _letters(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_random.choices(alphabet, k=count))


ENVIRONMENT = {
    f"{name}_{ending}": f"v{_letters(17)}"
    for name in ("DATABASE", "SERVICE", "MAIL")
    for ending in ("PASSWORD", "TOKEN", "SECRET", "API_KEY")
}
SHAPES = {
    "aws": f"AKIA{_letters(16, string.ascii_uppercase + string.digits)}",
    "github": f"ghp_{_letters(36)}",
    "gitlab": f"glpat-{_letters(20)}",
    "slack": f"xoxb-{_letters(11, string.digits)}-{_letters(24)}",
    "google": f"AIza{_letters(35)}",
    "stripe": f"sk_live_{_letters(24)}",
    "openai": f"sk-proj-{_letters(40)}",
    "anthropic": f"sk-ant-api03-{_letters(40)}",
    "mibyan": f"mb-{_letters(24)}",
    "huggingface": f"hf_{_letters(34)}",
    "npm": f"npm_{_letters(36)}",
    "sendgrid": f"SG.{_letters(22)}.{_letters(43)}",
    "jwt": f"eyJ{_letters(20)}.eyJ{_letters(30)}.{_letters(43)}",
}
NAMED = {name: _letters(20) for name in ("password", "api_key", "client_secret", "auth_token")}
PLACES = ("source", "output", "cell", "traceback", "prompt")
PLANTED = [*ENVIRONMENT.values(), *SHAPES.values(), *NAMED.values()]


@pytest.fixture
def kernel(start_kernel: StartKernel, fake: FakeMibyan) -> NotebookKernel:
    """A kernel with secret variables in its environment, which shows all that it may."""
    kernel = start_kernel(**ENVIRONMENT)
    kernel.ok(SET_UP)
    point_at(kernel, fake)
    kernel.ok("session.configure(context='all', privacy='rows', context_tokens=60_000)")
    return kernel


def test_no_planted_secret_reaches_the_server(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """From environment, source, output, frame cells, tracebacks, URLs and the prompt itself."""
    assert len(PLANTED) * len(PLACES) > 40
    kernel.ok("import os, pandas as pd")
    kernel.ok("\n".join(f"{name} = {value!r}" for name, value in NAMED.items()))
    kernel.ok("\n".join(f"k{n} = {value!r}" for n, value in enumerate(SHAPES.values())))
    kernel.ok("\n".join(f"print({value!r})" for value in (*SHAPES.values(), *ENVIRONMENT.values())))
    kernel.ok(f"table = pd.DataFrame({{'cell': {[*SHAPES.values(), *ENVIRONMENT.values()]!r}}})")
    kernel.ok("environment = dict(os.environ)")
    kernel.ok(f"url = 'postgresql://me:{NAMED['password']}@db.example/x?key={SHAPES['google']}'")
    kernel.ok("def connect(password, url):\n    raise ValueError(url)")
    assert kernel.run(f"connect(password, {SHAPES['jwt']!r})").ename == "ValueError"
    prompt = " ".join((*SHAPES.values(), *ENVIRONMENT.values()))
    kernel.ok(f"%%mibyan\nWhy? @table:rows @environment @url @k1 @error {prompt}")
    kernel.ok("%%mibyan\nAnd now? @cell:4 @cell:5")
    kernel.ok("%mibyan explain table")
    assert len(fake.requests) == 3
    for request in fake.requests:
        body = request.body.decode()
        assert [value for value in PLANTED if value in body] == []
    assert "«redacted: " in fake.requests[0].body.decode()
    assert kernel.value("sum(session.history[0].receipt.redactions.values())") > 40


def test_what_is_kept_for_looking_at_is_redacted_too(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Preview, receipt, `turn.sent` and `messages` hold what was sent, not the secret."""
    secret = SHAPES["github"]
    cell = kernel.ok(f"%%mibyan\nIs {secret} a good key?")
    assert "1 secret redacted" in cell.html
    kernel.ok("%%mibyan\nAnd that one?")
    for expression in (
        "[m.content for turn in session.history for m in turn.sent]",
        "[m.content for m in session.messages]",
        f"[m.content for m in session.preview('{secret[:9]}' + '{secret[9:]} good?').messages]",
    ):
        assert secret not in str(kernel.value(expression))
    assert secret not in kernel.ok("%mibyan why --text").printed
    assert secret not in fake.requests[-1].body.decode()


def test_personal_data_is_redacted_on_request(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """E-mail addresses stay as they are until the setting says otherwise."""
    kernel.ok("%%mibyan -c none\nWho is aisha@example.org?")
    assert "aisha@example.org" in fake.requests[-1].body.decode()
    kernel.ok("%config MibyanMagics.redact_personal = True")
    kernel.ok("%%mibyan -c none --new\nWho is aisha@example.org?")
    assert "aisha@example.org" not in fake.requests[-1].body.decode()
    assert "True or False" in kernel.run("%config MibyanMagics.redact_personal = 'x'").printed
