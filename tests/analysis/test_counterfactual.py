"""What would have to be untrue for a finding to fall: tried out, and true when it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from graphrisk.analysis.counterfactual import counterfactual, without
from graphrisk.analysis.explain import otherwise
from graphrisk.analysis.findings import BLAMELESS, NodeKeys, assembled
from graphrisk.analysis.model import Finding
from graphrisk.analysis.proof import Proof
from graphrisk.analysis.scoring import shipped_scale
from graphrisk_algorithms.algorithm import Algorithm, Candidate
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import FINDERS
from tests.algorithms.planted import planted_towns

KINDS = ("laundering_cycle", "laundering_flow", "identity_ring", "scam_cell")


@dataclass(frozen=True)
class Found:
    """The finding of a kind in a town with one ring of each, and its finder."""

    graph: RiskGraph
    finder: Algorithm[list[Candidate]]
    finding: Finding

    def left(self, removed: tuple[int, ...]) -> float:
        """Score of the strongest finding that shares a suspect, found anew without some edges."""
        graph = without(self.graph, np.array(removed, np.int64))
        suspects = _suspects(self.finding)
        scores = [
            shipped_scale().scored(one).score
            for one in self.finder.run(graph)
            if suspects & set(one.members.tolist())
        ]
        return max(scores, default=0.0)


def _suspects(finding: Finding) -> set[int]:
    return {one.nid for one in finding.members if one.role not in BLAMELESS}


@pytest.fixture(scope="module", params=KINDS)
def found(request: pytest.FixtureRequest) -> Found:
    graph = planted_towns()["city"]
    finder = FINDERS[request.param](**shipped_parameters().of(request.param))
    candidates = [shipped_scale().scored(one) for one in finder.run(graph)]
    (finding,) = assembled(candidates[:1], NodeKeys(graph), {}, "run-1").items
    return Found(graph, finder, finding)


def test_without_what_is_told_the_score_falls_and_with_less_it_does_not(found: Found) -> None:
    told = counterfactual(found.finding, found.graph, found.finder, shipped_scale(), 0.5)
    assert told is not None
    assert 0 < len(told.evidence) <= len(found.finding.evidence)
    assert set(told.evidence) <= set(found.finding.evidence)
    assert told.score < 0.5 <= found.finding.score
    assert found.left(told.evidence) == told.score
    for eid in told.evidence[:5]:
        fewer = tuple(one for one in told.evidence if one != eid)
        assert found.left(fewer) >= 0.5, "nothing that is told is needless"


def test_a_score_that_is_low_already_needs_no_counterfactual(found: Found) -> None:
    weak = counterfactual(found.finding, found.graph, found.finder, shipped_scale(), 1.0)
    assert weak is None


def test_the_graph_is_left_as_it_was(found: Found) -> None:
    before = {kind: edges.eid.copy() for kind, edges in found.graph.edges.items()}
    gone = np.array(found.finding.evidence[:3], np.int64)
    thinner = without(found.graph, gone)
    assert sum(map(len, thinner.edges.values())) == sum(map(len, before.values())) - 3
    for kind, edges in found.graph.edges.items():
        assert edges.eid.tolist() == before[kind].tolist()
        assert not np.isin(thinner.edges[kind].eid, gone).any()
        for name, column in thinner.edges[kind].columns.items():
            assert len(column) == len(thinner.edges[kind]), name


@dataclass(frozen=True)
class _Stubborn:
    """Finds the same whatever is taken away; or, asked for the last time, all the same."""

    name: ClassVar[str] = "laundering_cycle"
    candidate: Candidate
    yields: tuple[bool, ...] = ()
    asked: list[int] | None = None

    def run(self, graph: RiskGraph) -> list[Candidate]:
        del graph
        if self.asked is None:
            return [self.candidate]
        self.asked.append(0)
        place = len(self.asked) - 1
        gone = place < len(self.yields) and self.yields[place]
        return [] if gone else [self.candidate]


@pytest.fixture
def cycle() -> tuple[RiskGraph, Candidate, Finding]:
    graph = planted_towns()["city"]
    finder = FINDERS["laundering_cycle"](**shipped_parameters().of("laundering_cycle"))
    (candidate,) = finder.run(graph)
    scored = shipped_scale().scored(candidate)
    (finding,) = assembled([scored], NodeKeys(graph), {}, "run-1").items
    return graph, candidate, finding


def test_what_does_not_hold_when_it_is_applied_is_never_told(
    cycle: tuple[RiskGraph, Candidate, Finding],
) -> None:
    graph, candidate, finding = cycle
    assert counterfactual(finding, graph, _Stubborn(candidate), shipped_scale()) is None
    once = _Stubborn(candidate, yields=(False, True), asked=[])
    assert counterfactual(finding, graph, once, shipped_scale()) is None, "held once, not again"


def test_what_splits_a_ring_into_strong_halves_does_not_fell_it(
    cycle: tuple[RiskGraph, Candidate, Finding],
) -> None:
    graph, candidate, finding = cycle
    half = len(candidate.members) // 2 or 1
    part = replace(candidate, members=candidate.members[:half], roles=candidate.roles[:half])
    assert counterfactual(finding, graph, _Stubborn(part), shipped_scale()) is None


def test_the_number_of_trials_is_bounded(cycle: tuple[RiskGraph, Candidate, Finding]) -> None:
    graph, _, finding = cycle
    finder = FINDERS["laundering_cycle"](**shipped_parameters().of("laundering_cycle"))
    told = counterfactual(finding, graph, finder, shipped_scale(), 0.5, most_runs=4)
    assert told is not None
    assert told.runs <= 5
    assert told.score < 0.5


def test_it_is_told_in_both_languages(cycle: tuple[RiskGraph, Candidate, Finding]) -> None:
    graph, _, finding = cycle
    finder = FINDERS["laundering_cycle"](**shipped_parameters().of("laundering_cycle"))
    found = counterfactual(finding, graph, finder, shipped_scale(), 0.5)
    assert found is not None
    removed = [Proof("TRANSFERRED", len(found.evidence), 1_456_761_600_000, 1_456_761_600_000, 990)]
    english = otherwise(finding, found, removed, 0.5, "en").splitlines()
    assert english[0] == "What would have to be untrue (tried out)"
    assert f"Without these {len(found.evidence)} of {len(finding.evidence)} pieces" in english[1]
    assert english[2].startswith(f"  Transferred: {len(found.evidence)}, 2016-03-01")
    assert "反事实" in otherwise(finding, found, removed, 0.5, "zh")
    assert "Nothing that was tried brings the score below 0.20" in otherwise(
        finding, None, [], 0.2, "en"
    )
