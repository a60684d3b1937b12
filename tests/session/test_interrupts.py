"""■ while an answer is awaited: posted, never raised, until it is pressed in earnest."""

from __future__ import annotations

import signal
import threading

import pytest

from mibyan_jupyter.session.interrupts import Interrupt, on_interrupt


def test_a_press_calls_the_action_now_or_once_it_is_named() -> None:
    """A press that comes before there is something to stop is not lost."""
    calls: list[str] = []
    late, early = Interrupt(), Interrupt()
    late.calls(lambda: calls.append("late"))
    late.press()
    early.press()
    early.calls(lambda: calls.append("early"))
    assert calls == ["late", "early"]


def test_an_impatient_user_has_a_way_out() -> None:
    """Two presses only ask again; the third raises, should stopping itself hang."""
    calls: list[int] = []
    interrupt = Interrupt()
    interrupt.calls(lambda: calls.append(1))
    interrupt.press()
    interrupt.press()
    assert len(calls) == 2
    with pytest.raises(KeyboardInterrupt):
        interrupt.press()


def test_the_handler_is_there_inside_the_block_only() -> None:
    """A real SIGINT inside the block calls the action; the earlier handler comes back."""
    before = signal.getsignal(signal.SIGINT)
    pressed = threading.Event()
    with on_interrupt() as interrupt:
        interrupt.calls(pressed.set)
        signal.raise_signal(signal.SIGINT)
        assert pressed.wait(5)
    assert signal.getsignal(signal.SIGINT) is before


def test_off_the_main_thread_nothing_changes() -> None:
    """Signals do not go there, and setting a handler would raise."""
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def run() -> None:
        with on_interrupt():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]
