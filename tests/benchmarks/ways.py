"""The ways to see a model's answer in a notebook: ours, the peers', and what one writes by hand."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fake_mibyan import Pause, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.fake_mibyan import RecordedRequest

_VENVS = Path(__file__).parents[2] / ".venvs"
_HERE = Path(sys.executable)
CHATLAS = _VENVS / "peers-chatlas/bin/python"
MAGICS = _VENVS / "peers-jupyter-ai-magics/bin/python"
COMMANDS = _VENVS / "peers-jupyter-ai-magic-commands/bin/python"
IPYKERNEL_6 = _VENVS / "peers-ipykernel-6/bin/python"
"""Ours, on the older line of kernels."""

_HTTPX = """
import httpx, json, os, time
from IPython.display import Markdown, display
http = httpx.Client(timeout=None, trust_env=False)
url = os.environ["MIBYAN_BASE_URL"] + "/chat/completions"
body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Tell me"}]}
def deltas():
    with http.stream("POST", url, json=body) as response:
        for line in response.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                for choice in json.loads(line[6:])["choices"]:
                    yield choice["delta"].get("content") or ""
"""
_MARKDOWN_AT_10 = """
def show():
    text, due = "", 0.0
    handle = display(Markdown(""), display_id=True)
    for delta in deltas():
        text += delta
        if time.monotonic() >= due:
            handle.update(Markdown(text))
            due = time.monotonic() + 0.1
    handle.update(Markdown(text))
"""
_PRINT = "def show():\n    for delta in deltas():\n        print(delta, end='')"
_EACH = "def show():\n    for delta in deltas():\n        display(delta)"
_OPENAI = """
import os
from openai import OpenAI
client = OpenAI(base_url=os.environ["MIBYAN_BASE_URL"], api_key="none")
def show():
    messages = [{"role": "user", "content": "Tell me"}]
    stream = client.chat.completions.create(model="m", messages=messages, stream=True)
    for chunk in stream:
        if chunk.choices:
            print(chunk.choices[0].delta.content or "", end="")
"""
_CHATLAS = """
import os
from chatlas import ChatOpenAICompletions
def show():
    base_url = os.environ["MIBYAN_BASE_URL"]
    chat = ChatOpenAICompletions(base_url=base_url, api_key="none", model="m")
    _ = chat.chat("Tell me")
"""
_FINAL_HTML = """
from mibyan_jupyter.rendering import render_markdown, wrap_answer
def show():
    text = "".join(deltas())
    html = wrap_answer(render_markdown(text, "t1"))
    display({"text/html": html, "text/plain": text}, raw=True)
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way: `set_up` is run once, `ask` for each answer, both as cells."""

    name: str
    python: Path
    set_up: str
    ask: str = "show()"

    @property
    def is_installed(self) -> bool:
        return self.python.exists()

    def environment(self, base_url: str) -> dict[str, str]:
        """Where each of them looks for its server; nothing that could leave this machine."""
        return {
            "MIBYAN_BASE_URL": base_url,
            "OPENAI_API_BASE": base_url,
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": "none",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }


MIBYAN = Way("%%mibyan", _HERE, "%load_ext mibyan_jupyter", "%%mibyan --new\nTell me")
CHATLAS_CHAT = Way("chatlas", CHATLAS, _CHATLAS)
OPENAI_PRINT = Way("openai, print", CHATLAS, _OPENAI)
AI_MAGICS = Way(
    "jupyter-ai-magics",
    MAGICS,
    "%load_ext jupyter_ai_magics",
    "%%ai openai-chat:gpt-4o --format markdown\nTell me",
)
AI_COMMANDS = Way(
    "jupyter-ai-magic-commands",
    COMMANDS,
    "%load_ext jupyter_ai_magic_commands",
    "%%ai openai/gpt-4o --format markdown\nTell me",
)
PEERS = (CHATLAS_CHAT, OPENAI_PRINT, AI_MAGICS, AI_COMMANDS)
MARKDOWN_AT_10 = Way("update_display(Markdown), 10/s", _HERE, _HTTPX + _MARKDOWN_AT_10)
READ_THEN_SHOW = Way(
    "httpx, Markdown at the end",
    _HERE,
    _HTTPX + "def show():\n    display(Markdown(''.join(deltas())))",
)
FINAL_HTML = Way("httpx, text/html at the end", _HERE, _HTTPX + _FINAL_HTML)
PRINT = Way("httpx, print", _HERE, _HTTPX + _PRINT)
DISPLAY_EACH = Way("httpx, display", _HERE, _HTTPX + _EACH)


def paced(pieces: Sequence[str], tokens_per_second: float) -> Callable[[RecordedRequest], Reply]:
    """The same answer for those that stream and, after the same time, for those that do not."""

    def answer(request: RecordedRequest) -> Reply:
        if request.json.get("stream"):
            return Reply.stream(pieces, tokens_per_second=tokens_per_second)
        whole = Reply.json("".join(pieces))
        return Reply((Pause(len(pieces) / tokens_per_second), *whole.steps))

    return answer
