"""Whether a refused request is sent again, and when; pure.

The headers are those that the openai client knows: `retry-after-ms`, `Retry-After` (seconds or a
date, https://www.rfc-editor.org/rfc/rfc9110#field.retry-after) and `x-should-retry`.
"""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_REQUESTS = 3
LONGEST_WAIT = 120.0
_FIRST_WAIT = 0.5
_LONGEST_OWN_WAIT = 8.0
_JITTER = 0.25  # a share of the wait: clients that were refused together come back apart
_MAY_PASS = {408, 409, 429}


class Refusal(NamedTuple):
    """A response that is no success: status, headers by lowercase name, the start of its body."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed later; the server's own word counts first."""
        if self.status < 400:
            return False
        says = self.headers.get("x-should-retry", "").strip().lower()
        if says in ("true", "false"):
            return says == "true"
        return self.status in _MAY_PASS or self.status >= 500

    def asked_wait(self, now: float) -> float | None:
        """The seconds for which the server asks to wait, above 0; `now` is in Unix seconds."""
        wait = _seconds(self.headers.get("retry-after-ms", ""), 1000)
        text = self.headers.get("retry-after", "")
        for seconds in (wait, _seconds(text, 1), _until(text, now)):
            if seconds is not None and seconds > 0:
                return seconds
        return None


def wait_before_retry(
    refusal: Refusal, requests: int, *, now: float, jitter: float
) -> float | None:
    """Seconds to wait before the request goes out again; None where it does not.

    `requests` have been sent so far, `jitter` is between 0 and 1.
    """
    if requests >= MOST_REQUESTS or not refusal.may_pass:
        return None
    asked = refusal.asked_wait(now)
    if asked is None:
        return own_wait(requests, jitter)
    return asked if asked <= LONGEST_WAIT else None


def own_wait(requests: int, jitter: float) -> float:
    """The wait where the server names none: it doubles from 0.5 to 8 s, a little less by chance."""
    longest = min(_FIRST_WAIT * 2.0 ** (requests - 1), _LONGEST_OWN_WAIT)
    return longest * (1 - _JITTER * jitter)


def _seconds(text: str, a_second: int) -> float | None:
    try:
        value = float(text) / a_second
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _until(text: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
