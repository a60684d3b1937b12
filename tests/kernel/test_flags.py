"""The flags of `%%mibyan`: what they send, show and bind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import USAGE, Reply

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

CODE = "Some prose.\n\n```python\nx = 1\n```\n\nMore.\n\n```python\ny = 2\n```\n\nBye."


def test_out_binds_the_answer(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-o` binds an Answer with its text, code, usage, finish_reason and status."""
    fake.enqueue(Reply.stream([CODE], usage=USAGE))
    kernel.ok("%%mibyan -o answer\nCode?")
    assert kernel.value("type(answer).__name__") == "Answer"
    assert kernel.value("answer.text") == CODE
    assert kernel.value("[[b.source, b.language] for b in answer.code_blocks]") == [
        ["x = 1\n", "python"],
        ["y = 2\n", "python"],
    ]
    assert kernel.value("answer.usage.total_tokens") == 25
    assert kernel.value("[answer.finish_reason, answer.status]") == ["stop", "complete"]


def test_out_binds_a_name_as_python_spells_it(kernel: NotebookKernel) -> None:
    """Python reads the ligature ﬁ as fi, so that is the name that is bound."""
    kernel.ok("%%mibyan -o ﬁt\nHi")
    assert kernel.value("ﬁt.text") == "You said: Hi"


def test_flags_reach_the_request(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-m` and `-s` hold for one turn, and nothing in the line is expanded."""
    kernel.ok("x = 'expanded'")
    kernel.ok('%%mibyan -m other-model -s "Be {x}, $x"\nOne')
    kernel.ok("%%mibyan\nTwo")
    first, second = (request.json for request in fake.requests)
    assert first["model"] == "other-model"
    assert first["messages"][0] == {"role": "system", "content": "Be {x}, $x"}
    assert second["model"] == "mibyan-4.1"
    assert all(message["role"] != "system" for message in second["messages"])


def test_a_request_holds_only_what_the_api_names(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A plain question is model, messages and stream; `session.extra` adds what it says."""
    kernel.ok("%%mibyan\nOne")
    assert fake.requests[0].json == {
        "model": "mibyan-4.1",
        "messages": [{"role": "user", "content": "One"}],
        "stream": True,
    }
    kernel.ok("session.extra = {'temperature': 0.2}")
    kernel.ok("%%mibyan --no-history\nTwo")
    assert fake.requests[1].json["temperature"] == 0.2


def test_quiet_shows_nothing(kernel: NotebookKernel) -> None:
    """`--quiet` leaves the cell empty; `-o` has the answer."""
    cell = kernel.ok("%%mibyan --quiet -o answer\nHush")
    assert cell.outputs == []
    assert kernel.value("answer.text") == "You said: Hush"


def test_format_code_proposes_only_the_code(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-f code` asks for code and puts all fenced blocks, without prose, into a cell below."""
    fake.enqueue(Reply.stream(list(CODE)))
    cell = kernel.ok("%%mibyan -f code\nCode?")
    (proposed,) = (each for each in cell.payload if each["source"] == "set_next_input")
    assert proposed["text"] == "x = 1\n\ny = 2"
    assert proposed["replace"] is False
    assert "2" not in str(kernel.value("globals().get('y')")), "nothing was run"
    system = fake.requests[0].json["messages"][0]
    assert system["role"] == "system"
    assert "code only" in system["content"]


def test_format_code_without_code_proposes_nothing(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """An answer without code is shown, and no cell is proposed."""
    fake.enqueue(Reply.stream(["I cannot do **that**."]))
    cell = kernel.ok("%%mibyan -f code\nCode?")
    assert cell.payload == []
    assert "<strong>that</strong>" in cell.html


def test_format_code_proposes_no_half_code(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Cut off code is shown as an answer; a line says why no cell is proposed, and what to do."""
    fake.enqueue(Reply.stream(["```python\nimport os\nos.rem"], finish_reason="length"))
    cell = kernel.ok("%%mibyan -f code -o answer\nCode?")
    assert cell.payload == []
    assert "proposed in the cell below" not in cell.html
    assert "os.rem" in re.sub("<.*?>", "", cell.html)
    assert "length limit), so no cell is proposed.\n%mibyan continue" in cell.printed
    assert kernel.value("answer.status") == "cut_off"


@pytest.mark.parametrize("text", ['{"a": [1, 2]}', 'Here:\n\n```json\n{"a": [1, 2]}\n```\n'])
def test_format_json_binds_the_value(kernel: NotebookKernel, fake: FakeMibyan, text: str) -> None:
    """`-f json -o` binds the parsed value, fenced or bare."""
    fake.enqueue(Reply.stream([text]))
    kernel.ok("%%mibyan -f json -o value\nJSON?")
    assert kernel.value("value") == {"a": [1, 2]}


def test_bad_json_is_an_error_of_two_lines(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Bad JSON shows the answer, ends the cell in an error and binds nothing."""
    fake.enqueue(Reply.stream(["no JSON at all"]))
    kernel.ok("globals().pop('value', None)")
    cell = kernel.run("%%mibyan -f json -o value\nJSON?")
    assert cell.status == "error"
    assert len(cell.traceback) == 2
    assert "no JSON at all" in cell.html
    assert kernel.value("'value' in globals()") is False


def test_format_text_is_not_rendered(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-f text` shows the characters as they are."""
    fake.enqueue(Reply.stream(["**not** <b>bold</b>"]))
    cell = kernel.ok("%%mibyan -f text\nText?")
    assert "**not** &lt;b&gt;bold" in cell.html


def test_format_math_is_one_formula(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`-f math` takes the delimiters off and typesets one formula."""
    fake.enqueue(Reply.stream(["```latex\n\\frac{1}{2}\n```"]))
    cell = kernel.ok("%%mibyan -f math -o answer\nMath?")
    assert "\\frac{1}{2}" in cell.html
    assert "mibyan-math" in cell.html
    assert "```" not in cell.html


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("--nonsense", "Usage"),
        ("-f yaml", "Usage"),
        ("-o class", "-o answer"),
        ("-o 'a b'", "-o answer"),
        ("what is x", "next line"),
        ("--new -m other what is x", "next line"),
        ("login", "%mibyan login"),
        ("--nonsense=ABCDEFGHIJKLMNOPQRSTUVWXYZ", "Usage"),
        ("-s it's", "double quotes"),
    ],
)
def test_wrong_flags_are_explained(
    kernel: NotebookKernel, fake: FakeMibyan, line: str, hint: str
) -> None:
    """Flags that cannot be understood end the cell in two lines, and nothing is sent."""
    cell = kernel.run(f"%%mibyan {line}\nQuestion")
    assert (cell.status, cell.ename) == ("error", "CommandError")
    assert len(cell.traceback) == 2
    assert hint in cell.traceback[1]
    assert "ABCDEFGHIJ" not in "".join(cell.traceback), "it may be a key"
    assert fake.requests == []


def test_an_empty_question_is_explained(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A cell with only white space below the magic sends nothing."""
    cell = kernel.run("%%mibyan\n   \n")
    assert cell.ename == "CommandError"
    assert fake.requests == []
