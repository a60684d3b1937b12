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
    "github fine-grained": f"github_pat_{_letters(40)}",
    "gitlab": f"glpat-{_letters(20)}",
    "slack": f"xoxb-{_letters(11, string.digits)}-{_letters(24)}",
    "google": f"AIza{_letters(35)}",
    "stripe": f"sk_live_{_letters(24)}",
    "openai": f"sk-proj-{_letters(40)}",
    "anthropic": f"sk-ant-api03-{_letters(40)}",
    "mibyan": f"mb-{_letters(24)}",
    "huggingface": f"hf_{_letters(34)}",
    "npm": f"npm_{_letters(36)}",
    "pypi": f"pypi-{_letters(60)}",
    "sendgrid": f"SG.{_letters(22)}.{_letters(43)}",
    "telegram": f"{_letters(9, string.digits)}:AA{_letters(33)}",
    "twilio": f"SK{_letters(30, '0123456789abcdef')}0f",
    "jwt": f"eyJ{_letters(20)}.eyJ{_letters(30)}.{_letters(43)}",
}


def _words(count: int) -> list[str]:
    """Passwords that look like no key: only where they stand tells what they are."""
    return [f"{_letters(4, string.ascii_lowercase)}-{_letters(3)}7!" for _ in range(count)]


NAMED = dict(
    zip(("password", "client_secret", "db_passwd"), _words(3), strict=True),
    api_key=_letters(20),
    auth_token=_letters(20),
)
VARIABLES = _words(6)
CELLS = [*_words(6), _letters(24)]
OUTPUTS = _words(7)
TRACEBACKS = _words(4)
URLS = _words(5)
PLACES = {
    "environment": list(ENVIRONMENT.values()),
    "source": [*SHAPES.values(), *NAMED.values()],
    "variable": VARIABLES,
    "frame cell": CELLS,
    "output": OUTPUTS,
    "traceback": TRACEBACKS,
    "URL": URLS,
}
PLANTED = [secret for secrets in PLACES.values() for secret in secrets]


def _hidden(secret: str) -> str:
    """Code whose value is the secret, and which does not contain it."""
    return f"{secret[::-1]!r}[::-1]"


def _variables() -> str:
    one, two, three, four, five, six = map(_hidden, VARIABLES)
    return (
        f"password = {one}\nold_passwords = [{two}, 'seen-variable']\n"
        f"vault = {{'seen': 'seen-dict', 'login': {{'client_secret': {three}}}}}\n"
        f"credentials = {{'db_password': {four}, 'passwords': ({five},)}}\n"
        f"records = [{{'user': 'seen-record', 'pwd': {six}}}] * 3"
    )


def _frames() -> str:
    one, two, three, four, five, six, key = map(_hidden, CELLS)
    return (
        "import pandas as pd\n"
        f"users = pd.DataFrame({{'user': ['seen-cell'] * 12, 'password': [{one}, {two}] * 6,"
        f" 'client_secret': [{three}] * 12, 'api_key': [{key}] * 12}})\n"
        f"logins = pd.DataFrame({{'n': 1.5}}, index=pd.Index([{four}] * 9, name='passphrase'))\n"
        f"by_password = pd.Series([{five}] * 9, name='password')\n"
        f"coded = pd.DataFrame({{'pwd': pd.Categorical([{six}] * 9)}})"
    )


def _outputs() -> str:
    one, two, three, four, five, six, seven = map(_hidden, OUTPUTS)
    return (
        "import json, sys\n"
        f"print('seen-output password =', {one})\n"
        f"print(json.dumps({{'user': 'ada', 'password': {two}}}))\n"
        f"print('user,password,n\\nada,' + {three} + ',1')\n"
        f"print(pd.DataFrame({{'user': ['ada'], 'password': [{four}]}}))\n"
        f"print(pd.Series([{five}] * 3, name='db_password'))\n"
        f"print('export APP_SECRET=' + {six}, file=sys.stderr)\n"
        f"pd.DataFrame({{'client_secret': [{seven}] * 2}})"
    )


def _failing() -> str:
    one, two, three, four = map(_hidden, TRACEBACKS)
    return (
        "def connect(password, passwords):\n"
        f"    secret = {one}\n"
        "    try:\n"
        f"        raise ValueError('password=' + {two} + ' was refused')\n"
        "    except ValueError as error:\n"
        "        raise ConnectionError('seen-error for https://me:' + password + '@db.example')"
        " from error\n"
        f"connect({three}, [{four}])"
    )


def _urls() -> str:
    one, two, three, four, five = map(_hidden, URLS)
    return (
        f"addresses = ['postgresql://me:' + {one} + '@db.example:5432/seen-url',"
        f" 'mongodb+srv://me:' + {two} + '@cluster.example/x',"
        f" 'redis://:' + {three} + '@cache.example/0',"
        f" 'https://api.example/v1?access_token=' + {four} + 'x9&page=2',"
        f" 'ftp://me:' + {five} + '@files.example']\nprint(*addresses)"
    )


@pytest.fixture
def kernel(start_kernel: StartKernel, fake: FakeMibyan) -> NotebookKernel:
    """A kernel with secret variables in its environment, which shows all that it may."""
    kernel = start_kernel(**ENVIRONMENT)
    kernel.ok(SET_UP)
    point_at(kernel, fake)
    kernel.ok("session.configure(context='all', privacy='rows', context_tokens=60_000)")
    return kernel


def test_no_planted_secret_reaches_the_server(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """From environment, source, variables, frame cells, outputs, tracebacks, URLs, the prompt."""
    assert len(set(PLANTED)) >= 40
    kernel.ok(_frames(), timeout=60)
    kernel.ok("\n".join(f"{name} = {value!r}" for name, value in NAMED.items()))
    kernel.ok(
        "\n".join(f"k{n} = {value!r}  # seen-source" for n, value in enumerate(SHAPES.values()))
    )
    kernel.ok("import os\nenvironment = dict(os.environ)\nprint(environment)")
    kernel.ok(_variables())
    kernel.ok(_outputs())
    kernel.ok(_urls())
    assert kernel.run(_failing()).ename == "ConnectionError"
    prompt = " ".join((*SHAPES.values(), *ENVIRONMENT.values()))
    kernel.ok(f"%%mibyan\nWhy? @users @logins @by_password @coded @environment @error {prompt}")
    kernel.ok("%%mibyan\nAnd @password @old_passwords @vault @credentials @records @addresses")
    kernel.ok("%%mibyan -c mentioned\nAnd " + " ".join(f"@cell:{n}" for n in range(2, 12)))
    kernel.ok("%mibyan fix")
    kernel.ok("%mibyan explain users")
    bodies = [request.body.decode() for request in fake.requests]
    assert len(bodies) == 5
    for body in bodies:
        found = [
            (place, body[max(0, at - 80) : at + 30])
            for place, secrets in PLACES.items()
            for secret in secrets
            if (at := body.find(secret)) >= 0
        ]
        assert found == []
    everything = "".join(bodies)
    for place in ("source", "variable", "dict", "record", "cell", "output", "error", "url"):
        assert f"seen-{place}" in everything, f"nothing of {place} was sent: the test shows nothing"
    assert "«redacted: " in bodies[0]
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
    assert secret not in kernel.ok("%mibyan why 1").plain
    assert secret not in fake.requests[-1].body.decode()


def test_personal_data_is_redacted_on_request(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """E-mail addresses stay as they are until the setting says otherwise."""
    kernel.ok("%%mibyan -c none\nWho is aisha@example.org?")
    assert "aisha@example.org" in fake.requests[-1].body.decode()
    kernel.ok("%config MibyanMagics.redact_personal = True")
    kernel.ok("%%mibyan -c none --new\nWho is aisha@example.org?")
    assert "aisha@example.org" not in fake.requests[-1].body.decode()
    assert "True or False" in kernel.run("%config MibyanMagics.redact_personal = 'x'").printed
