"""Arrays of other libraries: xarray, scipy's sparse ones, torch. Read only where in memory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.cells import rows_to_read
from mibyan_jupyter.context.pictures.numpy_pictures import base_array, column_of
from mibyan_jupyter.context.pictures.sketch import Sketch, cut
from mibyan_jupyter.context.pictures.tables import Column, column_phrase, column_sketch
from mibyan_jupyter.context.pictures.type_names import (
    angled,
    instance_dict,
    known_as,
    library_name,
    short_name,
    stored,
)
from mibyan_jupyter.context.pictures.wording import count, label, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mibyan_jupyter.context.pictures.sketch import Terms

_MOST_VARIABLES = 50


def dataset(value: Any, terms: Terms) -> Sketch:
    """An xarray Dataset: dimensions, coordinates, variables with units."""
    variables = stored(value, "_variables") or {}
    coordinates = stored(value, "_coord_names") or set()
    sizes = stored(value, "_dims") or {}
    lines = [
        _variable_line("coord " if name in coordinates else "", name, variables[name], terms)
        for name in sorted(
            list(variables)[:_MOST_VARIABLES], key=lambda name: name not in coordinates
        )
        if type(name) is str
    ]
    held = len(variables) - len(coordinates)
    head = f"xarray.Dataset {_sizes(sizes)}, {count(held, 'variable')}"
    left = len(variables) - _MOST_VARIABLES
    return Sketch(head, tuple(lines), (f"{left} variables left out",) if left > 0 else ())


def data_array(value: Any, terms: Terms) -> Sketch:
    """An xarray DataArray: dimensions, coordinates, values."""
    variable, coordinates = stored(value, "_variable"), stored(value, "_coords") or {}
    name = stored(value, "_name")
    named = f" {label(name)}" if type(name) is str else ""
    lines = [_variable_line("coord ", key, coordinates[key], terms) for key in coordinates]
    told = column_phrase(
        _variable_column(variable), rows_to_read(_variable_size(variable)), terms.level
    )
    lines += [f"values: {told}"] if told else []
    return Sketch(f"xarray.DataArray{named} {_variable_head(variable)}", tuple(lines))


def _sizes(sizes: Any) -> str:
    return "(" + ", ".join(f"{label(name)} {count(size)}" for name, size in sizes.items()) + ")"


def _variable_line(role: str, name: object, variable: Any, terms: Terms) -> str:
    column, size = _variable_column(variable), _variable_size(variable)
    rows = rows_to_read(size)
    told = column_phrase(column, rows, terms.level)
    part = f" (from {count(len(rows))} of {count(size)})" if told and len(rows) < size else ""
    phrase = f", {told}{part}" if told else ""
    return cut(f"{role}{label(name)}: {_variable_head(variable)}{phrase}", 300)


def _variable_head(variable: Any) -> str:
    """`float64 (time 365, lat 90) in K, Air temperature`."""
    held, dims = stored(variable, "_data"), stored(variable, "_dims") or ()
    shape = getattr(held, "shape", ()) if _numpy_of(held) is not None else ()
    sizes = zip(dims, shape, strict=False) if shape else ()
    words = ", ".join(f"{label(dim)} {count(size)}" for dim, size in sizes) or ", ".join(
        map(label, dims)
    )
    array = _numpy_of(held)
    dtype = str(array.dtype) if array is not None else f"<{short_name(type(held))}, not loaded>"
    attrs = stored(variable, "_attrs")
    unit = attrs.get("units") if type(attrs) is dict else None
    return f"{dtype} ({words})" + (f" in {label(unit, 20)}" if type(unit) is str else "")


def _numpy_of(held: Any) -> Any:
    """The array behind a variable if it is in memory: an index, or an ndarray; else None."""
    if known_as(type(held), ("numpy.ndarray",)) is not None:
        return base_array(held)
    index = stored(held, "array") if known_as(type(held), _INDEX_ADAPTERS) else None
    if index is not None and known_as(type(index), ("pandas.Index",)):
        plain = stored(index, "_data")
        ndarray = stored(plain, "_ndarray") if plain is not None else None
        found = plain if ndarray is None else ndarray
        return found if type(found) is sys.modules["numpy"].ndarray else None
    return None


_INDEX_ADAPTERS = ("xarray.PandasIndexingAdapter",)


def _variable_column(variable: Any) -> Column:
    array = _numpy_of(stored(variable, "_data"))
    return Column("") if array is None else column_of(array.reshape(-1))


def _variable_size(variable: Any) -> int:
    array = _numpy_of(stored(variable, "_data"))
    return 0 if array is None else int(array.size)


def sparse(value: Any, terms: Terms) -> Sketch:
    """A scipy sparse array: shape, density, and the stored values."""
    rows, *columns = stored(value, "_shape")
    size = rows * (columns[0] if columns else 1)
    data = stored(value, "data")
    shape = " × ".join(count(side) for side in (rows, *columns))
    if type(data) is not sys.modules["numpy"].ndarray or data.dtype == object:
        return Sketch(f"{short_name(type(value))} {shape}")
    dense = f" ({share(data.size, size)})" if size else ""
    head = f"{short_name(type(value))} {data.dtype} {shape}, {count(data.size)} stored{dense}"
    sketch = column_sketch("", data.size, column_of(data.reshape(-1)), terms)
    return Sketch(head, sketch.lines, sketch.notes)


def tensor(value: Any, terms: Terms) -> Sketch:
    """A torch tensor: type, shape, device, whether it has a gradient; values if on the CPU."""
    base = sys.modules["torch"].Tensor
    shape = tuple(base.size(value))
    words = [f"{short_name(type(value))} {str(value.dtype).removeprefix('torch.')}"]
    words.append("shape " + (" × ".join(map(count, shape)) or "()"))
    words += [str(value.device)] if value.device.type != "cpu" else []
    words += ["requires grad"] if value.requires_grad else []
    head = ", ".join(words)
    if value.device.type != "cpu" or value.layout is not sys.modules["torch"].strided:
        return Sketch(head)
    if not base.is_contiguous(value) and base.numel(value) > 1_000_000:
        return Sketch(head)
    sketch = column_sketch("", base.numel(value), Column("", _tensor_reader(value)), terms)
    return Sketch(head, sketch.lines, sketch.notes)


def _tensor_reader(value: Any) -> Any:
    torch = sys.modules["torch"]
    flat = torch.Tensor.reshape(torch.Tensor.detach(value), (-1,))

    def read(rows: Sequence[int]) -> Sequence[object]:
        chosen = torch.as_tensor(list(rows), dtype=torch.int64)
        cells: list[object] = torch.index_select(flat, 0, chosen).tolist()
        return cells

    return read


def network(value: Any, terms: Terms) -> Sketch:
    """A torch module, of torch or of the user: its layers by name, the shapes of its parameters."""
    found = instance_dict(value)
    layers = found.get("_modules") or {}
    parameters = (found.get("_parameters") or {}).values()
    shapes = [" × ".join(map(str, p.shape)) for p in parameters if known_as(type(p), _TENSORS)]
    own = library_name(type(value)) is not None
    kind = short_name(type(value)) if own else f"{angled(value)}, a torch.nn.Module"
    told = f" ({', '.join(shapes)})" if shapes else ""
    some = list(layers.items())[:_MOST_VARIABLES]
    return Sketch(
        f"{kind}{told}", tuple(f"{label(name)}: {terms.headline(one)}" for name, one in some)
    )


_TENSORS = ("torch.Tensor", "torch.Parameter")

ARRAY_LIKES = {
    "xarray.Dataset": dataset,
    "xarray.DataArray": data_array,
    **{
        f"scipy.{layout}_{kind}": sparse
        for layout in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")
        for kind in ("array", "matrix")
    },
    "torch.Tensor": tensor,
    "torch.Parameter": tensor,
}

NETWORKS = {"torch.Module": network}
