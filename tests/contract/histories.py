"""Random histories: the same transactions on a store and on the oracle."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import BatchInfo, Store, Writer
from tests.contract.deliveries import batch, ids, sums
from tests.contract.oracle import Oracle

NODES = ("Person", "Phone", "Account")
STATES = {"OWNS_PHONE": ("Person", "Phone"), "HOLDS": ("Person", "Account")}
STATES |= {"ASSOCIATED_WITH": ("Person", "Person")}
KEYS = {"Person": "p{}", "Phone": "8613{:02}", "Account": "62{:03}"}
NAMES = ("王伟", "曾小明", "单雪", "Li Wei", "王小明", None)
SOURCES = ("register", "bank")
KEYS_A_KIND = 8
AKEYS = 7
LAST_MS = 60

Columns = dict[str, object]
Work = Callable[["History", Writer], None]


class History:
    """A store and an oracle that went through the same; ``seed`` decides everything."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.oracle = Oracle()
        self.random = Random(seed)
        self._known_at = 0

    def transactions(self) -> Iterator[None]:
        """Transactions of one to three deeds for ever; one in ten is undone, with its writer."""
        while True:
            with self.store.writer("test") as writer:
                while True:
                    before = copy.deepcopy(self.oracle)
                    for work in self.random.choices(DEEDS, k=self.random.randint(1, 3)):
                        work(self, writer)
                    if self.random.random() < 0.1:
                        self.oracle = before
                        break
                    writer.commit()
                    self.oracle.commit()
                    yield

    def info(self) -> BatchInfo:
        """A delivery: as a rule later than those before, sometimes one of them or belated."""
        if self.oracle.batches and self.random.random() < 0.2:
            return self.random.choice(self.oracle.batches)
        self._known_at += self.random.choice((0, 1, 5, -3))
        return batch(self._known_at, self.random.choice(SOURCES))

    def some(self, kind: str, count: int) -> list[str]:
        """Keys of a kind, some again and again."""
        return [KEYS[kind].format(self.random.randrange(KEYS_A_KIND)) for _ in range(count)]

    def resolved(self, writer: Writer, kind: str, keys: list[str]) -> list[int]:
        """The nids, which both must give alike."""
        nids: list[int] = writer.resolve(kind, keys).tolist()
        assert nids == self.oracle.resolve(kind, keys)
        return nids

    def identity(self, count: int, source: str, spread: int = 0) -> Columns:
        """Distinct akeys of a source, with a few contents each."""
        base = 1_000 * SOURCES.index(source) + spread
        akeys = self.random.sample(range(base, base + AKEYS), count)
        digests = [self.random.randrange(3) for _ in akeys]
        rows = self.random.sample(range(1_000), count)
        return {"akey": akeys, "digest": digests, "row": rows}

    def validity(self, count: int) -> Columns:
        """Since ever, from a moment, until a moment."""
        begins = [self.random.choice((BEGIN, self.moment())) for _ in range(count)]
        ends = [self.random.choice((OPEN, OPEN, self.moment())) for _ in range(count)]
        return {"valid_from": begins, "valid_to": ends}

    def moment(self) -> int:
        """A time at which something may have happened."""
        return self.random.randrange(LAST_MS)

    def maybe(self, *values: object) -> object:
        """One of the values, or nothing."""
        return self.random.choice((*values, None))


def _assert_nodes(history: History, writer: Writer) -> None:
    """Persons' names are searched: the index knows no passing of time, so they hold for ever."""
    kind = history.random.choice(NODES)
    info, count = history.info(), history.random.randint(1, 5)
    columns: Columns = {"nid": history.resolved(writer, kind, history.some(kind, count))}
    columns |= history.identity(count, info.source)
    columns |= {"valid_from": [BEGIN] * count, "valid_to": [OPEN] * count}
    if kind == "Person":
        columns["name"] = [history.random.choice(NAMES) for _ in range(count)]
        columns["birth_year"] = pa.array([history.maybe(1990, 2001)] * count, pa.int64())
    elif history.random.random() < 0.7:
        columns |= history.validity(count)
        columns["opened_at"] = pa.array([history.maybe(5, 9) for _ in range(count)], pa.int64())
    _upsert(history, writer, kind, columns, info)


def _assert_states(history: History, writer: Writer) -> None:
    kind = history.random.choice(list(STATES))
    info, count = history.info(), history.random.randint(1, 5)
    columns: Columns = {
        end: history.resolved(writer, of, history.some(of, count))
        for end, of in zip(("src", "dst"), STATES[kind], strict=True)
    }
    columns |= history.identity(count, info.source) | history.validity(count)
    if kind == "ASSOCIATED_WITH":
        columns["weight"] = pa.array([history.maybe(0.5, 2.0) for _ in range(count)], pa.float64())
    _upsert(history, writer, kind, columns, info)


def _add_events(history: History, writer: Writer) -> None:
    info, count = history.info(), history.random.randint(1, AKEYS)
    keys = history.some("Account", 2 * count)
    nids = history.resolved(writer, "Account", keys)
    spread = history.random.randrange(4)  # further events, not always the same again
    columns: Columns = {"src": nids[:count], "dst": nids[count:]}
    columns |= history.identity(count, info.source, 10_000 * spread)
    columns["at"] = [history.moment() for _ in range(count)]
    columns["amount"] = pa.array([history.maybe(100, 900) for _ in range(count)], pa.int64())
    _upsert(history, writer, "TRANSFERRED", columns, info)


def _add_sums(history: History, writer: Writer) -> None:
    keys = history.some("Phone", 6)
    nids = history.resolved(writer, "Phone", keys)
    pairs = sorted(set(zip(nids[:3], nids[3:], strict=True)), key=lambda _: history.random.random())
    first = [history.moment() for _ in pairs]
    last = [at + history.moment() for at in first]
    src, dst = zip(*pairs, strict=True)
    rows = sums(src, dst, [history.random.randint(1, 9) for _ in pairs], first, last)
    info = history.info()
    touched = writer.merge_aggregates("CALLED", rows, info)
    assert touched == history.oracle.merge_sums("CALLED", rows, info)


def _close_absent(history: History, writer: Writer) -> None:
    kind, info = history.random.choice((*NODES, *STATES)), history.info()
    base = 1_000 * SOURCES.index(info.source)
    present = sorted(history.random.sample(range(base, base + AKEYS), AKEYS - 2))
    ended = writer.close_absent(kind, info.source, ids(*present), info)
    assert ended == history.oracle.close_absent(kind, info.source, set(present), info)


def _delete(history: History, writer: Writer) -> None:
    known = sorted(history.oracle.nodes)
    nids = [*history.random.sample(known, min(len(known), 2)), 10_000]
    assert writer.delete(ids(*nids)) == history.oracle.delete(nids)


def _score(history: History, writer: Writer) -> None:
    known = sorted(history.oracle.nodes)
    chosen = history.random.sample(known, history.random.randint(0, len(known)))
    values = {nid: history.random.choice((0.25, 0.5, 0.75)) for nid in chosen}
    model, run = history.random.choice(("risk", "mule")), f"run-{history.random.randrange(9)}"
    nids, scores = ids(*values), np.array([*values.values()], np.float64)
    version = history.oracle.counters.version
    wrote = writer.write_scores(model, run, nids, scores, version)
    assert wrote == history.oracle.write_scores(model, run, values)


def _upsert(history: History, writer: Writer, kind: str, columns: Columns, info: BatchInfo) -> None:
    rows = pa.table(columns)
    upsert = writer.upsert_nodes if kind in NODES else writer.upsert_edges
    result = upsert(kind, rows, info)
    assert (result.loaded, result.unchanged, result.conflicts.tolist()) == history.oracle.upsert(
        kind, rows, info
    )


#: What happens, the frequent more than once.
DEEDS: tuple[Work, ...] = (
    *(_assert_nodes, _assert_states, _add_events, _add_sums) * 3,
    *(_close_absent, _delete, _score),
)
