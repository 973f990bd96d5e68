"""What is wrong in a delivered file: values, rows too many, rows twice, columns renamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.synth.model import IntArray

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
_NEW_COLUMN = "备注"
#: Digits at the end of an id that are drawn anew for a row that should not be there.
_DRAWN = 4
_VILLAGE = 12  # signs of a village's code; a grid cell's number follows


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that a later delivery corrects or withdraws."""

    id: str
    column: str  # empty: the whole row
    kind: str  # mistaken or withdrawn


def mistaken(
    table: pa.Table, mapping: Mapping, share: float, rng: np.random.Generator
) -> tuple[pa.Table, list[Mistake]]:
    """Some rows with a wrong value each: two signs of a text exchanged, or another row's number.

    Only what a row says of its own node or tie is wrong, neither its id nor whom it ties.
    """
    first = mapping.targets[0]
    named = {*mapping.identity, *(end.column for one in mapping.targets for end in one.ends)}
    told = {
        spec.column: spec.conversion
        for spec in first.properties.values()
        if spec.conversion in ("text", "yuan") and spec.column not in {"", *named}
    }
    rows = np.flatnonzero(rng.random(len(table)) < share)
    of = rng.integers(0, max(len(told), 1), len(rows))
    made: list[Mistake] = []
    for place, (name, conversion) in enumerate(told.items()):
        wrong = rows[of == place]
        column = table[name].combine_chunks()
        others = column.take(np.roll(wrong, 1))
        values = _exchanged(column.take(wrong)) if conversion == "text" else others
        differs = np.asarray(pc.fill_null(pc.not_equal(values, column.take(wrong)), False))
        taken = np.arange(len(table))
        taken[wrong[differs]] = len(table) + np.flatnonzero(differs)
        changed = pa.concat_arrays([column, values]).take(taken)
        table = table.set_column(table.column_names.index(name), name, changed)
        ids = _ids(table, mapping, wrong[differs])
        made += [Mistake(one, name, "mistaken") for one in ids]
    return table, made


def with_others(
    table: pa.Table, mapping: Mapping, share: float, rng: np.random.Generator
) -> tuple[pa.Table, list[Mistake]]:
    """Some rows more that should not be there, under ids of their own.

    A tie's id is whom it ties: there two people who exist are tied. Where an id cannot be made up
    (it checks itself, or names somebody else's node) there are none.
    """
    rows = np.flatnonzero(rng.random(len(table)) < share)
    name = mapping.identity[-1]
    own = {t.ends[0].column: t.ends[0].conversion for t in mapping.targets if not t.is_edge}
    if len(mapping.identity) > 1:
        values = table[name].combine_chunks().take(rng.integers(0, len(table), len(rows)))
    elif own.get(name) in ("text", "area_code"):
        texts = map(str, table[name].take(rows).to_pylist())
        drawn = rng.integers(0, 10**_DRAWN, len(rows)).tolist()
        values = pa.array(
            [f"{text[:-_DRAWN]}{n:0{_DRAWN}d}" for text, n in zip(texts, drawn, strict=True)],
            pa.string(),
        )
    else:
        return table, []
    extra = table.take(rows).set_column(table.column_names.index(name), name, values)
    known = set(_ids(table, mapping, np.arange(len(table))))
    ids = _ids(extra, mapping, np.arange(len(extra)))
    fresh = [place for place, one in enumerate(ids) if one not in known and ids.index(one) == place]
    made = [Mistake(ids[place], "", "withdrawn") for place in fresh]
    return pa.concat_tables([table, extra.take(pa.array(fresh, pa.int64()))]), made


def repeated(table: pa.Table, share: float, rng: np.random.Generator) -> pa.Table:
    """Some rows twice, the second time at the end."""
    again = np.flatnonzero(rng.random(len(table)) < share)
    return table.take(np.concatenate([np.arange(len(table)), again]))


def with_codes(table: pa.Table, columns: tuple[str, ...], codes: dict[str, str]) -> pa.Table:
    """The same with other codes of divisions; what follows a village's code stays."""
    for name in columns:
        texts = table[name].combine_chunks().dictionary_encode()
        areas = pc.utf8_slice_codeunits(texts.dictionary, 0, _VILLAGE).to_pylist()
        rests = pc.utf8_slice_codeunits(texts.dictionary, _VILLAGE).to_pylist()
        old = [codes.get(area, area) + rest for area, rest in zip(areas, rests, strict=True)]
        values = pa.array(old, pa.string()).take(texts.indices)
        table = table.set_column(table.column_names.index(name), name, values)
    return table


def renamed(table: pa.Table, mapping: Mapping) -> pa.Table:
    """The same columns under their other names, in another order, and a blank one more."""
    other = {column: alias for alias, column in reversed(list(mapping.aliases.items()))}
    names = [other.get(name, name) for name in table.column_names]
    turned = table.rename_columns(names).select(names[::-1])
    return turned.append_column(_NEW_COLUMN, pa.array([""] * len(table)))


def _exchanged(texts: Any) -> Any:
    """The last two signs of each text exchanged, as a hasty typist does."""
    head, last = pc.utf8_slice_codeunits(texts, 0, -2), pc.utf8_slice_codeunits(texts, -1)
    second = pc.utf8_slice_codeunits(texts, -2, -1)
    return pc.binary_join_element_wise(head, last, second, "")


def _ids(table: pa.Table, mapping: Mapping, rows: IntArray) -> list[str]:
    columns = [table[name].take(rows).cast(pa.string()) for name in mapping.identity]
    found: list[str] = pc.binary_join_element_wise(*columns, " ").to_pylist()
    return found
