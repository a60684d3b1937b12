"""Footnotes, with ids that carry the document's own id.

The whole document has numbered notes at its end, linked both ways. While it grows, the numbers
are not known yet: a reference shows its label, and a definition stays where it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mdit_py_plugins.footnote import footnote_plugin

from mibyan_jupyter.rendering.safe_html import escape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DOCUMENT_ID = "document_id"
"""Key of the parser's env."""


def add_footnotes(md: MarkdownIt) -> None:
    """Footnotes of a whole document: numbered, moved to its end."""
    footnote_plugin(md, inline=False)
    md.add_render_rule("footnote_ref", _reference)
    md.add_render_rule("footnote_block_open", _notes_open)
    md.add_render_rule("footnote_open", _note_open)
    md.add_render_rule("footnote_anchor", _way_back)


def add_growing_footnotes(md: MarkdownIt) -> None:
    """Footnotes of a document whose end has not come: unnumbered, left in place."""
    footnote_plugin(md, inline=False, move_to_end=False, always_match_refs=True)
    md.add_render_rule("footnote_ref", _label)
    md.add_render_rule("footnote_reference_open", _definition_open)
    md.add_render_rule("footnote_reference_close", _definition_close)


def _number(token: Token, env: Any) -> str:
    return f"{env[DOCUMENT_ID]}-{token.meta['id'] + 1}"


def _occurrence(token: Token, env: Any) -> str:
    """The number of a note, and which of its several references this is."""
    again = token.meta["subId"]
    return _number(token, env) + (f"-{again}" if again > 0 else "")


def _reference(_renderer: Any, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:
    token = tokens[idx]
    href, own_id = f"#fn-{_number(token, env)}", f"fnref-{_occurrence(token, env)}"
    return f'<sup><a href="{href}" id="{own_id}">[{token.meta["id"] + 1}]</a></sup>'


def _notes_open(*_: Any) -> str:
    return '<section class="mibyan-footnotes"><hr>\n<ol dir="auto">\n'


def _note_open(_renderer: Any, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:
    return f'<li id="fn-{_number(tokens[idx], env)}" dir="auto">'


def _way_back(_renderer: Any, tokens: Sequence[Token], idx: int, _options: Any, env: Any) -> str:
    return f' <a href="#fnref-{_occurrence(tokens[idx], env)}">\u21a9\ufe0e</a>'


def _label(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    return f"<sup>[{escape_text(tokens[idx].meta['label'])}]</sup>"


def _definition_open(_renderer: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:
    label = escape_text(tokens[idx].meta["label"])
    return f'<div class="mibyan-footnote" dir="auto"><sup>[{label}]</sup>\n'


def _definition_close(*_: Any) -> str:
    return "</div>\n"
