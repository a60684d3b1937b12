"""Secrets that are known by their shape: the keys of well-known services, private keys, passwords
in addresses. The classes follow gitleaks' rules (https://github.com/gitleaks/gitleaks). Pure.

Every repetition is bounded, possessive, or begins at a boundary, so that time is linear.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mibyan_jupyter.context.redaction.wording import is_placeholder, looks_random

if TYPE_CHECKING:
    from collections.abc import Callable

# Not inside a longer word; an escape (`\n`), a percent code or a colour code may stand before.
_START = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=[0-9;\[]m))"
_HAS_DIGIT = re.compile("[0-9]")
_STAND_IN = re.compile(r"[<{\[$%(].*|[*.…xX]+\Z|your[-_]", re.IGNORECASE)
_PASSWORD_WORDS = {"password", "passwd", "pass", "pwd", "pw", "secret", "token"}
_HEX_40 = re.compile(r"[0-9a-f]{40}\Z")


class Shape(NamedTuple):
    """One class of secrets.

    `expression` marks the secret with the group `secret`; `words` are texts of which one must be
    there (in lower case) for it to be tried; `accept` judges what was found.
    """

    kind: str
    words: tuple[str, ...]
    expression: str
    accept: Callable[[str], bool] = lambda _: True

    @property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first tried: a first question needs few of them."""
        return _compiled(self.expression)


_compiled = cache(re.compile)


def _key(kind: str, pattern: str, *words: str, random: bool = False) -> Shape:
    marked = rf"{_START}(?P<secret>{pattern})"
    return Shape(kind, words, marked, looks_random if random else lambda _: True)


def _is_mixed(secret: str) -> bool:
    """Not a git or SHA-1 hash, and both cases and digits in it, as in an AWS secret."""
    return not _HEX_40.match(secret) and bool(
        re.search("[a-z]", secret) and re.search("[A-Z]", secret) and re.search("[0-9]", secret)
    )


def _has_key_body(block: str) -> bool:
    return re.search(r"[A-Za-z0-9+/=]{16}", block) is not None


def _is_password(text: str) -> bool:
    """Not a stand-in: `user:password@host`, `user:{password}@host`, `user:***@host`."""
    return text.lower() not in _PASSWORD_WORDS and not _STAND_IN.match(text)


def _is_header_value(text: str) -> bool:
    return not is_placeholder(text) and (_HAS_DIGIT.search(text) is not None or _is_basic(text))


def _is_basic(text: str) -> bool:
    """Whether it is `user:password` in base64."""
    try:
        return b":" in base64.b64decode(text, validate=True)
    except ValueError:
        return False


_AWS = ("akia", "asia", "abia", "acca", "aroa", "a3t")
_STRIPE = ("k_live_", "k_test_", "k_prod_", "whsec_")
_DASHES = "-----"
SHAPES: tuple[Shape, ...] = (
    Shape(
        "private key",
        ("private key",),
        (
            rf"(?P<secret>{_DASHES}BEGIN [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?{_DASHES}"
            rf"(?:(?:[^-]|-(?!----))*+{_DASHES}END [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?{_DASHES}"
            r"|(?:(?:\s|\\[nr]|[\"',+])*+[A-Za-z0-9+/=]{40,}+)++(?:(?:\s|\\[nr])*+[A-Za-z0-9+/=]{16,}+)?))"
        ),
        _has_key_body,
    ),
    _key(
        "AWS key id", r"(?:AKIA|ASIA|ABIA|ACCA|AROA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])", *_AWS
    ),
    Shape(
        "AWS secret key",
        ("aws", "secret"),
        (
            r"(?i:aws|secret_?(?:access_?)?key)[^\n«»]{0,40}?[\"'=:\s]"
            r"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
        ),
        _is_mixed,
    ),
    _key("GitHub token", r"gh[pousr]_[A-Za-z0-9]{20,255}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _key("GitHub token", r"github_pat_[A-Za-z0-9_]{22,255}", "github_pat_"),
    _key("GitLab token", r"gl(?:pat|dt|rt|soat|ptt|agent|ft|imt)-[A-Za-z0-9_-]{20,}", "gl"),
    _key("Slack token", r"xox[a-z]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}", "xox", "xapp-"),
    Shape(
        "Slack webhook",
        ("hooks.slack.com",),
        r"hooks\.slack\.com/[a-z]{1,12}/(?P<secret>[A-Za-z0-9+/_-]{24,})",
    ),
    _key("Google API key", r"AIza[A-Za-z0-9_-]{35}", "aiza"),
    _key("Google token", r"ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}", "ya29.", "gocspx-"),
    _key(
        "Stripe key",
        r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}",
        *_STRIPE,
    ),
    _key("Anthropic key", r"sk-ant-[A-Za-z0-9_-]{16,}", "sk-ant-"),
    _key("OpenAI key", r"sk-[A-Za-z0-9_-]{20,}", "sk-", random=True),
    _key("Mibyan key", r"mb-(?=[a-z_-]{0,40}[0-9A-Z])[A-Za-z0-9_-]{10,}", "mb-"),
    _key("Hugging Face token", r"(?:hf|api_org)_[A-Za-z0-9]{30,}", "hf_", "api_org_"),
    _key("npm token", r"npm_[A-Za-z0-9]{30,}", "npm_"),
    _key("PyPI token", r"pypi-[A-Za-z0-9_-]{40,}", "pypi-"),
    _key("SendGrid key", r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}", "sg."),
    _key("Twilio key", r"SK[0-9a-f]{32}(?![A-Za-z0-9])", "sk"),
    Shape(
        "Twilio account",
        ("twilio",),
        rf"{_START}(?P<secret>AC[0-9a-f]{{32}})(?![A-Za-z0-9])",
    ),
    _key("Telegram token", r"\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])", ":aa"),
    Shape(
        "Azure key",
        ("accountkey=", "sharedaccesskey=", "sig="),
        r"(?i:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{30,}={0,2})",
    ),
    Shape(
        "Azure signature",
        ("sig=",),
        r"(?<=[?&;])sig=(?P<secret>[A-Za-z0-9%+/=]{30,})",
    ),
    _key("JWT", r"eyJ[A-Za-z0-9_-]{10,}+\.eyJ[A-Za-z0-9_-]{10,}+(?:\.[A-Za-z0-9_-]*+)?", "eyj"),
    Shape(
        "password",
        ("://",),
        (
            r"://[^\s:/?#@\"'<>«»]{0,100}:(?!\d{1,5}(?:[/?#\s\"'),]|\Z))"
            r"(?P<secret>(?:(?!://)[^\s\"'<>,«»]){1,200})@(?=[\w\[{%$.-])"
        ),
        _is_password,
    ),
    Shape(
        "authorization",
        ("authorization",),
        (
            r"(?i:authorization)\\{0,3}[\"']?[\])]?\s{0,5}[:=,]\s{0,5}(?:[bf](?=\\{0,3}[\"']))?\\{0,3}[\"']?"
            r"(?:(?i:bearer|basic|token|apikey|digest)\s{1,5})?(?P<secret>[A-Za-z0-9._~+/=-]{8,}+)(?![(\[{])"
        ),
        _is_header_value,
    ),
    Shape(
        "authorization",
        ("bearer",),
        r"(?i:bearer)(?:\s{1,5}|%20)(?P<secret>[A-Za-z0-9._~+/=-]{12,}+)(?![(\[{])",
        _is_header_value,
    ),
)
"""All classes, the more particular before the more general."""

PERSONAL: tuple[Shape, ...] = (
    Shape(
        "email",
        ("@",),
        r"(?<![\w.%+-])(?P<secret>[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})",
    ),
    Shape(
        "phone",
        ("+",),
        r"(?<![\w.+])(?P<secret>\+\d{1,3}(?:[ ().-]{0,2}\d{1,4}){2,6})(?![\w.])",
        lambda text: 8 <= sum(character.isdigit() for character in text) <= 15,
    ),
)
"""Who someone is; replaced only where that is asked for."""
