"""The server refuses: error statuses, redirects, retries."""

from __future__ import annotations

import gzip

from mibyan_jupyter.errors import (
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PaymentError,
    RateLimitError,
)
from tests.fake_mibyan.wire import MODEL
from tests.session.faults.fault import (
    BOMB,
    KEY,
    MIB,
    RAW,
    WHOLE,
    events,
    full,
    none,
    page,
    refused,
)

REFUSED = [
    none("400", refused(400), BadRequestError, "because of this", "400"),
    none("401", refused(401), AuthenticationError, "because of this", "%mibyan login"),
    none("402", refused(402), PaymentError, "no credit"),
    none("403", refused(403), AuthenticationError, "not allowed"),
    none("404", refused(404), NotFoundError, "/api/public/v1", MODEL),
    none("413", refused(413), BadRequestError, "too large", "-c none", "--new"),
    none("418", refused(418), BadRequestError, "418"),
    none("422", refused(422), BadRequestError, "422"),
    none("an error that repeats the key", refused(401, f"wrong key {KEY}!"), AuthenticationError),
    none("an error that cuts the key", refused(400, "x" * 285 + KEY), BadRequestError),
    none("an error with an HTML body", page(RAW, status=400), BadRequestError, "(400)"),
    none("an error with ANSI", refused(400, "a\x1b[31mb\r\nc"), BadRequestError, "a[31mb c"),
    none("an error of a megabyte", refused(400, "x" * MIB), BadRequestError),
    none(
        "an error that is a gzip bomb",
        page(BOMB, status=400, Content_Encoding="gzip"),
        *(BadRequestError, "400"),
    ),
    none(
        "an error that comes in gzip",
        page(
            gzip.compress(b'{"error": {"message": "because of this"}}'),
            *("application/json", 400),
            Content_Encoding="gzip",
        ),
        *(BadRequestError, "because of this"),
    ),
    none(
        "redirect", refused(307, Location="https://elsewhere.test/x"), APIStatusError, "elsewhere"
    ),
    none(
        "redirect 301", refused(301, Location="https://elsewhere.test/x"), APIStatusError, "(301)"
    ),
    none("redirect to the same host", refused(308, Location="/v2"), APIStatusError, "127.0.0.1:"),
    none(
        "redirect with the key in it",
        refused(302, Location=f"https://user:{KEY}@{KEY}.test/{KEY}"),
        APIStatusError,
    ),
    none("no content", page(b"", status=204), APIResponseError, "not a chat completion"),
]

RETRIED = [
    none("408", refused(408), BadRequestError, "408", "3 times", requests=3),
    none("409", refused(409), BadRequestError, "409", "3 times", requests=3),
    none("429", refused(429), RateLimitError, "429", "because of this", requests=3),
    none("500", refused(500), InternalServerError, "500", requests=3),
    none("502 with a page", page(RAW, status=502), InternalServerError, "502", requests=3),
    none("529", refused(529), InternalServerError, "529", "overloaded", requests=3),
    none("429, but not again", refused(429, x_should_retry="false"), RateLimitError, "429"),
    none("400, but again", refused(400, x_should_retry="true"), BadRequestError, requests=3),
    none(
        "429 for ten minutes",
        refused(429, Retry_After="600"),
        *(RateLimitError, "429", "10 min"),
    ),
    none(
        "a redirect is never tried again",
        refused(307, x_should_retry="true", Location="https://elsewhere.test/"),
        APIStatusError,
    ),
    full("429, then an answer", refused(429), events(*WHOLE)),
    full("503 twice, then an answer", refused(503), refused(503), events(*WHOLE)),
    full("429 with a wait of milliseconds", refused(429, retry_after_ms="5"), events(*WHOLE)),
]
