"""Answers as fast as a server can send, through a default jupyter_server: what arrives of them."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.benchmarks.bench_reader import in_large_writes
from tests.benchmarks.page import kernel_name, lab_of
from tests.benchmarks.table import Row, as_text, without_goal
from tests.benchmarks.ways import CHATLAS_CHAT, MIBYAN, Way
from tests.e2e.answers import long_answer, tokens
from tests.e2e.lab import LabServer
from tests.fake_mibyan import FakeMibyan, Reply
from tests.kernel.notebook_kernel import CellResult

_LARGEST = 2**28
_ASKED = ((MIBYAN, 5_000), (MIBYAN, 50_000), (CHATLAS_CHAT, 5_000))


def measure() -> list[Row]:
    """Whether the last output equals the answer, at 5 000 and 50 000 tokens."""
    asked = [(way, length) for way, length in _ASKED if way.is_installed]
    ways = list(dict.fromkeys(way for way, _ in asked))
    with (
        FakeMibyan() as fake,
        tempfile.TemporaryDirectory() as folder,
        lab_of(ways, Path(folder), fake) as lab,
    ):
        return [_row(fake, lab, way, length) for way, length in asked]


def _row(fake: FakeMibyan, lab: LabServer, way: Way, length: int) -> Row:
    pieces = tokens(long_answer(length))[:length]
    fake.enqueue(in_large_writes(Reply.stream(pieces)))
    cell, seconds = asyncio.run(_ask(lab, way))
    answer, found = "".join(pieces), _text(cell)
    name = f"flat out through jupyter_server, {length:,} tokens, {way.name}"
    detail = f"{len(cell.messages)} IOPub messages in {seconds:.1f} s"
    if way is MIBYAN:
        whole = "whole" if found == answer else f"{len(found) / len(answer):.0%}"
        return Row(name, whole, "whole", ok=found == answer, detail=detail)
    return without_goal(name, "whole" if answer.strip() in found else "not whole", detail)


def _text(cell: CellResult) -> str:
    datas = [output.get("data", {}) for output in cell.outputs]
    return "".join(data.get("text/markdown") or data.get("text/plain", "") for data in datas)


async def _ask(lab: LabServer, way: Way) -> tuple[CellResult, float]:
    """The cell as a front end has it then, and the seconds from its sending to its end."""
    body = json.dumps({"name": kernel_name(way)})
    started = await AsyncHTTPClient().fetch(
        f"{lab.url}api/kernels", method="POST", body=body, request_timeout=60
    )
    kernel, clock = json.loads(started.body)["id"], asyncio.get_running_loop().time
    address = f"{lab.url}api/kernels/{kernel}/channels?session_id=bench".replace("http", "ws", 1)
    socket = await websocket_connect(address, max_message_size=_LARGEST)
    try:
        await _run(socket, way.set_up)
        began = clock()
        cell = await _run(socket, way.ask)
        return cell, clock() - began
    finally:
        socket.close()
        await AsyncHTTPClient().fetch(f"{lab.url}api/kernels/{kernel}", method="DELETE")


async def _run(socket: WebSocketClientConnection, code: str) -> CellResult:
    request = _execute_request(code)
    cell = CellResult(code, request["header"]["msg_id"])
    await socket.write_message(json.dumps(request))
    while not cell.done:
        received = await asyncio.wait_for(socket.read_message(), 120)
        assert received is not None, "the server closed the connection"
        message = json.loads(received)
        if message["channel"] == "shell" and message["msg_type"] == "execute_reply":
            cell.reply = message
        elif message["channel"] == "iopub" and _parent(message) == cell.msg_id:
            cell.take(message)
            if message["msg_type"] == "update_display_data":
                cell.update(message["content"])
    return cell


def _parent(message: dict[str, Any]) -> str:
    return str(message["parent_header"].get("msg_id", ""))


def _execute_request(code: str) -> dict[str, Any]:
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "bench",
        "version": "5.3",
    }
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    empty: dict[str, Any] = {"parent_header": {}, "metadata": {}, "buffers": []}
    return {"header": header, "content": content, "channel": "shell", **empty}


if __name__ == "__main__":
    sys.stdout.write(f"{as_text(measure())}\n")
