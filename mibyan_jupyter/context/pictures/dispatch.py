"""From a value's exact type to the function that draws it."""

from __future__ import annotations

import collections
import datetime as dt
import time
import types
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures import callables, containers, plain
from mibyan_jupyter.context.pictures.array_likes import ARRAY_LIKES, NETWORKS
from mibyan_jupyter.context.pictures.arrow_pictures import ARROW
from mibyan_jupyter.context.pictures.declarative_figures import DECLARATIVE_FIGURES
from mibyan_jupyter.context.pictures.estimators import ESTIMATORS
from mibyan_jupyter.context.pictures.figure_pictures import FIGURES
from mibyan_jupyter.context.pictures.numpy_pictures import NUMPY
from mibyan_jupyter.context.pictures.own_words import own_words
from mibyan_jupyter.context.pictures.pandas_pictures import PANDAS
from mibyan_jupyter.context.pictures.polars_pictures import POLARS
from mibyan_jupyter.context.pictures.relations import RELATIONS
from mibyan_jupyter.context.pictures.sketch import Picture, Sketch, Terms, finished
from mibyan_jupyter.context.pictures.type_names import (
    angled,
    based_on,
    known_as,
    library_name,
    mro,
    short_name,
)
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 0.3
"""Seconds after which the loops of one picture stop where they are."""

_BUILT_IN: dict[type, Callable[[Any, Terms], Sketch]] = {
    types.NoneType: plain.nothing,
    bool: plain.scalar,
    int: plain.whole_number,
    float: plain.scalar,
    complex: plain.scalar,
    Decimal: plain.scalar,
    dt.date: plain.scalar,
    dt.datetime: plain.instant,
    dt.timedelta: plain.scalar,
    str: plain.text,
    bytes: plain.text,
    bytearray: plain.raw_buffer,
    memoryview: plain.raw_buffer,
    range: plain.number_range,
    slice: plain.number_range,
    list: containers.sequence,
    tuple: containers.sequence,
    collections.deque: containers.sequence,
    set: containers.unordered,
    frozenset: containers.unordered,
    dict: containers.mapping,
    collections.OrderedDict: containers.mapping,
    collections.defaultdict: containers.mapping,
    collections.Counter: containers.counter,
    types.FunctionType: callables.function,
    types.MethodType: callables.bound_method,
    types.BuiltinFunctionType: callables.built_in,
    types.ModuleType: callables.module,
}
_BUILT_IN_BY_ID = {id(kind): draw for kind, draw in _BUILT_IN.items()}
"""By `id`: a foreign metaclass may define `__hash__` and `__eq__`."""

_LIBRARIES: dict[str, Callable[[Any, Terms], Sketch]] = {
    **NUMPY,
    **PANDAS,
    **POLARS,
    **ARROW,
    **FIGURES,
    **DECLARATIVE_FIGURES,
    **ARRAY_LIKES,
    **RELATIONS,
}
_BASES: dict[str, Callable[[Any, Terms], Sketch]] = {**ESTIMATORS, **NETWORKS}
"""Meant to be subclassed: these pictures read instance dicts only, so overrides do not matter."""


def picture(value: object, name: str, *, level: Privacy, limit: int, prompt: str = "") -> Picture:
    """What an analyst should know of `value`, the variable `name`, in at most `limit` characters.

    `prompt` is the user's question; the columns of a wide frame that it names come first. Never
    raises, whatever the object does: it is not asked anything (see `type_names`), and what a
    library cannot tell about its own object is left out.
    """
    room = max(limit - len(name) - 2, 0)
    terms = Terms(level, room, prompt, time.perf_counter() + PATIENCE, _look, name)
    return finished(name, _look(value, terms), limit)


def _look(value: object, terms: Terms) -> Sketch:
    try:
        if terms.level < Privacy.SCHEMA:
            return Sketch(_kind(value))
        return own_words(value, terms) or _drawn(value, terms)
    except KeyboardInterrupt:
        raise
    except BaseException:  # the last resort, also for panics of polars: no object costs a question
        return Sketch(angled(value), (), ("it could not be read",))


def _drawn(value: object, terms: Terms) -> Sketch:
    kind = type(value)
    if id(kind) in _BUILT_IN_BY_ID:
        return _BUILT_IN_BY_ID[id(kind)](value, terms)
    if any(base is type for base in mro(kind)):
        return callables.described_class(value, terms)  # type: ignore[arg-type]  # its type is a type
    if known := known_as(kind, _LIBRARIES):
        return _LIBRARIES[known](value, terms)
    if known := based_on(kind, _BASES):
        return _BASES[known](value, terms)
    return Sketch(angled(value))


def _kind(value: object) -> str:
    """The type alone: bare where it is known, in angle brackets where it is not."""
    kind = type(value)
    if id(kind) in _BUILT_IN_BY_ID:
        return short_name(kind)
    if any(base is type for base in mro(kind)):
        return "class"
    return library_name(kind) or angled(value)
