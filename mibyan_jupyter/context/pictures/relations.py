"""duckdb: a relation's columns and types. Its rows would be the result of running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mibyan_jupyter.context.pictures.tables import Column, Table, table_sketch
from mibyan_jupyter.context.pictures.wording import label

if TYPE_CHECKING:
    from mibyan_jupyter.context.pictures.sketch import Sketch, Terms


def relation(value: Any, terms: Terms) -> Sketch:
    """A relation: its columns, which are known without running it."""
    types = value.types
    labels = [label(name) for name in value.columns]
    table = Table("duckdb.DuckDBPyRelation", None, labels, lambda i: Column(str(types[i])))
    return table_sketch(table, terms)


RELATIONS = {"duckdb.DuckDBPyRelation": relation}
