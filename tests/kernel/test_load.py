"""What `make soak` does at length: many turns and many sessions in one kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_mibyan import FakeMibyan
from tests.kernel.conftest import SET_UP, point_at
from tests.load.in_kernel import after_turns, render_seconds, right_answers, told_its_own

if TYPE_CHECKING:
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel


def test_turns_cost_little_beside_their_text(start_kernel: StartKernel, fake: FakeMibyan) -> None:
    """20 turns with their context leave a few megabytes at most in the kernel."""
    kernel = start_kernel()
    kernel.ok(SET_UP)
    point_at(kernel, fake)
    assert after_turns(kernel, fake, 20).beside_text < 15


def test_a_long_answer_is_rendered_in_proportion(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """5 000 tokens cost a twentieth of what 100 000 may, loosely."""
    assert render_seconds(kernel, fake, 5_000) < 0.5


def test_sessions_that_ask_at_once_get_their_own_answers(kernel: NotebookKernel) -> None:
    """20 of them in one kernel, each whole and none of another's."""
    with FakeMibyan(default=told_its_own) as fake:
        point_at(kernel, fake)
        assert right_answers(kernel, 20) == 20
