"""Telling a secret from what stands in its place: placeholders, words, paths. Pure."""

from __future__ import annotations

import re

TELLING = ("pass", "pwd", "secret", "credential", "token", "key")
"""Every name under which a secret is looked for has one of these in it, in whatever case."""
MARK = re.compile(r"«redacted: [^«»\n]{1,40}»")
_STANDS_FOR_ANOTHER = re.compile(
    r"<|\$\{|\{|\*{3}|\.{3}|…|x{4}|your|example|placeholder|change[-_ ]?me|dummy|insert|replace"
    r"|todo|redacted|os\.environ|getenv|enter[-_ ]",
    re.IGNORECASE,
)
_BEGINS_LIKE_CODE = re.compile(r"[<$%{\[(@`]|\w+[(\[]|\w+\.\w+[(\[]")
_WORDS = frozenset(
    """
    password passwd passphrase secret token apikey api_key api-key key keys credential credentials
    string str bytes text bool boolean integer number object array float none null true
    false
    optional required undefined default empty hidden masked unknown missing invalid disabled enabled
    bearer basic digest oauth oauth2 username user login value values secretstr any type
    test testing
    """.split()  # noqa: SIM905 - a list of words is read as text
)
_PATH = re.compile(r"(?:~|\.{0,2})/[\w./~ -]*\Z|[A-Za-z]:\\|file:")
_NUMBER = re.compile(r"[-+]?[\d.,_]+(?:e[-+]?\d+)?\Z", re.IGNORECASE)
_PROSE = re.compile(r"[^\W\d_]+(?:[ ,.'’:;!?_-]+[^\W\d_]+)*[.!?:]*\Z")
_CASE_SWITCH = re.compile(r"(?<=[a-z])[A-Z]")
_RUN = re.compile(r"[A-Za-z0-9]{12,}|[A-Za-z0-9+/_=-]{20,}")


def is_placeholder(value: str) -> bool:
    """Whether a value under a secret's name is no secret: a stand-in, a reference, a type."""
    value = value.strip()
    return (
        len(value) < 6
        or len(set(value)) < 3
        or value.lower().strip("_-:.") in _WORDS
        or _BEGINS_LIKE_CODE.match(value) is not None
        or (_STANDS_FOR_ANOTHER.search(value) is not None and not looks_random(value))
        or is_path(value)
    )


def looks_random(value: str) -> bool:
    """Whether a value has a long run of letters and digits, as keys have and words have not."""
    return any(_is_mixed(run) for run in _RUN.findall(value))


def is_path(value: str) -> bool:
    """Whether a value names a file or an address without credentials."""
    return _PATH.match(value) is not None or ("://" in value and "@" not in value)


def is_prose(value: str) -> bool:
    """Whether a value is made of words only; `vujOeHwdFcA` is none."""
    return _PROSE.match(value) is not None and len(_CASE_SWITCH.findall(value)) < 3


def is_number(value: str) -> bool:
    """Whether a value is a plain number, a version or a date."""
    return _NUMBER.match(value) is not None


def _is_mixed(run: str) -> bool:
    digits = sum(character.isdigit() for character in run)
    return digits >= 2 and len(run) - digits >= 2
