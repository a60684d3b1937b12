"""The look of an answer inside a JupyterLab output, without a stylesheet.

`through_gate` drops every style attribute; the styles below are put on afterwards, by class, so
that a page with its own stylesheet can still address the same classes.
"""

from __future__ import annotations

import re
from unicodedata import bidirectional

# Not a colour: it would be lost in an untrusted notebook, and wrong in another front end's theme.
_MUTED = "opacity:0.65"

STYLES = {
    "mibyan-answer": "display:flow-root;margin:0;overflow-wrap:anywhere",
    "mibyan-joined": "margin:-1em 0 0",
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
    "mibyan-source": (
        "background:transparent;margin:0;padding:0;white-space:pre;width:max-content;min-width:100%"
    ),
    # JupyterLab gives the code inside a background and pre-wrap of its own.
    "mibyan-lines": "background:transparent;white-space:pre",
    # Tints that hold on light and dark; the signs before the lines tell them apart as well.
    "mibyan-added": "background-color:rgba(46,160,67,0.2)",
    "mibyan-removed": "background-color:rgba(248,81,73,0.2)",
    "mibyan-plain": "white-space:pre-wrap;margin:0 0 1em",
    "mibyan-table": (
        "display:block;width:max-content;max-width:100%;overflow-x:auto;overflow-wrap:normal;"
        "margin:0 0 1em"
    ),
    "mibyan-start": "text-align:start",
    "mibyan-left": "text-align:left",
    "mibyan-center": "text-align:center",
    "mibyan-right": "text-align:right",
    "mibyan-task": "list-style:none",
    "mibyan-footnote": "display:flex;gap:0.4em",
    "mibyan-footnotes": "font-size:0.92em",
}

# A background, since an untrusted notebook's sanitiser drops a border of such a colour.
_RULE = '<hr style="border:0;height:1px;background:var(--jp-border-color2,#ccc)">'

# JupyterLab's style sheet says "left" where these would follow dir="auto"; and a container whose
# children have a direction of their own finds none for itself.
_RIGHT_TO_LEFT = {
    "p": "text-align:start",
    "ul": "direction:rtl;padding:0 2em 0 0",
    "ol": "direction:rtl;padding:0 2em 0 0",
    "table": "direction:rtl;margin-left:auto",
    "blockquote": "direction:rtl;border-left:0;border-right:5px solid var(--jp-border-color2,#ccc)",
}

# The Pygments classes that jupyterlab_pygments colours. It also colours "p" (brackets, commas) and
# "w" (spaces): left out, for a fifth less HTML and a calmer page.
_COLOURED = """
err c k o ch cm cp cpf c1 cs kc kd kn kp kr kt m s ow mb mf mh mi mo sa sb sc dl sd s2 se sh si sx
sr s1 ss il
"""
TOKEN_CLASSES = {name: name for name in _COLOURED.split()}
"""The class that each of Pygments' classes gets; JupyterLab has no colours for diffs."""
TOKEN_CLASSES |= {"gi": "mibyan-added", "gd": "mibyan-removed"}

CLASSES = frozenset(
    {
        *STYLES,
        *TOKEN_CLASSES.values(),
        "highlight",
        "mathjax_ignore",
        "tex2jax_ignore",
        "mibyan-math",
    }
)

# Text cannot look like this: the gate writes each "<" of a text as "&lt;" and each quote inside
# an attribute as "&quot;".
_STYLED_TAG = re.compile(r'<\w+ class="(?:\w+ )?(mibyan-[a-z]+)(?: [\w ]+)?"')
_DIRECTED_TAG = re.compile(r"<(p|ul|ol|table|blockquote)((?: [^>]*)?)>")
# A table does not show them, and they are sent again with each frame.
_AROUND_CELLS = re.compile(r"\n(?=</?(?:thead|tbody|tr|th|td)\b)")
_STYLE = re.compile(r'(?<= style=")[^"]*')
_NOT_PROSE = re.compile(
    r'<(code|pre)\b.*?</\1>|<(span|div) class="mibyan-math".*?</\2>|<[^>]*>|&\w+;', re.DOTALL
)
_RIGHT_TO_LEFT_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def styled(html: str) -> str:
    """The HTML of one block with the style of each class that has one, and of its direction."""
    html = _STYLED_TAG.sub(_with_style, _AROUND_CELLS.sub("", html)).replace("<hr>", _RULE)
    return _DIRECTED_TAG.sub(_from_the_right, html) if _begins_from_the_right(html) else html


def _with_style(tag: re.Match[str]) -> str:
    style = STYLES.get(tag[1])
    return f'{tag[0]} style="{style}"' if style else tag[0]


def _begins_from_the_right(html: str) -> bool:
    """Whether the first letter of the prose is Arabic, Hebrew or the like, as dir="auto" asks."""
    if not _RIGHT_TO_LEFT_LETTER.search(html):
        return False
    letters = (bidirectional(character) for character in _NOT_PROSE.sub("", html))
    return next((kind for kind in letters if kind in ("L", "R", "AL")), "L") != "L"


def _from_the_right(tag: re.Match[str]) -> str:
    name, attributes = tag.groups()
    style = _RIGHT_TO_LEFT[name]
    if ' style="' in attributes:
        return f"<{name}{_STYLE.sub(lambda own: f'{own[0]};{style}', attributes)}>"
    return f'<{name} style="{style}"{attributes}>'
