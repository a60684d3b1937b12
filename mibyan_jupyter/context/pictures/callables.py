"""Functions, classes and modules: what can be called, by name. Their source is in the cells."""

from __future__ import annotations

import inspect
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.type_names import (
    library_name,
    members,
    mro,
    qualified_name,
    short_name,
)
from mibyan_jupyter.context.pictures.wording import count, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from types import CodeType, MethodType, ModuleType

    from mibyan_jupyter.context.pictures.sketch import Terms

_MOST_NAMES = 40
_SHOWN_IDS = frozenset(map(id, (int, float, bool, NoneType)))


def function(value: FunctionType, terms: Terms) -> Sketch:
    """A function's signature line. Annotations are left alone: from Python 3.14 on they run."""
    parameters = ", ".join(_parameters(value, terms.level))
    code = value.__code__
    word = "async function" if code.co_flags & inspect.CO_COROUTINE else "function"
    return Sketch(cut(f"{word} {value.__name__}({parameters})", 400))


def _parameters(value: FunctionType, level: Privacy) -> list[str]:
    code = value.__code__
    names = list(code.co_varnames[: code.co_argcount])
    defaults = value.__defaults__ or ()
    first = len(names) - len(defaults)
    words = [
        _parameter(name, defaults[i - first : i - first + 1] if i >= first else (), level)
        for i, name in enumerate(names)
    ]
    if code.co_posonlyargcount:
        words.insert(code.co_posonlyargcount, "/")
    return [*words, *_keyword_parameters(value, code, level)]


def _keyword_parameters(value: FunctionType, code: CodeType, level: Privacy) -> list[str]:
    start, stop = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    extra = list(code.co_varnames[stop:])
    words = []
    if code.co_flags & inspect.CO_VARARGS:
        words.append(f"*{extra.pop(0)}")
    elif stop > start:
        words.append("*")
    defaults = value.__kwdefaults__ or {}
    words += [
        _parameter(name, (defaults[name],) if name in defaults else (), level)
        for name in code.co_varnames[start:stop]
    ]
    return [*words, f"**{extra[0]}"] if code.co_flags & inspect.CO_VARKEYWORDS else words


def _parameter(name: str, default: tuple[object, ...], level: Privacy) -> str:
    if not default:
        return name
    shown = level >= Privacy.STATS and id(type(default[0])) in _SHOWN_IDS
    return f"{name}={literal(default[0])}" if shown else f"{name}=…"


def bound_method(value: MethodType, terms: Terms) -> Sketch:
    """A method's function, and whose method it is."""
    inner = value.__func__
    owner = qualified_name(type(value.__self__))
    if type(inner) is not FunctionType:
        return Sketch(f"method of <{owner}>")
    return Sketch(f"method of <{owner}>: {function(inner, terms).headline}")


def built_in(value: Any, _terms: Terms) -> Sketch:
    """A function written in C: its name."""
    name = value.__name__
    return Sketch(f"built-in function {name}" if type(name) is str else "built-in function")


def described_class(value: type, terms: Terms) -> Sketch:
    """A class: its bases and the names of its public methods, from its own `__dict__`."""
    if library_name(value) is not None:
        return Sketch(f"class {short_name(value)}")
    bases = [qualified_name(base) for base in mro(value)[1:] if base is not object]
    above = f" (from {', '.join(bases[:4])})" if bases else ""
    own = members(value)
    names = [name for name in own if type(name) is str and not name.startswith("_")]
    if terms.level < Privacy.SCHEMA or not names:
        return Sketch(f"class {qualified_name(value)}{above}")
    more = f" and {count(len(names) - _MOST_NAMES)} more" if len(names) > _MOST_NAMES else ""
    lines = (f"defines {', '.join(names[:_MOST_NAMES])}{more}",)
    return Sketch(f"class {qualified_name(value)}{above}", lines)


def module(value: ModuleType, _terms: Terms) -> Sketch:
    """A module: its name and, if it says so itself, its version."""
    found = vars(value)
    name, version = found.get("__name__"), found.get("__version__")
    words = [word for word in (name, version) if type(word) is str and len(word) < 100]
    return Sketch("module " + " ".join(words))
