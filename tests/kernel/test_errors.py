"""What goes wrong is said in two lines, and ends the cell where Python would raise."""

from __future__ import annotations

import re
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Hold, Pause, Reply, Reset, chunk, sse
from tests.session.faults import FAULTS, KEY

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

STATUSES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    402: "PaymentError",
    403: "AuthenticationError",
    404: "NotFoundError",
    429: "RateLimitError",
    500: "InternalServerError",
    307: "APIStatusError",
}


@pytest.mark.parametrize(("status", "ename"), STATUSES.items())
def test_an_error_status_is_two_lines(
    kernel: NotebookKernel, fake: FakeMibyan, status: int, ename: str
) -> None:
    """The server's own words, then what to do; the cell ends in error and `-o` binds nothing."""
    said = {"error": {"message": "The server's words."}}
    headers = {"Location": "http://127.0.0.1:9/", "x-should-retry": "false"}
    fake.enqueue(*[Reply.status(status, said, headers=headers)] * 3)
    kernel.ok("answer = 'before'")
    cell = kernel.run("%%mibyan -o answer\nOne")
    assert (cell.status, cell.ename) == ("error", ename)
    assert len(cell.traceback) == 2
    assert cell.traceback[0].startswith(f"{ename}: ")
    assert str(status) in cell.traceback[0]
    assert ("The server's words." in cell.traceback[0]) is (status >= 400)
    assert [output["output_type"] for output in cell.outputs] == ["error"]
    assert kernel.value("answer") == "before"
    for code in ("session.ask('One')", "await session.aask('One')"):
        raised = kernel.run(code)
        assert (raised.ename, raised.traceback) == (ename, cell.traceback)


def test_a_refused_connection_is_two_lines(kernel: NotebookKernel) -> None:
    """Nobody listens there: which host, and what to check."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        kernel.ok(f"session.base_url = 'http://127.0.0.1:{port}/v1'")
        cell = kernel.run("%%mibyan\nOne")
    assert cell.ename == "APIConnectionError"
    assert len(cell.traceback) == 2
    assert f"127.0.0.1:{port}" in cell.traceback[0]
    assert "%mibyan status" in cell.traceback[1]


def test_a_silent_server_times_out(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """After `idle_timeout` seconds without text the turn fails, and the stream is closed."""
    fake.enqueue(Reply.wire([Hold()]))
    kernel.ok("%config MibyanMagics.idle_timeout = 0.3")
    cell = kernel.run("%%mibyan\nOne")
    assert cell.ename == "APITimeoutError"
    assert len(cell.traceback) == 2
    fake.wait_for_disconnect()


def test_a_broken_answer_is_kept_and_is_an_error(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A wire that breaks: the text stays, marked; Python raises, so the cell ends in error."""
    broken = Reply.raw([sse(chunk("the **first** half")), Pause(0.05), Reset()])
    fake.enqueue(broken, broken)
    kernel.ok("answer = 'before'")
    cell = kernel.run("%%mibyan -o answer\nOne")
    assert cell.ename == "IncompleteAnswerError"
    assert len(cell.traceback) == 2
    shown, error = cell.outputs
    assert shown["data"]["text/plain"] == "the **first** half\n\n[cut off]"
    assert error["output_type"] == "error"
    assert kernel.value("answer") == "before"
    kernel.ok(
        "from mibyan_jupyter import IncompleteAnswerError\n"
        "try: session.ask('One')\n"
        "except IncompleteAnswerError as error: kept = error.answer\n"
    )
    assert kernel.value("[kept.text, kept.status]") == ["the **first** half", "cut_off"]


def test_a_limit_of_the_model_is_no_error(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`length` gives a marked Answer, in the cell and in Python alike."""
    fake.enqueue(*[Reply.stream(["half"], finish_reason="length")] * 2)
    assert kernel.ok("%%mibyan -o answer\nOne").status == "ok"
    kernel.ok("other = session.ask('Two')")
    assert kernel.value("[answer.status, other.status]") == ["cut_off", "cut_off"]


def test_a_login_page_is_no_answer(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """HTML with status 200 is named as what it is, and never shown as an answer."""
    fake.enqueue(Reply.status(200, "<html><script>alert(1)</script></html>"))
    cell = kernel.run("%%mibyan\nOne")
    assert cell.ename == "APIResponseError"
    assert "not a chat completion" in cell.traceback[0]
    assert "script" not in repr(cell.outputs)


OUTCOMES = [
    *(
        "JSON to a streaming request",
        "length",
        "an error object with the key",
        "gzip bomb after text",
    ),
    *(
        "bad JSON chunk",
        "a line of 10 MB",
        "tool_calls",
        "an error that repeats the key",
        "redirect",
    ),
    *("200 with a login page", "2 MB header", "no HTTP at all", "an error with ANSI"),
]


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_cell_shows_its_answer_or_one_or_two_lines(
    kernel: NotebookKernel, fake: FakeMibyan, name: str
) -> None:
    """Full: the answer. Kept: the marked text, with two lines where the wire cut it. None: two."""
    fault = next(each for each in FAULTS if each.name == name)
    fake.enqueue(*fault.replies)
    kernel.ok(f"session.set_key({KEY!r})")
    cell = kernel.run("%%mibyan\nOne")
    kernel.ok("session.forget_key()")
    kinds = [output["output_type"] for output in cell.outputs]
    assert kinds == ["display_data"] * bool(fault.text) + ["error"] * bool(fault.error)
    assert len(cell.traceback) == (2 if fault.error else 0)
    if fault.text:
        ending = cell.outputs[0]["data"]["text/plain"].removeprefix(fault.text)
        assert ending.strip().startswith("[cut off" if fault.outcome == "kept" else "")
        assert bool(ending) is (fault.outcome == "kept")
    if fault.error:
        expected = "IncompleteAnswerError" if fault.text else fault.error.__name__
        assert cell.ename == expected
    shown = str(cell.messages)
    for never in (KEY, "RAW BODY", "<html", "httpx", "httpcore"):
        assert never not in shown


def test_a_retry_is_counted_down(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """The cell says why and how long, second by second; then the answer stands alone."""
    fake.enqueue(Reply.status(429, headers={"retry-after-ms": "1600"}), Reply.stream(["There."]))
    cell = kernel.ok("%%mibyan\nOne")
    lines = [
        line
        for message in cell.of_type("display_data", "update_display_data")
        for line in re.findall(r"[^<>]*Asking again[^<>]*", str(message["content"]["data"]))
    ]
    assert lines == [
        "Too many requests (429). Asking again in 2 s …",
        "Too many requests (429). Asking again in 1 s …",
    ]
    assert [output["data"]["text/plain"] for output in cell.outputs] == ["There."]
    assert len(fake.requests) == 2


def test_a_press_ends_the_countdown(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ does not wait for the end of the wait, and nothing more is sent."""
    fake.enqueue(Reply.status(429, headers={"Retry-After": "100"}))
    cell = kernel.start("%%mibyan\nOne")
    kernel.wait_until(lambda: "Asking again" in cell.html, "the countdown")
    pressed = time.monotonic()
    kernel.interrupt()
    kernel.finish(cell)
    assert time.monotonic() - pressed < 3
    assert (cell.ename, len(cell.traceback)) == ("Stopped", 1)
    assert [output["output_type"] for output in cell.outputs] == ["error"]
    assert len(fake.requests) == 1


def test_run_all_ends_at_an_error(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """The cells behind a failed question are aborted, as behind any error."""
    fake.enqueue(Reply.wire([Hold(), Reset()]))
    started = [kernel.start(code) for code in ("%%mibyan\nOne", "1", "2")]
    fake.wait_for_holds()
    fake.release()
    assert [kernel.finish(cell).status for cell in started] == ["error", "aborted", "aborted"]
