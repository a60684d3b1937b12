"""A session, its hub and one panel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mibyan_jupyter.chat.hub import ChatHub
from mibyan_jupyter.session.session import Session
from tests.chat.panel import Panel


@pytest.fixture
def hub(session: Session) -> Iterator[ChatHub]:
    one = ChatHub(session)
    yield one
    one.close()


def open_panel(hub: ChatHub) -> Panel:
    """A view that hears the hub, and has its snapshot."""
    panel = Panel(
        lambda request: [panel.take(message) for message in hub.receive(request, panel.take)]
    )
    hub.listen(panel.take)
    panel.open()
    return panel


@pytest.fixture
def panel(hub: ChatHub) -> Iterator[Panel]:
    one = open_panel(hub)
    yield one
    assert one.gaps == []
