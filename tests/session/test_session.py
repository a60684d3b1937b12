"""The Session against a real server: asking, queue, stop, events, settings and keys."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from mibyan_jupyter.errors import (
    APIConnectionError,
    IncompleteAnswerError,
    MibyanError,
    RateLimitError,
    SessionBusyError,
    Stopped,
    StoppedAwait,
)
from mibyan_jupyter.session.events import (
    SessionEvent,
    TextAdded,
    TurnEnded,
    TurnStarted,
    TurnWaiting,
)
from mibyan_jupyter.session.session import Session
from mibyan_jupyter.session.turns import Answer, TurnRequest
from tests.fake_mibyan import FakeMibyan, Reply, Reset, chunk, sse


def sent(fake: FakeMibyan, number: int = -1) -> list[str]:
    return [message["content"] for message in fake.requests[number].json["messages"]]


def first_text(session: Session) -> threading.Event:
    """Set once text of an answer has arrived."""
    arrived = threading.Event()
    session.subscribe(lambda event: arrived.set() if isinstance(event, TextAdded) else None)
    return arrived


# ---- asking --------------------------------------------------------------------------------------


def test_ask_returns_the_whole_answer(fake: FakeMibyan, session: Session) -> None:
    """Text, code blocks, usage, reason and status are there, and the turn is in the history."""
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    fake.enqueue(Reply.stream(["Use\n```python\n", "print(1)\n```\n"], usage=usage))
    answer = session.ask("How?")
    assert answer.text == "Use\n```python\nprint(1)\n```\n"
    assert [(block.source, block.language) for block in answer.code_blocks] == [
        ("print(1)\n", "python")
    ]
    assert answer.usage is not None
    assert (answer.usage.total_tokens, answer.finish_reason, answer.status) == (
        7,
        "stop",
        "complete",
    )
    (turn,) = session.history
    assert (turn.prompt, turn.answer, turn.status, turn.source) == (
        "How?",
        answer,
        "complete",
        "python",
    )
    assert turn.started is not None
    assert turn.seconds is not None


def test_a_conversation_goes_on(fake: FakeMibyan, session: Session) -> None:
    """Each question sends the earlier ones with their answers; `messages` is what comes next."""
    fake.enqueue(Reply.stream(["one"]), Reply.json("two"))
    session.system = "Be brief."
    session.ask("first")
    session.ask("second", stream=False)
    assert sent(fake) == ["Be brief.", "first", "one", "second"]
    assert "stream" not in fake.requests[-1].json
    assert [m.content for m in session.messages] == ["Be brief.", "first", "one", "second", "two"]
    assert [m.content for m in session.history[1].sent] == sent(fake)


def test_one_turn_options_hold_for_one_turn(fake: FakeMibyan, session: Session) -> None:
    """`model` and `system` of a call are gone with the next one."""
    session.ask("a", model="other", system="Shout.")
    session.ask("b")
    assert [request.json["model"] for request in fake.requests] == ["other", "mibyan-4.1"]
    assert sent(fake, 0)[0] == "Shout."
    assert "Shout." not in sent(fake, 1)


def test_ask_works_inside_a_running_event_loop(session: Session) -> None:
    """`ask` needs no loop of the caller's and minds none."""

    async def cell() -> Answer:
        return session.ask("sync in async")

    assert "sync in async" in asyncio.run(cell()).text


def test_aask_and_astream(fake: FakeMibyan, session: Session) -> None:
    """Awaited as a whole, or piece by piece: the same text."""
    fake.enqueue(Reply.stream(["a", "b"]), Reply.stream(["c", "d"], pause=0.05))

    async def cell() -> tuple[str, list[str]]:
        whole = (await session.aask("1")).text
        return whole, [delta async for delta in session.astream("2")]

    whole, deltas = asyncio.run(cell())
    assert (whole, "".join(deltas)) == ("ab", "cd")
    assert len(deltas) == 2


def test_an_abandoned_astream_ends_stopped(fake: FakeMibyan, session: Session) -> None:
    """`break` closes the stream at the server and keeps the text."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))

    async def cell() -> None:
        async for _ in session.astream("x"):
            break

    asyncio.run(cell())
    fake.wait_for_disconnect()
    session.ask("next")
    assert session.history[0].status == "stopped"
    assert session.history[0].answer is not None
    assert session.history[0].answer.text == "a"


def test_asking_while_reading_an_answer_raises_at_once(fake: FakeMibyan, session: Session) -> None:
    """The same task would wait for itself; another session is free."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    other = Session(base_url=fake.base_url)

    async def cell() -> None:
        stream = session.astream("x")
        async for _ in stream:
            with pytest.raises(SessionBusyError, match="still reading"):
                await session.aask("y")
            with pytest.raises(SessionBusyError):
                session.ask("y")
            assert (await other.aask("z")).text
            break
        await stream.aclose()
        assert (await session.aask("free again")).text

    asyncio.run(cell())


def test_a_background_reader_does_not_hold_others_up(fake: FakeMibyan, session: Session) -> None:
    """Another task's open stream is no reason to refuse: the question waits for its turn."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))

    async def cell() -> str:
        async def read() -> list[str]:
            return [delta async for delta in session.astream("x")]

        reader = asyncio.create_task(read())
        await asyncio.to_thread(fake.wait_for_holds, 1)
        asking = asyncio.create_task(session.aask("y"))
        await asyncio.to_thread(fake.release)
        return "".join(await reader) + (await asking).text

    assert asyncio.run(cell()) == "abYou said: y"


def test_an_awaited_answer_that_is_stopped_ends_its_task_as_cancelled(
    fake: FakeMibyan, session: Session
) -> None:
    """A KeyboardInterrupt there would end the event loop, and a kernel with it."""
    fake.enqueue(*[Reply.stream(["a", "b"], hold_after=1)] * 2)

    async def cell() -> list[object]:
        async def read() -> list[str]:
            return [delta async for delta in session.astream("y")]

        results: list[object] = []
        for number, coroutine in enumerate((session.aask("x"), read()), 1):
            task = asyncio.ensure_future(coroutine)
            await asyncio.to_thread(fake.wait_for_holds, number)
            session.stop()
            results += await asyncio.gather(task, return_exceptions=True)
        return results

    results = asyncio.run(cell())
    assert len(results) == 2
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert [turn.status for turn in session.history] == ["stopped"] * 2


def test_stopped_while_awaited_says_so(fake: FakeMibyan, session: Session) -> None:
    """Whoever awaits it directly learns that the answer was stopped."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))
    arrived = first_text(session)

    async def cell() -> None:
        asyncio.get_running_loop().run_in_executor(None, lambda: (arrived.wait(10), session.stop()))
        with pytest.raises(StoppedAwait, match="kept"):
            await session.aask("x")

    asyncio.run(cell())


def test_a_time_limit_around_aask_works(fake: FakeMibyan, session: Session) -> None:
    """`asyncio.timeout` sees its own cancellation, and the stream is closed."""
    fake.enqueue(Reply.stream(["a", "b"], hold_after=1))

    async def cell() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await session.aask("x")

    asyncio.run(cell())
    fake.wait_for_disconnect()


def test_a_fault_of_our_own_ends_the_turn(session: Session) -> None:
    """Whatever goes wrong on the way to the wire, nobody waits for ever."""
    session.extra["bad"] = {1, 2}
    with pytest.raises(MibyanError):
        session.ask("x")
    assert session.history[0].status == "failed"


# ---- how turns end -------------------------------------------------------------------------------


def test_a_failed_turn_is_shown_and_never_sent(fake: FakeMibyan, session: Session) -> None:
    """It raises its own error, stays in the history as failed, and later requests leave it out."""
    fake.enqueue(Reply.refused(429, {"error": {"message": "slow down"}}))
    with pytest.raises(RateLimitError, match="slow down"):
        session.ask("a")
    session.ask("b")
    assert [turn.status for turn in session.history] == ["failed", "complete"]
    assert sent(fake) == ["b"]


def test_a_cut_on_the_wire_raises_with_the_text(fake: FakeMibyan, session: Session) -> None:
    """IncompleteAnswerError holds what came; the turn is cut_off and is sent along later."""
    fake.enqueue(Reply.raw([sse(chunk("half")), Reset()]))
    with pytest.raises(IncompleteAnswerError) as raised:
        session.ask("a")
    assert raised.value.answer.text == "half"
    session.ask("b")
    assert session.history[0].status == "cut_off"
    assert sent(fake) == ["a", "half", "b"]


def test_the_models_own_limit_returns_the_answer(fake: FakeMibyan, session: Session) -> None:
    """`length` is a cut-off answer, not an error."""
    fake.enqueue(Reply.stream(["long"], finish_reason="length"))
    answer = session.ask("a")
    assert (answer.status, answer.finish_reason) == ("cut_off", "length")


def test_no_server_is_a_failed_turn(session: Session) -> None:
    """Nobody listening raises APIConnectionError, from our frames only."""
    session.base_url = "http://127.0.0.1:9/v1"
    with pytest.raises(APIConnectionError) as raised:
        session.ask("a")
    assert raised.value.__cause__ is None
    assert session.history[0].status == "failed"


# ---- queue and stop ------------------------------------------------------------------------------


def test_questions_are_answered_one_at_a_time_in_order(fake: FakeMibyan, session: Session) -> None:
    """The second waits until the first has ended, and then sends it along."""
    fake.enqueue(Reply.stream(["one", "!"], hold_after=1))
    queued = threading.Event()
    first = session.submit(TurnRequest("a"))
    second = session.submit(TurnRequest("b"), lambda _: queued.set())
    fake.wait_for_holds(1)
    assert queued.wait(10)
    assert [turn.status for turn in session.history] == ["running", "waiting"]
    fake.release()
    assert second.wait(10).status == first.wait(10).status == "complete"
    assert sent(fake) == ["a", "one!", "b"]


def test_stop_keeps_the_text_and_lets_the_queue_go_on(fake: FakeMibyan, session: Session) -> None:
    """The stream is closed at the server; the next question runs."""
    fake.enqueue(Reply.stream(["half", "never"], hold_after=1))
    arrived = first_text(session)
    first, second = (session.submit(TurnRequest(prompt)) for prompt in "ab")
    assert arrived.wait(10)
    session.stop()
    fake.wait_for_disconnect()
    stopped = first.wait(10)
    assert stopped.status == "stopped"
    assert stopped.answer is not None
    assert (stopped.answer.text, stopped.answer.status) == ("half", "stopped")
    assert second.wait(10).status == "complete"


def test_a_late_stop_never_hits_the_next_answer(fake: FakeMibyan, session: Session) -> None:
    """A stop that names an ended turn does nothing."""
    first = session.submit(TurnRequest("a"))
    first.wait(10)
    fake.enqueue(Reply.stream(["x", "y"], hold_after=1))
    second = session.submit(TurnRequest("b"))
    fake.wait_for_holds(1)
    first.stop()
    fake.release()
    assert second.wait(10).status == "complete"


def test_a_waiting_turn_can_be_stopped_alone(fake: FakeMibyan, session: Session) -> None:
    """It leaves the queue without a request; the running one goes on."""
    fake.enqueue(Reply.stream(["x", "y"], hold_after=1))
    first, second = (session.submit(TurnRequest(prompt)) for prompt in "ab")
    fake.wait_for_holds(1)
    second.stop()
    assert second.wait(10).status == "stopped"
    fake.release()
    assert first.wait(10).status == "complete"
    assert len(fake.requests) == 1


def test_stop_before_the_first_byte(fake: FakeMibyan, session: Session) -> None:
    """A turn that is stopped at once ends stopped, without text, and ask would raise Stopped."""
    fake.enqueue(Reply.stream(["x"], hold_after=0))
    turns = [session.submit(TurnRequest("a")) for _ in range(3)]
    for turn in turns:
        turn.stop()
    assert [turn.wait(10).status for turn in turns] == ["stopped"] * 3
    assert session.messages == ()


def test_a_stopped_ask_raises_stopped(fake: FakeMibyan, session: Session) -> None:
    """From another thread, too."""
    fake.enqueue(Reply.stream(["x", "y"], hold_after=1))

    arrived = first_text(session)

    def stop_after_text() -> None:
        arrived.wait(10)
        session.stop()

    stopper = threading.Thread(target=stop_after_text)
    stopper.start()
    with pytest.raises(Stopped, match="kept"):
        session.ask("a")
    stopper.join()


# ---- events --------------------------------------------------------------------------------------


def test_events_come_in_order_and_add_up(fake: FakeMibyan, session: Session) -> None:
    """Waiting, started, text with its offsets, ended: to subscribers and to the turn's listener."""
    fake.enqueue(Reply.stream(["a", "bc", "d"], pause=0.05))
    seen: list[SessionEvent] = []
    heard: list[SessionEvent] = []
    unsubscribe = session.subscribe(seen.append)
    session.submit(TurnRequest("x"), heard.append).wait(10)
    unsubscribe()
    session.ask("unheard")
    assert seen == heard
    kinds = [type(event) for event in seen if not isinstance(event, TextAdded)]
    assert kinds == [TurnWaiting, TurnStarted, TurnEnded]
    texts = [event for event in seen if isinstance(event, TextAdded)]
    assert "".join(event.text for event in texts) == "abcd"
    assert [event.offset for event in texts] == [0, 1, 3]


def test_a_subscriber_that_fails_harms_nobody(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does a listener of one turn: it is logged; the answer and the others go on."""
    seen: list[SessionEvent] = []

    def fail(_: SessionEvent) -> None:
        raise ValueError("mine")

    session.subscribe(fail)
    session.subscribe(seen.append)
    assert session.submit(TurnRequest("x"), fail).wait(10).status == "complete"
    assert isinstance(seen[-1], TurnEnded)
    assert "a subscriber failed" in caplog.text
    assert "a turn's listener failed" in caplog.text


def test_a_subscriber_may_reset_and_may_not_wait(session: Session) -> None:
    """On the I/O thread `reset` works at once, and `ask` is refused instead of hanging."""
    raised: list[Exception] = []

    def reset_after_it(event: SessionEvent) -> None:
        if isinstance(event, TurnEnded):
            try:
                session.ask("from a subscriber")
            except SessionBusyError as error:
                raised.append(error)
            session.reset()

    session.subscribe(reset_after_it)
    session.ask("x")
    assert session.history == ()
    assert len(raised) == 1


def test_a_forked_child_can_ask(fake: FakeMibyan, session: Session) -> None:
    """It keeps the history, and has a thread and a client of its own."""
    session.ask("in the parent")
    child = os.fork()
    if child == 0:
        text = ""
        try:
            text = session.ask("in the child").text
        finally:
            os._exit(0 if text == "You said: in the child" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sent(fake) == ["in the parent", "You said: in the parent", "in the child"]
    assert session.ask("in the parent again").status == "complete"
