"""`KernelTraffic`: what a page and its kernels say to each other, off the wire."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BINARY = 2


@dataclass(frozen=True, slots=True)
class KernelMessage:
    """One message; `moment` is the browser's clock in seconds, which counts from its own start."""

    moment: float
    channel: str
    kind: str
    content: dict[str, Any]

    @property
    def comm_id(self) -> str:
        """The comm it belongs to; "" where it belongs to none."""
        return str(self.content.get("comm_id", ""))


class KernelTraffic:
    """From now on: the messages that `page` sends and receives, in their order."""

    def __init__(self, page: Page) -> None:
        self.sent: list[KernelMessage] = []
        self.received: list[KernelMessage] = []
        browser = page.context.new_cdp_session(page)
        browser.on("Network.webSocketFrameSent", lambda event: self._take(event, self.sent))
        browser.on("Network.webSocketFrameReceived", lambda event: self._take(event, self.received))
        browser.send("Network.enable")

    def _take(self, event: dict[str, Any], messages: list[KernelMessage]) -> None:
        frame = event["response"]
        if frame["opcode"] == _BINARY:
            message = kernel_message(event["timestamp"], base64.b64decode(frame["payloadData"]))
            messages.append(message)


def kernel_message(moment: float, frame: bytes) -> KernelMessage:
    """One frame of the protocol `v1.kernel.websocket.jupyter.org`, as Jupyter Server describes it.

    The number of offsets, the offsets, then channel, header, parent, metadata, content, buffers.
    """
    (count,) = struct.unpack_from("<Q", frame)
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    channel, header, _, _, content = (frame[start:end] for start, end in pairwise(offsets[:6]))
    return KernelMessage(
        moment, channel.decode(), json.loads(header)["msg_type"], json.loads(content)
    )
