"""Objects that do harm when they are touched, and count how often that happens.

While `TAME` holds something they behave like any `object`, so that they can be put somewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TOUCHES: list[str] = []
TAME: list[bool] = []

_DUNDERS = (
    "__repr__", "__str__", "__bytes__", "__format__", "__getattr__", "__getattribute__", "__len__",
    "__length_hint__", "__iter__", "__next__", "__contains__", "__getitem__", "__hash__", "__eq__",
    "__ne__", "__lt__", "__gt__", "__bool__", "__int__", "__float__", "__index__", "__call__",
    "__array__", "__array_interface__", "__array_struct__", "__array_ufunc__", "__arrow_array__",
    "__arrow_c_array__", "__arrow_c_stream__", "__dataframe__", "__dir__", "__reduce__",
    "__reduce_ex__", "__copy__", "__deepcopy__", "__sizeof__", "__enter__", "__exit__",
    "__instancecheck__", "__subclasscheck__", "__fspath__", "__round__", "__neg__", "__abs__",
    "__add__", "__radd__", "_repr_html_", "_repr_mimebundle_", "shape", "dtype", "columns",
)  # fmt: skip


def counting(name: str, behave: Callable[[Any], Any], base: type) -> Callable[..., Any]:
    def touched(self: object, *rest: object, **named: object) -> Any:
        if TAME:
            return _tame(name, base)(self, *rest, **named)
        TOUCHES.append(name)
        return behave(self)

    return touched


def _tame(name: str, base: type) -> Callable[..., Any]:
    """What a plain object does; its hash is that of a string which dicts here have as a key."""
    if name == "__hash__":
        return lambda _: hash("a")
    if name == "__class__":
        return type
    if not hasattr(base, name):
        raise AttributeError(name)
    method: Callable[..., Any] = getattr(base, name)
    return method


def raises(_: object) -> Any:
    raise RuntimeError("touched")


def _endless(_: object) -> Any:
    while True:
        pass


BEHAVIOURS: dict[str, Callable[[Any], Any]] = {
    "raises": raises,
    "never returns": _endless,
    "returns itself": lambda self: self,
    "exits": lambda _: (_ for _ in ()).throw(SystemExit),
}


def _members(behaviour: str, base: type = object) -> dict[str, Any]:
    behave = BEHAVIOURS[behaviour]
    own = {name: counting(name, behave, base) for name in _DUNDERS}
    return {**own, "__class__": property(counting("__class__", behave, base))}


def hostile(behaviour: str) -> Any:
    """An object of which every special method counts, then behaves in this way."""
    return object.__new__(type("Hostile", (), _members(behaviour)))


def hostile_class(behaviour: str) -> Any:
    """A class with a metaclass of that kind."""
    meta = type("Meta", (type,), _members(behaviour, type))
    return type.__new__(meta, "Odd", (), {"method": None})


def hostile_instance(behaviour: str) -> Any:
    """An object whose class has such a metaclass."""
    return object.__new__(hostile_class(behaviour))
