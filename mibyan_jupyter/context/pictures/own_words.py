"""`_repr_llm_`: what the author of a class wants a language model to read about an object.

This is foreign code by consent, so it has a thread of its own, 100 ms, and one chance: a class
whose method is late, fails, or returns no text is not asked again in this process.
"""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.type_names import members, mro, qualified_name
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from mibyan_jupyter.context.pictures.sketch import Terms

PATIENCE = 0.1
_NAME = "_repr_llm_"
_skipped: dict[int, tuple[type, str]] = {}
"""By `id`, since a class may have a foreign `__hash__`; the class is kept, so the id stays its."""


def own_words(value: object, terms: Terms) -> Sketch | None:
    """The object's `_repr_llm_()`; None if it has none, or below `STATS`, or if it is skipped."""
    kind = type(value)
    method = next((members(base)[_NAME] for base in mro(kind) if _NAME in members(base)), None)
    if method is None or kind is type or terms.level < Privacy.STATS:
        return None
    name = f"<{qualified_name(kind)}>"
    if id(kind) not in _skipped:
        answer = _asked(method, value)
        if type(answer) is str:
            return _quoted(name, answer, terms)
        _skipped[id(kind)] = (kind, answer.reason)
    return Sketch(name, (), (f"its {_NAME} {_skipped[id(kind)][1]} and is not called any more",))


def _quoted(name: str, answer: str, terms: Terms) -> Sketch:
    lines = answer[: terms.room].splitlines() or [""]
    notes = (f"first {terms.room} characters of its {_NAME}",) if len(answer) > terms.room else ()
    if len(lines) == 1:
        return Sketch(f"{name} {lines[0]}", (), notes)
    return Sketch(name, tuple(cut(line, 1_000) for line in lines), notes)


class _Failed:
    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Late(SystemExit):
    """Raised inside a `_repr_llm_` that took too long; a thread ends on it without a word."""


def _asked(method: Any, value: object) -> Any:
    answers: list[Any] = []
    thread = threading.Thread(target=_ask, args=(method, value, answers), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if answers:
        return answers[0]
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_Late)
        )
    return _Failed("took longer than 100 ms")


def _ask(method: Any, value: object, answers: list[Any]) -> None:
    try:
        said = method(value)
        answers.append(said if type(said) is str else _Failed("returned no text"))
    except BaseException:  # whatever foreign code raises, even SystemExit, stays in this thread
        answers.append(_Failed("raised an exception"))
