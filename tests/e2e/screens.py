"""Takes pictures of the product, to be looked at: `python -m tests.e2e.screens [NAME ...]`.

They land in .artifacts/screens/, which is not committed. MIBYAN_FRONT_END=notebook7 takes those of
Notebook 7.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import ARABIC, RICH, tokens
from tests.e2e.browser import running_chromium
from tests.e2e.lab import LabServer, kernels_ended
from tests.e2e.notebook_page import CHOSEN, FRONT_ENDS
from tests.e2e.panel_scenes import LANGUAGES, PANEL_SCENES
from tests.fake_mibyan import USAGE, FakeMibyan, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.e2e.notebook_page import NotebookPage

_SCREENS = Path(__file__).parents[2] / ".artifacts" / "screens" / CHOSEN
_LOAD = "%load_ext mibyan_jupyter"
_QUESTION = "%%mibyan\nWhy is the mean of @prices so far above its median?"
_MIDDLE = RICH.index("    centred")

_CONTEXT = [
    "import pandas as pd",
    "flats = pd.DataFrame({'city': ['Aden', 'Taiz'] * 50, 'price': range(100)})",
    "dear = flats[flats.price > 40]",
    "%%mibyan\nWhat stands out in @dear?",
    "%mibyan why",
    "%mibyan context --text 'And in @flats?'",
]

Scene = tuple[list[str], "Callable[[NotebookPage, FakeMibyan], None]"]


def _answered(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.stream(tokens(RICH), usage=USAGE))
    notebook.run(1)


def _dark(notebook: NotebookPage, fake: FakeMibyan) -> None:
    notebook.use_theme("JupyterLab Dark")
    _answered(notebook, fake)


def _narrow(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _answered(notebook, fake)
    notebook.narrow_output_to(1, 250)


def _arabic(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.stream(tokens(ARABIC), usage=USAGE))
    notebook.run(1)


def _mid_stream(notebook: NotebookPage, fake: FakeMibyan) -> None:
    before = tokens(RICH[:_MIDDLE])
    fake.enqueue(Reply.stream([*before, RICH[_MIDDLE:]], hold_after=len(before)))
    notebook.start(1)
    expect(notebook.area(1)).to_contain_text("def skewness")
    notebook.wait_until_frames_rest(1)


def _waiting(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.stream(["Late."], hold_after=0))
    notebook.start(1)
    expect(notebook.area(1)).to_contain_text("Waiting")


def _stopped(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _mid_stream(notebook, fake)
    notebook.press_stop()
    notebook.wait_until_done(1)


def _refused(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.status(401, {"error": {"message": "Invalid API key."}}))
    notebook.run(1)


def _short_answers(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(
        Reply.stream(tokens("The mean is pulled up by a few very expensive flats.")),
        Reply.stream(tokens("```python\nprices.median()\n```")),
    )
    notebook.run(1)
    notebook.run(2)


def _why(notebook: NotebookPage, fake: FakeMibyan) -> None:
    notebook.run(1)
    fake.enqueue(Reply.stream(tokens("A few *dear* flats pull the mean up."), usage=USAGE))
    for number in range(2, len(_CONTEXT) + 1):
        notebook.run(number)


def _untrusted(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _answered(notebook, fake)
    notebook.reopen(untrusted=True)


def _run_first(notebook: NotebookPage, _: FakeMibyan) -> None:
    notebook.run(1)


SCENES: dict[str, Scene] = {
    "light": ([_QUESTION], _answered),
    "dark": ([_QUESTION], _dark),
    "narrow": ([_QUESTION], _narrow),
    "arabic": (["%%mibyan\nما هو الوسيط؟"], _arabic),
    "untrusted": ([_QUESTION], _untrusted),
    "mid-stream": ([_QUESTION], _mid_stream),
    "waiting": ([_QUESTION], _waiting),
    "stopped": ([_QUESTION], _stopped),
    "error-401": ([_QUESTION], _refused),
    "short-answers": ([_QUESTION, "%%mibyan\nIn code?", "prices = [1, 2]"], _short_answers),
    "why": (_CONTEXT, _why),
    "status": (["%mibyan status"], _run_first),
    "help": (["%mibyan help"], _run_first),
    **PANEL_SCENES,
}


def take(name: str, lab: LabServer, browser: Browser) -> None:
    """Play one scene in a kernel and a browser profile of its own, and take its picture."""
    cells, play = SCENES[name]
    height = 900 if name in PANEL_SCENES else 1800
    language = LANGUAGES.get(name, "default")
    speaking = lab.preference("translation-extension/plugin", locale=language)
    with speaking, FakeMibyan() as fake, kernels_ended(lab):
        lab.kernels_see(MIBYAN_BASE_URL=fake.base_url)
        lab.write_notebook(f"{name}.ipynb", [_LOAD, *cells])
        with browser.new_context(viewport={"width": 1280, "height": height}) as context:
            notebook = FRONT_ENDS[CHOSEN](context.new_page(), lab, f"{name}.ipynb")
            notebook.use_theme("JupyterLab Light")
            notebook.run(0)
            play(notebook, fake)
            notebook.wait_until_page_rests()
            notebook.screenshot(_SCREENS / f"{name}.png")


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        lab = stack.enter_context(LabServer(Path(folder)))
        browser = stack.enter_context(running_chromium())
        for name in names or SCENES:
            take(name, lab, browser)


if __name__ == "__main__":
    main(sys.argv[1:])
