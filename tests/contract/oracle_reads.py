"""Every read of the contract, answered from the oracle's rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import NOW, AsOf, NeighbourQuery, Path, TraceQuery
from graphrisk.store.search import query_terms, terms
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema
from tests.contract.deliveries import Row
from tests.contract.oracle import Fact, Oracle, nature_of, properties_of


def counts(oracle: Oracle) -> dict[str, int]:
    """Nodes per kind, edges seen now per edge kind."""
    schema = load_schema()
    found = {kind: sum(of == kind for of, *_ in oracle.nodes.values()) for kind in schema.nodes}
    return found | {kind: len(oracle.seen(kind, NOW)) for kind in schema.edges}


def lookup(oracle: Oracle, kind: str, keys: list[str]) -> list[int]:
    """The nid of each key."""
    known = {(of, key): nid for nid, (of, key, _) in oracle.nodes.items()}
    return [known.get((kind, key), -1) for key in keys]


def node_rows(oracle: Oracle, kind: str, nids: list[int], as_of: AsOf = NOW) -> list[Row]:
    """Merged nodes of a kind."""
    return [
        {"nid": nid, "key": oracle.nodes[nid][1], **_merged(oracle, kind, nid, as_of)}
        for nid in sorted(set(nids))
        if nid in oracle.nodes and oracle.nodes[nid][0] == kind
    ]


def edge_row(fact: Fact) -> Row:
    """The columns of ``get_edges``."""
    row: Row = {"eid": fact.eid, "src": fact.ends[0], "dst": fact.ends[1]}
    if nature_of(fact.kind) is Nature.STATE:
        row |= _intervals(fact)
    return row | {"batch_id": fact.batch, "row": fact.row, **fact.values}


def neighbour_counts(oracle: Oracle, nid: int, as_of: AsOf) -> list[Row]:
    """Counts per edge kind and direction."""
    found: list[Row] = []
    for kind, (place, direction) in product(load_schema().edges, ((1, "in"), (0, "out"))):
        count = sum(map(oracle.sees(as_of), oracle.at(kind, place, nid)))
        if count:
            found.append({"edge_kind": kind, "direction": direction, "count": count})
    return found


def neighbours(oracle: Oracle, query: NeighbourQuery, as_of: AsOf) -> tuple[list[Row], bool, int]:
    """Rows, truncated, total."""
    at_node = oracle.at(query.edge_kind, 0 if query.direction == "out" else 1, query.nid)
    matching = [f for f in filter(oracle.sees(as_of), at_node) if _within(query, f)]
    after = sorted((f for f in matching if f.eid > query.after_eid), key=lambda fact: fact.eid)
    rows = [edge_row(fact) for fact in after[: query.limit]]
    return rows, len(after) > query.limit, len(matching)


def search(oracle: Oracle, text: str, kinds: list[str], limit: int) -> tuple[list[Row], bool, int]:
    """Nodes whose key and searched properties have all terms of the text."""
    wanted = set(query_terms(text))
    found: list[Row] = [
        {"nid": nid, "kind": kind, "key": key}
        for nid, (kind, key, _) in oracle.nodes.items()
        if kind in kinds and wanted and wanted <= _terms(oracle, nid, kind, key)
    ]
    found.sort(key=lambda row: (str(row["kind"]), int(str(row["nid"]))))
    return found[:limit], len(found) > limit, len(found)


def shortest_path(
    oracle: Oracle, source: int, target: int, kinds: list[str], max_hops: int
) -> Path | None:
    """Breadth-first over whole chains, smallest first."""
    if source not in oracle.nodes or target not in oracle.nodes:
        return None
    best: dict[int, Path] = {source: Path((source,), (), ())}
    met = dict(best)
    for _ in range(max_hops):
        if target in met:
            break
        layer: dict[int, Path] = {}
        for nid, path in best.items():
            for far, eid, kind in _steps(oracle, nid, kinds):
                chain = Path((*path.nids, far), (*path.eids, eid), (*path.edge_kinds, kind))
                if far not in met and (far not in layer or _rank(chain) < _rank(layer[far])):
                    layer[far] = chain
        best = layer
        met |= layer
    return met.get(target)


def trace(oracle: Oracle, query: TraceQuery) -> tuple[list[Row], bool, int]:
    """Layer by layer, each event once."""
    out = query.direction == "out"
    sign = 1 if out else -1
    near, far = (0, 1) if out else (1, 0)
    found: dict[int, tuple[int, int, Fact]] = {}
    arrived, truncated = {query.nid: query.start * sign - 1}, False
    for layer in range(1, query.max_hops + 1):
        new: dict[int, tuple[int, int, Fact]] = {}
        for nid, bound in arrived.items():
            events = oracle.at(query.edge_kind, near, nid)
            leading = [event for event in events if _at(event) * sign > bound]
            if query.until is not None:
                leading = [e for e in leading if _at(e) * sign < query.until * sign]
            leading.sort(key=lambda event: (_at(event) * sign, event.eid))
            truncated |= len(leading) > query.fan_out
            for event in leading[: query.fan_out]:
                if event.eid not in found:
                    new[event.eid] = (layer, _at(event), event)
        found |= new
        arrived = {}
        for _, at, event in new.values():
            end = event.ends[far]
            arrived[end] = min(arrived.get(end, at * sign), at * sign)
        if not arrived or len(found) > query.limit:
            break
    listed = sorted((layer, at, eid, event) for eid, (layer, at, event) in found.items())
    rows: list[Row] = [
        {
            "layer": layer,
            "eid": eid,
            "src": event.ends[0],
            "dst": event.ends[1],
            "at": at,
            "amount": event.values["amount"],
        }
        for layer, at, eid, event in listed[: query.limit]
    ]
    return rows, truncated or len(found) > query.limit, len(rows)


def export_edges(oracle: Oracle, kind: str, since: int, upto: int) -> list[Row]:
    """Rows changed in the range."""
    return [
        {"vid": fact.vid, "eid": fact.eid, "src": fact.ends[0], "dst": fact.ends[1]}
        | (_intervals(fact) if nature_of(kind) is Nature.STATE else {})
        | {"changed_seq": fact.seq, **fact.values}
        for fact in oracle.of(kind)
        if since < fact.seq <= upto
    ]


def export_nodes(oracle: Oracle, kind: str, since: int, upto: int) -> list[Row]:
    """Versions of assertions changed in the range."""
    return [
        {
            "vid": fact.vid,
            "nid": fact.ends[0],
            "source": oracle.batches[fact.batch - 1].source,
            **_intervals(fact),
            "changed_seq": fact.seq,
            **fact.values,
        }
        for fact in oracle.of(kind)
        if since < fact.seq <= upto
    ]


def export_keys(oracle: Oracle, kind: str, since: int, upto: int) -> list[Row]:
    """Nodes first mentioned in the range."""
    return [
        {"nid": nid, "key": key, "changed_seq": seq}
        for nid, (of, key, seq) in sorted(oracle.nodes.items())
        if of == kind and since < seq <= upto
    ]


def export_deleted(oracle: Oracle, since: int, upto: int) -> list[int]:
    """Nids erased in the range."""
    return sorted(nid for nid, seq in oracle.erased.items() if since < seq <= upto)


def scores(oracle: Oracle, nids: list[int]) -> list[Row]:
    """All scores of the nodes."""
    return [
        {"nid": nid, "model": model, "score": score, "run": run}
        for (nid, model), (score, run) in sorted(oracle.scores.items())
        if nid in nids
    ]


def _merged(oracle: Oracle, kind: str, nid: int, as_of: AsOf) -> Row:
    told = [fact for fact in oracle.seen(kind, as_of) if fact.ends == (nid,)]
    told.sort(key=lambda fact: (fact.known[0], oracle.batches[fact.batch - 1].source, fact.vid))
    row: Row = dict.fromkeys(properties_of(kind))
    for fact in told:
        row |= {name: value for name, value in fact.values.items() if value is not None}
    return row


def _steps(oracle: Oracle, nid: int, kinds: list[str]) -> Iterator[tuple[int, int, str]]:
    """Far end, eid and kind of every edge seen at a node."""
    for kind, (near, far) in product(kinds, ((0, 1), (1, 0))):
        for fact in filter(oracle.sees(NOW), oracle.at(kind, near, nid)):
            yield fact.ends[far], fact.eid, kind


def _intervals(fact: Fact) -> Row:
    names = ("valid_from", "valid_to", "known_from", "known_to")
    return dict(zip(names, (*fact.valid, *fact.known), strict=True))


def _within(query: NeighbourQuery, fact: Fact) -> bool:
    nature = nature_of(query.edge_kind)
    if nature is Nature.STATE:
        return True
    names = ("first", "last") if nature is Nature.AGGREGATE else ("at", "at")
    first, last = (int(str(fact.values[name])) for name in names)
    since = -OPEN if query.since is None else query.since
    return last >= since and (query.until is None or first < query.until)


def _terms(oracle: Oracle, nid: int, kind: str, key: str) -> set[str]:
    node = load_schema().nodes[kind]
    merged = _merged(oracle, kind, nid, NOW)
    texts = [str(merged[p.name]) for p in node.properties if p.search and merged[p.name]]
    texts += [key] if node.key_search else []
    return {term for text in texts for term in terms(text)}


def _rank(path: Path) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return path.nids, path.eids


def _at(event: Fact) -> int:
    at = event.values["at"]
    assert isinstance(at, int)
    return at
