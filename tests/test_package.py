"""The wheel and the sdist that `python -m build` makes."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from mibyan_jupyter import __version__

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fresh wheel and sdist; the wheel is made from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    """Every module is in it, and no tests, caches or private files."""
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "mibyan_jupyter").rglob("*.py")}
    assert modules <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"mibyan_jupyter"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_metadata_says_what_it_needs(built: Path) -> None:
    """Version, Python, licence, the floors, and the command."""
    (wheel,) = built.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    prefix = f"mibyan_jupyter-{__version__}.dist-info"
    metadata = Parser().parsestr(archive.read(f"{prefix}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("mibyan-jupyter", __version__)
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "BSD-3-Clause"
    needs = set(metadata.get_all("Requires-Dist") or ())
    floors = "ipython>=8.30 ipykernel>=6.29 ipywidgets>=8.1 jupyterlab>=4.4 httpx>=0.28"
    assert {*floors.split(), "nest-asyncio>=1.6", "markdown>=3.7"} <= needs
    scripts = archive.read(f"{prefix}/entry_points.txt").decode()
    assert "mibyan-jupyter = mibyan_jupyter.__main__:main" in scripts


def test_the_sdist_can_be_tested(built: Path) -> None:
    """It brings its tests, examples and documents along."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = "README.md CHANGELOG.md CONTRIBUTING.md LICENSE Makefile pyproject.toml"
    assert {*wanted.split(), "tests/fake_mibyan.py", "examples/01-first-question.ipynb"} <= names


def test_the_command_line_says_its_version() -> None:
    """`mibyan-jupyter --version` and `python -m mibyan_jupyter --version` agree."""
    done = subprocess.run(
        [sys.executable, "-m", "mibyan_jupyter", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == f"mibyan-jupyter {__version__}"
