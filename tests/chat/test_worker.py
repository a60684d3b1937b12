"""The thread that runs the panels' requests."""

from __future__ import annotations

import threading

import pytest

from mibyan_jupyter.chat.worker import Worker


def test_what_fails_is_logged_and_the_next_is_run(caplog: pytest.LogCaptureFixture) -> None:
    """On the same thread, which outlives it."""
    worker, threads, done = Worker("mibyan-test"), [], threading.Event()

    def fail() -> None:
        threads.append(threading.current_thread())
        raise ValueError("mine")

    def end() -> None:
        threads.append(threading.current_thread())
        done.set()

    worker.post(fail)
    worker.post(end)
    assert done.wait(10)
    assert threads[0] is threads[1]
    assert "a panel's request failed" in caplog.text
    worker.close()
