"""Where a request goes, and how it proves who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mibyan_jupyter.config import is_loopback
from mibyan_jupyter.text import one_line

if TYPE_CHECKING:
    from mibyan_jupyter.keys import Key

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SHOWN = 300  # characters of foreign words in an error
_READ = 10_000  # characters of them that are looked at


class Endpoint(NamedTuple):
    """A server that answers, and the key for it; `idle_timeout` is in seconds."""

    base_url: str
    key: Key | None = None
    auth_header: str = "Authorization"
    idle_timeout: float = 60.0

    @property
    def url(self) -> str:
        path, mark, query = self.base_url.partition("?")
        return f"{path}/chat/completions{mark}{query}"

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers; the only place where a key is opened to be sent."""
        headers = {"Content-Type": "application/json"}
        if self.key is not None:
            bearer = "Bearer " if self.auth_header == "Authorization" else ""
            headers[self.auth_header] = bearer + self.key.reveal()
        return headers

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return address_of(self.base_url)

    @property
    def is_plain(self) -> bool:
        """Whether it speaks plain http, which can be read on the way."""
        return self.base_url.startswith("http:")

    @property
    def is_this_machine(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")

    def shown(self, words: str) -> str:
        """Words from outside in one printable line, without the key that a server may repeat."""
        return self.without_key(one_line(words, _READ))[:_SHOWN]

    def without_key(self, text: str) -> str:
        """The text without the key, where a server repeats it."""
        return text if self.key is None else self.key.hidden_in(text)


def address_of(url: str) -> str:
    """The host and port of a URL, without user and password."""
    parts = urlsplit(url)
    place = one_line(parts.netloc.rpartition("@")[2], 200)
    port = _DEFAULT_PORTS.get(parts.scheme)
    has_port = place.rpartition("]")[2].count(":") > 0
    return place if has_port or port is None else f"{place}:{port}"
