"""The look of an answer inside a JupyterLab output, without a stylesheet.

`through_gate` drops every style attribute; the styles below are put on afterwards, by class, so
that a page with its own stylesheet can still address the same classes.
"""

from __future__ import annotations

import re

_MUTED = "color:var(--jp-ui-font-color2,#666)"

STYLES = {
    "mibyan-answer": "display:flow-root;margin:0;overflow-wrap:anywhere",
    "mibyan-footer": (
        f"{_MUTED};font-size:var(--jp-ui-font-size0,0.83em);line-height:1.4;margin:0.25em 0 0.5em"
    ),
    "mibyan-code": (
        "background:var(--jp-cell-editor-background,rgba(128,128,128,0.08));"
        "border-radius:var(--jp-border-radius,4px);padding:0.5em 0.75em;"
        "margin:0 0 1em;overflow-x:auto"
    ),
    "mibyan-language": (
        f"{_MUTED};font-family:var(--jp-ui-font-family,sans-serif);"
        "font-size:var(--jp-ui-font-size0,0.77em);line-height:1.2;margin-bottom:0.35em"
    ),
    "mibyan-source": "background:transparent;margin:0;padding:0;white-space:pre",
    "mibyan-plain": "white-space:pre-wrap;margin:0 0 1em",
    "mibyan-table": "margin:0 0 1em",
    "mibyan-start": "text-align:start",
    "mibyan-left": "text-align:left",
    "mibyan-center": "text-align:center",
    "mibyan-right": "text-align:right",
    "mibyan-task": "list-style:none",
}

# The Pygments classes that jupyterlab_pygments colours. It also colours "p" (brackets, commas) and
# "w" (spaces): left out, for a fifth less HTML and a calmer page.
_COLOURED = """
err c k o ch cm cp cpf c1 cs kc kd kn kp kr kt m s ow mb mf mh mi mo sa sb sc dl sd s2 se sh si sx
sr s1 ss il
"""
TOKEN_CLASSES = frozenset(_COLOURED.split())

CLASSES = frozenset(
    {
        *STYLES,
        *TOKEN_CLASSES,
        "highlight",
        "mathjax_ignore",
        "tex2jax_ignore",
        "mibyan-math",
        "mibyan-footnote",
        "mibyan-footnotes",
    }
)

# Text cannot look like this: the gate writes each "<" of a text as "&lt;" and each quote inside
# an attribute as "&quot;".
_STYLED_TAG = re.compile(r'<\w+ class="(?:\w+ )?(mibyan-[a-z]+)(?: [\w ]+)?"')


def styled(html: str) -> str:
    """The HTML with the style of each class that has one."""
    return _STYLED_TAG.sub(_with_style, html)


def _with_style(tag: re.Match[str]) -> str:
    style = STYLES.get(tag[1])
    return f'{tag[0]} style="{style}"' if style else tag[0]
