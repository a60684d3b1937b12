"""The feed of frames: rendered once for all views, and never past its end."""

from __future__ import annotations

import queue
import threading

import pytest

from mibyan_jupyter.output.frame_feed import FrameFeed, LastFrame, RenderWorker, feed_of, slowing
from mibyan_jupyter.rendering import Frame, LiveDocument, render_markdown
from mibyan_jupyter.session.events import TextAdded
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply

Items = "queue.SimpleQueue[Frame | LastFrame]"


def all_items(items: Items) -> tuple[list[Frame], LastFrame]:
    frames: list[Frame] = []
    while isinstance(item := items.get(timeout=10), Frame):
        frames.append(item)
    assert items.empty()
    return frames, item


def html_of(frames: list[Frame]) -> str:
    return "".join("".join(frame.settled) for frame in frames) + frames[-1].tail


def test_the_first_text_comes_at_once_and_all_of_it_in_the_end(
    fake: FakeMibyan, session: Session
) -> None:
    """A frame is there while the server still holds; the last one is the whole render."""
    text = "# Title\n\nSome **bold** text.\n\n- a\n- b\n"
    fake.enqueue(Reply.stream([text[:20], text[20:]], hold_after=1))
    items: Items = queue.SimpleQueue()
    feed = feed_of(session)
    running = session.submit(TurnRequest("x"))
    feed.watch(running, items.put)
    first = items.get(timeout=10)
    assert isinstance(first, Frame)
    assert "Title" in "".join(first.settled) + first.tail
    fake.release()
    frames, last = all_items(items)
    assert html_of([first, *frames]) == last.html == render_markdown(text, running.id)
    assert last.turn.status == "complete"


def test_an_answer_that_cannot_be_rendered_is_shown_as_typed(
    fake: FakeMibyan,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All of it, harmless; that is logged, and the next answer is rendered."""

    def fail(_: LiveDocument) -> Frame:
        raise ValueError("mine")

    fake.enqueue(*(Reply.stream(["Some **bold** ", "<b>text</b>"]) for _ in range(2)))
    ends = []
    for patched in (True, False):
        with monkeypatch.context() as patch:
            if patched:
                patch.setattr(LiveDocument, "render", fail)
            items: Items = queue.SimpleQueue()
            feed_of(session).watch(session.submit(TurnRequest("x")), items.put)
            ends.append(all_items(items)[1])
    assert "Some **bold** &lt;b&gt;text&lt;/b&gt;" in ends[0].html
    assert "<strong>bold</strong>" in ends[1].html
    assert "a frame could not be rendered" in caplog.text


def test_a_feed_that_comes_late_has_all_of_the_text(fake: FakeMibyan, session: Session) -> None:
    """What an answer had before somebody watched its session is in the first frame."""
    fake.enqueue(Reply.stream(["The beginning", " and the end."], hold_after=1))
    items: Items = queue.SimpleQueue()
    has_text = threading.Event()
    running = session.submit(
        TurnRequest("x"), lambda event: has_text.set() if isinstance(event, TextAdded) else None
    )
    assert has_text.wait(10)
    feed_of(session).watch(running, items.put)
    first = items.get(timeout=10)
    assert isinstance(first, Frame)
    assert "The beginning" in first.tail
    fake.release()
    _, last = all_items(items)
    assert "The beginning and the end." in last.html


def test_a_closed_feed_leaves_no_growing_turn(fake: FakeMibyan, session: Session) -> None:
    """Its text is let go, though its end is never told."""
    worker = RenderWorker()
    feed = FrameFeed(session, worker)
    fake.enqueue(Reply.stream(["so far", " more"], hold_after=1))
    running = session.submit(TurnRequest("x"))
    items: Items = queue.SimpleQueue()
    feed.watch(running, items.put)
    assert isinstance(items.get(timeout=10), Frame)
    feed.close()
    running.stop()
    running.wait(10)
    assert worker.growing == ()


def test_frames_are_counted_not_tokens(fake: FakeMibyan, session: Session) -> None:
    """200 deltas over two seconds make about ten frames a second, and for a view that asks for
    fewer as many as it asks for, which hold the same text.
    """
    fake.enqueue(Reply.stream(["word\n\n"] * 200, tokens_per_second=100))
    items: Items = queue.SimpleQueue()
    rare: Items = queue.SimpleQueue()
    running = session.submit(TurnRequest("x"))
    feed_of(session).watch(running, items.put)
    feed_of(session).watch(running, rare.put, lambda _elapsed: 0.5)
    frames, last = all_items(items)
    rare_frames, _ = all_items(rare)
    assert last.turn.seconds is not None
    assert 3 <= len(frames) <= 10 * last.turn.seconds + 3
    assert 2 <= len(rare_frames) <= 2 * last.turn.seconds + 2
    assert html_of(rare_frames) == html_of(frames) == last.html


def test_a_cells_frames_become_fewer_but_never_rarer_than_headings_are_looked_for() -> None:
    """Ten a second at first; later six, since after 0.2 s of rest JupyterLab looks for headings."""
    assert [slowing(seconds) for seconds in (0, 1, 1.5, 60)] == [0.1, 0.1, 0.15, 0.17]


def test_a_view_that_opens_late_gets_everything(fake: FakeMibyan, session: Session) -> None:
    """Its first frame holds all that has settled; both views end with the same HTML."""
    text = "".join(f"Paragraph {n}.\n\n" for n in range(30))
    fake.enqueue(Reply.stream([text, "End."], hold_after=1))
    early: Items = queue.SimpleQueue()
    late: Items = queue.SimpleQueue()
    feed = feed_of(session)
    running = session.submit(TurnRequest("x"))
    feed.watch(running, early.put)
    first = early.get(timeout=10)
    assert isinstance(first, Frame)
    feed.watch(running, late.put)
    snapshot = late.get(timeout=10)
    assert isinstance(snapshot, Frame)
    assert "Paragraph 0." in snapshot.settled[0]
    fake.release()
    frames, last = all_items(late)
    assert html_of([snapshot, *frames]) == last.html
    assert all_items(early)[1].html == last.html


@pytest.mark.parametrize(
    "reply", [Reply.stream(["a"]), Reply.refused(500)], ids=["answer", "error"]
)
def test_an_ended_turn_still_gives_its_end(
    fake: FakeMibyan, session: Session, reply: Reply
) -> None:
    """Watching after the end does not wait for ever."""
    fake.enqueue(reply)
    feed = feed_of(session)
    running = session.submit(TurnRequest("x"))
    running.wait(10)
    items: Items = queue.SimpleQueue()
    feed.watch(running, items.put)
    _, last = all_items(items)
    assert last.turn == running.turn


def test_nobody_watches_nothing_is_rendered(session: Session) -> None:
    """Turns without a view leave nothing behind in the feed."""
    feed = feed_of(session)
    for _ in range(5):
        session.ask("x")
    assert feed._worker._turns == {}


def test_many_turns_share_one_render_thread(fake: FakeMibyan) -> None:
    """A second session's views get their frames from the same thread."""
    threads = set()
    sessions = [Session(base_url=fake.base_url) for _ in range(3)]
    queues: list[Items] = []
    for each in sessions:
        items: Items = queue.SimpleQueue()

        def show(item: Frame | LastFrame, items: Items = items) -> None:
            threads.add(threading.current_thread().name)
            items.put(item)

        feed_of(each).watch(each.submit(TurnRequest("x")), show)
        queues.append(items)
    for items in queues:
        assert all_items(items)[1].turn.status == "complete"
    assert threads == {"mibyan-render"}
