"""Markdown that a model wrote becomes safe HTML, all at once or while it grows.

Names load on first use: what stands around an answer is needed before what renders it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mibyan_jupyter.rendering.answer import render_blocks as render_blocks
    from mibyan_jupyter.rendering.answer import render_code as render_code
    from mibyan_jupyter.rendering.answer import render_markdown as render_markdown
    from mibyan_jupyter.rendering.answer import render_math as render_math
    from mibyan_jupyter.rendering.answer import render_plain as render_plain
    from mibyan_jupyter.rendering.fenced_code import CodeBlock as CodeBlock
    from mibyan_jupyter.rendering.fenced_code import code_blocks as code_blocks
    from mibyan_jupyter.rendering.live_document import Frame as Frame
    from mibyan_jupyter.rendering.live_document import LiveDocument as LiveDocument
    from mibyan_jupyter.rendering.wrapping import quiet_line as quiet_line
    from mibyan_jupyter.rendering.wrapping import wrap_answer as wrap_answer

_HOMES = {
    "answer": ("render_blocks", "render_code", "render_markdown", "render_math", "render_plain"),
    "fenced_code": ("CodeBlock", "code_blocks"),
    "live_document": ("Frame", "LiveDocument"),
    "wrapping": ("quiet_line", "wrap_answer"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
