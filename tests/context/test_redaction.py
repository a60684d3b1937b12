"""Secrets are taken out of text; ordinary code and output stay as they are."""

from __future__ import annotations

import base64
import csv
import json
import pickle
import statistics
import string
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.context.redaction import Secrets, redact, secrets_in_environment
from mibyan_jupyter.context.redaction.named_values import secret_kind
from tests.context.made_secrets import NONE, made
from tests.context.notebooks import EXAMPLES

HEX = "0123456789abcdef"
BASE64 = string.ascii_letters + string.digits + "+/"
AWS_ID = made("AKIA", 18, string.ascii_uppercase)[:18] + "77"
AWS_SECRET = made("aW5", 37, BASE64)
GITHUB = made("ghp_", 36)
OPENAI = made("sk-proj-", 48)
MIBYAN = made("mb-", 32)
PEM_BODY = "\n".join(made(f"MII{n}", 60, BASE64) for n in range(6))
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{PEM_BODY}\n-----END RSA PRIVATE KEY-----"
JWT = f"{made('eyJ', 30)}.{made('eyJ', 60)}.{made('', 43)}"

# kind, text around the secret (`@@` stands for it), secret
PLANTED: list[tuple[str, str, str]] = [
    # shapes
    ("AWS key id", "aws_access_key_id = @@", AWS_ID),
    ("AWS key id", "ClientError: the key (@@) does not exist", AWS_ID),
    ("AWS secret key", "aws_secret_access_key = @@", AWS_SECRET),
    ("AWS secret key", 'session = boto3.Session(aws_secret_access_key="@@")', AWS_SECRET),
    ("GitHub token", "git clone https://@@@github.com/a/b", GITHUB),
    ("GitHub token", "{'Authorization': 'token @@'}", GITHUB),
    ("GitHub token", "gho: @@", made("gho_", 36)),
    ("GitHub token", "ghs: @@", made("ghs_", 36)),
    ("GitHub token", "x = '@@'", "github_pat_" + made("11A", 79)),
    ("GitHub token", '{"text": "first line\\n@@\\nlast"}', GITHUB),
    ("GitHub token", "\x1b[31m@@\x1b[0m", GITHUB),
    ("GitHub token", "https://a.b/?q=x%3D@@", GITHUB),
    ("GitLab token", "curl --header 'PRIVATE: @@'", made("glpat-", 20)),
    ("Slack token", "WebClient('@@')", "xoxb-1234567890-1234567890123-" + made("", 24)),
    ("Slack token", "@@", "xapp-1-A0123456789-1234567890123-" + made("", 40, HEX)),
    ("Slack webhook", "https://hooks.slack.com/services/@@", "T0123ABCD/B0123ABCD/" + made("", 24)),
    ("Google API key", "https://maps.googleapis.com/x?q=1&v=@@&z=2", made("AIza", 35)),
    ("Stripe key", "stripe.api = '@@'", made("sk_live_", 24)),
    ("Stripe key", "stripe.api = '@@'", made("rk_live_", 24)),
    ("OpenAI key", "client = OpenAI('@@')", OPENAI),
    ("OpenAI key", "Incorrect API key provided: @@. You can find your key at …", made("sk-", 48)),
    ("Anthropic key", "Anthropic('@@')", made("sk-ant-api03-", 80)),
    ("Mibyan key", "%mibyan login @@", MIBYAN),
    ("Mibyan key", "-H 'Auth: @@'", "mb-test-0123456789"),
    ("Hugging Face token", "login('@@')", made("hf_", 34)),
    ("npm token", "//registry.example/:_auth=@@", made("npm_", 36)),
    ("PyPI token", "twine upload -u __token__ -p @@", made("pypi-AgEIcHlwaS5vcmc", 90)),
    ("SendGrid key", "SendGridAPIClient('@@')", f"SG.{made('', 22)}.{made('', 43)}"),
    ("Twilio key", "Client('@@')", "SK" + made("", 32, HEX)[:30] + "0f"),
    ("Twilio account", "twilio.rest.Client('@@')", "AC" + made("", 32, HEX)[:30] + "0f"),
    ("Telegram token", "https://api.telegram.org/bot/@@/getMe", "1234567890:AA" + made("", 33)),
    ("Azure key", "AccountName=a;AccountKey=@@;EndpointSuffix=b", made("", 86, BASE64) + "=="),
    ("Azure signature", "https://a.blob.core.windows.net/c?sv=1&sig=@@&se=2", made("", 43) + "%3D"),
    ("JWT", "Cookie: session=@@; path=/", JWT),
    ("JWT", "jwt.decode('@@')", JWT),
    ("private key", "key = '''@@'''", PEM),
    ("private key", "@@", PEM.replace("RSA ", "")),
    ("private key", "@@", PEM.replace("RSA", "OPENSSH")),
    ("private key", '{"private": "@@"}', PEM.replace("\n", "\\n")),
    ("private key", "half of it: @@", PEM.partition("\n-----END")[0]),
    ("password", "create_engine('postgresql://user:@@@db.host:5432/app')", "s3cr3t!x"),
    ("password", "redis://:@@@localhost:6379/0", "hunter22"),
    ("password", "OperationalError: mongodb+srv://admin:@@@cluster0.x.net/db", "p@ss/w0rd"),
    ("password", "pip install --index-url https://me:@@@pypi.corp/simple x", "Zq8-long_one"),
    ("authorization", "headers = {'Authorization': 'Bearer @@'}", made("", 30)),
    ("authorization", "curl -H 'Authorization: Basic @@' https://a.b", "dXNlcjpwYXNzdzByZA=="),
    ("authorization", '"authorization":"Bearer @@"', made("tok.", 20)),
    # under a name, in code
    ("password", 'password = "@@"', "correct horse battery"),
    ("password", "PASSWORD='@@'", "hunter22"),
    ("password", 'conn = connect(host="a", password="@@", port=1)', "Tr0ub4dor&3"),
    ("password", 'password: str = "@@"', "Tr0ub4dor"),
    ("password", 'cfg["db"]["password"] = r"@@"', "a$b%c^d1"),
    ("password", 'if pwd == "@@":', "open-sesame1"),
    ("secret", 'client_secret="@@"', "9f-plain-secret"),
    ("token", 'slack_token = "@@"', made("", 20)),
    ("key", 'API_KEY = "@@"', made("", 32, HEX)),
    ("key", 'os.environ["WEATHER_API_KEY"] = "@@"', made("", 32, HEX)),
    ("key", "api.setKey(apiKey='@@')", made("", 20)),
    ("password", '("password", "@@")', "hunter-22-x"),
    # in JSON, YAML, shells, addresses, messages
    ("key", '{"api_key": "@@", "x": 1}', made("", 24)),
    ("key", '{\\"apiKey\\": \\"@@\\"}', made("", 24)),
    ("password", '{"user": "a", "password": "@@"}', "pässwörter"),
    ("password", "db:\n  password: @@\n  port: 5432", "hunter22"),
    ("token", "auth_token: @@", made("", 30, HEX)),
    ("secret", "export FOO_SECRET=@@", "plainwords"),
    ("token", "GITLAB_TOKEN=@@ make", made("", 20)),
    ("password", "mysqldump -u root --password @@ shop", "hunter22"),
    ("token", "!vault login --token=@@", made("", 24)),
    ("key", "GET /v1/weather?q=Rome&api_key=@@&units=metric", made("", 32, HEX)),
    ("password", "host=db dbname=x user=y password=@@ port=5432", "hunter22"),
    ("password", "Server=tcp:a;Uid=b;Pwd=@@;Encrypt=yes", "Tr0ub4dor"),
    ("password", "<function connect> called with {'password': '@@'}", "hunter22"),
    ("password", "line 3\n    login(user, password='@@')\nValueError: no", "xk9-11"),
    ("token", "RuntimeError: 401 for https://a.b/c?access_token=@@", made("", 40)),
    ("token", "https://a.b/c?access_token=@@&page=2", "vsgo-BWG7"),
    ("key", "https://a.b/c?q=1&client_api_key=@@", "vsgo-BWG7"),
    ("secret", "os.environ.setdefault('APP_SECRET', '@@')", made("", 24)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "around", "secret"), PLANTED, ids=lambda value: str(value)[:40])
def test_a_planted_secret_is_replaced(kind: str, around: str, secret: str) -> None:
    """The secret is gone, its kind stands there and is counted, and the rest is as it was."""
    before, _, after = around.partition("@@")
    redacted = redact(before + secret + after, NONE)
    assert redacted.text == f"{before}«redacted: {kind}»{after}"
    assert redacted.counts == {kind: 1}


def test_several_secrets_in_one_text() -> None:
    """All planted secrets in one text: none is left."""
    text = "\n\n".join(around.replace("@@", secret, 1) for _, around, secret in PLANTED)
    redacted = redact(text, NONE)
    assert [secret for _, _, secret in PLANTED if secret in redacted.text] == []
    assert sum(redacted.counts.values()) >= len(PLANTED) - 2


ORDINARY = [
    "token = tokenizer.next()",
    "tokens = text.split()",
    'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
    'df.sort_values(key=lambda column: column.str.lower())',
    'key = "name"',
    'df.merge(other, left_on="customer_key", right_on="id")',
    'sort_key = "created_at_2021"',
    'primary_key = "customer_id_001"',
    'public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"',
    "password = getpass()",
    "password = getpass.getpass('Password: ')",
    'api_key = os.environ["API_KEY"]',
    'api_key = os.getenv("OPENAI_API_KEY")',
    'api_key = userdata.get("OPENAI_API_KEY")',
    'api_key="your-key-here"',
    'api_key = "<your api key>"',
    'API_KEY = "sk-..."',
    'API_KEY = "sk-xxxxxxxxxxxxxxxxxxxxxxxx"',
    "password: ********",
    'password = ""',
    "password = None",
    "password: str",
    "def login(user: str, password: str) -> Token:",
    'connect(password=password, token=self.token, secret=config.secret)',
    "export API_KEY=$MY_KEY",
    "TOKEN=${CI_TOKEN}",
    'headers = {"Authorization": f"Bearer {token}"}',
    "Authorization: Bearer <your-api-key> (starts with mb-).",
    '-H "Authorization: Bearer mb-..."',
    "The token is invalid. Please enter your password again.",
    'parser.add_argument("--password", help="the password of the database")',
    '{"password": "This field is required."}',
    '{"token": "NOUN", "lemma": "house"}',
    'eos_token = "<|endoftext|>"',
    'mask_token="[MASK]", pad_token="[PAD]"',
    "max_tokens = 4096",
    "https://a.b/c?page_token=next&key=name&token=",
    '"usage": {"prompt_tokens": 123456, "completion_tokens": 789012}',
    'SECRET_NAME = "prod/database/main"',
    'password_field = driver.find_element("password_input_1")',
    "secrets.token_hex(16)",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "commit 8adf943f1b2c3d4e5f60718293a4b5c6d7e8f901",
    "md5 = 'd41d8cd98f00b204e9800998ecf8427e'",
    "id: 123e4567-e89b-12d3-a456-426614174000",
    "array([0.12345678, 1.23456789, 9.87654321e-05])",
    "data:image/png;base64," + made("iVBORw0KGgoAAAANSUhEUgAA", 200, BASE64),
    "<div class='sk-container-id-1 sk-top-container'><div class=\"sk-estimator-doc-link\">",
    "#sk-container-id-1 div.sk-label-container {display: inline-block}",
    '<p class="mb-3-md-4 mb-auto-responsive">',
    "http://localhost:8888/lab/tree/a@b.ipynb",
    "https://example.org:8080/users/@me",
    "postgresql://user:password@localhost/db",
    "postgresql://{user}:{password}@{host}/db",
    "git@github.com:mibyan/mibyan-jupyter.git",
    'if "-----BEGIN PRIVATE KEY-----" in text: print("a key")',
    "from cryptography.hazmat.primitives import serialization as key_serialization",
    "author = 'Jane Doe'  # contact: jane@example.org, +44 20 7946 0958",
    "ax.set_xlabel('basic understanding of bearer instruments')",
    "model.config.key_value_heads = 8",
    "cache_key = f'{user}:{day}'",
    "SKU12345678 and ACCOUNT 0012",
    "password = st.text_input('Password', type='password')",
    "def unix_getpass(prompt='Password: ', stream=None):",
    "authorization = base64.decodebytes(authorization)",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY, ids=lambda text: text[:50])
def test_ordinary_text_stays(text: str) -> None:
    """Names, stand-ins, hashes, ids, numbers, images and prose are no secrets."""
    assert redact(text, NONE).text == text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password", "password"), ("Password", "password"), ("passwords", "password"),
        ("db_password", "password"), ("pwd", "password"), ("userPassword", "password"),
        ("api_key", "key"), ("API Key", "key"), ("access_token", "token"), ("token", "token"),
        ("client_secret", "secret"), ("secrets", "secret"), ("credentials", "secret"),
        ("password_hash_length", None), ("n_tokens", None), ("token_count", None),
        ("key", None), ("sort_key", None), ("primary_key", None), ("user", None), ("", None),
        ("password changed at", None), ("has_password", None), ("is_secret", None),
    ],
)  # fmt: skip
def test_names_of_secrets(name: str, kind: str | None) -> None:
    """A whole name, as of a column or a variable."""
    assert secret_kind(name) == kind


def test_what_a_picture_withheld_is_counted() -> None:
    """A picture does not show what stands under a secret's name; here that becomes a redaction."""
    redacted = redact("df: 2 columns\n  pin: str, «withheld: password»\n", NONE)
    assert redacted.text == "df: 2 columns\n  pin: str, «redacted: password»\n"
    assert redacted.counts == {"password": 1}


STANDARD_LIBRARY = Path(csv.__file__).parent


def test_ordinary_code_is_hardly_touched() -> None:
    """At most two false redactions on thousands of lines of ordinary code."""
    names = ["statistics", "csv", "getpass", "token", "tokenize", "netrc", "ftplib", "smtplib",
             "imaplib", "argparse", "secrets", "hmac", "configparser", "http/cookies",
             "urllib/request", "json/decoder", "json/encoder", "sqlite3/dump",
             "base64"]  # fmt: skip
    texts = [(STANDARD_LIBRARY / f"{name}.py").read_text("utf-8") for name in names]
    texts += [cell.source for example in EXAMPLES for cell in example.cells]
    false = {text: redacted for text in texts if (redacted := redact(text, NONE)).counts}
    lines = sum(text.count("\n") + 1 for text in texts)
    print(f"{sum(sum(r.counts.values()) for r in false.values())} false in {lines} lines")  # noqa: T201 - reported with -s
    assert statistics.fmean([lines]) > 10_000
    assert sum(sum(redacted.counts.values()) for redacted in false.values()) <= 2


ENVIRONMENT = {
    "OPENAI_API_KEY": "plain-looking value 42!",
    "DB_PASSWORD": 'with"quote\\and é',
    "MYSQL_PWD": "hunter-two-22",
    "SHORT_TOKEN": "abc123",
    "DATABASE_URL": "postgres://me:Zq8_longer@host/db",
    "SENTRY_DSN": "https://0123456789abcdef0123@o1.ingest.sentry.io/5",
    "AZURE_CONNECTION": "Server=a;Password=Pa55word-x;Encrypt=yes",
    "HF_TOKEN": "abcdefgh1234",
    "PWD": "/home/me/project-2",
    "GOOGLE_APPLICATION_CREDENTIALS": "/home/me/key-0001.json",
    "SSH_AUTH_SOCK": "/run/ssh-XXXX1234/agent.99",
    "AUTH_MODE": "production",
    "AUTH": "disabled-for-now",
    "TOKEN_LIMIT_KEY": "12345678",
    "KEY_SERVER": "https://keys.example.org/path",
    "GIT_AUTHOR_NAME": "Jane Doe 1234",
    "TOKENIZERS_PARALLELISM": "false-4711",
    "EDITOR": "some-editor-42",
}


@pytest.mark.parametrize(
    "secret",
    ["plain-looking value 42!", 'with"quote\\and é', "hunter-two-22", "Zq8_longer",
     "0123456789abcdef0123", "Pa55word-x", "abcdefgh1234"],
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    [str, repr, json.dumps, quote, lambda text: f"xx{text}yy",
     lambda text: base64.b64encode(text.encode()).decode()],
    ids=["plain", "repr", "json", "url", "inside", "base64"],
)  # fmt: skip
def test_environment_values_are_replaced_in_every_form(form, secret: str) -> None:  # type: ignore[no-untyped-def]
    """The value of a secret-like variable goes, also quoted, escaped or encoded."""
    secrets = secrets_in_environment(ENVIRONMENT)
    redacted = redact(f"seen: {form(secret)} there", secrets)
    assert secret not in redacted.text
    assert form(secret).strip("\"'=xy") not in redacted.text
    assert redacted.counts == {"environment value": 1}


@pytest.mark.parametrize(
    "text",
    ["abc123", "/home/me/project-2", "/home/me/key-0001.json", "/run/ssh-XXXX1234/agent.99",
     "production", "disabled-for-now", "12345678", "https://keys.example.org/path",
     "Jane Doe 1234", "false-4711", "some-editor-42", "host/db"],
)  # fmt: skip
def test_harmless_environment_values_stay(text: str) -> None:
    """Short values, words, paths, numbers, addresses, and other variables are no secrets."""
    secrets = secrets_in_environment(ENVIRONMENT)
    assert redact(f"seen: {text} there", secrets).text == f"seen: {text} there"


def test_secrets_do_not_show_themselves() -> None:
    """Neither repr, str, formatting nor pickling gives a secret away."""
    secrets = secrets_in_environment(ENVIRONMENT)
    shown = f"{secrets} {secrets!r}"
    assert not any(value in shown for value in ENVIRONMENT.values())
    assert len(secrets) == 8
    with pytest.raises(TypeError) as raised:
        pickle.dumps(secrets)
    assert not any(value in str(raised.value) for value in ENVIRONMENT.values())


def test_people_are_left_unless_asked_for() -> None:
    """E-mail addresses and phone numbers go only with `personal`."""
    text = "Jane <jane.doe@example.co.uk>, +44 20 7946 0958, version 1.2.3, a+b"
    assert redact(text, NONE).text == text
    redacted = redact(text, NONE, personal=True)
    assert redacted.text == "Jane <«redacted: email»>, «redacted: phone», version 1.2.3, a+b"
    assert redacted.counts == {"email": 1, "phone": 1}


PIECES = st.sampled_from(
    [
        *(around.replace("@@", secret, 1) for _, around, secret in PLANTED),
        *(secret for _, _, secret in PLANTED),
        *ORDINARY,
        *ENVIRONMENT.values(),
        *("«redacted: password»", "«", "»", "redacted", "password=", '"', "'", "\n", " "),
        *(":", "=", "://", "@"),
    ]
) | st.text(max_size=12)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.booleans())
def test_redacting_again_changes_nothing(text: str, personal: bool) -> None:
    """Redaction is idempotent, whatever stands side by side."""
    secrets = Secrets([*secrets_of_ours(), "redacted", "redacted: password"])
    once = redact(text, secrets, personal=personal)
    again = redact(once.text, secrets, personal=personal)
    assert (again.text, again.counts) == (once.text, {})


def secrets_of_ours() -> list[str]:
    return [value for value in ENVIRONMENT.values() if len(value) >= 8]


def test_marks_in_a_text_stay() -> None:
    """What already looks redacted is left alone, also where its words are a secret."""
    text = 'password = "«redacted: password»" and «redacted: AWS key id»'
    assert redact(text, Secrets(["redacted", "password"])).text.count("«redacted: password»") == 1


MEGABYTE = 1_000_000
HOSTILE = [
    "a", " ", "\n", "-", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAA\n",
    "eyJ", "eyJaaaaaaaaaaa.", "SG.aaaaaaaaaaaaaaaa", "://a:", "://a:b@", "://", "a:", "password",
    "password=", 'password="', "password: ", "token=a,", "key ", "_key", "secret_", "secret_key=",
    "AKIA", "sk-a-", "aws aws ", "aws:", "Authorization: ", "Bearer ", "AIza", "xox", "mb-",
    "mb-a_", "1:AA", "12345678:AA", "@", "a@", "a@b.", "+1 ", "+1(", "\\n", '\\"', "«redacted: ",
    "«redacted: a»", "sig=", "A" * 39 + " ", "password" + " " * 8, "--password ",
    "hooks.slack.com/a/", "password='a\\", "token:a[", "  password\n", "a,password\n",
    "password  user\n", "|password|a|\n", "0  a-1b2c3\nName: password, dtype: x\n",
    "a  " * 600 + "\n",
    "password  " * 150 + "\n", "password\\t", "password;",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=lambda piece: repr(piece)[:30])
def test_a_megabyte_of_anything_is_quick(piece: str) -> None:
    """No text makes redaction take more than time in proportion to its length."""
    text = (piece * (MEGABYTE // len(piece) + 1))[: MEGABYTE // 4]
    secrets = secrets_in_environment(ENVIRONMENT)
    start = time.process_time()
    redact(text, secrets, personal=True)
    assert time.process_time() - start < 2


def test_a_megabyte_of_notebook() -> None:
    """A megabyte of ordinary cells takes a fraction of a second."""
    code = "\n".join(cell.source for example in EXAMPLES for cell in example.cells)
    text = code * (MEGABYTE // len(code) + 1)
    start = time.process_time()
    redact(text, secrets_in_environment(ENVIRONMENT))
    seconds = time.process_time() - start
    print(f"1 MB of cells: {seconds * 1e3:.0f} ms")  # noqa: T201 - reported with -s
    assert seconds < 2
