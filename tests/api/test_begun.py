"""A wait that is begun before it is known whether it has to wait."""

from __future__ import annotations

import asyncio

import pytest

from mibyan_jupyter.api.begun import Begun


async def at_hand() -> str:
    return "at hand"


async def later(turns: int) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)
    return "later"


def test_what_is_at_hand_needs_no_turn_of_the_loop() -> None:
    """No loop runs here, and the result is there."""
    begun = Begun(at_hand())
    assert begun.is_done
    assert begun.result == "at hand"


@pytest.mark.parametrize("turns", [1, 3])
def test_what_has_to_wait_is_awaited_to_its_end(turns: int) -> None:
    """Each of its waits reaches the loop, the first one too."""

    async def wait() -> str:
        begun = Begun(later(turns))
        assert not begun.is_done
        return await begun

    assert asyncio.run(wait()) == "later"


def test_a_cancelled_wait_is_cancelled_inside() -> None:
    """What was begun may clean up first, and wait for that."""
    cleaned = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    async def wait() -> None:
        begun = Begun(forever())
        async with asyncio.timeout(0):
            await begun

    with pytest.raises(TimeoutError):
        asyncio.run(wait())
    assert cleaned


def test_an_error_of_the_first_step_is_raised_at_once() -> None:
    """It is not kept until somebody waits."""

    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Begun(broken())
