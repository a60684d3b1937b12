"""scikit-learn: an estimator's parameters that differ from their defaults, and what it learned."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.type_names import (
    angled,
    instance_dict,
    library_name,
    members,
    mro,
)
from mibyan_jupyter.context.pictures.wording import label, literal
from mibyan_jupyter.context.privacy import Privacy

if TYPE_CHECKING:
    from mibyan_jupyter.context.pictures.sketch import Terms

_SIMPLE_IDS = frozenset(map(id, (int, float, bool, str, type(None))))
_LONGEST_WORD = 24
"""Characters of a parameter that is a choice ("lbfgs") and no text."""


def estimator(value: Any, terms: Terms) -> Sketch:
    """An estimator: whether it is fitted, its parameters, its steps, its learned attributes."""
    found = instance_dict(value)
    learned = {name: found[name] for name in found if name.endswith("_") and name[0] != "_"}
    own = [name for name in found if name[0] != "_" and name not in learned]
    steps = _steps(found)
    lines = [f"{label(name)}: {terms.headline(part)}" for name, part in steps]
    if terms.level >= Privacy.STATS:
        told = _parameters(type(value), {name: found[name] for name in own})
        lines += [f"parameters: {told}"] if told else []
    lines += [cut(f"{name}: {_brief(part, terms)}", 200) for name, part in learned.items()]
    fitted = "" if steps else ", fitted" if learned else ", not fitted"
    return Sketch(f"{_named(value)}{fitted}", tuple(lines))


def _named(value: object) -> str:
    """`sklearn.linear_model.LogisticRegression`: the module that it is imported from."""
    kind = type(value)
    if library_name(kind) is None:
        return f"{angled(value)}, a sklearn estimator"
    return f"{kind.__module__.partition('._')[0]}.{kind.__qualname__}"


def _steps(found: dict[str, Any]) -> list[tuple[object, object]]:
    """The steps of a pipeline, the parts of a union or a column transformer."""
    for name in ("steps", "transformers", "transformer_list", "estimators"):
        steps = found.get(name)
        if type(steps) is list:
            return [step[:2] for step in steps if type(step) is tuple and len(step) > 1]
    return []


def _parameters(kind: type, values: dict[str, object]) -> str:
    """Parameters whose value is simple and not the default, in the order they were given."""
    usual = _defaults(kind)
    told = []
    for name, value in values.items():
        simple = id(type(value)) in _SIMPLE_IDS and not _is_text(value)
        default = usual.get(name)
        same = type(default) is type(value) and default == value if simple else False
        if simple and not same:
            told.append(f"{name}={literal(value)}")
    return ", ".join(told)


def _is_text(value: object) -> bool:
    return type(value) is str and len(value) > _LONGEST_WORD


def _defaults(kind: type) -> dict[str, object]:
    init = next(
        (members(base)["__init__"] for base in mro(kind) if "__init__" in members(base)), None
    )
    if type(init) is not FunctionType:
        return {}
    function: FunctionType = init
    code, given = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    pairs = zip(positional[len(positional) - len(given) :], given, strict=True)
    return {**dict(pairs), **(function.__kwdefaults__ or {})}


def _brief(part: object, terms: Terms) -> str:
    sketch = terms.look(part, terms)
    told = [line for line in sketch.lines if line.startswith("values: ")]
    return ", ".join([sketch.headline, *(line.removeprefix("values: ") for line in told)])


ESTIMATORS = {"sklearn.BaseEstimator": estimator}
