"""The secrets that this process was given in its environment. Pure; nothing here prints them."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote, quote_plus

from mibyan_jupyter.context.redaction.wording import (
    MARK,
    is_number,
    is_path,
    is_placeholder,
    is_prose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHORTEST = 8
_SECRET_NAME = re.compile(
    r"(?:\A|[_\W])(?:\w*KEYS?|\w*TOKENS?|\w*SECRETS?|PASS|\w*PASSWORD|PASSWD|PASSPHRASE|PWD|PW|AUTH"
    r"|CREDENTIALS?|CREDS?|PRIVATE|DSN|CONN(?:ECTION)?(?:STR(?:ING)?)?|SIGNATURE|COOKIE|SESSION)"
    r"\d*(?=\Z|[_\W])",
    re.IGNORECASE,
)
_USER_AND_PASSWORD = re.compile(r"://([^\s:/?#]*):([^\s]+)@[^\s@]*\Z")
_USER = re.compile(r"://([^\s:/?#@]{16,})@")
_PASSWORD_PART = re.compile(
    r"(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*([^;\s]+)", re.IGNORECASE
)


class Secrets:
    """Texts that must not leave the machine, in the forms in which they may appear.

    It does not show them: `repr` and `str` give their number, and it is not pickled.
    """

    __slots__ = ("_pattern", "_size")

    def __init__(self, values: Iterable[str] = ()) -> None:
        chosen = {value for value in values if len(value) >= _SHORTEST}
        forms = sorted({form for value in chosen for form in _forms(value)}, key=len, reverse=True)
        self._size = len(chosen)
        alternatives = "|".join(map(re.escape, forms))
        # Marks that stand in the text already are stepped over.
        self._pattern = re.compile(f"(?:{MARK.pattern})|({alternatives})") if forms else None

    def replace(self, text: str, mark: str) -> tuple[str, int]:
        """The text with each secret replaced by `mark`, and how many there were."""
        if self._pattern is None:
            return text, 0
        count = 0

        def put(found: re.Match[str]) -> str:
            nonlocal count
            count += found[1] is not None
            return found[0] if found[1] is None else mark

        replaced = self._pattern.sub(put, text)
        return replaced, count

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Secrets({self._size} hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Secrets are not pickled: they would be written down in clear")


def secrets_in_environment(environ: Mapping[str, str]) -> Secrets:
    """The secrets among the variables: long values of secret-like names, passwords in addresses.

    Words, paths, numbers and addresses without credentials are none, whatever they are called.
    """
    return _secrets_in(tuple(environ.items()))


@lru_cache(maxsize=1)
def _secrets_in(variables: tuple[tuple[str, str], ...]) -> Secrets:
    """Asked several times a question, and hardly ever of another environment."""
    return Secrets(value for name, text in variables for value in _secrets_of(name, text))


def _secrets_of(name: str, value: str) -> Iterator[str]:
    value = value.strip()
    if found := _USER_AND_PASSWORD.search(value):
        yield found[2]
    elif "://" in value:
        yield from _USER.findall(value)
    elif _SECRET_NAME.search(name) and not _is_harmless(value):
        yield value
        yield from _PASSWORD_PART.findall(value)


def _is_harmless(value: str) -> bool:
    return is_prose(value) or is_number(value) or is_path(value) or is_placeholder(value)


def _forms(value: str) -> Iterator[str]:
    """The value as it is, and as it stands in strings, addresses and headers."""
    yield value
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    encoded = value.encode("utf-8", "surrogateescape")
    yield quote(encoded, safe="")
    yield quote(encoded)
    yield quote_plus(encoded)
    yield base64.b64encode(encoded).decode().rstrip("=")
    yield base64.urlsafe_b64encode(encoded).decode().rstrip("=")
