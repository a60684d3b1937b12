"""Everything this package raises on purpose.

    MibyanError                     what happened, and what to do next
    ├── ConfigurationError          a setting that cannot work
    │   └── MissingKeyError         Mibyan needs a key and none was found
    ├── CommandError                a command or its flags were typed wrongly
    ├── SessionBusyError            asked while the same task holds an open answer stream
    ├── NestedLoopsError            nested event loops would break this kernel
    ├── APIError                    the request did not end in an answer
    │   ├── APIConnectionError      no connection (network, TLS, proxy), or it broke
    │   │   └── APITimeoutError     no text came within the time limit
    │   ├── APIStatusError          the server answered with an error status
    │   │   ├── BadRequestError     400, 408, 409, 413, 422 and other 4xx
    │   │   ├── AuthenticationError 401, 403
    │   │   ├── PaymentError        402
    │   │   ├── NotFoundError       404
    │   │   ├── RateLimitError      429
    │   │   └── InternalServerError 5xx
    │   └── APIResponseError        the server answered, but not with a whole chat completion
    └── IncompleteAnswerError       the wire cut the answer; `.answer` holds what came

    Stopped                         ■ was pressed (a KeyboardInterrupt, so Run All stops quietly)
    StoppedAwait                    the same where the answer was awaited (a CancelledError)

A turn without text is `failed` and raises its APIError; a cut turn raises IncompleteAnswerError
and keeps its text, and its `.error` is the APIError that cut it. APIStatusError itself stands for
redirects. Names follow the openai client where it has one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mibyan_jupyter.session.turns import Answer


class MibyanError(Exception):
    """What happened, in one line, and a `hint` that says what to do next."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what

    def _render_traceback_(self) -> list[str]:
        """The lines IPython shows: two, never a traceback through our own frames."""
        first, *rest = str(self).splitlines() or [""]
        return [f"{type(self).__name__}: {first}", *rest]


class ConfigurationError(MibyanError):
    """A setting that cannot work, such as a base URL without a host."""


class MissingKeyError(ConfigurationError):
    """Mibyan needs a key and none was found for this base URL."""


class CommandError(MibyanError):
    """A command or its flags were typed in a way that cannot be understood."""


class SessionBusyError(MibyanError):
    """Asked while the same thread or task holds an open `astream`: it would wait for itself."""


class NestedLoopsError(MibyanError):
    """Nested event loops would break this kernel, so they were not switched on."""


class APIError(MibyanError):
    """The request did not end in an answer."""


class APIConnectionError(APIError):
    """No connection to the server (the network, TLS, a proxy), or it broke."""


class APITimeoutError(APIConnectionError):
    """No connection was made, or no text came, within the time limit."""


class APIStatusError(APIError):
    """The server answered with an error status; `status_code` holds it."""

    def __init__(self, what: str, hint: str = "", *, status_code: int) -> None:
        super().__init__(what, hint)
        self.status_code = status_code


class BadRequestError(APIStatusError):
    """The server refuses this request as it is (400, 408, 409, 413, 422, other 4xx)."""


class AuthenticationError(APIStatusError):
    """The key is missing, wrong, or not allowed to do this (401, 403)."""


class PaymentError(APIStatusError):
    """The account has no credit (402)."""


class NotFoundError(APIStatusError):
    """No such address or model (404)."""


class RateLimitError(APIStatusError):
    """Too many requests (429)."""


class InternalServerError(APIStatusError):
    """The server failed (5xx)."""


class APIResponseError(APIError):
    """The server answered, but not with a whole chat completion."""


class IncompleteAnswerError(MibyanError):
    """The wire cut the answer; `answer` holds the text that came."""

    def __init__(self, what: str, hint: str = "", *, answer: Answer) -> None:
        super().__init__(what, hint)
        self.answer = answer


class Stopped(KeyboardInterrupt):
    """The user stopped the answer: one line in the cell, and Run All stops without noise."""

    def _render_traceback_(self) -> list[str]:
        return [f"Stopped: {self}"]


class StoppedAwait(asyncio.CancelledError):
    """An awaited answer was stopped: the task that awaits it ends as cancelled.

    No KeyboardInterrupt, which inside a task would end the event loop, and a kernel with it.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"Stopped: {self}"]
