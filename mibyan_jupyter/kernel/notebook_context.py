"""The notebook as a question sees it: recorded cells, and live variables while they may be read."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.observed import Page
from mibyan_jupyter.kernel.main_thread import main_thread
from mibyan_jupyter.kernel.notebook_name import notebook_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mibyan_jupyter.context.items import Gathered
    from mibyan_jupyter.context.observed import CellRecord
    from mibyan_jupyter.context.provider import AskedContext, Mentionable
    from mibyan_jupyter.kernel.recorder import CellRecorder

_MAIN_THREAD_SECONDS = 0.2
_MOST_CELLS = 50  # that completion offers
_LINE = 60  # characters
_FIGURES = frozenset({"matplotlib.Figure", "plotly.Figure"})


class NotebookContext:
    """Gathers context in one kernel; the session's `context_source`."""

    def __init__(self, shell: Any, recorder: CellRecorder) -> None:
        self._page: Page | None = None
        self._page_lock = threading.Lock()
        self._shell = shell
        self._recorder = recorder

    def gather_here(self, asked: AskedContext) -> Gathered | None:
        """The context, if this is the main thread; None elsewhere."""
        if threading.current_thread() is not threading.main_thread():
            return None
        return self._gather(asked, self._variables())

    async def gather(self, asked: AskedContext) -> Gathered:
        """The context, read on the main thread; if that has not begun after 0.2 s, what was
        recorded.
        """
        began = threading.Event()

        def read() -> Gathered:
            began.set()
            return self._gather(asked, self._variables())

        reading = asyncio.wrap_future(main_thread.submit(read))
        done, _ = await asyncio.wait([reading], timeout=_MAIN_THREAD_SECONDS)
        if done or began.is_set():
            return await reading
        reading.cancel()
        return self._gather(asked, None)

    def failing_cell(self) -> CellRecord | None:
        """The newest cell that failed, if any did."""
        return next((cell for cell in reversed(self._recorder.cells) if cell.failed), None)

    def show_page(self, news: Page) -> None:
        """The order of the cells, and the texts that are new; from any thread.

        Texts of cells that are not in `news` are kept: they stand in another notebook of this
        kernel, or come back with an undo. What comes late, behind a cell that ran, is older.
        """
        with self._page_lock:
            older, newer = sorted((self._page or Page(), news), key=lambda page: page.at)
            self._page = replace(newer, texts={**older.texts, **newer.texts})

    def page_shows(self, cell: str, text: str) -> bool:
        """Whether a front end has told that the cell stands in its page, with this text."""
        page = self._page
        return page is not None and cell in page.order and page.texts.get(cell) == text

    def mentionable(self) -> Mentionable:
        """What can be mentioned with `@` now, data first.

        Reads names and types only, so on any thread.
        """
        from mibyan_jupyter.context.pictures.type_names import is_code, known_name
        from mibyan_jupyter.context.provider import Mentionable

        held = sorted(self._variables().items(), key=lambda item: (is_code(item[1]), item[0]))
        named = [(name, _kind(known_name(type(value)))) for name, value in held]
        cells = [cell for cell in reversed(self._recorder.cells) if not _is_about_us(cell)]
        shown = any(output.kind == "figure" for cell in cells for output in cell.outputs)
        return Mentionable(
            variables=tuple(named),
            cells=tuple((cell.execution_count, _first_line(cell)) for cell in cells[:_MOST_CELLS]),
            error=any(cell.failed for cell in cells),
            figure=shown or any(kind in _FIGURES for _, kind in named),
        )

    def _gather(self, asked: AskedContext, variables: Mapping[str, Any] | None) -> Gathered:
        # What gathers is loaded with the first question that it gathers for.
        from mibyan_jupyter.context.gather import gather
        from mibyan_jupyter.context.mentions import mentions_in
        from mibyan_jupyter.context.provider import Question

        known = self._shell.user_ns if variables is None else variables
        mentions = mentions_in(asked.prompt, known)
        unknown = tuple(name for name in mentions.unknown if name not in self._shell.user_ns)
        question = Question(
            prompt=asked.prompt,
            mode=asked.mode,
            mentions=mentions._replace(unknown=unknown),
            cells=tuple(cell for cell in self._recorder.cells if not _is_about_us(cell)),
            deleted=self._recorder.deleted,
            forgotten=self._recorder.forgotten,
            page=self._page or Page(),
            namespace=variables,
            level=asked.level,
            private=asked.private,
            notebook=Path(notebook_path(self._shell.user_ns)).name,
        )
        return gather(question, asked.without)

    def _variables(self) -> dict[str, Any]:
        """The user's own variables: no modules, nothing that IPython put there."""
        hidden = self._shell.user_ns_hidden
        return {
            name: value
            for name, value in tuple(self._shell.user_ns.items())  # it may grow meanwhile
            if type(name) is str  # `globals()[5] = …` is possible
            and not name.startswith("_")
            and type(value) is not ModuleType  # isinstance would ask a foreign __class__
            and (name not in hidden or hidden[name] is not value)
        }


def _kind(type_name: str) -> str:
    return type_name.removeprefix("__main__.")


def _first_line(cell: CellRecord) -> str:
    return cell.source.strip().partition("\n")[0][:_LINE]


_OURS = (
    *("%mibyan", "%load_ext mibyan", "%reload_ext mibyan", "%unload_ext mibyan"),
    *("%config Mibyan", "from mibyan_jupyter import", "import mibyan_jupyter"),
)


def _is_about_us(cell: CellRecord) -> bool:
    """Whether a cell does nothing but ask, load or set us."""
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")]
    asks = bool(code) and code[0].startswith("%%mibyan")
    return asks or (bool(code) and all(line.startswith(_OURS) for line in code))
