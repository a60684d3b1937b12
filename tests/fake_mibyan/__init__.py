"""`FakeMibyan`: an HTTP/1.1 server with a queue of replies, able to break every rule of the wire.

It runs on 127.0.0.1 in a thread of its own and needs only the standard library::

    with FakeMibyan() as fake:
        fake.enqueue(Reply.stream(["Hel", "lo"]))
        ...  # ask fake.base_url something
        (request,) = fake.wait_for_requests(1)
        assert request.json["messages"][-1]["content"] == "Hi"

Each request takes the oldest queued reply. Without one, `echo` answers.
"""

from __future__ import annotations

from tests.fake_mibyan.proxy import FakeProxy
from tests.fake_mibyan.replies import (
    Answer,
    Close,
    Hold,
    Pause,
    Reply,
    Reset,
    Step,
    echo,
)
from tests.fake_mibyan.requests import RecordedRequest
from tests.fake_mibyan.server import FakeMibyan
from tests.fake_mibyan.wire import (
    CREATED,
    DONE,
    JSON_HEADERS,
    MODEL,
    SSE_HEADERS,
    USAGE,
    chunk,
    sse,
)

__all__ = [
    "CREATED",
    "DONE",
    "JSON_HEADERS",
    "MODEL",
    "SSE_HEADERS",
    "USAGE",
    "Answer",
    "Close",
    "FakeMibyan",
    "FakeProxy",
    "Hold",
    "Pause",
    "RecordedRequest",
    "Reply",
    "Reset",
    "Step",
    "chunk",
    "echo",
    "sse",
]
