"""Columns as a viewer sees them: the same masking as of single values, a column at a time."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa

from graphrisk.access.masking import mask
from graphrisk.analysis.entities import Viewer
from graphrisk_algorithms.graph import EdgeColumns
from graphrisk_schema.model import Property, PropertyType, Sensitivity
from graphrisk_schema.reader import load_schema

_TIME = pa.timestamp("ms", "UTC")
Column: TypeAlias = "pa.ChunkedArray[Any]"


def seen_nodes(kind: str, table: pa.Table, viewer: Viewer, *, times: bool = True) -> pa.Table:
    """``nid, key`` and properties of nodes: texts masked, other values that are not shown null.

    Args:
        kind: Their kind.
        table: A kind's table of a ``RiskGraph``.
        viewer: Who looks.
        times: Times as timestamps, as libraries of tables want them; else as epoch ms.
    """
    described = load_schema().nodes[kind]
    properties = {one.name: one for one in described.properties}
    columns: dict[str, Column] = {"nid": table["nid"]}
    shown = viewer.sees(described.key_sensitivity)
    columns["key"] = table["key"] if shown else _masked(table["key"])
    for name in table.column_names:
        if name in properties:
            columns[name] = _seen(table[name], properties[name], viewer, times)
    return pa.table(columns)


def seen_edges(kind: str, edges: EdgeColumns, viewer: Viewer) -> pa.Table:
    """``eid, src, dst`` and numeric properties; a time of 0 is a missing one."""
    properties = {one.name: one for one in load_schema().edges[kind].properties}
    columns: dict[str, Column] = {
        name: pa.chunked_array([values])
        for name, values in (("eid", edges.eid), ("src", edges.src), ("dst", edges.dst))
    }
    for name, values in edges.columns.items():
        column = pa.chunked_array([pa.array(values)])
        if properties[name].type is PropertyType.TIME:
            column = pa.chunked_array([pa.array(values, mask=values == 0)])
        columns[name] = _seen(column, properties[name], viewer, times=True)
    return pa.table(columns)


def _seen(column: Column, described: Property, viewer: Viewer, times: bool) -> Column:
    if not viewer.sees(described.sensitivity):
        is_text = pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
        if described.sensitivity is Sensitivity.SECRET or not is_text:
            return pa.chunked_array([pa.nulls(len(column), column.type)])
        return _masked(column)
    if times and described.type is PropertyType.TIME:
        return column.cast(_TIME)
    return column


def _masked(column: Column) -> Column:
    """Each text masked; equal ones are masked once."""
    texts = column.cast(pa.string()).combine_chunks().dictionary_encode()
    known = [None if text is None else mask(text) for text in texts.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(known, pa.string()).take(texts.indices)])
