"""What is held back of the notebook: levels, private variables, and words mistyped in these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kernel.context.conftest import PRICES, sent

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel


def test_rows_go_along_only_when_lifted(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`@prices:rows` shows some rows, for this one turn."""
    kernel.ok(PRICES)
    kernel.ok("%%mibyan\nLook at @prices:rows")
    assert "n0" in sent(fake)
    kernel.ok("%%mibyan\nLook at @prices")
    assert "n0" not in sent(fake)


def test_a_private_variable_stays_private(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Its level holds against the mention that would lift it; lower levels say less."""
    kernel.ok(PRICES)
    kernel.ok("%mibyan private prices names")
    kernel.ok("%%mibyan\nLook at @prices:rows")
    picture = sent(fake).partition("## variable prices\n")[2].partition("\n\n")[0]
    assert picture == "prices: pandas.DataFrame"
    kernel.ok("session.set_private('prices', None); session.configure(privacy='schema')")
    kernel.ok("%%mibyan\nLook at @prices")
    picture = sent(fake).partition("## variable prices\n")[2].partition("\n\n")[0]
    assert "price: int64" in picture
    assert "Aden" not in picture


def test_a_private_variable_stays_private_in_an_error(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Also under the name that it has in the function which failed."""
    kernel.ok("salaries = [5 * 1030, 6160]\ndef look(rows):\n    return rows[7]")
    kernel.ok("%mibyan private salaries names")
    assert kernel.run("look(salaries)").ename == "IndexError"
    kernel.ok("%%mibyan\nWhy?")
    error = sent(fake).partition("## error in")[2].partition("\n\n## ")[0]
    assert "salaries: list\n" in error
    assert "rows: list\n" in error
    assert "5150" not in error


SHOWING = {
    "by name": "display(salaries)",
    "under another name": "display(pay)",
    "printed": "print(salaries[0])",
    "made there": "salaries = [5 * 1030, 6160]\nsalaries",
}


@pytest.mark.parametrize("showing", SHOWING.values(), ids=list(SHOWING))
def test_what_a_private_variable_looked_like_stays_private(
    kernel: NotebookKernel, fake: FakeMibyan, showing: str
) -> None:
    """In no cell that names it, be it mentioned, failed, or sent with rows."""
    kernel.ok("salaries = [5 * 1030, 6160]\npay = salaries")
    kernel.ok("%mibyan private salaries names")
    kernel.ok("session.privacy = 'rows'")
    kernel.ok(showing)
    kernel.ok("%%mibyan\nWhat shows @cell, and what is @salaries?")
    assert kernel.run(f"{showing}\n1 / 0").ename
    kernel.ok("%%mibyan\nWhy @error?")
    for number in range(2):
        assert "5150" not in sent(fake, number)
        assert "(not sent: " in sent(fake, number)


@pytest.mark.parametrize("held", ["'names'", "Privacy.NAMES", "'Names'"])
def test_a_level_can_be_named_by_its_word(
    kernel: NotebookKernel, fake: FakeMibyan, held: str
) -> None:
    kernel.ok("from mibyan_jupyter.context.privacy import Privacy\nbox = {'lid': 12345}")
    kernel.ok(f"session.set_private('box', {held})")
    assert "box" in str(kernel.ok("%mibyan private").outputs)
    kernel.ok("%%mibyan\nWhat is in @box?")
    assert "## variable box\nbox: dict\n" in sent(fake)


@pytest.mark.parametrize("wrong", ["'@box', 'names'", "'box', 'name'", "'my box', 'names'"])
def test_what_would_hold_nothing_back_is_refused(kernel: NotebookKernel, wrong: str) -> None:
    assert kernel.run(f"session.set_private({wrong})").ename == "ConfigurationError"
    assert kernel.value("dict(session.private)") == {}


def test_a_private_name_that_holds_nothing_yet_is_told(kernel: NotebookKernel) -> None:
    """A typing error, perhaps; it holds as soon as there is one."""
    kernel.ok("box = 1")
    assert "no variable bxo now" in kernel.ok("%mibyan private bxo names").printed
    assert "no variable" not in kernel.ok("%mibyan private box names").printed


@pytest.mark.parametrize("mention", ["@box:name", "@box:row", "@box:Shema"])
def test_a_mistyped_level_is_refused(
    kernel: NotebookKernel, fake: FakeMibyan, mention: str
) -> None:
    """Before anything is sent: it may have been meant to hold back."""
    kernel.ok("box = {'lid': 12345}\nsession.context = 'auto'")
    said = kernel.run(f"%%mibyan\nWhat is in {mention}?")
    assert said.ename == "ConfigurationError"
    assert mention in " ".join(said.traceback)
    assert not fake.requests


@pytest.mark.parametrize(
    "cell", ["%%mibyan\nIn Vue, what is @Input:name?", "%%mibyan -c none\n@box:name?"]
)
def test_a_word_that_bounds_nothing_is_no_level(kernel: NotebookKernel, cell: str) -> None:
    """Where there is no such variable, or where none goes along."""
    kernel.ok("box = {'lid': 12345}\nsession.context = 'auto'")
    kernel.ok(cell)


def test_a_private_variable_stays_private_under_other_names_while_busy(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Which those are cannot be seen then: no output goes along."""
    kernel.ok("salaries = [5 * 1030, 6160]\npay = salaries")
    kernel.ok("%mibyan private salaries names")
    kernel.ok("pay")
    number = kernel.value("len(In)") - 1
    kernel.ok(BUSY_ASK.format(prompt=f"What shows @cell:{number}?"))
    assert f"## output of In [{number}]" in sent(fake)
    assert "5150" not in sent(fake)


BUSY_ASK = """
import threading, time
from mibyan_jupyter.session.turns import TurnRequest
running = []
asking = threading.Thread(
    target=lambda: running.append(session.submit(TurnRequest({prompt!r}, context="auto")))
)
asking.start()
asking.join()
running[0].wait()
"""
