"""`%%mibyan` inside other magics, and the Session awaited in the kernel's own event loop.

Everything runs twice: in a plain kernel, and in one where the user has applied nest_asyncio.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Reply
from tests.kernel.conftest import SET_UP, point_at
from tests.kernel.notebook_kernel import NotebookKernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fake_mibyan import FakeMibyan

LOOSE_SECONDS = 3


@pytest.fixture(scope="module", params=["plain", "nest_asyncio"])
def either_kernel(
    request: pytest.FixtureRequest, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NotebookKernel]:
    """A kernel, plain or with nest_asyncio applied."""
    with NotebookKernel(python, tmp_path_factory.mktemp("home")) as kernel:
        if request.param == "nest_asyncio":
            kernel.ok("import nest_asyncio\nnest_asyncio.apply()")
        kernel.ok(SET_UP)
        yield kernel


@pytest.fixture
def kernel(either_kernel: NotebookKernel, fake: FakeMibyan) -> NotebookKernel:
    """That kernel, with an empty session that asks `fake`."""
    point_at(either_kernel, fake)
    return either_kernel


def test_capture_gets_the_answer_and_no_frames(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%%capture out` takes the one last output; the cell itself shows nothing."""
    fake.enqueue(Reply.stream(["**slow**", " words"] * 10, tokens_per_second=40))
    cell = kernel.ok("%%capture out\n%%mibyan -o answer\nQuestion", "a")
    assert cell.of_type("display_data", "update_display_data", "clear_output") == []
    assert kernel.value("len(out.outputs)") == 1
    shown = kernel.ok("out.show()")
    assert "<strong>slow</strong>" in shown.html
    assert kernel.value("answer.status") == "complete"
    assert kernel.value("session.history[0].cell_id") == "a"


def test_time_shows_the_answer_and_the_time(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%%time` above `%%mibyan` times it; both the answer and the time stay."""
    fake.enqueue(Reply.stream(["**timed**", " words"] * 10, tokens_per_second=40))
    cell = kernel.ok("%%time\n%%mibyan\nQuestion")
    assert len(cell.answers) == 1
    assert "<strong>timed</strong>" in cell.html
    assert "Wall time" in cell.printed


def test_nested_magics_compose(kernel: NotebookKernel) -> None:
    """`%%capture` around `%%time` around `%%mibyan` captures both outputs."""
    kernel.ok("%%capture out\n%%time\n%%mibyan\nQuestion")
    assert kernel.value("[len(out.outputs), 'Wall time' in out.stdout]") == [1, True]


@pytest.mark.parametrize("outer", ["%%capture out", "%%time"])
def test_interrupting_inside_another_magic(
    kernel: NotebookKernel, fake: FakeMibyan, outer: str
) -> None:
    """■ closes the stream and keeps the text there too, whatever the outer magic does with it."""
    fake.enqueue(Reply.stream(["one "], hold_after=1))
    cell = kernel.start(f"{outer}\n%%mibyan\nQuestion")
    fake.wait_for_holds()
    kernel.interrupt()
    kernel.finish(cell)
    fake.wait_for_disconnect()
    assert kernel.value("session.history[0].status") == "stopped"
    assert "You said: Next" in kernel.ok("%%mibyan\nNext").plain


def test_await_aask(kernel: NotebookKernel) -> None:
    """`await session.aask(...)` gives the Answer."""
    kernel.ok("answer = await session.aask('Question')")
    assert kernel.value("[answer.text, answer.status]") == ["You said: Question", "complete"]


def test_async_for_over_astream(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`async for` gives what has come while the server still holds the next."""
    fake.enqueue(Reply.stream(["one ", "two"], hold_after=1))
    cell = kernel.start("async for delta in session.astream('Question'):\n    print(delta)")
    kernel.wait_until(lambda: "one" in cell.printed, "the first delta")
    fake.release()
    assert kernel.finish(cell).printed == "one \ntwo\n"


def test_breaking_off_an_astream_stops_it(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`break` closes the stream; the turn is `stopped` and keeps its text."""
    fake.enqueue(Reply.stream(["one ", "two"], hold_after=1))
    kernel.ok("async for delta in session.astream('Question'):\n    break")
    fake.wait_for_disconnect()
    kernel.wait_until(
        lambda: kernel.value("[t.status for t in session.history]") == ["stopped"], "its end"
    )
    assert kernel.value("session.history[0].answer.text") == "one "


def test_interrupting_a_stalled_aask(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ on an `await` whose server sends nothing ends at once, and closes the stream."""
    fake.enqueue(Reply.stream(["one "], hold_after=1))
    cell = kernel.start("await session.aask('Question')")
    fake.wait_for_holds()
    pressed = time.monotonic()
    kernel.interrupt()
    kernel.finish(cell)
    assert time.monotonic() - pressed < LOOSE_SECONDS
    assert cell.status == "error"
    left = fake.wait_for_disconnect().disconnected_at
    assert left is not None
    assert left - pressed < LOOSE_SECONDS
    assert kernel.ok("1 + 1").status == "ok"
    assert kernel.value("session.history[0].status") == "stopped"


def test_interrupting_a_stalled_astream(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """■ inside `async for` ends it likewise."""
    fake.enqueue(Reply.stream(["one ", "two"], hold_after=1))
    cell = kernel.start("async for delta in session.astream('Question'):\n    print(delta)")
    kernel.wait_until(lambda: "one" in cell.printed, "the first delta")
    pressed = time.monotonic()
    kernel.interrupt()
    kernel.finish(cell)
    assert time.monotonic() - pressed < LOOSE_SECONDS
    fake.wait_for_disconnect()
    assert kernel.ok("1 + 1").status == "ok"
    assert kernel.value("[session.history[0].status, session.history[0].answer.text]") == [
        "stopped",
        "one ",
    ]


def test_ask_inside_a_running_loop(kernel: NotebookKernel) -> None:
    """`session.ask` works inside a coroutine, where the loop is running already."""
    kernel.ok("async def inside():\n    return session.ask('Question')\nanswer = await inside()")
    assert kernel.value("answer.text") == "You said: Question"


@pytest.mark.parametrize(
    "asks",
    [
        "await session.aask('x')",
        "session.ask('x')",
        "session.astream('x')",
        "get_ipython().run_cell_magic('mibyan', '', 'x')",
    ],
)
def test_asking_inside_an_open_astream_is_refused(
    kernel: NotebookKernel, fake: FakeMibyan, asks: str
) -> None:
    """The code that reads an answer would wait for itself: SessionBusyError, at once."""
    fake.enqueue(Reply.stream(["one ", "two"], hold_after=1))
    cell = kernel.run(f"async for delta in session.astream('Question'):\n    {asks}")
    assert cell.ename == "SessionBusyError"
    assert len(cell.traceback) == 2
    assert len(fake.requests) == 1
    fake.wait_for_disconnect()
    assert "You said: Later" in kernel.ok("%%mibyan\nLater").plain


def test_another_task_may_ask_meanwhile(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """While one task reads an answer, another one's question waits for its end."""
    fake.enqueue(Reply.stream(["one ", "two"], hold_after=1), Reply.stream(["other"]))
    cell = kernel.start(
        "import asyncio\n"
        "stream = session.astream('Question')\n"
        "print(await anext(stream))\n"
        "other = asyncio.create_task(session.aask('Other'))\n"
        "print([delta async for delta in stream], (await other).text)"
    )
    kernel.wait_until(lambda: "one" in cell.printed, "the first delta")
    fake.release()
    assert kernel.finish(cell).printed == "one \n['two'] other\n"


def test_queued_cells_survive(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Run All behind a streaming answer, and behind an awaited one, loses no cell."""
    fake.enqueue(*[Reply.stream(["a", "b"], hold_after=1)] * 2)
    first = [kernel.start("%%mibyan\nOne"), kernel.start("await session.aask('Two')")]
    queued = [kernel.start(f"print({number})") for number in range(3)]
    for holds in (1, 2):
        fake.wait_for_holds(holds)
        fake.release()
    assert [kernel.finish(cell).status for cell in (*first, *queued)] == ["ok"] * 5
    assert [cell.printed for cell in queued] == ["0\n", "1\n", "2\n"]
