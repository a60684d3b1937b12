"""A cell that a panel proposes from inside the kernel, where its front end cannot insert one."""

from __future__ import annotations

from mibyan_jupyter.errors import CommandError
from mibyan_jupyter.kernel.request import ipython_shell


def propose_cell(source: str) -> None:
    """Have the front end add a cell behind the next one that runs; raises CommandError."""
    shell = ipython_shell()
    if shell is None:
        raise CommandError("There is no notebook to add a cell to.", "Copy the code instead.")
    shell.set_next_input(source, replace=False)
