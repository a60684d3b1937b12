"""Whether and when a refused request goes out again: the policy alone, without a clock."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mibyan_jupyter.api.retries import LONGEST_WAIT, Refusal, own_wait, wait_before_retry

NOW = 1_800_000_000.0


def wait(refusal: Refusal, requests: int = 1, jitter: float = 0.0) -> float | None:
    return wait_before_retry(refusal, requests, now=NOW, jitter=jitter)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 501, 502, 503, 504, 520, 529, 599])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """Twice, after half a second and after a second; then no more."""
    waits = [wait(Refusal(status), requests) for requests in (1, 2, 3)]
    assert waits == [0.5, 1.0, None]


@pytest.mark.parametrize("status", [301, 307, 304, 400, 401, 402, 403, 404, 405, 413, 418, 422])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    """The same request would be refused again, or would go elsewhere."""
    assert wait(Refusal(status)) is None


@pytest.mark.parametrize(
    ("status", "says", "again"),
    [
        (429, "false", False),
        (500, "False ", False),
        (400, "true", True),
        (401, "TRUE", True),
        (429, "maybe", True),
        (400, "maybe", False),
        (307, "true", False),
    ],
)
def test_the_servers_own_word_counts_first(status: int, says: str, again: bool) -> None:
    """`x-should-retry` stands above the status, except for a redirect."""
    assert (wait(Refusal(status, {"x-should-retry": says})) is not None) is again


def test_even_so_there_are_three_requests_at_most() -> None:
    """A server that always says "again" is not obeyed for ever."""
    assert wait(Refusal(429, {"x-should-retry": "true"}), requests=3) is None


def http_date(seconds: float) -> str:
    return formatdate(NOW + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "120"}, 120),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": http_date(90)}, 90),
        ({"retry-after": "121"}, None),
        ({"retry-after-ms": "120001"}, None),
        ({"retry-after": http_date(3600)}, None),
        ({"retry-after": "0"}, 0.5),
        ({"retry-after": "-3"}, 0.5),
        ({"retry-after": http_date(-60)}, 0.5),
        ({"retry-after": "inf"}, 0.5),
        ({"retry-after": "nan"}, 0.5),
        ({"retry-after": "1, 2"}, 0.5),
        ({"retry-after": "9" * 400}, 0.5),
        ({"retry-after": "Wed, 99 Foo 2026 99:99:99 GMT"}, 0.5),
        ({"retry-after": "Fri, 31 Dec 99999 23:59:59 GMT"}, 0.5),
        ({"retry-after": ""}, 0.5),
    ],
)
def test_the_server_says_how_long(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds, seconds or a date; too long is not waited, and nonsense is passed over."""
    assert wait(Refusal(429, headers)) == seconds


def test_a_wait_that_is_too_long_is_still_known() -> None:
    """So that the error can say it."""
    assert Refusal(429, {"retry-after": "600"}).asked_wait(NOW) == 600


@given(st.integers(1, 60), st.floats(0, 1))
def test_our_own_wait_grows_to_eight_seconds(requests: int, jitter: float) -> None:
    """It doubles from half a second, and chance takes away at most a quarter."""
    longest = min(0.5 * 2**requests / 2, 8)
    assert 0.75 * longest <= own_wait(requests, jitter) <= longest <= 8


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(["retry-after", "retry-after-ms", "x-should-retry"]),
        st.text() | st.integers().map(str) | st.floats().map(str) | st.just("true"),
    ),
    st.integers(1, 5),
    st.floats(0, 1),
)
def test_no_header_makes_it_wait_long_or_break(
    status: int, headers: dict[str, str], requests: int, jitter: float
) -> None:
    """Whatever a server sends, a wait is between 0 and 120 seconds, and there are two at most."""
    seconds = wait_before_retry(Refusal(status, headers), requests, now=NOW, jitter=jitter)
    assert seconds is None or (0 < seconds <= LONGEST_WAIT and requests < 3 and status >= 400)
