"""The control of every figure: the same city with its edges torn apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.synth.delivered import read_delivered, source_of, write_delivered
from graphrisk_loaders.synth.model import IntArray, stream

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
#: The ground stays where it is: which division lies in which is no tie of anybody.
_GROUND = ("areas", "grid_cells")
#: How often rows whose id another row has are dealt again.
_DEALS = 1_000


def shuffle_edges(source: Path, out: Path, seed: int) -> None:
    """Copy a delivery with the ends of its edges exchanged at random within each edge kind.

    Every person, number and account keeps as many edges as before, every event its time and
    amount, and every row states as much as it did; who is tied to whom is left to chance. What a
    detector still finds was no ring.
    """
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        mapping = source_of(file)
        if file.is_dir():
            shutil.copytree(file, out / file.name, dirs_exist_ok=True)
        elif mapping is None or not (columns := torn_columns(mapping)):
            shutil.copy(file, out / file.name)
        else:
            rng, table = stream(seed, file.name), read_delivered(file, mapping)
            for name in columns:
                table = _torn(table, name, mapping.identity, rng)
            write_delivered(out / file.name, mapping, table, file)


def torn_columns(mapping: Mapping) -> list[str]:
    """Columns that name the ends of the source's edges, but for what each row is about.

    That is the node it describes, or of a state between two others the first: a lease stays the
    tenant's, and leads to another room.
    """
    if mapping.name in _GROUND:
        return []
    edges = [target.ends for target in mapping.targets if target.is_edge]
    edges += [mapping.calls.ends] if mapping.calls else []
    about = [target.ends[0].column for target in mapping.targets if not target.is_edge]
    if not about and mapping.mode != "events":
        about = [ends[0].column for ends in edges]
    ends = (end.column for both in edges for end in both)
    return [name for name in dict.fromkeys(ends) if name not in about]


def _torn(
    table: pa.Table, name: str, identity: tuple[str, ...], rng: np.random.Generator
) -> pa.Table:
    """The column with its values dealt anew among the rows that have one; no id comes twice."""
    column = table[name].combine_chunks()
    blank = pc.equal(column.cast(pa.string()), "")
    there = np.flatnonzero(~np.asarray(pc.fill_null(blank, True)))
    order = rng.permutation(len(there))
    others = [table[one].take(there) for one in identity if one != name]
    for _ in range(_DEALS if others and name in identity else 0):
        again = np.flatnonzero(_repeated([*others, column.take(there[order])]))
        if not len(again):
            break
        among = np.union1d(again, rng.integers(0, len(order), len(again) + 1))
        order[among] = rng.permutation(order[among])
    taken = np.arange(len(column))
    taken[there] = there[order]
    return table.set_column(table.column_names.index(name), name, column.take(taken))


def _repeated(columns: list[Any]) -> npt.NDArray[np.bool_]:
    """Rows whose values all stand together in an earlier row."""
    coded: IntArray = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values = np.asarray(pc.rank(column, tiebreaker="dense")).astype(np.int64)
        coded = coded * (len(coded) + 1) + values
    first = np.unique(coded, return_index=True)[1]
    found = np.ones(len(coded), np.bool_)
    found[first] = False
    return found
