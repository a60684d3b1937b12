"""The floors of the design, held by reading the imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "mibyan_jupyter"
FLOORS = (
    {"__main__", "__init__"},
    {"magics", "panel", "link"},
    {"chat"},
    {"commands"},
    {"output"},
    {"kernel", "journal"},
    {"session"},
    {"export"},
    {"api", "rendering", "demo", "context"},
    {"keys"},
    {"config", "tokens"},
    {"errors", "text", "_version"},
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
_MAKES_HTML = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|srcdoc|DOMParser|createContextualFragment"
    r"|document\.write|\beval\(|new Function"
)
HOMES = {
    "httpx": "api",
    "markdown_it": "rendering",
    "mdit_py_plugins": "rendering",
    "nh3": "rendering",
    "math_core": "rendering",
    "markdown": "export",
    "pygments": "rendering",
    "tornado": "demo",
    "nest_asyncio": "kernel",
    "nest_asyncio2": "kernel",
    "keyring": "keys",
    "anywidget": "panel",
    "ipywidgets": "panel",
    "comm": "link",
    "IPython": "magics",
    "traitlets": "magics",
}
NOWHERE = {"pandas", "polars", "numpy", "torch", "matplotlib", "openai", "requests"}


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Imported modules of a file; True where the import happens at run time."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        runtime = id(node) not in typing_only
        if isinstance(node, ast.Import):
            yield from ((alias.name, runtime) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = node.module == "mibyan_jupyter"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if whole else []
            yield from ((name, runtime) for name in names or [node.module])


def _box(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    """A module imports from its own box and from lower floors only."""
    here = _box(path)
    for module, runtime in _imports(path):
        if not runtime or not module.startswith("mibyan_jupyter"):
            continue
        there = [*module.split("."), "__init__"][1]
        assert there == here or LEVEL[there] > LEVEL[here], f"{here} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_have_one_home(path: Path) -> None:
    """Each heavy library is imported in its home only, and data libraries nowhere."""
    for module, runtime in _imports(path):
        top = module.split(".")[0]
        assert top not in NOWHERE
        assert not runtime or HOMES.get(top, _box(path)) == _box(path), f"{path.name} imports {top}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_too_long_to_read(path: Path) -> None:
    """No module is longer than 400 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_the_front_end_makes_html_and_code_of_text_in_one_place() -> None:
    """Only `kernelHtml.ts` sets HTML, which the kernel gave; nothing is evaluated."""
    sources = ROOT.parent / "labextension" / "src"
    files = [path for path in sources.rglob("*.ts") if "__tests__" not in path.parts]
    found = [path.name for path in files if _MAKES_HTML.search(path.read_text())]
    assert found == ["kernelHtml.ts"]
