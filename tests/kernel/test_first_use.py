"""The first question to a server says, in one line, where the text goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import FakeMibyan, Reply

if TYPE_CHECKING:
    from tests.kernel.notebook_kernel import CellResult, NotebookKernel

GOES_TO = "Your question goes to this machine; %mibyan status shows"


# An earlier test's server may have had the same port.
FORGET = 'get_ipython().magics_manager.registry["MibyanMagics"]._door._introduced.clear()'


@pytest.fixture
def kernel(kernel: NotebookKernel) -> NotebookKernel:
    """The shared kernel, as if it had never asked."""
    kernel.ok(FORGET)
    return kernel


def says_it(cell: CellResult) -> bool:
    """Whether the cell tells where the text goes."""
    return GOES_TO in cell.html


def test_it_is_said_once(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """From the first frame on and in the saved output; the next question says nothing."""
    fake.enqueue(Reply.stream(["some", " more"], hold_after=1))
    first = kernel.start("%%mibyan\nOne")
    kernel.wait_until(lambda: "some" in first.html, "the first frame")
    assert says_it(first)
    fake.release()
    kernel.finish(first)
    assert first.html.count(GOES_TO) == 1
    assert first.html.index(GOES_TO) < first.html.index("some")
    assert not says_it(kernel.ok("%%mibyan\nTwo"))


def test_it_is_said_before_the_notebook_goes_along_for_the_first_time(
    kernel: NotebookKernel,
) -> None:
    """A question that sent its text alone has told nothing of that; then it is said once, too."""
    assert says_it(kernel.ok("%%mibyan -c none\nOne"))
    second = kernel.ok("%%mibyan -c auto\nTwo")
    assert "with the cells and variables that it rests on, without data rows" in second.html
    assert "-c none sends the question only" in second.html
    assert "Your question goes to" not in kernel.ok("%%mibyan -c auto\nThree").html
    assert "Your question goes to" not in kernel.ok("%%mibyan -c none\nFour").html


def test_another_server_is_named_anew(kernel: NotebookKernel) -> None:
    """A changed base URL is another place to send text to."""
    kernel.ok("%%mibyan\nOne")
    with FakeMibyan() as other:
        kernel.ok(f"%config MibyanMagics.base_url = {other.base_url!r}")
        assert says_it(kernel.ok("%%mibyan\nTwo"))


@pytest.mark.parametrize("flags", ["", "--quiet"])
def test_it_is_said_with_the_first_answer_that_shows(
    kernel: NotebookKernel, fake: FakeMibyan, flags: str
) -> None:
    """A question that fails, or shows nothing, does not use it up."""
    fake.enqueue(Reply.stream(["quiet"]) if flags else Reply.refused(500))
    kernel.run(f"%%mibyan {flags}\nOne")
    assert says_it(kernel.ok("%%mibyan\nTwo"))


def test_a_retry_says_it_too(kernel: NotebookKernel) -> None:
    """`%mibyan retry` may be the first to show an answer."""
    kernel.ok("session.ask('from Python');")
    assert says_it(kernel.ok("%mibyan retry"))
