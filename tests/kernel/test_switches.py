"""The switches of the context providers, from every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.kernel.test_link import LinkedPanel

if TYPE_CHECKING:
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


@pytest.mark.parametrize("ask", [_magic, _python, _panel], ids=["magic", "ask()", "panel"])
def test_each_provider_can_be_switched_off_alone(kernel: NotebookKernel, ask: Ask) -> None:
    """What it adds leaves with it, and nothing else does; none adds what another adds."""
    kernel.ok("session.configure(context='auto')")
    for cell in _CELLS:
        kernel.ok(cell)
    has_figure = kernel.run(_FIGURE).ename is None  # the lowest versions are without matplotlib
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
