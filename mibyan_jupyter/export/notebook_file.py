"""A conversation as a notebook (nbformat 4.5): each question a `%%mibyan` cell with its answer.

The file is not signed, so a front end treats its outputs as a stranger's until the cells have run.
Format: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.export.markdown_file import heading
from mibyan_jupyter.rendering import quiet_line, render_markdown, wrap_answer
from mibyan_jupyter.text import one_line, printable, shown_text

if TYPE_CHECKING:
    from mibyan_jupyter.export.transcript import Transcript
    from mibyan_jupyter.export.words import Words
    from mibyan_jupyter.session.turns import Turn

Json = dict[str, Any]

_METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def write(transcript: Transcript) -> str:
    """The text of an `.ipynb` file."""
    cells = [
        {**_cell("markdown", "mibyan-title", heading(transcript))},
        _code_cell("mibyan-load", "%load_ext mibyan_jupyter"),
    ]
    cells += [_question(turn, transcript.words) for turn in transcript.turns]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": cells}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _question(turn: Turn, words: Words) -> Json:
    source = f"{_first_line(turn)}\n{turn.prompt}"
    return _code_cell(turn.id, source, _outputs(turn, words))


def _first_line(turn: Turn) -> str:
    """The magic with the flags that shape the conversation."""
    request = turn.request
    flags = ["--new"] * turn.begins_anew + ["--no-history"] * (not request.history)
    if request.model:
        flags += ["-m", shlex.quote(one_line(request.model, 200))]
    return " ".join(("%%mibyan", *flags))


def _outputs(turn: Turn, words: Words) -> list[Json]:
    ending = words.ending(turn)
    outputs = [_error(turn)] if turn.error else []
    if turn.answer is None:
        return outputs
    html = render_markdown(turn.answer.text, turn.id)
    bundle = {
        "text/html": _lines(wrap_answer(html, quiet_line(ending))),
        "text/plain": _lines("\n\n".join(filter(None, (shown_text(turn.answer.text), ending)))),
    }
    return [{"output_type": "display_data", "metadata": {}, "data": bundle}, *outputs]


def _error(turn: Turn) -> Json:
    error = turn.error
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": printable(str(error)),
        "traceback": printable(f"{type(error).__name__}: {error}").splitlines(),
    }


def _code_cell(cell_id: str, source: str, outputs: list[Json] | None = None) -> Json:
    cell = _cell("code", cell_id, source)
    return {**cell, "execution_count": None, "outputs": outputs or []}


def _cell(kind: str, cell_id: str, source: str) -> Json:
    return {"cell_type": kind, "id": cell_id, "metadata": {}, "source": _lines(source)}


def _lines(text: str) -> list[str]:
    return printable(text).splitlines(keepends=True)
