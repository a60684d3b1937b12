"""`make bench`: us and the peers, as tables; `BENCH=reader` makes one of them, `BENCH=all` all."""

from __future__ import annotations

import compileall
import importlib
import os
import sys
import time
from pathlib import Path

import mibyan_jupyter
from tests.benchmarks.table import as_text
from tests.benchmarks.ways import PEERS

BENCHES = (
    "load_ext",
    "latency",
    "reader",
    "traffic",
    "flat_out",
    "rendering",
    "browser",
    "context",
    "journal",
)
MORE = ("sampled", "interrupt", "panel", "busy")


def main(names: tuple[str, ...]) -> bool:
    """Print the table of these benches; whether every goal was met."""
    _compile()
    began, rows = time.monotonic(), []
    for name in names:
        load = os.getloadavg()[0]
        found = importlib.import_module(f"tests.benchmarks.bench_{name}").measure()
        sys.stdout.write(f"\n{name} (load before it: {load:.1f})\n\n{as_text(found)}\n")
        sys.stdout.flush()
        rows += found
    absent = [way.name for way in PEERS if not way.is_installed]
    seconds = time.monotonic() - began
    sys.stdout.write(f"\n{seconds:.0f} s; peers that are not installed: {absent or 'none'}\n")
    return all(row.ok for row in rows)


def _compile() -> None:
    """As pip does when it installs: an environment that writes no bytecode compiles each time."""
    assert mibyan_jupyter.__file__
    compileall.compile_dir(Path(mibyan_jupyter.__file__).parent, quiet=1)


if __name__ == "__main__":
    chosen = os.environ.get("BENCH", "")
    names = {"": BENCHES, "all": BENCHES + MORE}.get(chosen, (chosen,))
    sys.exit(not main(names))
