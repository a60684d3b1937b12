"""The commands that rest on the notebook, in real kernels: context, why, fix, explain."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Reply
from tests.kernel.context.conftest import PRICES, sent, show_page

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel


def test_the_preview_is_what_is_sent_to_the_byte(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """What `%mibyan context` shows is in the request's body byte for byte, but for the boundary."""
    kernel.ok(PRICES)
    kernel.ok("box = {'lid': 1, 'größe': '«…»'}")
    assert kernel.run("box['a'] / 0").ename
    kernel.ok("%%mibyan\nFirst, @box?")
    question = "Second, @box:rows and @prices, in {braces} سؤال?"
    preview = json.loads(kernel.ok(f'%mibyan context --json "{question}"').printed)
    kernel.ok(f"%%mibyan\n{question}")
    request = fake.requests[-1]
    previewed, boundary = (
        each[-1]["content"].split(">")[0].split()[-1]
        for each in (preview["messages"], request.json["messages"])
    )
    assert previewed != boundary
    as_sent = json.dumps(preview["messages"], ensure_ascii=False, separators=(",", ":"))
    assert as_sent.replace(previewed, boundary).encode() in request.body
    assert len(preview["messages"]) == 3


@pytest.mark.parametrize("flags", ["-c none", "-c all", "--without variables,notebook"])
def test_the_preview_takes_the_flags_of_the_question(
    kernel: NotebookKernel, fake: FakeMibyan, flags: str
) -> None:
    """What `%%mibyan -c all` would send is shown by `%mibyan context -c all`."""
    kernel.ok("box = {'lid': 1}")
    preview = json.loads(kernel.ok(f'%mibyan context {flags} --json "What is @box?"').printed)
    kernel.ok(f"%%mibyan {flags}\nWhat is @box?")
    message = sent(fake)
    boundary = re.compile("(?<=notebook-context )[0-9a-f]{16}")
    assert boundary.sub("", preview["messages"][-1]["content"]) == boundary.sub("", message)
    assert ("box: dict" in message) == (flags == "-c all")


def test_the_receipt_says_what_went_along(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%mibyan why` and `%mibyan context` are tables of it; JSON on request; the footer counts."""
    kernel.ok("box = {'lid': 1}")
    cell = kernel.ok("%%mibyan\nWhat is @box?")
    assert "context ≈" in cell.html
    why = kernel.ok("%mibyan why").plain
    assert "variable box" in why
    assert "whole" in why
    seen = json.loads(kernel.ok("%mibyan why --json").printed)
    assert seen["messages"][-1]["content"] == sent(fake)
    assert "variable box" in [item["source"] for item in seen["receipt"]["items"]]
    assert "What is @box?" in kernel.ok('%mibyan context --text "What is @box?"').printed


def test_fix_proposes_the_corrected_cell(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """The error goes along, the answer's code becomes an unexecuted cell below."""
    nothing = kernel.run("%mibyan fix")
    assert nothing.ename == "MibyanError"
    assert kernel.run("answer = 1 / 0").ename
    fake.enqueue(Reply.stream(["Divide by one:\n```python\nanswer = 1 / 1\n```\n"]))
    cell = kernel.ok("%mibyan fix")
    assert "ZeroDivisionError" in sent(fake)
    assert "answer = 1 / 0" in sent(fake)
    (payload,) = [each for each in cell.payload if each["source"] == "set_next_input"]
    assert payload["text"] == "answer = 1 / 1"
    assert "-answer = 1 / 0\n+answer = 1 / 1" in cell.outputs[-1]["data"]["text/plain"]
    assert not payload["replace"]


def test_fix_apply_edits_the_failing_cell_where_the_page_shows_it(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """It proposes no other cell then; an edited cell it leaves alone."""
    corrected = Reply.stream(["Divide by one:\n```python\nanswer = 1 / 1\n```\n"])
    fake.enqueue(corrected, corrected)
    assert kernel.run("answer = 1 / 0", cell_id="failing").ename
    show_page(kernel, ["failing", "asker"], {"failing": "answer = 'edited'"})
    cell = kernel.ok("%mibyan fix --apply", cell_id="asker")
    assert "is proposed below" in cell.printed
    (payload,) = [each for each in cell.payload if each["source"] == "set_next_input"]
    assert not payload["replace"]
    show_page(kernel, ["asker", "failing"], {"failing": "answer = 1 / 0"})
    assert not kernel.ok("%mibyan fix --apply", cell_id="asker").payload


@pytest.mark.parametrize("line", ["%mibyan fix", "%mibyan fix --apply"])
def test_half_a_correction_is_put_nowhere(
    kernel: NotebookKernel, fake: FakeMibyan, line: str
) -> None:
    """Of an answer that was cut off no cell is made; a line says so, and what to do."""
    assert kernel.run("for i in range(3) print(i)", cell_id="failing").ename
    show_page(kernel, ["failing", "asker"], {"failing": "for i in range(3) print(i)"})
    fake.enqueue(Reply.stream(["```python\nfor i in ra"], finish_reason="length"))
    cell = kernel.ok(line, cell_id="asker")
    assert cell.payload == []
    assert not [m for m in cell.messages if "mibyan_edit" in m["content"].get("transient", {})]
    assert "length limit), so no cell is proposed.\n%mibyan continue" in cell.printed


@pytest.mark.parametrize("what", ["", "box", "{number}"])
def test_explain_takes_a_cell_or_a_name(
    kernel: NotebookKernel, fake: FakeMibyan, what: str
) -> None:
    """Without a name it is the newest cell; what it rests on goes along, nothing else whole."""
    kernel.ok("early = 1")
    kernel.ok("unrelated = 2")
    kernel.ok("box = {'lid': early}")
    number = kernel.value("len(In)") - 1
    kernel.ok(f"%mibyan explain {what.format(number=number)}")
    assert "\nbox = {'lid': early}\n" in sent(fake)
    assert "\nearly = 1\n" in sent(fake)
    assert "\nunrelated = 2\n" not in sent(fake)
