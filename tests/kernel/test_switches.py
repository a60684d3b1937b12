"""The switches of the context providers, from every door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.kernel.test_link import LinkedPanel

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.notebook_kernel import NotebookKernel

_PROVIDERS = ("failures", "variables", "figures", "cells", "notebook")
_QUESTION = "What is in @box, why @error, and what shows @figure?"
_CELLS = ("other = 2", "box = {'lid': 1}")
_FIGURE = (
    "from matplotlib.figure import Figure\ndrawn = Figure()\n_ = drawn.subplots().plot([1, 2])"
)

Ask = Callable[["NotebookKernel", str], object]


def _magic(kernel: NotebookKernel, without: str) -> object:
    return kernel.ok(f"%%mibyan {f'--without {without}' if without else ''}\n{_QUESTION}")


def _python(kernel: NotebookKernel, without: str) -> object:
    return kernel.ok(f"_ = session.ask({_QUESTION!r}, without={without.split()})")


def _panel(kernel: NotebookKernel, without: str) -> object:
    panel = LinkedPanel(kernel)
    panel.open()
    for name in _PROVIDERS:
        panel.request("switch", provider=name, on=name not in without.split())
    return panel.ask(_QUESTION)


@pytest.fixture
def has_figure(kernel: NotebookKernel) -> Iterator[bool]:
    """Whether there is a figure in the kernel: the lowest versions are without matplotlib."""
    drawn = kernel.run(_FIGURE).ename is None
    yield drawn
    if drawn:
        kernel.ok("del drawn")  # other tests share the kernel


@pytest.mark.parametrize("ask", [_magic, _python, _panel], ids=["magic", "ask()", "panel"])
def test_each_provider_can_be_switched_off_alone(
    kernel: NotebookKernel, ask: Ask, *, has_figure: bool
) -> None:
    """What it adds leaves with it, and nothing else does; none adds what another adds."""
    kernel.ok("session.configure(context='auto')")
    for cell in _CELLS:
        kernel.ok(cell)
    assert kernel.run("1 / 0").ename
    whole = _sources(kernel, ask, "")
    added = {name: whole - _sources(kernel, ask, name) for name in _PROVIDERS}
    silent = {name for name in added if not added[name]}
    assert silent == (set() if has_figure else {"figures"}), added
    assert sum(map(len, added.values())) == len(whole), added


def _sources(kernel: NotebookKernel, ask: Ask, without: str) -> set[str]:
    """What went along with a question."""
    ask(kernel, without)
    return set(kernel.value("[item.source for item in session.history[-1].receipt.items]"))


@pytest.mark.parametrize(
    "cell",
    [
        "%%mibyan --without varaibles\nWhat is in @box?",
        "session.ask('What is in @box?', without='varaibles')",
        "session.ask('What is in @box?', without=['cells', 'varaibles'])",
        "%mibyan context What is in @box? --without varaibles",
        "%%mibyan --without varaibles --without cells\nWhat is in @box?",
    ],
)
def test_a_part_that_does_not_exist_cannot_be_left_out(
    kernel: NotebookKernel, fake: FakeMibyan, cell: str
) -> None:
    """Nothing is sent then: what was to stay here would have gone along."""
    said = kernel.run(cell)
    assert said.ename == "ConfigurationError"
    told = " ".join(said.traceback)
    assert "varaibles" in told
    assert "failures, variables, figures, cells, notebook" in told
    assert not fake.requests


def test_a_context_that_does_not_exist_is_not_sent(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    said = kernel.run("session.ask('What is in @box?', context='nnoe')")
    assert said.ename == "ConfigurationError"
    assert "'nnoe'" in " ".join(said.traceback)
    assert not fake.requests


@pytest.mark.parametrize(
    "flags",
    [
        "--without variables --without cells",
        "--without variables,cells",
        "--without cells --without 'figures variables'",
    ],
)
def test_several_parts_can_be_left_out(
    kernel: NotebookKernel, fake: FakeMibyan, flags: str
) -> None:
    """Named at once, or each with a flag of its own."""
    kernel.ok("session.configure(context='auto')")
    kernel.ok("box = {'lid': 12345}")
    kernel.ok(f"%%mibyan {flags}\nWhat is in @box?")
    assert "12345" not in str(fake.requests[-1].json)


@pytest.mark.parametrize("flags", ["-c none -c all", "-m a --model b", "--without ''"])
def test_a_flag_that_would_be_passed_over_is_refused(
    kernel: NotebookKernel, fake: FakeMibyan, flags: str
) -> None:
    assert kernel.run(f"%%mibyan {flags}\nWhy?").ename == "CommandError"
    assert not fake.requests


def test_one_part_can_be_named_without_a_list(kernel: NotebookKernel) -> None:
    kernel.ok("session.configure(context='auto')")
    kernel.ok("box = {'lid': 1}")
    kernel.ok("_ = session.ask('What is in @box?', without='variables')")
    sources = kernel.value("[item.source for item in session.history[-1].receipt.items]")
    assert "variable box" not in sources


def test_a_setting_that_leaves_out_nothing_is_told(kernel: NotebookKernel) -> None:
    """It may be meant for a provider that another notebook registers."""
    kernel.ok("session.configure(context='auto', context_without='cells lab_notes')")
    kernel.ok("_ = session.ask('Why?')")
    notes = kernel.value("session.history[-1].receipt.notes")
    assert any("lab_notes" in note for note in notes), notes
    assert not any("cells" in note for note in notes), notes


def test_the_panel_switches_only_what_there_is(kernel: NotebookKernel) -> None:
    panel = LinkedPanel(kernel)
    panel.open()
    assert panel.request("switch", provider="varaibles", on=False)["type"] == "error"
    assert kernel.value("list(session.settings.context_without)") == []
