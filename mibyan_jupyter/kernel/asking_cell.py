"""Which cell is asking, read from the execute request that the kernel is answering.

Never from the innermost `pre_run_cell`: `%%capture` nests those.
"""

from __future__ import annotations

import os
import re
import threading

from mibyan_jupyter.kernel.request import execute_request
from mibyan_jupyter.session.turns import CellRun

_PROMPT = re.compile(r">>>|\.{3,}:?|(\[nav\]|\[ins\])?In\[\d+\]:")


def asking_cell() -> CellRun | None:
    """The cell run that is executing; None where the front end names no cells.

    Also None off the main thread: a thread that outlives its cell would take another's place.
    """
    if threading.current_thread() is not threading.main_thread():
        return None
    request = execute_request()
    cell_id = request.get("metadata", {}).get("cellId")
    if not cell_id:
        return None
    run = request["header"]["msg_id"]
    return CellRun(str(cell_id), str(run), os.environ.get("JPY_SESSION_NAME", ""))


def typed_body(magic: str, body: str) -> str:
    """The text below `%%magic` exactly as typed.

    IPython dedents a cell and strips `>>>` prompts before a magic sees it; the request still holds
    what was typed. `body` is what the magic got, and the answer where no request is at hand (less
    the line end that IPython adds).
    """
    code = str(execute_request().get("content", {}).get("code", ""))
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.lstrip().startswith(f"%%{magic}"):
            typed = "".join(lines[number + 1 :])
            if _squeezed(body) == _squeezed(typed):
                return typed
    return body.removesuffix("\n")


def _squeezed(text: str) -> str:
    """Text without what IPython may take away: white space and prompts."""
    return _PROMPT.sub("", "".join(text.split()))
