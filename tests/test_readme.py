"""The README's tables are made from the code. `MIBYAN_WRITE_README=1` writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from mibyan_jupyter.commands.all_commands import COMMANDS
from mibyan_jupyter.config import ENVIRONMENT, Settings
from mibyan_jupyter.magics.cell_flags import CELL_FLAGS
from mibyan_jupyter.magics.manual import MANUAL
from mibyan_jupyter.output.formats import FORMATS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def table(rows: list[tuple[str, str]]) -> str:
    escaped = [(left.replace("|", "\\|"), right) for left, right in rows]
    return "\n".join(["| | |", "|---|---|", *(f"| `{a}` | {b} |" for a, b in escaped)])


def generated() -> dict[str, str]:
    flags = [(flag.usage, flag.help) for flag in CELL_FLAGS]
    formats = [(f"-f {each.name}", each.summary) for each in FORMATS.values()]
    commands = [(f"%mibyan {each.usage}", each.summary) for each in COMMANDS.values()]
    return {"flags": table([*flags, *formats]), "commands": table(commands)}


@pytest.mark.parametrize("name", ["flags", "commands"])
def test_a_generated_table_is_fresh(name: str) -> None:
    """Flags and commands stand in the README as the code has them."""
    pattern = re.compile(rf"(<!-- {name}.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    text = README.read_text("utf-8")
    fresh = pattern.sub(lambda match: f"{match[1]}{generated()[name]}\n{match[2]}", text)
    if os.environ.get("MIBYAN_WRITE_README"):
        README.write_text(fresh, "utf-8")
    assert fresh == README.read_text("utf-8"), "stale: run with MIBYAN_WRITE_README=1"


def test_the_readme_names_every_setting_and_command_line() -> None:
    """Settings, their environment variables and defaults, and the two commands."""
    text = README.read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text
    for name in Settings._fields:
        assert f"`{name}`" in text
    for variable in (*ENVIRONMENT.values(), "MIBYAN_API_KEY"):
        assert variable in text
    assert Settings().base_url in text


def test_the_manual_explains_every_flag_and_format() -> None:
    """`%%mibyan?` leaves nothing out."""
    for flag in CELL_FLAGS:
        assert all(name in MANUAL for name in flag.names)
    assert all(f"\n                              {name}" in MANUAL for name in FORMATS)


def test_relative_links_in_the_documents_exist() -> None:
    """No document points to a file that is not there."""
    for document in ROOT.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (ROOT / link).exists(), f"{document.name} points to {link}"
