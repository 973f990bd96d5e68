"""Close groups: the same whatever the numbers, against chance, with a core where there is one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms.planted import ties_town
from tests.algorithms.towns import Town


def _found(graph: RiskGraph) -> list[Candidate]:
    return FINDERS["covert_group"](**shipped_parameters().of("covert_group")).run(graph)


def _renumbered(graph: RiskGraph, seed: int) -> tuple[RiskGraph, dict[int, int]]:
    new = np.random.default_rng(seed).permutation(graph.n)
    edges = {
        kind: dataclasses.replace(old, src=new[old.src], dst=new[old.dst])
        for kind, old in graph.edges.items()
    }
    return RiskGraph(graph.n, {}, edges), dict(enumerate(new.tolist()))


@pytest.mark.parametrize("seed", range(5))
def test_the_group_is_found_whatever_the_numbers_of_the_nodes(seed: int) -> None:
    town, group = ties_town()
    graph, new = _renumbered(town.graph(), seed)
    planted = {new[nid] for nid in group}
    overlaps = [
        len(planted & members) / len(planted | members)
        for members in (set(one.members.tolist()) for one in _found(graph))
    ]
    assert max(overlaps) >= 0.8


def test_the_clue_counts_the_ties_that_stay_inside() -> None:
    town, group = ties_town()
    graph = town.graph()
    (found, *_) = _found(graph)
    members = set(found.members.tolist())
    assert group <= members
    ties = graph.edges["ASSOCIATED_WITH"]
    ends = [(a in members) + (b in members) for a, b in zip(ties.src, ties.dst, strict=True)]
    values = found.clues[0].values
    assert values["inside"] == sum(end for end in ends if end == 2)
    assert values["ties"] == sum(ends)
    assert values["share"] == pytest.approx(sum(e for e in ends if e == 2) / sum(ends), abs=1e-4)
    assert float(values["share"]) > float(values["usual"])
    assert len(found.evidence) == ends.count(2)


def test_who_holds_a_group_together_is_its_core_and_a_clique_has_none() -> None:
    (found, *_) = _found(ties_town()[0].graph())
    assert set(found.roles) == {"member"}

    star = Town()
    persons = [star.node("Person") for _ in range(40)]
    for spoke in range(1, 8):
        star.edge("ASSOCIATED_WITH", persons[0], persons[spoke])
    for left in range(1, 7):
        star.edge("ASSOCIATED_WITH", persons[left], persons[left + 1])
    for left in range(8, 40):
        for step in (1, 5, 11):
            star.edge("ASSOCIATED_WITH", persons[left], persons[8 + (left - 8 + step) % 32])
    roles = {
        nid: role
        for one in _found(star.graph())
        for nid, role in zip(one.members.tolist(), one.roles, strict=True)
    }
    assert roles[persons[0]] == "core"
    assert [roles[persons[spoke]] for spoke in range(1, 8)] == ["member"] * 7


@pytest.mark.parametrize("seed", range(3))
def test_pairs_that_keep_to_themselves_by_chance_hide_no_cell(seed: int) -> None:
    """Of many who have one tie each, some have it with each other, whatever is dealt."""
    rng = np.random.default_rng(seed)
    crowd = rng.integers(0, 2_000, (2, 40_000))
    loners = np.stack([np.arange(2_000, 2_300), rng.integers(0, 2_300, 300)])
    cell = rng.integers(2_300, 2_332, (2, 200))
    src, dst = np.concatenate([crowd, loners, cell, [[2_300], [0]]], axis=1)
    ties = EdgeColumns(np.arange(len(src)), src, dst, {})
    graph = RiskGraph(n=2_332, nodes={}, edges={"ASSOCIATED_WITH": ties})
    strongest = _found(graph)[0]
    assert set(strongest.members.tolist()) == set(range(2_300, 2_332))
    assert strongest.score > 0.7
