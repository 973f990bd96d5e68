"""One delivered file on its way into the store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.runs import Gathered, Remembered
from graphrisk.core.table import Table
from graphrisk.ingest.facts import Facts
from graphrisk.ingest.hashing import fingerprints
from graphrisk.ingest.nids import Nids
from graphrisk.ingest.rejects import Reject
from graphrisk.store.contract import BatchInfo, Int64Array, Writer
from graphrisk.store.raw import RawCalls
from graphrisk_loaders.mapping import Calls, End, Mapping, Target

_TWICE = "this id stands in the delivery before, with other content"
_KNOWN = "an event with this id is known, with other content"
_MIX = np.int64(-7046029254386353131)  # odd: multiplication by it is a bijection of 64-bit numbers


class Named:
    """What a delivery of states names: its rows, and by kind the identities of their facts.

    On the disk of ``folder`` where there are many: a register of a province has 50 million rows.
    """

    def __init__(self, folder: Path) -> None:
        self.rows = Remembered(folder)  # content by identity
        self.akeys: defaultdict[str, Gathered] = defaultdict(partial(Gathered, folder))
        self.unreadable = 0  # rows whose identity could not be read

    def close(self) -> None:
        """Let go of the disk."""
        for gathered in self.akeys.values():
            gathered.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one block."""

    loaded: int
    unchanged: int
    rejects: list[Reject]


class Delivery:
    """Writes the blocks of one file."""

    def __init__(
        self, mapping: Mapping, info: BatchInfo, folder: Path, writer: Writer, nids: Nids
    ) -> None:
        self._mapping = mapping
        self._info = info
        self._writer = writer
        self._nids = nids
        # Of each target, whatever its place in the mapping: its facts stay the same facts.
        self._labels = fingerprints(pa.array([one.label for one in mapping.targets], pa.string()))
        self._raw = RawCalls(folder, mapping.name, writer) if mapping.calls else None

    def remember(self, facts: Facts, named: Named) -> list[Reject]:
        """Note the identities of rows that an earlier load has written, and what it set aside."""
        _, twice = self._unique(facts, named)
        self._name(facts, named)
        return _rejects(facts, twice)

    def write(self, facts: Facts, named: Named) -> Outcome:
        """Write a block into the store's open transaction."""
        fresh, twice = self._unique(facts, named)
        self._name(facts, named)
        rejects = _rejects(facts, twice)
        again = facts.good & ~fresh & ~twice
        rows = np.flatnonzero(facts.good & fresh)
        if self._mapping.calls is not None:
            loaded, conflicts = self._write_calls(facts, rows, self._mapping.calls)
        else:
            loaded, conflicts = self._write_targets(facts, rows)
        rejects += [Reject(int(line), "", "", _KNOWN) for line in facts.lines[conflicts]]
        unchanged = len(rows) - loaded - len(conflicts) + int(again.sum())
        return Outcome(loaded, unchanged, rejects)

    def _unique(
        self, facts: Facts, named: Named
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Masks: rows whose identity is new in the delivery, rows that contradict an earlier one.

        Events are compared within the block; the store holds what went before.
        """
        settle = Table().settle if self._mapping.mode == "events" else named.rows.settle
        good = np.flatnonzero(facts.good)
        held, new = settle(facts.akeys[good], facts.digests[good])
        fresh = np.zeros(len(facts.lines), np.bool_)
        twice = np.zeros(len(facts.lines), np.bool_)
        fresh[good] = new
        twice[good] = held != facts.digests[good]
        return fresh, twice

    def _name(self, facts: Facts, named: Named) -> None:
        """Rows at fault name all that they might state: a typing error ends nothing.

        Of the others only an optional target whose column is blank is not named: that is how its
        end is told.
        """
        if self._mapping.mode != "full":
            return
        named.unreadable += int((~facts.known).sum())
        for place, target in enumerate(self._mapping.targets):
            there = facts.known
            if target.optional:
                there = there & (_present(facts, target) | ~facts.good)
            akeys = _target_akeys(facts.akeys[there], self._labels[place])
            named.akeys[target.kind].add(akeys)

    def _write_targets(self, facts: Facts, rows: Int64Array) -> tuple[int, Int64Array]:
        """Every target of the mapping; the first, which every row has, tells what is new."""
        loaded, conflicts = 0, np.empty(0, np.int64)
        for place, target in enumerate(self._mapping.targets):
            there = rows[_present(facts, target)[rows]]
            table = self._table(facts, target, place, there)
            if target.is_edge:
                result = self._writer.upsert_edges(target.kind, table, self._info)
            else:
                result = self._writer.upsert_nodes(target.kind, table, self._info)
            if place == 0:
                loaded, conflicts = result.loaded, there[result.conflicts]
        return loaded, conflicts

    def _table(self, facts: Facts, target: Target, place: int, rows: Int64Array) -> pa.Table:
        names = ("src", "dst") if target.is_edge else ("nid",)
        columns: dict[str, Int64Array | pa.Array[pa.Scalar[pa.DataType]]] = {}
        for name, end in zip(names, target.ends, strict=True):
            columns[name] = self._resolve(facts, end, rows)
        columns["akey"] = _target_akeys(facts.akeys[rows], self._labels[place])
        columns["digest"] = facts.digests[rows]
        columns["row"] = facts.lines[rows]
        for name, column in facts.columns[place].items():
            columns[name] = column.take(rows)
        if self._mapping.mode != "events":
            columns.setdefault("valid_from", np.full(len(rows), BEGIN))
            columns.setdefault("valid_to", np.full(len(rows), OPEN))
        return pa.table(columns)

    def _resolve(self, facts: Facts, end: End, rows: Int64Array) -> Int64Array:
        return self._nids.of(end.kind, facts.keys[end].take(rows))

    def _write_calls(self, facts: Facts, rows: Int64Array, calls: Calls) -> tuple[int, Int64Array]:
        assert self._raw is not None
        ends = {
            name: self._resolve(facts, end, rows)
            for name, end in zip(("src", "dst"), calls.ends, strict=True)
        }
        table = pa.table(
            {
                "akey": facts.akeys[rows],
                "digest": facts.digests[rows],
                **ends,
                "at": facts.calls["at"].take(rows),
                "seconds": facts.calls["seconds"].take(rows),
            }
        )
        result = self._raw.add(table, self._info.delivery)
        self._writer.merge_aggregates(calls.kind, result.sums, self._info)
        return int(result.loaded.sum()), rows[result.conflicts]


def _rejects(facts: Facts, twice: npt.NDArray[np.bool_]) -> list[Reject]:
    return facts.rejects + [Reject(int(line), "", "", _TWICE) for line in facts.lines[twice]]


def _present(facts: Facts, target: Target) -> npt.NDArray[np.bool_]:
    """Rows in which every end of the target is named."""
    there = np.ones(len(facts.lines), np.bool_)
    for end in target.ends:
        there &= np.asarray(facts.keys[end].is_valid())
    return there


def _target_akeys(akeys: Int64Array, label: np.int64) -> Int64Array:
    """Identity of the fact that a target states of each row: another one for each label."""
    with np.errstate(over="ignore"):
        found: Int64Array = (akeys + label) * _MIX
    return found
