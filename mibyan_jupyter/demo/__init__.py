"""An offline stand-in for Mibyan: the same wire protocol on a loopback port, replies made by rules.

    server.py    the thread and its address     endpoint.py    HTTP (the only tornado here)
    wire.py      request and response bodies    directives.py  faults on demand: `demo:cut`
    replies.py   which reply fits the request   *_reply.py     one module a kind of reply

No model is behind it, and each reply says so.
"""

from __future__ import annotations

from mibyan_jupyter.demo.server import DemoServer, running_demo, serve

__all__ = ["DemoServer", "running_demo", "serve"]
