"""The command line: `mibyan-jupyter demo` and `mibyan-jupyter --version`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from mibyan_jupyter._version import __version__


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
    from mibyan_jupyter.demo import DemoServer

    server = DemoServer(port=port)
    print(f"The demo answers at {server.start()} (Ctrl+C ends it); no model is behind it.")
    print("In a notebook: %mibyan demo, or set MIBYAN_BASE_URL to that address.")
    try:
        server.wait()
    except KeyboardInterrupt:
        server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
