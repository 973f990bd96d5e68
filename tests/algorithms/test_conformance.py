"""One suite for every registered algorithm: a new one is tested by being registered."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from graphrisk_algorithms.algorithm import Algorithm, Candidate, NodeValues, Partition
from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS, MEASURES, PARTITIONS
from tests.algorithms.planted import planted_towns

Result = Partition | NodeValues | list[Candidate]
NAMES = sorted([*PARTITIONS, *MEASURES, *FINDERS])
#: A greedy optimiser visits nodes in the order of their numbers: other numbers give another
#: partition of about the same quality. The tests of each judge that.
VISITING = {"consensus", "leiden", "leiden_igraph", "covert_cell", "covert_group"}


def _algorithm(name: str) -> Algorithm[Result]:
    arguments = shipped_parameters().of(name)
    if name in PARTITIONS:
        return PARTITIONS[name](**arguments)
    if name in MEASURES:
        return MEASURES[name](**arguments)
    return FINDERS[name](**arguments)


def _empty(n: int) -> RiskGraph:
    return RiskGraph(n=n, nodes={}, edges={})


@pytest.fixture(scope="module", params=sorted(planted_towns()))
def town(request: pytest.FixtureRequest) -> RiskGraph:
    return planted_towns()[str(request.param)]


def _content(result: Result, new_nid: Int64Array, new_eid: Int64Array) -> object:
    """The result in terms of the new numbers, without regard to order."""
    if isinstance(result, Partition):
        cells: dict[int, set[int]] = {}
        for nid, label in enumerate(result.labels.tolist()):
            cells.setdefault(label, set()).add(int(new_nid[nid]))
        return frozenset(frozenset(cell) for cell in cells.values())
    if isinstance(result, NodeValues):
        return np.round(result.values[np.argsort(new_nid)], 9).tolist()
    return sorted(
        (
            one.score,
            sorted(zip(new_nid[one.members].tolist(), one.roles, strict=True)),
            sorted(new_eid[one.evidence].tolist()),
            [(clue.code, clue.surprise, sorted(clue.values.items())) for clue in one.clues],
        )
        for one in result
    )


def _plain(result: Result, graph: RiskGraph) -> object:
    return _content(result, np.arange(graph.n), np.arange(_eids(graph)))


def _eids(graph: RiskGraph) -> int:
    return 1 + max(
        (int(edges.eid.max()) for edges in graph.edges.values() if len(edges)), default=0
    )


def _with_new_nids(graph: RiskGraph, new_nid: Int64Array) -> RiskGraph:
    nodes = {}
    for kind, table in graph.nodes.items():
        nids = new_nid[table.column("nid").to_numpy()]
        moved = table.set_column(0, "nid", pa.array(nids, pa.int64()))
        nodes[kind] = moved.take(np.argsort(nids))
    edges = {
        kind: dataclasses.replace(old, src=new_nid[old.src], dst=new_nid[old.dst])
        for kind, old in graph.edges.items()
    }
    return RiskGraph(graph.n, nodes, edges)


def _with_new_eids(graph: RiskGraph, new_eid: Int64Array) -> RiskGraph:
    edges = {}
    for kind, old in graph.edges.items():
        eid = new_eid[old.eid]
        order = np.argsort(eid)
        columns = {name: column[order] for name, column in old.columns.items()}
        edges[kind] = EdgeColumns(eid[order], old.src[order], old.dst[order], columns)
    return RiskGraph(graph.n, graph.nodes, edges)


def _shuffled(count: int, seed: int) -> Int64Array:
    return np.array(random.Random(seed).sample(range(count), count), np.int64)


def _frozen(graph: RiskGraph) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    for edges in graph.edges.values():
        yield from (edges.eid, edges.src, edges.dst, *edges.columns.values())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_and_a_single_node_have_no_ring(name: str) -> None:
    for n in (0, 1, 3):
        result = _algorithm(name).run(_empty(n))
        if isinstance(result, Partition):
            assert result.labels.tolist() == list(range(n))
        elif isinstance(result, NodeValues):
            assert len(result.values) == n
            assert len(np.unique(result.values)) <= 1
        else:
            assert result == []


@pytest.mark.parametrize("name", NAMES)
def test_a_finder_of_money_or_calls_takes_edges_without_the_other_kinds(
    name: str, town: RiskGraph
) -> None:
    for kind in town.edges:
        alone = RiskGraph(town.n, town.nodes, {kind: town.edges[kind]})
        result = _algorithm(name).run(alone)
        if isinstance(result, Partition):
            assert len(result.labels) == town.n


@pytest.mark.parametrize("name", NAMES)
def test_same_input_same_result(name: str, town: RiskGraph) -> None:
    first, second = (_algorithm(name).run(town) for _ in range(2))
    assert _plain(first, town) == _plain(second, town)


@pytest.mark.parametrize("name", NAMES)
def test_the_input_stays_as_it_was(name: str, town: RiskGraph) -> None:
    before = [array.copy() for array in _frozen(town)]
    for array in _frozen(town):
        array.setflags(write=False)
    _algorithm(name).run(town)
    for old, new in zip(before, _frozen(town), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("name", NAMES)
def test_other_edge_numbers_change_nothing(name: str, town: RiskGraph) -> None:
    new_eid = _shuffled(_eids(town), 1)
    moved = _algorithm(name).run(_with_new_eids(town, new_eid))
    expected = _content(_algorithm(name).run(town), np.arange(town.n), new_eid)
    assert _content(moved, np.arange(town.n), np.arange(len(new_eid))) == expected


@pytest.mark.parametrize("name", [name for name in NAMES if name not in VISITING])
def test_other_node_numbers_change_nothing(name: str, town: RiskGraph) -> None:
    new_nid = _shuffled(town.n, 2)
    moved = _algorithm(name).run(_with_new_nids(town, new_nid))
    expected = _content(_algorithm(name).run(town), new_nid, np.arange(_eids(town)))
    assert _content(moved, np.arange(town.n), np.arange(_eids(town))) == expected


@pytest.mark.parametrize("name", sorted(FINDERS))
def test_candidates_are_well_formed(name: str, town: RiskGraph) -> None:
    result = _algorithm(name).run(town)
    assert isinstance(result, list)
    known = set(np.concatenate([edges.eid for edges in town.edges.values()]).tolist())
    for one in result:
        assert one.kind == name
        assert 0.0 < one.score < 1.0
        assert len(one.roles) == len(one.members)
        assert (np.diff(one.members) > 0).all()
        assert (np.diff(one.evidence) > 0).all()
        assert len(one.evidence)
        assert set(one.evidence.tolist()) <= known
        assert [clue.surprise for clue in one.clues] == sorted(
            (clue.surprise for clue in one.clues), reverse=True
        )
    assert [one.surprise for one in result] == sorted(
        (one.surprise for one in result), reverse=True
    )


@pytest.mark.parametrize("name", sorted(FINDERS))
def test_every_parameter_comes_from_the_file(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(FINDERS[name])}  # type: ignore[arg-type]
    assert fields == set(shipped_parameters().of(name))
