"""Values that stand under a secret's name in code, JSON, YAML, shell lines and addresses. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mibyan_jupyter.context.redaction.wording import (
    TELLING,
    is_placeholder,
    is_prose,
    looks_random,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Plain texts are found much faster than a pattern that ignores case.
_HINT = re.compile(
    "|".join(form for part in TELLING for form in (part, part.capitalize(), part.upper()))
)
_NAME = re.compile(
    r"(?P<password>passw(?:or)?d|passphrase|passcode|(?<![a-z])pwd|(?<![a-z])pass(?=[\"'=]))"
    r"|(?P<secret>secret|credentials?)|(?P<token>tokens?)|(?P<key>key)",
    re.IGNORECASE,
)
_WHOSE_KEY = re.compile(r"([A-Za-z0-9]+)([-_ .]?)\Z")
_SECRET_KEYS = (
    *("api", "access", "auth", "private", "account", "master", "encryption", "signing", "app"),
    *("subscription", "service", "client", "session", "license", "deploy", "storage", "webhook"),
    *("shared", "secret"),
)
# What may stand between the name and its value: the rest of the name, and the sign.
_REST = re.compile(r"(?P<rest>(?:[A-Z][a-z]+|[A-Z]+|[_-][A-Za-z0-9]+|\d+){0,4})")
_SIGN = re.compile(
    r"\\{0,3}[\"'`]?[\])]{0,2}\s{0,5}"
    r"(?P<sign>: str, [^\n:'\"]{1,30}: "  # as our own pictures of variables write it
    r"|:\s{0,3}[A-Za-z_][\w.\[\] |]{0,40}\s{0,3}=(?!=)|:=|=>|[=!]?=|:|,|\s)\s{0,8}"
)
_QUOTED = re.compile(
    r"(?P<prefix>[rbfuRBFU]{0,2})(?P<quote>\\{0,3}(?:\"\"\"|'''|[\"'`]))"
    r"(?P<value>(?:(?!(?P=quote))[^\n«»]){1,500})(?P<closed>(?P=quote))?"
)
# Judged by its first 64 characters, so that time stays linear; replaced whole.
_BARE = re.compile(r"(?P<value>[^\s\"'`,;&<>(){}\[\]«»|\\]{6,64})(?P<after>[(\[{.]?)")
_MORE = re.compile(r"[^\s\"'`,;&<>(){}\[\]«»|\\]*")
_NO_SECRET_AFTER = frozenset(
    """
    name names type types url uri field fields id ids file files path dir length len size count
    limit format regex pattern prefix suffix column columns label policy param params index env var
    title header class help text hint error message expires expiry ttl at in is has required
    manager store service provider endpoint usage bucket version vocab embedding embeddings
    list map mask masks func function fn order by out errors frequency counts
    changed created updated date time status strength score valid reset rotated age
    """.split()  # noqa: SIM905 - a list of words is read as text
)
_NO_SECRET_BEFORE = frozenset(
    {
        "public",
        "primary",
        "foreign",
        "sort",
        "partition",
        "row",
        "group",
        "cache",
        "dict",
        "index",
        "map",
        "hot",
        "short",
    }
)
_ASKS = frozenset("has is no n num reset forgot needs requires uses show hide with".split())  # noqa: SIM905
"""Words before a secret's name that make it a question or a count: `has_password`."""
_INSTRUCTS = re.compile(
    r"\b(?:password|enter|your|please|must|required|invalid|should|forgot|wrong|incorrect|missing"
    r"|is|was|not|the|this)\b",
    re.IGNORECASE,
)


def secret_kind(name: str) -> str | None:
    """What kind of secret stands under `name`, the whole name of a column or variable, if any."""
    name = re.sub(r"[\s.]+", "_", name.strip())[:100]
    if re.split(r"[_-]|(?<=[a-z])(?=[A-Z])", name)[0].lower() in _ASKS:
        return None
    for hint in _HINT.finditer(name):
        found = _NAME.match(name, hint.start())
        if found is None:
            continue
        rest = _REST.fullmatch(name, found.end() + name.startswith("s", found.end()))
        if rest and _is_telling(name, found, rest):
            return found.lastgroup
    return None


def replace_named(text: str, put: Callable[[str], str]) -> str:
    """The text with `put(kind)` in place of each secret under a telling name."""
    parts: list[str] = []
    done = 0
    for hint in _HINT.finditer(text):
        name = _NAME.match(text, hint.start())
        if name is None or name.start() < done:
            continue
        found = _value_after(text, name)
        if found is not None:
            start, end = found
            parts += [text[done:start], put(name.lastgroup or "secret")]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    """Where the secret that belongs to a name stands, if there is one."""
    rest = _REST.match(text, name.end())
    if (
        rest is None
        or text[rest.end() : rest.end() + 1].isalpha()
        or not _is_telling(text, name, rest)
    ):
        return None
    sign = _SIGN.match(text, rest.end())
    if sign is None:
        return None
    quoted = _QUOTED.match(text, sign.end())
    if quoted is not None:
        of_one_word = not rest["rest"] or sign["sign"] != ","
        is_secret = of_one_word and _is_secret_text(quoted, name, sign)
        return quoted.span("value") if is_secret else None
    bare = _BARE.match(text, sign.end())
    if bare is None or not _is_secret_word(text, bare, name, sign):
        return None
    more = _MORE.match(text, bare.end("value"))
    return bare.start("value"), more.end() if more else bare.end("value")


def _is_telling(text: str, name: re.Match[str], rest: re.Match[str]) -> bool:
    """Whether the whole name means a secret: `password_field` and `sort_key` do not."""
    last = re.split(r"[_-]|(?<=[a-z])(?=[A-Z])", rest["rest"])[-1].lower()
    if last in _NO_SECRET_AFTER:
        return False
    return not name["key"] or _is_secret_key(text[max(0, name.start() - 20) : name.start()])


def _is_secret_key(before: str) -> bool:
    """Whether the word before `key` makes it one that opens something: `api_key`, `accessKey`."""
    whose = _WHOSE_KEY.search(before)
    if whose is None:
        return False
    word = whose[1].lower()
    return word.endswith(_SECRET_KEYS) or (whose[2] in ("_", "-") and word not in _NO_SECRET_BEFORE)


def _is_secret_text(quoted: re.Match[str], name: re.Match[str], sign: re.Match[str]) -> bool:
    value = quoted["value"]
    if quoted["closed"] is None and " " in value:
        return False  # that was the end of a text, not the beginning of one
    if is_placeholder(value) or ("f" in quoted["prefix"].lower() and "{" in value):
        return False
    if sign["sign"].isspace() and not _is_option(name):
        return False
    if name["password"]:
        return not (" " in value and _INSTRUCTS.search(value)) and not _is_label(value, sign)
    if name["secret"]:
        return " " not in value and not _is_label(value, sign)
    return " " not in value and (looks_random(value) or _has_digits(value) >= 3)


def _is_label(value: str, sign: re.Match[str]) -> bool:
    """One of a row of words (`"password", "username"`), rather than a value."""
    return sign["sign"] in (",", "!=", "==") and is_prose(value)


def _is_secret_word(
    text: str, bare: re.Match[str], name: re.Match[str], sign: re.Match[str]
) -> bool:
    """Whether an unquoted value is written out here, not the name of a variable or a call."""
    value = bare["value"]
    if is_placeholder(value) or bare["after"] or sign["sign"] in (",", "==", "!="):
        return False
    if sign["sign"].isspace():
        return _is_option(name) and not value.startswith("-")
    if looks_random(value):
        return True
    if name["token"] or name["key"]:
        fewest = 1 if _is_query(text, name) else 3
        return _is_shell(text, name, sign) and _has_digits(value) >= fewest
    if _is_shell(text, name, sign):
        return True
    return _has_digits(value) > 0 and text[bare.end() : bare.end() + 1] not in (",", ")")


def _is_option(name: re.Match[str]) -> bool:
    """`--password`, `--db-password`."""
    before = name.string[max(0, name.start() - 30) : name.start()]
    return re.search(r"(?<!\S)--(?:[a-z]+-)*\Z", before) is not None


def _is_shell(text: str, name: re.Match[str], sign: re.Match[str]) -> bool:
    """`NAME=value` without spaces, as in a shell, an `.env` file, an option or an address."""
    tight = sign.group() == "=" and sign["sign"] == "="
    before = text[max(0, name.start() - 1) : name.start()]
    in_address = before == ";" or _is_query(text, name)
    return tight and (name.group().isupper() or in_address or _is_option(name))


def _is_query(text: str, name: re.Match[str]) -> bool:
    """Whether the name stands in the query of an address: `?access_token=`."""
    before = text[max(0, name.start() - 20) : name.start()]
    return re.search(r"[?&][A-Za-z_-]*\Z", before) is not None


def _has_digits(value: str) -> int:
    return sum(character.isdigit() for character in value)
