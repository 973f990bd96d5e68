"""What other libraries are given is what the columns hold."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_algorithms.exchange import to_igraph, to_networkx

NIDS = [3, 5, 8, 13, 21]
ENDS = st.lists(st.tuples(st.sampled_from(NIDS), st.sampled_from(NIDS)), max_size=12)


def _tables(
    paid: list[tuple[int, int]], called: list[tuple[int, int]]
) -> tuple[pa.Table, dict[str, pa.Table]]:
    nodes = pa.table({"nid": pa.array(NIDS, pa.int64()), "kind": ["Person"] * len(NIDS)})
    edges = {"TRANSFERRED": _edges(paid, 0, "amount"), "CALLED": _edges(called, 100, "count")}
    return nodes, edges


def _edges(ends: list[tuple[int, int]], first: int, name: str) -> pa.Table:
    number = pa.array(range(first, first + len(ends)), pa.int64())
    src, dst = ([end[side] for end in ends] for side in (0, 1))
    sides = {"src": pa.array(src, pa.int64()), "dst": pa.array(dst, pa.int64())}
    return pa.table({"eid": number, **sides, name: number})


@given(paid=ENDS, called=ENDS)
def test_every_edge_is_there_once_with_its_own_attributes(
    paid: list[tuple[int, int]], called: list[tuple[int, int]]
) -> None:
    nodes, edges = _tables(paid, called)
    expected = [
        (kind, row["eid"], row["src"], row["dst"], row.get("amount"), row.get("count"))
        for kind, table in edges.items()
        for row in table.to_pylist()
    ]
    nx = to_networkx(nodes, edges)
    assert list(nx.nodes) == NIDS
    assert sorted(
        (data["kind"], eid, src, dst, data.get("amount"), data.get("count"))
        for src, dst, eid, data in nx.edges(keys=True, data=True)
    ) == sorted(expected)
    ig = to_igraph(nodes, edges)
    assert ig.vs["nid"] == NIDS
    assert [
        (e["kind"], e["eid"], NIDS[e.source], NIDS[e.target], e["amount"], e["count"])
        for e in ig.es
    ] == expected
    assert ig.is_directed()


def test_rows_of_nodes_may_stand_in_any_order() -> None:
    nodes, edges = _tables([(3, 21), (8, 5)], [])
    turned = nodes.take([4, 0, 3, 1, 2])
    ig = to_igraph(turned, edges)
    nids = ig.vs["nid"]
    assert [(nids[e.source], nids[e.target]) for e in ig.es] == [(3, 21), (8, 5)]
