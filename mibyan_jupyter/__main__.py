"""The command line: `mibyan-jupyter demo` and `mibyan-jupyter --version`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mibyan_jupyter._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="mibyan-jupyter", description="Ask Mibyan in a notebook: %%load_ext mibyan_jupyter"
    )
    parser.add_argument("--version", action="version", version=f"mibyan-jupyter {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="serve the offline demo endpoint on this machine")
    demo.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    return _serve_demo(parser.parse_args(arguments).port)


def _serve_demo(port: int) -> int:
    from mibyan_jupyter.demo import serve

    serve(port, started=_announce)
    return 0


def _announce(base_url: str) -> None:
    print(f"The demo answers at {base_url} (Ctrl+C ends it); no model is behind it.")
    print("In a notebook: %mibyan demo, or set MIBYAN_BASE_URL to that address.", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
