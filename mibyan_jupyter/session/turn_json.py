"""Turns as JSON values and back, for files. Pure.

Each value is an object with the names of its fields. A reader passes over names that it does not
know, and gives a missing one its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from mibyan_jupyter import errors
from mibyan_jupyter.api.models import Message, Role, Usage
from mibyan_jupyter.context.items import Receipt, ReceiptItem
from mibyan_jupyter.errors import APIStatusError, IncompleteAnswerError, MibyanError
from mibyan_jupyter.session.turns import Answer, CellRun, Source, Status, Turn, TurnRequest

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
T = TypeVar("T")
_KINDS: dict[str, type[MibyanError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type)
    and issubclass(kind, MibyanError)
    and kind is not IncompleteAnswerError
}


def turn_as_json(turn: Turn) -> Json:
    """The turn as JSON values."""
    json: Json = _as_json(turn)
    return json


def turn_from_json(value: object) -> Turn:
    """The turn that `turn_as_json` wrote; raises ValueError for anything that is none."""
    return _built(Turn, value)


def annotations_of(cls: Any) -> dict[str, str]:
    """The fields of a value's class (a dataclass, a NamedTuple), with their types as written."""
    if issubclass(cls, tuple):
        hints = cls.__annotations__.items()
        return {name: str(getattr(hint, "__forward_arg__", hint)) for name, hint in hints}
    return {field.name: str(field.type) for field in fields(cls)}


def _as_json(value: Any) -> Any:
    match value:
        case MibyanError():
            return _error_as_json(value)
        case datetime():
            return value.isoformat()
        case Mapping():
            return dict(value)
    if hasattr(value, "_fields") or is_dataclass(value):
        return {name: _as_json(getattr(value, name)) for name in annotations_of(type(value))}
    return [_as_json(each) for each in value] if isinstance(value, tuple) else value


def _error_as_json(error: MibyanError) -> Json:
    code = getattr(error, "status_code", None)
    return {"kind": type(error).__name__, "what": error.what, "hint": error.hint, "code": code}


def _error(value: Any) -> MibyanError:
    if not isinstance(value, dict):
        raise _wrong("error", value)
    kind = _KINDS.get(str(value.get("kind")), MibyanError)
    if issubclass(kind, IncompleteAnswerError):  # it holds an answer, and no turn holds it
        raise _wrong("turn's error", kind)
    what, hint = _text(value.get("what")), _text(value.get("hint", ""))
    if issubclass(kind, APIStatusError):
        return kind(what, hint, status_code=_exactly(int)(value.get("code")))
    return kind(what, hint)


def _built(cls: type[T], value: object) -> T:
    """A frozen value from an object with its fields' names, each read by its annotation."""
    if not isinstance(value, dict):
        raise _wrong(cls.__name__, value)
    known = {name: READERS[written] for name, written in annotations_of(cls).items()}
    try:
        return cls(**{name: known[name](part) for name, part in value.items() if name in known})
    except TypeError as error:  # a field without a default is missing
        raise ValueError(str(error)) from None


def _of(cls: type[T]) -> Callable[[Any], T]:
    return lambda value: _built(cls, value)


def _exactly(*types: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in types:
            raise _wrong(types[0].__name__, value)
        return value

    return read


def _word(words: tuple[str, ...]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in words:
            raise _wrong(words[0], value)
        return value

    return read


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _each(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(map(read, _exactly(list, tuple)(value)))


def _counts(value: Any) -> dict[str, int]:
    whole = _exactly(int)
    return {name: whole(count) for name, count in _exactly(dict)(value).items()}


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_exactly(str)(value))
    if moment.tzinfo is None:
        raise _wrong("time with its zone", value)
    return moment


def _wrong(wanted: str, value: object) -> ValueError:
    return ValueError(f"not a {wanted}: {type(value).__name__}")


_text = _exactly(str)
READERS: dict[str, Callable[[Any], Any]] = {
    "str": _text,
    "str | None": _optional(_text),
    "bool": _exactly(bool),
    "int": _exactly(int),
    "float | None": _optional(_exactly(float, int)),
    "tuple[str, ...]": _each(_text),
    "datetime | None": _optional(_moment),
    "Status": _word(get_args(Status)),
    "Source": _word(get_args(Source)),
    "Role": _word(get_args(Role)),
    "Literal['whole', 'partial', 'left out']": _word(("whole", "partial", "left out")),
    "Mapping[str, int]": _counts,
    "TurnRequest": _of(TurnRequest),
    "CellRun | None": _optional(_of(CellRun)),
    "Answer | None": _optional(_of(Answer)),
    "tuple[Answer, ...]": _each(_of(Answer)),
    "Usage | None": _optional(_of(Usage)),
    "tuple[Message, ...]": _each(_of(Message)),
    "Receipt | None": _optional(_of(Receipt)),
    "tuple[ReceiptItem, ...]": _each(_of(ReceiptItem)),
    "MibyanError | None": _optional(_error),
}
"""How a field is read, by its annotation."""
