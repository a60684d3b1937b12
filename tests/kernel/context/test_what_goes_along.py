"""What of the notebook goes along with a question: seen by the server, in real kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_mibyan import Reply
from tests.kernel.context.conftest import PRICES, sent, show_page

if TYPE_CHECKING:
    from tests.fake_mibyan import FakeMibyan
    from tests.kernel.conftest import StartKernel
    from tests.kernel.notebook_kernel import NotebookKernel


def test_a_question_rests_on_the_cells_that_it_names(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """The slice as it ran, a picture of the variable, a line for each other cell; no rows."""
    kernel.ok(PRICES)
    kernel.ok("unrelated = 3")
    kernel.ok("dear = prices[prices.price > 10]")
    kernel.ok("%%mibyan\nWhat is in @dear?")
    message = sent(fake)
    assert message.endswith("\n\nWhat is in @dear?")
    assert "dear = prices[prices.price > 10]" in message
    assert "prices = pd.DataFrame(" in message
    assert "dear: pandas.DataFrame 89 rows × 3 columns" in message
    assert '"unrelated = 3"' in message
    assert "n42" not in message.replace('f"n{i}"', "")
    assert "%load_ext" not in message


FAILING = """def mean(numbers):
    total = sum(numbers)
    return total / len(numbers)"""


def test_a_failure_goes_along_with_its_frames_and_their_variables(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Chain, user frames with source, locals as they were then; no ANSI, no library frame."""
    kernel.ok(FAILING)
    kernel.ok("numbers = []")
    assert kernel.run(
        "try:\n    mean(numbers)\nexcept ZeroDivisionError as e:\n    raise KeyError('gone') from e"
    ).ename
    kernel.ok("%%mibyan\nWhy?")
    message = sent(fake)
    assert "KeyError: 'gone'" in message
    assert "caused by ZeroDivisionError: division by zero" in message
    assert "->     raise KeyError('gone') from e" in message
    assert "mean(), In [" in message
    assert "->     return total / len(numbers)" in message
    assert "variables there, at that moment:\nnumbers: list, 0 items\ntotal: int 0" in message
    assert "\x1b" not in message
    assert "site-packages" not in message


OWN_ERROR = """calls = []
class Own(ValueError):
    def __str__(self):
        calls.append(1)
        return "own words"
raise Own(calls)"""


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = = 1", "SyntaxError: invalid syntax\n\nIn [{n}], line 1:\n-> x = = 1\n"),
        (
            OWN_ERROR,
            "Own: own words\n",
        ),
    ],
)
def test_the_words_of_an_error(
    kernel: NotebookKernel, fake: FakeMibyan, source: str, told: str
) -> None:
    """Those that stand below the cell; of code that does not parse, its line in the cell."""
    assert kernel.run(source).ename
    number = kernel.value("len(In)") - 1
    calls = "len(calls) if 'calls' in globals() else 0"
    before = kernel.value(calls)
    kernel.ok("%%mibyan\nWhy @error?")
    assert told.format(n=number) in sent(fake)
    assert "ipykernel_" not in sent(fake)
    assert kernel.value(calls) == before


def test_what_a_failing_cell_has_shown_goes_along(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Its output is part of what happened; without colours."""
    assert kernel.run("print('\\x1b[31mchecked\\x1b[0m 3 rows')\n1 / 0").ename
    number = kernel.value("len(In)") - 1
    kernel.ok("%%mibyan\nWhy @error?")
    assert f"## output of In [{number}]\nchecked 3 rows\n" in sent(fake)


def test_decorators_and_modules_are_no_unknown_variables(kernel: NotebookKernel) -> None:
    kernel.ok("import math\nsession.context = 'auto'")
    kernel.ok("%%mibyan\nWhy @math, @property, @pytest.fixture and @lru_cache(None)?")
    assert kernel.value("session.history[-1].receipt.notes") == []


def test_what_is_mentioned_and_unknown_is_told(kernel: NotebookKernel) -> None:
    """In the receipt, and below the answer; a word that is nearly no level is one like others."""
    kernel.ok("box = {'lid': 1}\nsession.context = 'auto'")
    asked = kernel.ok("%%mibyan\nWhat is in @bxo:names, @box:lid and @figure?")
    notes = kernel.value("session.history[-1].receipt.notes")
    assert sorted(notes) == ["no figure is known", "no variable bxo is known"]
    assert ", no variable bxo is known (+1)" in asked.html


FIGURE = """import matplotlib
matplotlib.use("module://matplotlib_inline.backend_inline")
import matplotlib.pyplot as plt
from IPython import get_ipython
get_ipython().run_line_magic("matplotlib", "inline")"""


def test_a_figure_that_was_shown_is_read(
    kernel: NotebookKernel, fake: FakeMibyan, stack: str
) -> None:
    """The common one: drawn with pyplot, shown below its cell, and held by no variable."""
    if stack == "floors":
        pytest.skip("the floors have no matplotlib")
    kernel.ok(FIGURE, timeout=60)
    kernel.ok("plt.plot([1, 2, 3], [10, 20, 40])\nplt.title('Rain')\nplt.ylabel('mm');", timeout=60)
    number = kernel.value("len(In)") - 1
    kernel.ok("%%mibyan\nWhat does @figure show?")
    message = sent(fake)
    assert f"## figure of In [{number}]\nfigure: matplotlib.Figure, 1 axes 'Rain'" in message
    assert "y 'mm'" in message
    assert "Line2D: 3 points; x 1 … 3; y 10 … 40" in message
    kernel.ok(f"%%mibyan\nAnd @cell:{number}?")
    assert "Line2D: 3 points" in sent(fake).partition("## output of")[2]


def test_a_cell_that_loads_us_and_does_more_is_kept(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """Cells that only ask, load or set us are left out; not what else stands beside it."""
    kernel.ok("%load_ext mibyan_jupyter\nrate = 0.07")
    kernel.ok("# our settings\n%load_ext mibyan_jupyter\n%config MibyanMagics.context = 'auto'")
    kernel.ok("%%mibyan\nWhere does `rate` come from?")
    assert "\nrate = 0.07\n" in sent(fake)
    assert "our settings" not in sent(fake)


def test_the_order_of_the_page_is_used_where_a_front_end_tells_it(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A front end tells it before a question; then cells that ran out of order are said."""
    first = kernel.ok("box = {'lid': 1}", cell_id="below")
    second = kernel.ok("box['lid'] += 1", cell_id="above")
    assert first.done
    assert second.done
    kernel.ok("%%mibyan\nWhat is @box?")
    assert "out of order" not in sent(fake)
    show_page(kernel, ["above", "below"], {})
    kernel.ok("%%mibyan\nWhat is @box?")
    assert "`box` ran out of order: " in sent(fake)


def test_a_cell_that_was_edited_since_is_said(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A front end tells the texts that are new; what it told before still holds."""
    kernel.ok("box = {'lid': 1}", cell_id="maker")
    show_page(kernel, ["maker"], {"maker": "box = {'lid': 2}"})
    show_page(kernel, ["maker", "asker"], {"asker": "%%mibyan"})
    kernel.ok("%%mibyan\nWhat is @box?")
    assert "`box` was made by a cell that has changed since" in sent(fake)


def test_the_page_keeps_its_place_in_the_queue(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A cell's question finds the page as it stood when it was run; what comes late is older."""
    kernel.ok("box = {'lid': 1}", cell_id="maker")
    busy = kernel.start("import time\ntime.sleep(0.2)")
    edited = {"order": ["maker"], "texts": {"maker": "box = {'lid': 2}"}, "at": 2}
    kernel.start_shell("mibyan_page", edited)
    kernel.ok("%%mibyan\nWhat is @box?")
    assert busy.done
    assert "`box` was made by a cell that has changed since" in sent(fake)
    kernel.start_shell("mibyan_page", {**edited, "texts": {"maker": "box = {'lid': 1}"}, "at": 3})
    kernel.start_shell("mibyan_page", {**edited, "at": 1})
    kernel.ok("%%mibyan\nWhat is @box now?")
    assert "has changed since" not in sent(fake)


def test_odd_keys_of_the_namespace_cost_nothing(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """A variable's name is a text; `globals()` takes any key."""
    kernel.ok("globals()[5] = 1\nbox = {'lid': 1}")
    kernel.ok("%%mibyan\nWhat is @box?")
    kernel.ok("del globals()[5]")
    assert "box: dict" in sent(fake)


def test_locals_are_those_of_the_moment(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """What a local was when the error happened, not what a variable of its name is now."""
    kernel.ok("def f(items):\n    count = len(items) * 7\n    return items[count]")
    assert kernel.run("f([1, 2, 3])").ename == "IndexError"
    kernel.ok("count = 'something else'")
    kernel.ok("%%mibyan\nWhat went wrong with @error?")
    message = sent(fake)
    assert "count: int 21" in message
    assert "items: list, 3 items" in message


def test_a_failure_that_is_past_does_not_go_along(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """After a cell that succeeded the error is only mentioned, with `@error`."""
    assert kernel.run("1/0").ename
    kernel.ok("x = 1")
    kernel.ok("%%mibyan\nHello")
    assert "ZeroDivisionError" not in sent(fake)
    kernel.ok("%%mibyan\nAnd @error?")
    assert "ZeroDivisionError: division by zero" in sent(fake)


@pytest.mark.parametrize(
    ("flags", "has_picture", "has_map"),
    [
        ("", True, True),
        ("-c none", False, False),
        ("-c mentioned", True, False),
        ("-c all", True, False),
        ("--without variables", False, True),
        ("--without cells,variables", False, False),
    ],
)
def test_modes_and_switches(
    kernel: NotebookKernel, fake: FakeMibyan, flags: str, has_picture: bool, has_map: bool
) -> None:
    """How much goes along is chosen by turn; without any the message is the prompt."""
    kernel.ok("box = {'lid': 1}")
    kernel.ok("other = 2")
    kernel.ok(f"%%mibyan {flags}\nWhat is @box?")
    message = sent(fake)
    assert ("box: dict" in message) == has_picture
    assert ('"other = 2"' in message) == has_map
    if flags == "-c none":
        assert message == "What is @box?"


def test_outputs_stay_unless_they_are_named(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Below `rows` only the shape of an output is said; `@cell:n` sends it."""
    kernel.ok("box = 5\nprint('a secret line')\nprint('and another')\nbox")
    number = kernel.value("len(In)") - 1
    kernel.ok("%%mibyan\nWhat is `box`?")
    assert "a secret line" not in sent(fake).replace("print('a secret line')", "")
    assert "(not sent: text, 3 lines)" in sent(fake)
    kernel.ok(f"%%mibyan\nWhat did @cell:{number} say?")
    assert "a secret line\nand another" in sent(fake)


def test_outputs_of_async_cells_and_threads_are_recorded(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """They come after the cell's own statements, and belong to it all the same."""
    kernel.ok("import asyncio\nawait asyncio.sleep(0.01)\nprint('from the async cell')")
    number = kernel.value("len(In)") - 1
    kernel.ok(f"%%mibyan\nWhat did @cell:{number} print?")
    assert "from the async cell" in sent(fake).partition("## output of")[2]


def test_nested_cells_count_once(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """`%%capture` and `%%time` run a cell within the cell."""
    kernel.ok("%%capture caught\nbox = 1\nprint('inside')")
    kernel.ok("%%time\nlid = box + 1")
    kernel.ok("%%mibyan\nWhere does `lid` come from?")
    message = sent(fake)
    assert message.count("%%capture caught") == 1
    assert message.count("%%time") == 1


PROVIDERS = """
import time
from mibyan_jupyter import ContextItem, register_context
class Weather:
    name = "weather"
    def gather(self, question):
        yield ContextItem("weather", "It rains on " + question.prompt)
class Slow:
    name = "slow"
    def gather(self, question):
        time.sleep(1)
        return [ContextItem("slow", "never")]
class Broken:
    name = "broken"
    def gather(self, question):
        raise ValueError("mine")
for each in (Weather, Slow, Broken):
    register_context(each)
"""


def test_providers_of_ones_own(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Their items go along; a slow one is skipped for good, a broken one is left out, and said."""
    kernel.ok(PROVIDERS)
    kernel.ok("%%mibyan\nToday")
    assert "## weather\nIt rains on Today" in sent(fake)
    notes = kernel.value("list(session.history[-1].receipt.notes)")
    assert notes == ["slow left out: TimeoutError", "broken left out: ValueError"]
    kernel.ok("%%mibyan --without weather\nToday")
    assert "It rains" not in sent(fake)
    assert kernel.run("register_context(3)").ename == "TypeError"
    kernel.ok("from mibyan_jupyter.context import provider; provider._registered.clear()")


BUSY = """
import threading, time
from mibyan_jupyter.session.turns import TurnRequest
held = []
def ask():
    held.append(session.submit(TurnRequest("What is @box?")).wait(20))
threading.Thread(target=ask).start()
while not held: time.sleep(0.01)
"""


def test_a_busy_kernel_sends_what_was_recorded(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """Live objects are read on the main thread only; if that is busy the receipt says so."""
    kernel.ok("box = {'lid': 1}")
    kernel.ok(BUSY)
    message = sent(fake)
    assert "box: dict" not in message
    assert "box = {'lid': 1}" in message
    notes = kernel.value("list(session.history[-1].receipt.notes)")
    assert notes == ["live objects not read: kernel busy"]


def test_a_waiting_cell_reads_the_notebook_when_its_turn_starts(
    kernel: NotebookKernel, fake: FakeMibyan
) -> None:
    """A cell that waits in the queue still serves its own reading."""
    kernel.ok("box = {'lid': 1}")
    fake.enqueue(Reply.stream(["one", "!"], hold_after=1))
    kernel.ok(
        "from mibyan_jupyter.session.turns import TurnRequest\n"
        "first = session.submit(TurnRequest('1', context='none'))"
    )
    cell = kernel.start("%%mibyan\nWhat is @box?")
    kernel.wait_until(lambda: "Waiting for an earlier answer" in cell.html, "the placeholder")
    fake.release()
    kernel.finish(cell)
    assert "box: dict" in sent(fake)


def test_aask_reads_the_notebook_too(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """In an async cell the main thread serves the reading itself."""
    kernel.ok("box = {'lid': 1}")
    kernel.ok("answer = await session.aask('What is @box?')")
    assert "box: dict" in sent(fake)


def test_hostile_objects_are_not_touched(kernel: NotebookKernel, fake: FakeMibyan) -> None:
    """No method, property or attribute of a foreign object runs while context is gathered."""
    kernel.ok(
        "touched = []\n"
        "class Hostile:\n"
        "    def __getattribute__(self, name): touched.append(name); raise SystemExit\n"
        "    def __repr__(self): touched.append('repr'); raise SystemExit\n"
        "    def __len__(self): touched.append('len'); return 10**9\n"
        "    def __iter__(self): touched.append('iter'); return self\n"
        "    def __eq__(self, other): touched.append('eq'); return True\n"
        "    def __hash__(self): touched.append('hash'); return 1\n"
        "thing = Hostile()"
    )
    kernel.ok("%%mibyan -c all\nWhat is @thing?")
    assert "thing: <__main__.Hostile>" in sent(fake)
    assert kernel.value("touched") == []


def test_loading_again_keeps_one_recorder(start_kernel: StartKernel, fake: FakeMibyan) -> None:
    """Unloading forgets the cells, loading again records anew, each cell once."""
    kernel = start_kernel(MIBYAN_BASE_URL=fake.base_url)
    kernel.ok("%load_ext mibyan_jupyter")
    kernel.ok("before = 1")
    kernel.ok("%unload_ext mibyan_jupyter\n%load_ext mibyan_jupyter")
    kernel.ok("after = 2")
    kernel.ok("%%mibyan\nHello")
    assert "before = 1" not in sent(fake)
    assert sent(fake).count('"after = 2"') == 1
