"""The Arabic catalogue: it has the words of the front end, all of them, and JupyterLab finds it."""

from __future__ import annotations

import ast
import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "mibyan_jupyter/locale/ar_SA/LC_MESSAGES/mibyan_jupyter.json"
SOURCES = [
    path
    for path in sorted((ROOT / "labextension" / "src").rglob("*.ts"))
    if "__tests__" not in path.parts
]
_TEXT = r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_ONE = re.compile(rf"\b__\(\s*{_TEXT}")
_MANY = re.compile(rf"\b_n\(\s*{_TEXT}\s*,\s*{_TEXT}")
_CALL = re.compile(r"\.(?:__|_n)\(")
_PLACE = re.compile(r"%\d+")

ARABIC: dict[str, list[str]] = json.loads(CATALOGUE.read_text("utf-8"))
META = ARABIC.pop("")


def words_in(source: str) -> dict[str, str]:
    """Every text of a source for the translator, with its plural (or itself)."""
    ones = {ast.literal_eval(text): ast.literal_eval(text) for text in _ONE.findall(source)}
    return ones | {
        ast.literal_eval(one): ast.literal_eval(many) for one, many in _MANY.findall(source)
    }


WORDS = {one: many for path in SOURCES for one, many in words_in(path.read_text("utf-8")).items()}
PLURALS = {one for one, many in WORDS.items() if one != many}


def test_every_word_of_the_front_end_is_translated() -> None:
    """No text is missing in the catalogue, and none is left over."""
    missing, left_over = sorted(set(WORDS) - set(ARABIC)), sorted(set(ARABIC) - set(WORDS))
    assert (missing, left_over) == ([], [])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_translator_gets_literal_texts_only(path: Path) -> None:
    """A text that is put together cannot be found in a catalogue."""
    source = path.read_text("utf-8")
    assert len(_CALL.findall(source)) == len(_ONE.findall(source)) + len(_MANY.findall(source))


@pytest.mark.parametrize("english", sorted(ARABIC))
def test_a_translation_is_whole(english: str) -> None:
    """It is Arabic, keeps the places to fill in, and has the six forms where it is counted."""
    forms = ARABIC[english]
    assert len(forms) == (6 if english in PLURALS else 1)
    places = set(_PLACE.findall(english + WORDS.get(english, "")))
    for form in forms:
        assert set(_PLACE.findall(form)) <= places
        assert re.search("[\u0600-\u06ff]", form)
        assert form == form.strip()
    assert set(_PLACE.findall(forms[-1])) == places


def test_jupyterlab_finds_it() -> None:
    """The package is announced, and the catalogue lies where JupyterLab looks, in its form."""
    (ours,) = entry_points(group="jupyterlab.locale", name="mibyan_jupyter")
    assert ours.load().__name__ == "mibyan_jupyter"
    assert (META["domain"], META["language"]) == ("mibyan_jupyter", "ar-SA")
    assert META["plural_forms"].startswith("nplurals=6; plural=")
