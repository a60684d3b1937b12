"""Every error of the tree is raised, in two lines that say what happened and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from mibyan_jupyter.commands.all_commands import command_named
from mibyan_jupyter.config import normalize_base_url
from mibyan_jupyter.errors import (
    APIError,
    APIStatusError,
    CommandError,
    ConfigurationError,
    IncompleteAnswerError,
    MibyanError,
    MissingKeyError,
    NestedLoopsError,
    SessionBusyError,
)
from mibyan_jupyter.kernel.nested_loops import choose_library
from mibyan_jupyter.session.session import Session
from tests.fake_mibyan import FakeMibyan, Reply, chunk, sse
from tests.session.faults import FAULTS

_PACKAGE = MibyanError.__module__


def ask_while_a_stream_is_open(fake: FakeMibyan) -> None:
    async def cell() -> None:
        session = Session(base_url=fake.base_url)
        stream = session.astream("One")
        try:
            session.ask("Two")
        finally:
            await stream.aclose()

    asyncio.run(cell())


def ask_and_be_cut_off(fake: FakeMibyan) -> None:
    fake.enqueue(Reply.raw([sse(chunk("half"))]))
    Session(base_url=fake.base_url).ask("Hi")


RAISES: dict[type[MibyanError], Callable[[FakeMibyan], object]] = {
    ConfigurationError: lambda _: normalize_base_url("mibyan"),
    MissingKeyError: lambda _: Session().ask("Hi"),
    CommandError: lambda _: command_named("nonsense"),
    SessionBusyError: ask_while_a_stream_is_open,
    NestedLoopsError: lambda _: choose_library((3, 14), (7, 4), has_successor=False),
    IncompleteAnswerError: ask_and_be_cut_off,
}


@pytest.mark.parametrize("kind", RAISES, ids=lambda kind: kind.__name__)
def test_an_error_is_raised_in_two_lines(kind: type[MibyanError], fake: FakeMibyan) -> None:
    """The second one says what to do next."""
    with pytest.raises(MibyanError) as raised:
        RAISES[kind](fake)
    assert type(raised.value) is kind
    assert len(str(raised.value).splitlines()) == 2
    assert raised.value.hint


def test_no_error_is_left_out() -> None:
    """The table of faults raises each kind of APIError, and this page all others."""
    by_the_wire = {fault.error for fault in FAULTS}
    drawn_for_order = {MibyanError, APIError}
    assert every_kind(MibyanError) - drawn_for_order <= by_the_wire | RAISES.keys()
    assert APIStatusError in by_the_wire


def every_kind(error: type[MibyanError]) -> set[type[MibyanError]]:
    """`error` and what is derived from it in this package."""
    kinds = [every_kind(kind) for kind in error.__subclasses__() if kind.__module__ == _PACKAGE]
    return {error}.union(*kinds)
