"""Persons of the graph as records to be matched: name, year, identity number, what they use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from graphrisk.ingest.facts import UNSOUND
from graphrisk.ingest.resolve.columns import Plan, Shared
from graphrisk.ingest.resolve.matcher import Matches, match
from graphrisk.ingest.resolve.names import by_sign, by_sound
from graphrisk_algorithms.graph import RiskGraph

pc: Any = pyarrow.compute
Int64Array = npt.NDArray[np.int64]
Entries: TypeAlias = tuple[Int64Array, Int64Array]  # two columns
#: Persons on one phone, account or handset beyond which it is a shop's or a firm's.
_HUB = 12
_NOBODY = 1 << 62
PERSONS = Plan(
    texts=("name", "birth_year"),
    shared=(
        # Halves of numbers are no hubs: a city is born on few days and in few places.
        Shared("identity", _NOBODY, doubtful="mistyped", lent=("birth_year", "cells")),
        Shared("phones", _HUB, accompanies=True),
        Shared("accounts", _HUB, accompanies=True),
        Shared("devices", _HUB, accompanies=True, within="cells", around="home"),
        Shared("cells", _NOBODY, accompanies=True),
    ),
    sounds=(("name", "sound"),),
    numbers=("birth_year",),
)


def person_records(graph: RiskGraph) -> pa.Table:
    """One row a person, in nid order: ``nid`` and the columns of ``PERSONS``.

    Cost: a reading for each distinct name, and the joins of phones and accounts with devices.
    """
    persons = graph.nodes["Person"]
    nids = persons.column("nid").to_numpy()
    name, token, halves = (
        persons.column(column).combine_chunks() for column in ("name", "id_token", "id_halves")
    )
    phones, accounts = (_held(graph, kind, nids) for kind in ("OWNS_PHONE", "HOLDS"))
    devices = _devices(graph, [phones, accounts])
    columns = {
        "nid": persons.column("nid"),
        "name": by_sign(name),
        "sound": by_sound(name),
        "birth_year": persons.column("birth_year").cast(pa.string()),
        "identity": _identity(token, halves),
        "mistyped": pc.fill_null(pc.starts_with(token, f"{UNSOUND}:"), False),
        "phones": _lists(phones, len(nids)),
        "accounts": _lists(accounts, len(nids)),
        "devices": _lists(devices, len(nids)),
        "home": _lists(_at_home(graph, nids, devices), len(nids)),
        "cells": _lists(_held(graph, "LIVES_IN", nids), len(nids)),
    }
    return pa.table(columns)


def _identity(token: pa.Array[Any], halves: pa.Array[Any]) -> pa.Array[Any]:
    """The token of the whole and those of its halves: three in common, one, or none."""
    found: pa.Array[Any] = pc.split_pattern(pc.binary_join_element_wise(token, halves, " "), " ")
    return found


def _held(graph: RiskGraph, kind: str, nids: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Row of the holder and nid of what is held, an entry an edge of the kind."""
    edges = graph.edges[kind]
    return np.searchsorted(nids, edges.src), edges.dst


def _devices(graph: RiskGraph, held: list[Entries]) -> Entries:
    """Row of a person and a device that one of his phones or accounts was used on."""
    row, item = (np.concatenate(column) for column in zip(*held, strict=True))
    uses = graph.edges["USES_DEVICE"]
    return _followed((row, item), (uses.src, uses.dst))


def _at_home(graph: RiskGraph, nids: Int64Array, devices: Entries) -> Entries:
    """Row of a person and a device that he or somebody at his address uses.

    Where more than ``_HUB`` live at one address it is no home.
    """
    row, address = _held(graph, "RESIDES_AT", nids)
    _, place, residents = np.unique(address, return_inverse=True, return_counts=True)
    few = residents[place] <= _HUB
    row, address = row[few], address[few]
    theirs = _followed(_followed((row, address), (address, row)), devices)
    mine, used = (np.concatenate(column) for column in zip(devices, theirs, strict=True))
    return mine, used


def _followed(entries: Entries, steps: Entries) -> Entries:
    """The first of each entry with whatever its second leads to."""
    (row, item), (src, dst) = entries, steps
    order = np.argsort(src, kind="stable")
    first, last = (np.searchsorted(src[order], item, side) for side in ("left", "right"))
    count = last - first
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(row, count), dst[order][np.repeat(first, count) + within]


def _lists(entries: tuple[Int64Array, Int64Array], rows: int) -> pa.Array[Any]:
    """A list a row of what stands beside it."""
    row, item = entries
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(row[order], np.arange(rows + 1))
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(item[order]))


def match_persons(graph: RiskGraph) -> Matches:
    """Pairs of persons that may be one; ``left`` and ``right`` are nids."""
    records = person_records(graph)
    found = match(records, PERSONS)
    nids = records.column("nid").to_numpy()
    return replace(found, left=nids[found.left], right=nids[found.right])
