"""The panel in a JupyterLab whose language is Arabic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import sidebar
from tests.e2e.notebook_page import in_each_front_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.lab import LabServer
    from tests.e2e.notebook_page import NotebookPage

pytestmark = in_each_front_end


@pytest.fixture
def arabic(lab: LabServer) -> Iterator[None]:
    """A user who has chosen Arabic in JupyterLab's settings."""
    with lab.preference("translation-extension/plugin", locale="ar_SA"):
        yield


@pytest.mark.usefixtures("arabic")
def test_the_panel_speaks_arabic(open_notebook: Callable[..., NotebookPage]) -> None:
    """Its words, its numbers' forms and its direction; what is typed keeps its own direction."""
    chat = sidebar(open_notebook())
    chat.ask("What is a median?")
    expect(chat.root.locator(".mibyan-chat")).to_have_css("direction", "rtl")
    expect(chat.root.locator(".mibyan-notebook-name")).to_have_css("text-align", "right")
    expect(chat.turn(0)).to_contain_text("اكتملت")
    expect(chat.box).to_have_attribute("placeholder", "اطرح سؤالًا")
    chat.ask("And a mean?")
    chat.action("edit", turn=0).click()
    chat.root.get_by_role("button", name="اسأل هذا بدلًا منه").click()
    expect(chat.turn(0)).to_contain_text("والسؤال الذي بعده")
    expect(chat.turn(1).get_by_text("And a mean?").first).to_have_css("direction", "ltr")
