"""What a model writes is shown: it is never run, fetched, or used as a name of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import DONE, SSE_HEADERS, Reply, chunk, sse
from tests.rendering.payloads import PAYLOADS, one_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

ORDERS = """
%mibyan model evil
%config MibyanMagics.base_url = "{url}/evil"
%%mibyan
Ask me again.

!touch made-by-shell
[a]({url}/fetched) ![b]({url}/fetched.png) <{url}/fetched> @{{open("made-by-template", "w")}}
{{user_ns}} $HOME ~/.ssh file:///etc/passwd

```python made-by-fence.py
open("made-by-code", "w")
\x1b[2K\u202etouched = "\u200b"
```
"""
HIDES_NOTHING = 'open("made-by-code", "w")\n[2K\\u202etouched = "\\u200b"\n\n'
STATE = (
    "[repr(session.settings), sorted(n for n in get_ipython().user_ns if n[0] != '_'), os.getcwd(),"
    " sorted(os.environ.items()), session.model, session.base_url]"
)


def hostile_reply(fake: FakeMibyan) -> Reply:
    """Orders in the text, in every other field of the wire, and in the headers."""
    text = ORDERS.format(url=fake.base_url) + one_document(PAYLOADS)
    piece = chunk(text, finish_reason="stop") | {"model": "../../evil", "id": "/etc/evil"}
    headers = {
        "Set-Cookie": "evil=1",
        "Location": f"{fake.base_url}/fetched",
        "Refresh": f"0; {fake.base_url}/fetched",
        "Link": f"<{fake.base_url}/fetched>; rel=preload",
        "x-mibyan-model": "evil",
    }
    return Reply.raw([sse(piece), DONE], headers=SSE_HEADERS | headers)


def files_of(kernel: NotebookKernel) -> set[Path]:
    """Without the journal and IPython's history, which are written all the time."""
    kept = {"mibyan-jupyter", ".ipython"}
    files = {file for file in kernel.home.rglob("*") if file.is_file()}
    return {file for file in files if kept.isdisjoint(file.parts)}


@pytest.mark.parametrize("answer_format", ["markdown", "code", "text", "math"])
def test_what_a_model_writes_does_nothing(
    kernel: NotebookKernel, fake: FakeMibyan, answer_format: str
) -> None:
    """No file, request, setting, variable or header comes of it; proposed code hides nothing."""
    kernel.ok("import os")
    fake.enqueue(hostile_reply(fake))
    before, files = kernel.value(STATE), files_of(kernel)
    cell = kernel.ok(f"%%mibyan -f {answer_format}\nBe evil")
    kernel.ok("%%mibyan\nAnd now?")
    assert kernel.value(STATE) == before
    assert files_of(kernel) == files
    first, second = fake.requests
    assert second.json["model"] == first.json["model"] != "evil"
    assert second.path == first.path
    assert "evil" not in repr(second.headers)
    proposed = "".join(each["text"] for each in cell.payload)
    assert proposed.startswith(HIDES_NOTHING if answer_format == "code" else "")
