"""One large graph: some hundred random questions, answered as plain Python answers them."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import numpy as np
import pyarrow as pa

from graphrisk.store.contract import AsOf, NeighbourQuery, Reader, Store, TraceQuery, Writer
from tests.contract import oracle_reads
from tests.contract.deliveries import batch, ids, listed, paged, read, states, sums, transfers
from tests.contract.oracle import Fact, Oracle
from tests.effort import effort

EDGES = effort(100_000, 1_000_000)
ACCOUNTS = PHONES = EDGES // 20
PART = 20_000
KINDS = ["TRANSFERRED", "CALLED", "OWNS_PHONE"]
#: Times and sums stay below; deliveries are learnt one after another from here on.
SPAN = 1_000_000


class LargeOracle(Oracle):
    """An oracle that finds the facts of a node in a dictionary."""

    def index(self) -> None:
        """Call when all is loaded."""
        self.facts.sort(key=lambda fact: fact.vid)
        self._at: defaultdict[tuple[str, int, int], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            for place, nid in enumerate(fact.ends):
                self._at[fact.kind, place, nid].append(fact)

    def at(self, kind: str, place: int, nid: int) -> list[Fact]:
        """From the dictionary."""
        return self._at[kind, place, nid]


def test_a_large_graph_answers_as_plain_python_does(store: Store) -> None:
    oracle = _loaded(store)
    reader, random = read(store), Random(3)
    _compare_exports(oracle, reader)
    for _ in range(80):
        _compare_node(oracle, reader, random)
        _compare_trace(oracle, reader, random)
    for _ in range(20):
        _compare_path(oracle, reader, random)


def _loaded(store: Store) -> LargeOracle:
    """Half transfers, four tenths call sums (with a hub each), one tenth states of two versions."""
    oracle, draw = LargeOracle(), np.random.default_rng(3)
    with store.writer("test") as writer:
        _resolve(oracle, writer)
        for number in range(-(-EDGES // 2 // PART)):
            info = batch(SPAN + number, "transfers")
            rows = _transfers(draw, number)
            writer.upsert_edges("TRANSFERRED", rows, info)
            oracle.upsert("TRANSFERRED", rows, info)
            rows = _calls(draw)
            writer.merge_aggregates("CALLED", rows, info)
            oracle.merge_sums("CALLED", rows, info)
            rows = _ownership(number)
            writer.upsert_edges("OWNS_PHONE", rows, info)
            oracle.upsert("OWNS_PHONE", rows, info)
            writer.commit()
            oracle.commit()
    oracle.index()
    return oracle


def _resolve(oracle: LargeOracle, writer: Writer) -> None:
    """A transaction a part: Neo4j keeps what one wrote on its heap."""
    for kind, count in (("Account", ACCOUNTS), ("Phone", PHONES), ("Person", PHONES)):
        keys = [f"{kind[0]}{n}" for n in range(count)]
        for start in range(0, count, PART):
            part = keys[start : start + PART]
            writer.resolve(kind, part)
            writer.commit()
            oracle.counters.version += 1
            first, seq = oracle.counters.nid, oracle.counters.version
            oracle.nodes |= {first + n: (kind, key, seq) for n, key in enumerate(part)}
            oracle.counters.nid += len(part)


def _transfers(draw: np.random.Generator, number: int) -> pa.Table:
    akeys = np.arange(number * PART, min((number + 1) * PART, EDGES // 2))
    src, dst = (_ends(draw, 0, ACCOUNTS, len(akeys)) for _ in range(2))
    at, amount = (draw.integers(0, SPAN, len(akeys)) for _ in range(2))
    return transfers(src, dst, akeys, at, amount)


def _calls(draw: np.random.Generator) -> pa.Table:
    src, dst = (_ends(draw, ACCOUNTS, PHONES, PART * 4 // 5) for _ in range(2))
    src, dst = np.unique(np.stack([src, dst]), axis=1)
    return sums(src, dst, src % 7 + 1, dst % 1_000, dst % 1_000 + src)


def _ownership(number: int) -> pa.Table:
    owned = ACCOUNTS + np.arange(number * PART // 5, (number + 1) * PART // 5) % PHONES
    return states(owned + PHONES, owned, owned, owned + number % 2)


def _ends(draw: np.random.Generator, first: int, size: int, count: int) -> np.ndarray:
    """Nodes drawn evenly, but three in twenty are the first: a hub."""
    return np.where(draw.random(count) < 0.15, first, first + draw.integers(0, size, count))


def _some_nid(random: Random) -> int:
    """A hub now and then."""
    return random.choice((0, ACCOUNTS, *(random.randrange(ACCOUNTS + 2 * PHONES) for _ in "12345")))


def _compare_exports(oracle: LargeOracle, reader: Reader) -> None:
    end = reader.version()
    assert end == oracle.counters.version
    for kind in KINDS:
        for since, upto in ((0, end), (0, end // 2), (end - 1, end)):
            rows = listed(reader.export_edges(kind, since, upto))
            assert rows == oracle_reads.export_edges(oracle, kind, since, upto), (kind, since)


def _compare_node(oracle: LargeOracle, reader: Reader, random: Random) -> None:
    as_of = AsOf(known_at=random.choice((None, SPAN + random.randrange(3))))
    nid, kind = _some_nid(random), random.choice(KINDS)
    counts = reader.neighbour_counts(nid, as_of).to_pylist()
    assert counts == oracle_reads.neighbour_counts(oracle, nid, as_of)
    query = NeighbourQuery(
        nid,
        kind,
        "out" if random.random() < 0.5 else "in",
        since=random.choice((None, random.randrange(SPAN))),
        until=random.choice((None, random.randrange(SPAN))),
        after_eid=random.choice((-1, random.randrange(EDGES))),
        limit=random.choice((3, 100)),
    )
    page = paged(reader.neighbours(query, as_of))
    assert page == oracle_reads.neighbours(oracle, query, as_of), query
    eids = [random.randrange(EDGES) for _ in range(20)]
    found = reader.get_edges(ids(*eids), as_of)
    assert {kind: rows["eid"].to_pylist() for kind, rows in found.items()} == {
        kind: eids_seen for kind in sorted(KINDS) if (eids_seen := _seen(oracle, kind, eids, as_of))
    }


def _seen(oracle: LargeOracle, kind: str, eids: list[int], as_of: AsOf) -> list[int]:
    wanted = set(eids)
    facts = [fact for fact in oracle.facts if fact.eid in wanted and fact.kind == kind]
    return sorted(fact.eid for fact in filter(oracle.sees(as_of), facts))


def _compare_trace(oracle: LargeOracle, reader: Reader, random: Random) -> None:
    query = TraceQuery(
        _some_nid(random),
        "TRANSFERRED",
        random.randrange(SPAN),
        "out" if random.random() < 0.5 else "in",
        until=random.choice((None, random.randrange(SPAN))),
        max_hops=random.randint(1, 4),
        fan_out=random.choice((2, 10, 50)),
    )
    assert paged(reader.trace(query)) == oracle_reads.trace(oracle, query), query


def _compare_path(oracle: LargeOracle, reader: Reader, random: Random) -> None:
    source, target = _some_nid(random), _some_nid(random)
    kinds, hops = random.sample(KINDS, 2), random.randint(1, 4)
    path = reader.shortest_path(source, target, kinds, hops)
    assert path == oracle_reads.shortest_path(oracle, source, target, kinds, hops)
