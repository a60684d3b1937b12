"""What an output format makes of a whole answer, and what it binds."""

from __future__ import annotations

import pytest

from mibyan_jupyter.errors import MibyanError
from mibyan_jupyter.output.formats import FORMATS, bound_value, corrected_source, json_value
from mibyan_jupyter.session.turns import Answer


def fenced(language: str, source: str) -> str:
    return f"```{language}\n{source}\n```\n"


PREFERENCES = {
    "json before all": (fenced("python", "[1]") + fenced("", "[2]") + fenced("JSON", "[3]"), [3]),
    "then unlabelled": (fenced("python", "[1]") + fenced("", "[2]"), [2]),
    "the largest of its kind": (fenced("json", "[3]") + fenced("json", '{"a": 4}'), {"a": 4}),
    "then in other code": ("As code:\n\n" + fenced("python", "[1]"), [1]),
    "a fence that is none": (fenced("json", "oops") + fenced("python", "[1]"), [1]),
    "bare": (' {"a": [1, 2]}\n', {"a": [1, 2]}),
    "a bare number": ("42", 42),
    "null": ("null", None),
    "in prose": ('It is "simple": {"a": [1, "]}"]} and {"b": 2}.', {"a": [1, "]}"]}),
    "after a fence without any": (fenced("python", "x = 1") + 'So {"a": 1}.', {"a": 1}),
    "after code that has a value": (fenced("python", "5") + 'so {"a": 2}', {"a": 2}),
    "the largest in prose": ('As said in [1], the value is {"a": 2}.', {"a": 2}),
    "after brackets that are none": ('see [the note] {"a": 1}', {"a": 1}),
}


@pytest.mark.parametrize(("text", "value"), PREFERENCES.values(), ids=PREFERENCES)
def test_where_the_json_value_is_found(text: str, value: object) -> None:
    """Fences labelled json, unlabelled ones, the bare text, objects and arrays in the text."""
    assert json_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "no JSON at all",
        fenced("python", "5"),
        "NaN",
        "[Infinity]",
        '{"a": -Infinity}',
        "true story, in 2024",
        '{"a": {"b": 1}, oops}',
        '{"a": {"b": 1}, "c":',
        "{'a': [1]}",
        "[" * 100_000,
        '"\\"' * 100_000,
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_not_json_is_an_error(text: str) -> None:
    """A part of a broken value is not the value; NaN and Infinity are not JSON."""
    with pytest.raises(MibyanError) as raised:
        json_value(text)
    assert len(str(raised.value).splitlines()) == 2
    assert "Run the cell again" in raised.value.hint, "a retry would bind nothing"


def test_the_bound_value_is_the_answer_or_its_json() -> None:
    """Only `json` binds something else than the Answer."""
    answer = Answer('{"a": 1}')
    assert bound_value(answer, "json") == {"a": 1}
    assert all(bound_value(answer, name) is answer for name in FORMATS if name != "json")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer('[1, {"a": 1}]', "cut_off", "length"), "cut off: the model's length limit"),
        (Answer("[1]", "cut_off"), "cut off"),
        (Answer("[1]", "stopped"), "stopped"),
    ],
)
def test_json_of_an_answer_that_is_not_whole_is_not_bound(answer: Answer, why: str) -> None:
    """It would be a part of the value; two lines say so, and what came is shown as it is."""
    with pytest.raises(MibyanError, match=why) as raised:
        bound_value(answer, "json")
    assert len(str(raised.value).splitlines()) == 2
    assert "Run the cell again" in raised.value.hint
    body = FORMATS["json"].body
    assert body is not None
    assert "1" in body(answer)
    assert bound_value(answer, "markdown") is answer


def test_an_answer_says_how_it_ended() -> None:
    """Shown by itself, an answer that is not whole is marked; a whole one has no mark."""
    cut = Answer("so <far>", "cut_off", "content_filter")._repr_mimebundle_()
    assert cut["text/plain"] == "so <far>\n\n[cut off: the content filter]"
    assert "[cut off: the content filter]" in cut["text/html"]
    assert Answer("x", "cut_off", "<b>")._repr_mimebundle_()["text/html"].count("<b>") == 0
    whole = Answer("all")._repr_mimebundle_()
    assert whole["text/plain"] == "all"
    assert "mibyan-footer" not in whole["text/html"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (fenced("python", "x = 1"), "x = 1"),
        (fenced("python", "x = 0") + fenced("py", "x = 1") + fenced("text", "1"), "x = 1"),
        (fenced("", "x = 1"), "x = 1"),
        (fenced("py", "x = '\u202e\x1b[2K\u200b'  # \u2066"), "x = '\\u202e[2K\\u200b'  # \\u2066"),
        (fenced("text", "an output"), None),
        ("No code.", None),
    ],
)
def test_a_correction_is_the_last_block_of_python(text: str, source: str | None) -> None:
    """What it shows beside it, such as an output, is not put into a cell; nothing is hidden."""
    assert corrected_source(Answer(text)) == source
    assert corrected_source(Answer(text, "cut_off", "length")) is None
