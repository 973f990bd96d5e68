"""The contract in plain Python: lists of rows, every question answered by looking at all of them.

Slow and obvious on purpose: what the engines do with indexes is compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import AsOf, BatchInfo
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema
from tests.contract.deliveries import Row

_SUMS = ("count", "seconds", "days")
_STATED = ("valid_from", "valid_to")


@dataclass(slots=True)
class Fact:
    """A version of an assertion, an event or a sum."""

    kind: str
    ends: tuple[int, ...]  # (nid,) or (src, dst)
    vid: int  # eid where rows have no versions
    eid: int
    batch: int
    seq: int
    akey: int
    digest: int
    row: int | None
    values: dict[str, object]
    valid: tuple[int, int] = (BEGIN, OPEN)
    known: tuple[int, int] = (BEGIN, OPEN)


@dataclass
class Counters:
    """Next numbers, the last sequence, the latest known time."""

    nid: int = 0
    eid: int = 0
    vid: int = 0
    version: int = 0
    latest: int = BEGIN


@dataclass
class Oracle:
    """A store: all that is committed, or, within a transaction, all that will be."""

    counters: Counters = field(default_factory=Counters)
    nodes: dict[int, tuple[str, str, int]] = field(default_factory=dict)  # kind, key, seq
    facts: list[Fact] = field(default_factory=list)
    batches: list[BatchInfo] = field(default_factory=list)
    erased: dict[int, int] = field(default_factory=dict)
    scores: dict[tuple[int, str], tuple[float, str]] = field(default_factory=dict)
    changed: bool = False

    # --- what a transaction does ------------------------------------------------------------

    def commit(self) -> None:
        """The next version, if facts changed."""
        self.counters.version += self.changed
        self.changed = False

    def resolve(self, kind: str, keys: Sequence[str]) -> list[int]:
        """See the contract."""
        return [self._resolved(kind, key) for key in keys]

    def upsert(self, kind: str, rows: pa.Table, info: BatchInfo) -> tuple[int, int, list[int]]:
        """States of nodes or edges, or events: loaded, unchanged, conflicts."""
        is_event = nature_of(kind) is Nature.EVENT
        stored = {f.akey: f for f in self.of(kind) if f.known[1] == OPEN}
        written: list[tuple[Row, Fact | None]] = []
        unchanged, conflicts = 0, []
        for place, row in enumerate(rows.to_pylist()):
            old = stored.get(row["akey"])
            if old is not None and old.digest == row["digest"]:
                unchanged += 1
            elif old is not None and is_event:
                conflicts.append(place)
            else:
                written.append((row, old))
        number = self._batch(info) if written else 0
        for row, old in written:
            if old is not None:
                old.known, old.seq = (old.known[0], info.known_at), self.seq
            self._write(kind, row, number, info, old)
        return len(written), unchanged, conflicts

    def merge_sums(self, kind: str, rows: pa.Table, info: BatchInfo) -> int:
        """See ``merge_aggregates``."""
        stored = {f.ends: f for f in self.of(kind)}
        for row in rows.to_pylist():
            found = stored.get((row["src"], row["dst"]))
            number = self._batch(info)
            if found is None:
                self._write(kind, row, number, info, None)
                continue
            for name in _SUMS:
                found.values[name] += row[name]
            found.values["first"] = min(found.values["first"], row["first"])
            found.values["last"] = max(found.values["last"], row["last"])
            found.batch, found.seq, self.changed = number, self.seq, True
        return rows.num_rows

    def close_absent(self, kind: str, source: str, akeys: set[int], info: BatchInfo) -> int:
        """See the contract."""
        ended = [
            fact
            for fact in self.of(kind)
            if fact.known[1] == OPEN
            and fact.valid[1] > info.known_at
            and self.batches[fact.batch - 1].source == source
            and fact.akey not in akeys
        ]
        number = self._batch(info) if ended else 0
        for fact in ended:
            row = fact.values | dict(zip(_STATED, (fact.valid[0], info.known_at), strict=True))
            row |= dict(zip(ends_of(kind), fact.ends, strict=True))
            row |= {"akey": fact.akey, "digest": -(2**63), "row": fact.row}
            fact.known, fact.seq = (fact.known[0], info.known_at), self.seq
            self._write(kind, row, number, info, fact)
        return len(ended)

    def delete(self, nids: Iterable[int]) -> int:
        """See the contract."""
        gone = {nid for nid in nids if nid in self.nodes}
        for nid in gone:
            del self.nodes[nid]
            self.erased[nid] = self.seq
        self.facts = [fact for fact in self.facts if gone.isdisjoint(fact.ends)]
        self.scores = {key: kept for key, kept in self.scores.items() if key[0] not in gone}
        self.changed |= bool(gone)
        return len(gone)

    def write_scores(self, model: str, run: str, scores: dict[int, float]) -> int:
        """See the contract; all nids exist."""
        before = {nid: kept for (nid, of), kept in self.scores.items() if of == model}
        for nid in before.keys() - scores.keys():
            del self.scores[nid, model]
        differs = [n for n, score in scores.items() if n not in before or before[n][0] != score]
        self.scores |= {(nid, model): (scores[nid], run) for nid in differs}
        return len(differs)

    # --- what reads ask for ------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """The sequence of the open transaction."""
        return self.counters.version + 1

    def of(self, kind: str) -> list[Fact]:
        """All facts of a kind in the order of their numbers."""
        return sorted((f for f in self.facts if f.kind == kind), key=lambda fact: fact.vid)

    def at(self, kind: str, place: int, nid: int) -> list[Fact]:
        """The facts of a kind that have a node at one end (0: near, 1: far)."""
        return [fact for fact in self.of(kind) if fact.ends[place] == nid]

    def sees(self, as_of: AsOf) -> Callable[[Fact], bool]:
        """Which facts a read sees."""
        at = self.counters.latest if as_of.valid_at is None else as_of.valid_at

        def seen(fact: Fact) -> bool:
            if nature_of(fact.kind) is not Nature.STATE:
                learnt = self.batches[fact.batch - 1].known_at
                return as_of.known_at is None or learnt <= as_of.known_at
            if as_of.known_at is None:
                believed = fact.known[1] == OPEN
            else:
                believed = fact.known[0] <= as_of.known_at < fact.known[1]
            return believed and fact.valid[0] <= at < fact.valid[1]

        return seen

    def seen(self, kind: str, as_of: AsOf) -> list[Fact]:
        """The facts of a kind that a read sees, in the order of their numbers."""
        return list(filter(self.sees(as_of), self.of(kind)))

    # --- inside --------------------------------------------------------------------------------

    def _resolved(self, kind: str, key: str) -> int:
        for nid, (of, name, _) in self.nodes.items():
            if (of, name) == (kind, key):
                return nid
        nid = self.counters.nid
        self.counters.nid += 1
        self.nodes[nid] = (kind, key, self.seq)
        self.changed = True
        return nid

    def _batch(self, info: BatchInfo) -> int:
        if info not in self.batches:
            self.batches.append(info)
            self.counters.latest = max(self.counters.latest, info.known_at)
        return self.batches.index(info) + 1

    def _write(self, kind: str, row: Row, batch: int, info: BatchInfo, old: Fact | None) -> None:
        properties = {name: row.get(name) for name in properties_of(kind)}
        is_state, is_edge = nature_of(kind) is Nature.STATE, len(ends_of(kind)) == 2
        eid = self._next("eid") if is_edge and old is None else -1 if old is None else old.eid
        fact = Fact(
            kind,
            tuple(_integer(row[end]) for end in ends_of(kind)),
            self._next("vid") if is_state else eid,
            eid,
            batch,
            self.seq,
            _integer(row.get("akey", 0)),
            _integer(row.get("digest", 0)),
            None if nature_of(kind) is Nature.AGGREGATE else _integer(row["row"]),
            properties,
        )
        if is_state:
            fact.valid = (_integer(row["valid_from"]), _integer(row["valid_to"]))
            fact.known = (info.known_at, OPEN)
        self.facts.append(fact)
        self.changed = True

    def _next(self, counter: str) -> int:
        number: int = getattr(self.counters, counter)
        setattr(self.counters, counter, number + 1)
        return number


def nature_of(kind: str) -> Nature:
    """Nature of an edge kind; assertions of nodes are states."""
    edge = load_schema().edges.get(kind)
    return Nature.STATE if edge is None else edge.nature


def ends_of(kind: str) -> tuple[str, ...]:
    """Columns that name nodes."""
    return ("src", "dst") if kind in load_schema().edges else ("nid",)


def properties_of(kind: str) -> list[str]:
    """Names of the properties of a node or edge kind."""
    schema = load_schema()
    return [p.name for p in (schema.nodes | schema.edges)[kind].properties]


def _integer(value: object) -> int:
    assert isinstance(value, int)
    return value
