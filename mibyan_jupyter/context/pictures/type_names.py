"""Who a value is, found out without asking it.

`isinstance`, `type(x).__module__` and `x.attribute` can all run foreign code (`__class__` as a
property, a metaclass with its own `__getattribute__`). The descriptors of `type` itself cannot.
"""

from __future__ import annotations

import sys
from datetime import timezone
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Container

_MRO = type.__dict__["__mro__"]
_DICT = type.__dict__["__dict__"]
_MODULE = type.__dict__["__module__"]
_QUALNAME = type.__dict__["__qualname__"]
_LONGEST = 100

_LIBRARIES = frozenset((
    "_duckdb", "altair", "duckdb", "matplotlib", "mpl_toolkits", "numpy", "pandas", "plotly",
    "polars", "pyarrow", "dateutil", "pytz", "scipy", "sklearn", "torch", "xarray",
))  # fmt: skip
"""Packages whose code is trusted not to surprise."""

_SHARED_IDS = frozenset(map(id, (int, bool, type(None))))
_HARMLESS = frozenset((
    "__abstractmethods__", "__annotate_func__", "__annotations__", "__annotations_cache__",
    "__conditional_annotations__", "__dict__", "__doc__", "__firstlineno__", "__init__",
    "__init_subclass__", "__module__", "__new__", "__orig_bases__", "__parameters__",
    "__qualname__", "__repr__", "__slots__", "__static_attributes__", "__str__", "__weakref__",
    "_abc_impl", "_constructor", "_constructor_expanddim", "_constructor_sliced", "_metadata",
    "_repr_html_", "_repr_llm_",
))  # fmt: skip
"""What a subclass may define of its own although its library class has it: none of it is used."""


def mro(cls: type) -> tuple[type, ...]:
    """The class and its bases, in the order of lookup."""
    found: tuple[type, ...] = _MRO.__get__(cls)
    return found


def is_code(value: object) -> bool:
    """Whether it is a class or a function, as imports bring them."""
    # By identity: `==` and `in` ask a foreign metaclass.
    kind = type(value)
    is_function = kind is FunctionType or kind is BuiltinFunctionType
    return is_function or any(base is type for base in mro(kind))


def members(cls: type) -> Any:
    """The class's own `__dict__`, read-only."""
    return _DICT.__get__(cls)


def stored(value: object, name: str) -> Any:
    """An attribute of an object of a known library, past its `__getattr__`; None if it has none."""
    try:
        return object.__getattribute__(value, name)
    except AttributeError:
        return None


def instance_dict(value: object) -> dict[str, Any]:
    """The attributes set on an object, even if its class has a `__dict__` of its own making."""
    for base in mro(type(value)):
        descriptor = members(base).get("__dict__")
        if type(descriptor) is GetSetDescriptorType:
            found: dict[str, Any] = descriptor.__get__(value)
            return found
    return {}


def has_identity(value: object) -> bool:
    """Whether two names for it are names for one thing: not so of numbers, which Python shares."""
    return id(type(value)) not in _SHARED_IDS


def based_on(cls: type, known: Container[str]) -> str | None:
    """The first of the `known` library classes among the bases, whatever was overridden since:
    for those whose pictures read `instance_dict` only.
    """
    return next((name for base in mro(cls) if (name := library_name(base)) in known), None)


def known_name(cls: type) -> str:
    """`pandas.DataFrame` for a class of a known library, the full name for any other."""
    return library_name(cls) or qualified_name(cls)


def is_known_zone(zone: object) -> bool:
    """Whether a `tzinfo` is somebody's whose methods may be called; no zone is one, too."""
    if zone is None or type(zone) is timezone or type(zone) is ZoneInfo:
        return True
    return (
        based_on(type(zone), ("pytz.BaseTzInfo", "dateutil._tzinfo", "dateutil.tzutc")) is not None
    )


def qualified_name(cls: type) -> str:
    """`module.Type`, or `Type` for what is built in; shortened, and "?" for what is no text."""
    module, name = _text(_module_of(cls)), _text(_QUALNAME.__get__(cls))
    return name if module == "builtins" else f"{module}.{name}"


def short_name(cls: type) -> str:
    """`pandas.DataFrame` for a class of `pandas.core.frame`: what an author writes."""
    top, _, _ = _text(_module_of(cls)).partition(".")
    name = _text(_QUALNAME.__get__(cls))
    return name if top == "builtins" else f"{top.removeprefix('_')}.{name}"


def angled(value: object) -> str:
    """`<module.Type>`: all that is said of a value that is not read."""
    return f"<{qualified_name(type(value))}>"


def library_name(cls: type) -> str | None:
    """`pandas.DataFrame` if the class really is that of a known library, else None.

    A class may claim any name; the module that it claims has to hold this very class.
    """
    module, name = _module_of(cls), _QUALNAME.__get__(cls)
    if type(module) is not str or type(name) is not str:
        return None
    if module.partition(".")[0] not in _LIBRARIES:
        return None
    home = sys.modules.get(module)
    if type(home) is not ModuleType or vars(home).get(name) is not cls:
        return None
    return short_name(cls)


def known_as(cls: type, known: Container[str]) -> str | None:
    """The first of the `known` library classes that this class is, or inherits all from.

    A subclass from the same library counts as its base. Anybody else's does only if it overrides
    nothing of it apart from construction and representation: its methods would be foreign code.
    That goes for all private names, too, since a property may stand before an attribute.
    """
    own: list[type] = []
    for base in mro(cls):
        name = library_name(base)
        if name in known:
            return name if all(_adds_only(sub, base) for sub in own) else None
        own.append(base)
    return None


def _adds_only(sub: type, base: type) -> bool:
    inside = library_name(sub)
    if inside is not None and inside.partition(".")[0] == short_name(base).partition(".")[0]:
        return True
    defined = list(members(sub))
    if any(type(name) is not str for name in defined):
        return False
    added = {name for name in defined if name not in _HARMLESS}
    if any(name.startswith("_") for name in added):
        return False
    return all(added.isdisjoint(members(above)) for above in mro(base))


def _module_of(cls: type) -> object:
    try:
        return _MODULE.__get__(cls)
    except AttributeError:
        return None


def _text(value: object) -> str:
    return value[:_LONGEST] if type(value) is str else "?"
