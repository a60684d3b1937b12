"""A response that is no success, as an error that says what to do next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mibyan_jupyter.api.endpoint import address_of
from mibyan_jupyter.api.models import server_words
from mibyan_jupyter.api.retries import LONGEST_WAIT
from mibyan_jupyter.errors import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PaymentError,
    RateLimitError,
)

if TYPE_CHECKING:
    from mibyan_jupyter.api.endpoint import Endpoint
    from mibyan_jupyter.api.retries import Refusal

_WAIT = "Wait a little, then %mibyan retry."
_BY_STATUS: dict[int, tuple[type[APIStatusError], str, str]] = {
    401: (
        AuthenticationError,
        "The server does not accept the key",
        "Set another with %mibyan login; %mibyan status says where this one came from.",
    ),
    402: (PaymentError, "The account has no credit", "Top it up, then %mibyan retry."),
    403: (
        AuthenticationError,
        "The key is not allowed to do this",
        "Use another key (%mibyan login) or another model (-m).",
    ),
    404: (
        NotFoundError,
        "The server does not know this address or model",
        "The base URL is {url} and the model {model}; %mibyan status shows both.",
    ),
    408: (BadRequestError, "The request took the server too long", _WAIT),
    409: (BadRequestError, "The request is in conflict with another one", _WAIT),
    413: (
        BadRequestError,
        "The request is too large for the server",
        "Send less: a shorter prompt, less context (-c none), or start anew with --new.",
    ),
    429: (RateLimitError, "Too many requests", _WAIT),
    503: (InternalServerError, "The server is not available", _WAIT),
    529: (InternalServerError, "The server is overloaded", _WAIT),
}
_NO_KEY = (
    AuthenticationError,
    "The server wants a key, and none is set for it",
    "Set one with %mibyan login, or use the offline %mibyan demo.",
)


def status_error(
    refusal: Refusal, endpoint: Endpoint, *, model: str = "", requests: int = 1, now: float = 0.0
) -> APIStatusError:
    """The error for a refused request; carries the server's own message.

    `requests` is how often it was sent, `now` the time in Unix seconds.
    """
    if 300 <= refusal.status < 400:
        return _redirect_error(refusal, endpoint)
    kind, what, hint = _entry(refusal.status)
    if refusal.status == 401 and endpoint.key is None:
        kind, what, hint = _NO_KEY
    often = f", asked {requests} times" if requests > 1 else ""
    said = endpoint.shown(_server_message(refusal.body))
    wait = refusal.asked_wait(now) if refusal.may_pass else None
    if wait is not None and wait > LONGEST_WAIT:
        hint = f"The server asks to wait {_in_words(wait)}; then %mibyan retry."
    hint = hint.format(
        url=endpoint.shown(endpoint.base_url.partition("?")[0]), model=endpoint.shown(model)
    )
    return kind(
        f"{what} ({refusal.status}{often}){f': {said}' if said else '.'}",
        hint,
        status_code=refusal.status,
    )


def in_brief(status: int) -> str:
    """What an error status means, in a few words of ours."""
    return f"{_entry(status)[1]} ({status})"


def _entry(status: int) -> tuple[type[APIStatusError], str, str]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return InternalServerError, "The server failed", _WAIT
    return BadRequestError, "The server refuses this request", "Change it, then run the cell again."


def _redirect_error(refusal: Refusal, endpoint: Endpoint) -> APIStatusError:
    location = refusal.headers.get("location", "")
    target = endpoint.shown(_target(location, endpoint)) if location else "another address"
    return APIStatusError(
        f"The server redirects to {target} ({refusal.status}); nothing was sent there.",
        "If that host is right, make it the base URL: set MIBYAN_BASE_URL.",
        status_code=refusal.status,
    )


def _target(location: str, endpoint: Endpoint) -> str:
    """Host and port that a redirect leads to."""
    try:
        return address_of(urljoin(endpoint.url, location))
    except ValueError:
        return "an address that cannot be read"


def _server_message(body: bytes) -> str:
    try:
        return server_words(json.loads(body.decode("utf-8-sig", "replace"))) or ""
    except (ValueError, RecursionError):
        return ""


def _in_words(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
