"""Scenes of the chat in the sidebar, for `screens`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.answers import ARABIC, RICH, tokens
from tests.e2e.chat_page import ChatPage, sidebar
from tests.fake_mibyan import USAGE, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.notebook_page import NotebookPage
    from tests.fake_mibyan import FakeMibyan

_CELLS = [
    "import pandas as pd\n\nprices = pd.read_csv('flats.csv')['price']\nprices.describe()",
    "%%mibyan -c none\nWhat does the *skew* of a sample measure?",
]
_FAILING = ["total = sum([3, 5])", "total / 0"]
_NO_KEY = ["import os\ndel os.environ['MIBYAN_BASE_URL']"]
_CSV = """import random
from pathlib import Path

random.seed(3)
prices = [round(random.lognormvariate(12.6, 0.7), -3) for _ in range(351)]
Path("flats.csv").write_text("\\n".join(["price", *map(str, prices)]))"""
_SHORT = "How far to the *right* (above 0) or *left* the long tail lies; a symmetric sample has 0."
_MIDDLE = RICH.index("    centred")
_QUESTION = "Why is the mean of @prices so far above its median?"
_EXECUTE = """async code => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({ code, silent: true }).done;
}"""
_RESTART = """async () => {
    await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel();
}"""


def _asked(notebook: NotebookPage, fake: FakeMibyan) -> ChatPage:
    """A cell's turn and a rich answer, as long as the panel or longer."""
    _describe_prices(notebook)
    fake.enqueue(Reply.stream(tokens(_SHORT), usage=USAGE))
    notebook.run(2)
    fake.enqueue(Reply.stream(tokens(RICH), usage=USAGE))
    chat = sidebar(notebook)
    chat.ask(_QUESTION)
    return chat


def _describe_prices(notebook: NotebookPage) -> None:
    notebook.page.evaluate(_EXECUTE, _CSV)
    notebook.run(1)


def _from_the_top(notebook: NotebookPage, fake: FakeMibyan) -> None:
    chat = _asked(notebook, fake)
    _widen(notebook, chat)
    notebook.wait_until_page_rests()
    chat.root.locator(".mibyan-scroll").evaluate("scroller => scroller.scrollTo(0, 0)")


def _widen(notebook: NotebookPage, chat: ChatPage) -> None:
    notebook.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    drag_to_width(notebook, chat, 450)


def _at_the_end(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _widen(notebook, _asked(notebook, fake))


def _in(theme: str) -> Callable[[NotebookPage, FakeMibyan], None]:
    def play(notebook: NotebookPage, fake: FakeMibyan) -> None:
        notebook.use_theme(theme)
        _from_the_top(notebook, fake)

    return play


def _narrow(notebook: NotebookPage, fake: FakeMibyan) -> None:
    drag_to_width(notebook, _asked(notebook, fake), 250)


def _narrow_code(notebook: NotebookPage, fake: FakeMibyan) -> None:
    chat = _asked(notebook, fake)
    drag_to_width(notebook, chat, 250)
    notebook.wait_until_page_rests()
    chat.answer(1).locator(".mibyan-code").last.hover()


def _arabic(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.stream(tokens(ARABIC), usage=USAGE))
    sidebar(notebook).ask("ما هو الوسيط؟")


def _streaming(notebook: NotebookPage, fake: FakeMibyan) -> None:
    before = tokens(RICH[:_MIDDLE])
    fake.enqueue(Reply.stream([*before, RICH[_MIDDLE:]], hold_after=len(before)))
    chat = sidebar(notebook)
    chat.send("Why is the mean so far above the median?")
    expect(chat.answer(0)).to_contain_text("def skewness")


def _queue(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _streaming(notebook, fake)
    chat = sidebar(notebook)
    chat.send("And which one do I report?")
    chat.send("In one sentence, please.")
    expect(chat.turns).to_have_count(3)


def _no_key(notebook: NotebookPage, _: FakeMibyan) -> None:
    notebook.run(1)
    chat = sidebar(notebook)
    chat.type("Does it send this?")
    chat.box.press("Enter")
    expect(chat.root.locator(".mibyan-fault")).to_be_visible()


def _refused(notebook: NotebookPage, fake: FakeMibyan) -> None:
    fake.enqueue(Reply.status(401, {"error": {"message": "Invalid API key."}}))
    sidebar(notebook).ask("Hello?")


def _empty(notebook: NotebookPage, _: FakeMibyan) -> None:
    sidebar(notebook)


def _completion(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _describe_prices(notebook)
    _arabic(notebook, fake)
    chat = sidebar(notebook)
    chat.box.focus()
    notebook.page.keyboard.type("What is in @")
    expect(chat.root.locator(".mibyan-option").first).to_be_visible()


def _commands(notebook: NotebookPage, _: FakeMibyan) -> None:
    chat = sidebar(notebook)
    expect(chat.action("new")).to_be_visible()
    chat.box.focus()
    notebook.page.keyboard.type("/")
    expect(chat.root.locator(".mibyan-option").first).to_be_visible()


def _why(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _describe_prices(notebook)
    fake.enqueue(Reply.stream(tokens(_SHORT), usage=USAGE))
    chat = sidebar(notebook)
    chat.ask(_QUESTION)
    chat.action("why", 0).click()
    expect(chat.turn(0).locator(".mibyan-receipt")).to_be_visible()


def _fix(notebook: NotebookPage, fake: FakeMibyan) -> None:
    notebook.run(1)
    notebook.run(2)
    fix = "You divide by **zero**. By how many do you mean?\n\n```python\ntotal / 2\n```\n"
    fake.enqueue(Reply.stream(tokens(fix), usage=USAGE))
    sidebar(notebook).ask("/fix")


def _confirm(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _fix(notebook, fake)
    chat = sidebar(notebook)
    chat.answer(0).locator(".mibyan-code").hover()
    chat.action("run", 0).click()
    expect(chat.root.get_by_role("alertdialog")).to_be_visible()


def _menu(notebook: NotebookPage, fake: FakeMibyan) -> None:
    _arabic(notebook, fake)
    sidebar(notebook).action("export").click()


def _not_loaded(notebook: NotebookPage, _: FakeMibyan) -> None:
    notebook.page.evaluate(_RESTART)
    notebook.command("mibyan:open")
    expect(notebook.page.get_by_role("button", name="Load it")).to_be_visible()


def drag_to_width(notebook: NotebookPage, chat: ChatPage, width: int) -> None:
    """Drag the sidebar's edge until it is so many pixels wide."""
    box = chat.root.bounding_box()
    assert box is not None
    mouse = notebook.page.mouse
    mouse.move(box["x"] - 2, box["y"] + 300)
    mouse.down()
    mouse.move(box["x"] - 2 + box["width"] - width, box["y"] + 300, steps=4)
    mouse.up()


PANEL_SCENES: dict[str, tuple[list[str], Callable[[NotebookPage, FakeMibyan], None]]] = {
    "panel": (_CELLS, _from_the_top),
    "panel-end": (_CELLS, _at_the_end),
    "panel-dark": (_CELLS, _in("JupyterLab Dark")),
    "panel-high-contrast": (_CELLS, _in("JupyterLab Dark High Contrast")),
    "panel-narrow": (_CELLS, _narrow),
    "panel-narrow-code": (_CELLS, _narrow_code),
    "panel-arabic": ([], _arabic),
    "panel-arabic-words": ([], _arabic),
    "panel-streaming": ([], _streaming),
    "panel-queue": ([], _queue),
    "panel-no-key": (_NO_KEY, _no_key),
    "panel-error-401": ([], _refused),
    "panel-empty": ([], _empty),
    "panel-completion": (_CELLS, _completion),
    "panel-commands": ([], _commands),
    "panel-why": (_CELLS, _why),
    "panel-fix": (_FAILING, _fix),
    "panel-confirm": (_FAILING, _confirm),
    "panel-export": ([], _menu),
    "panel-not-loaded": ([], _not_loaded),
}
# Of JupyterLab itself; it is "default" in the other scenes.
LANGUAGES = {"panel-arabic-words": "ar_SA"}
