"""The exported notebook in a real JupyterLab: the conversation is there, and only that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mibyan_jupyter.export.save import save
from tests.e2e.browser import OutsideRequests
from tests.e2e.lab import LabServer, kernels_ended
from tests.e2e.notebook_page import NotebookPage
from tests.export.conversations import HOSTILE, LESSON, turn
from tests.fake_mibyan import FakeMibyan, Reply

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e

_PICTURES = Path(__file__).parents[2] / ".artifacts" / "handout"


def test_the_conversation_is_shown_and_goes_on(browser: Browser, tmp_path: Path) -> None:
    """Opened untrusted: questions and answers, nothing that runs; each question can be asked."""
    hostile = "\n\n".join(one.prompt for one in HOSTILE)
    turns = (*LESSON, turn(6, hostile, hostile))
    with FakeMibyan() as fake, LabServer(tmp_path) as lab, kernels_ended(lab):
        lab.kernels_see(MIBYAN_BASE_URL=fake.base_url)
        save(turns, lab.notebooks / "lesson.ipynb")
        with browser.new_context(viewport={"width": 1000, "height": 4_000}) as context:
            outside = OutsideRequests(context)
            notebook = NotebookPage(context.new_page(), lab, "lesson.ipynb")
            area = notebook.area(2)
            expect(area.locator("h2")).to_have_text("Why the mean is far above the median")
            expect(area.locator("mjx-container")).to_have_count(2)
            expect(notebook.area(4)).to_contain_text("The answer was stopped here.")
            expect(notebook.area(6)).to_contain_text("Too many requests just now.")
            expect(notebook.area(7)).to_contain_text("<script>alert(1)</script>")
            assert notebook.area(7).locator("script, img, iframe, form, svg, style").count() == 0
            notebook.screenshot(_PICTURES / "jupyterlab.png")
            fake.enqueue(Reply.stream(["Because of a few dear flats."]))
            notebook.run(1)
            notebook.run(2)
            expect(notebook.area(2)).to_contain_text("Because of a few dear flats.")
            assert fake.requests[-1].json["messages"][-1]["content"] == LESSON[0].prompt
            assert outside.urls == []
