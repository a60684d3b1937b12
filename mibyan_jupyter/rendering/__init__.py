"""Markdown that a model wrote becomes safe HTML, all at once or while it grows."""

from __future__ import annotations

from mibyan_jupyter.rendering.answer import (
    quiet_line,
    render_blocks,
    render_code,
    render_markdown,
    render_math,
    render_plain,
    wrap_answer,
)
from mibyan_jupyter.rendering.code_blocks import CodeBlock, code_blocks
from mibyan_jupyter.rendering.live_document import Frame, LiveDocument

__all__ = [
    "CodeBlock",
    "Frame",
    "LiveDocument",
    "code_blocks",
    "quiet_line",
    "render_blocks",
    "render_code",
    "render_markdown",
    "render_math",
    "render_plain",
    "wrap_answer",
]
