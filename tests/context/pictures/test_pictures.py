"""The exact text that is sent about each kind of object, at each privacy level.

`pictures.txt` is the table, to be read as a reviewer: would an expert analyst want this, and
nothing more? Below `## kind`, a `# level` is given where its text differs from the level before.
To write it anew after a change of wording: `python -m tests.context.pictures.test_pictures`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mibyan_jupyter.context.pictures import picture
from mibyan_jupyter.context.privacy import Privacy
from mibyan_jupyter.errors import ConfigurationError
from tests.context.pictures.objects import OBJECTS

TABLE = Path(__file__).with_name("pictures.txt")


def drawn(kind: str) -> str:
    """The section of the table for one kind of object, as it is now."""
    lines, before = [f"## {kind}"], ""
    for level in Privacy:
        text = picture(OBJECTS[kind](), "x", level=level, limit=2_000).text
        if text != before:
            lines += [f"# {level.name.lower()}", text]
        before = text
    return "\n".join(lines)


def written() -> dict[str, str]:
    sections = TABLE.read_text("utf-8").strip().split("\n\n")
    return {section.partition("\n")[0].removeprefix("## "): section for section in sections}


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_picture_is_the_one_that_was_reviewed(kind: str) -> None:
    """Each kind of object has exactly the text that the table gives for it."""
    assert drawn(kind) == written()[kind]


@pytest.mark.parametrize("kind", OBJECTS)
@pytest.mark.parametrize("level", Privacy)
def test_a_picture_never_exceeds_its_limit(kind: str, level: Privacy) -> None:
    """Whatever the limit, the text is no longer, and has no half lines beyond the first."""
    value = OBJECTS[kind]()
    whole = picture(value, "x", level=level, limit=100_000).text.splitlines()
    for limit in [*range(30), 60, 90, 150, 300, 600]:
        text = picture(value, "x", level=level, limit=limit).text
        assert len(text) <= limit
        if "more column" not in text and "begins" not in text:
            assert set(text.splitlines()[1:]) <= set(whole)


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_picture_is_deterministic(kind: str) -> None:
    """Two pictures of equal objects are equal."""
    assert drawn(kind) == drawn(kind)


def test_the_levels_are_named_by_their_words() -> None:
    """A level is found by its word; another word is answered with the four there are."""
    assert Privacy.from_name(" Stats") is Privacy.STATS
    with pytest.raises(ConfigurationError, match="names, schema, stats, rows"):
        Privacy.from_name("all")


if __name__ == "__main__":
    TABLE.write_text("\n\n".join(map(drawn, OBJECTS)) + "\n", "utf-8")
