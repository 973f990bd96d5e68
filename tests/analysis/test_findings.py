"""From candidates to findings and scores."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphrisk.analysis.findings import Earlier, NodeKeys, assembled, node_scores
from graphrisk.analysis.lineage import Group
from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.graph import RiskGraph


@pytest.fixture
def keys() -> NodeKeys:
    def table(*nids: int) -> pa.Table:
        return pa.table({"nid": pa.array(nids, pa.int64()), "key": [f"k{nid}" for nid in nids]})

    return NodeKeys(
        RiskGraph(n=7, nodes={"Phone": table(1, 3, 5), "Account": table(2, 6)}, edges={})
    )


def _candidate(
    *members: int, score: float = 0.6, roles: tuple[str, ...] = (), evidence: tuple[int, ...] = ()
) -> Candidate:
    clues = (Clue("passes_on", 6.0, {"passed": 1}), Clue("called_before_paying", 2.0, {}))
    return Candidate(
        kind="scam_cell",
        members=np.array(members),
        roles=roles or ("mule",) * len(members),
        evidence=np.array(evidence or (4, 9)),
        surprise=7.0,
        score=score,
        clues=clues,
    )


def test_members_get_kind_and_key_of_their_node(keys: NodeKeys) -> None:
    assert [keys.kind(nid) for nid in (1, 2, 5, 6)] == ["Phone", "Account", "Phone", "Account"]
    assert [keys.key(nid) for nid in (1, 2, 5, 6)] == ["k1", "k2", "k5", "k6"]


def test_a_finding_lists_members_by_kind_and_splits_its_score_among_its_reasons(
    keys: NodeKeys,
) -> None:
    (item,) = assembled([_candidate(1, 2, 3)], keys, {}, "run-1").items
    assert [(member.kind, member.nid) for member in item.members] == [
        ("Account", 2),
        ("Phone", 1),
        ("Phone", 3),
    ]
    first, second = (reason.contribution for reason in item.reasons)
    assert first > second > 0.0
    assert first + second == pytest.approx(0.6, abs=1e-9)
    assert item.first_run == "run-1"
    assert item.evidence == (4, 9)


def test_a_finding_goes_on_under_its_id_and_keeps_the_run_that_first_found_it(
    keys: NodeKeys,
) -> None:
    before = {"ring_old": Earlier(Group("scam_cell", frozenset({1, 2})), "run-1")}
    first, second = assembled([_candidate(1, 2, 3), _candidate(5, 6)], keys, before, "run-2").items
    assert (first.finding_id, first.first_run) == ("ring_old", "run-1")
    assert second.finding_id.startswith("ring_")
    assert second.first_run == "run-2"


def test_victims_have_no_score(keys: NodeKeys) -> None:
    found = assembled([_candidate(1, 2, roles=("victim", "mule"))], keys, {}, "run-1")
    (only,) = node_scores(found.items)
    assert (only.nid, only.score) == (2, 0.6)
    assert only.reasons[0].values["role"] == "mule"


def _scores(*candidates: Candidate, keys: NodeKeys) -> dict[int, float]:
    found = assembled(candidates, keys, {}, "run-1")
    return {item.nid: item.score for item in node_scores(found.items)}


def test_findings_that_rest_on_other_evidence_add_up_below_one(keys: NodeKeys) -> None:
    other = _candidate(2, 3, score=0.5, evidence=(5, 6))
    assert _scores(_candidate(1, 2), other, keys=keys) == {1: 0.6, 2: 0.8, 3: 0.5}


def test_the_same_evidence_told_twice_counts_once(keys: NodeKeys) -> None:
    again = _candidate(2, 3, score=0.5, evidence=(9, 10))
    assert _scores(_candidate(1, 2), again, keys=keys) == {1: 0.6, 2: 0.6, 3: 0.5}


def test_a_victim_who_also_received_money_has_no_score(keys: NodeKeys) -> None:
    robbed = _candidate(1, 2, roles=("victim", "mule"))
    passed = _candidate(1, 3, roles=("mule", "mule"), evidence=(5, 6))
    assert set(_scores(robbed, passed, keys=keys)) == {2, 3}
    assert set(_scores(passed, robbed, keys=keys)) == {2, 3}


def test_a_payer_is_scored_by_what_else_he_did_only(keys: NodeKeys) -> None:
    paid = _candidate(1, 2, roles=("payer", "mule"))
    assert set(_scores(paid, keys=keys)) == {2}
    passed = _candidate(1, 3, score=0.5, evidence=(5, 6))
    assert _scores(paid, passed, keys=keys)[1] == 0.5


def test_a_role_that_often_only_stands_near_scores_less(keys: NodeKeys) -> None:
    found = assembled([_candidate(1, 2, roles=("mule", "caller"))], keys, {}, "run-1").items
    shares = {("scam_cell", "mule"): 0.5, ("scam_cell", "caller"): 1.0}
    scores = node_scores(found, lambda kind, role: shares[kind, role])
    assert {one.nid: one.score for one in scores} == {1: 0.3, 2: 0.6}


def test_reasons_of_a_node_add_up_to_its_score(keys: NodeKeys) -> None:
    found = [
        _candidate(1, 2, score=score, evidence=(number, number + 1))
        for number, score in ((1, 0.61), (5, 0.37), (6, 0.113))
    ]
    for one in node_scores(assembled(found, keys, {}, "run-1").items):
        assert sum(reason.contribution for reason in one.reasons) == pytest.approx(
            one.score, abs=1e-9
        )
        assert len(one.reasons) == 3
