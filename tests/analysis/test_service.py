"""What the operations database says of findings and scores, on both engines."""

from __future__ import annotations

import pytest

from graphrisk.analysis.findings import Earlier
from graphrisk.analysis.lineage import Group
from graphrisk.analysis.model import Lineage, Place
from graphrisk.analysis.records import Records
from graphrisk.analysis.service import Findings
from graphrisk.core.errors import BadInput, Conflict, NotFound
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import read_after, relay
from tests.analysis.samples import Graph, finding, saved_run


def test_before_the_first_run_there_is_nothing(database: Database) -> None:
    findings = Findings(database, Graph())
    assert findings.latest_run() is None
    assert findings.page(None, 10, None).total == 0
    assert findings.of_node(1) == []
    assert findings.node_score(1) is None
    with pytest.raises(NotFound):
        findings.get("a")


def test_a_saved_finding_comes_back_whole(database: Database) -> None:
    saved = finding("a", 0.7)
    Records(database).save(saved_run("run-1", saved))
    assert Findings(database, Graph()).get("a") == saved
    latest = Findings(database, Graph()).latest_run()
    assert latest is not None
    assert latest.run_id == "run-1"


def test_pages_run_through_all_findings_once_by_falling_score(database: Database) -> None:
    saved = [finding(f"f{n}", (0.9, 0.5, 0.5, 0.5, 0.1)[n]) for n in range(5)]
    Records(database).save(saved_run("run-1", *reversed(saved)))
    findings = Findings(database, Graph())
    seen: list[str] = []
    after = None
    for number in range(3):
        page = findings.page(after, 2, None)
        seen += [item.finding_id for item in page.items]
        after = page.place(page.items[-1])
        assert page.total == 5
        if number == 0:  # a detection in the meantime finds others, and the same with other scores
            others = [finding("f0", 0.2), finding("f4", 0.95), finding("g", 0.6)]
            Records(database).save(saved_run("run-2", *others))
    assert [item.finding_id for item in findings.page().items] == ["f4", "g", "f0"]
    assert seen == ["f0", "f1", "f2", "f3", "f4"]
    assert not page.has_next


def test_a_page_of_one_kind_counts_only_that_kind(database: Database) -> None:
    saved = (finding("a"), finding("b", kind="identity_ring"), finding("c"))
    Records(database).save(saved_run("run-1", *saved))
    page = Findings(database, Graph()).page(None, 1, "scam_cell")
    assert [item.finding_id for item in page.items] == ["a"]
    assert (page.total, page.has_next) == (2, True)


def test_a_page_behind_an_unknown_finding_of_no_kind_or_without_rows_is_refused(
    database: Database,
) -> None:
    Records(database).save(saved_run("run-1", finding("a")))
    with pytest.raises(BadInput):
        Findings(database, Graph()).page(Place(1, "nobody"), 10, None)
    with pytest.raises(BadInput, match="begin it anew"):
        Findings(database, Graph()).page(Place(2, "a"), 10, None)
    with pytest.raises(BadInput):
        Findings(database, Graph()).page(None, 0, None)
    for unknown in ("nonsense", ""):
        with pytest.raises(BadInput, match=r"scam_cell, laundering_cycle.*, not"):
            Findings(database, Graph()).page(None, 10, unknown)


def test_only_the_latest_run_is_listed_but_an_old_finding_can_still_be_read(
    database: Database,
) -> None:
    records, findings = Records(database), Findings(database, Graph())
    records.save(saved_run("run-1", finding("old", nids=(1, 2)), finding("kept", nids=(3, 4))))
    records.save(saved_run("run-2", finding("kept", nids=(3, 4, 5))))
    assert [item.finding_id for item in findings.page(None, 10, None).items] == ["kept"]
    assert [item.finding_id for item in findings.of_node(5)] == ["kept"]
    assert findings.of_node(1) == []
    assert findings.node_score(1) is None
    assert findings.get("old").finding_id == "old"
    assert len(findings.get("kept").members) == 3


def test_a_node_in_two_findings_scores_higher_than_in_one(database: Database) -> None:
    saved = (finding("a", 0.5), finding("b", 0.4, nids=(2, 3), evidence=(10, 11)))
    Records(database).save(saved_run("run-1", *saved))
    findings = Findings(database, Graph())
    both, one = findings.node_score(2), findings.node_score(1)
    assert both is not None
    assert one is not None
    assert (both.score, one.score) == (0.7, 0.5)
    assert [reason.values["finding"] for reason in both.reasons] == ["a", "b"]
    assert sum(reason.contribution for reason in both.reasons) == pytest.approx(0.7, abs=1e-5)


def test_the_next_run_continues_only_runs_of_the_same_store(database: Database) -> None:
    records = Records(database)
    records.save(saved_run("run-1", finding("a", nids=(1, 2))))
    assert records.earlier(Graph()) == {
        "a": Earlier(Group("scam_cell", frozenset({1, 2})), "run-1")
    }
    assert records.earlier(Graph("another")) == {}


def test_what_was_found_in_another_graph_is_told_of_nobody_in_this_one(database: Database) -> None:
    Records(database).save(saved_run("run-1", finding("a", nids=(1, 2))))
    here, elsewhere = Findings(database, Graph()), Findings(database, Graph("another"))
    assert (here.is_of_another_graph(), elsewhere.is_of_another_graph()) == (False, True)
    assert here.get("a").finding_id == "a"
    assert elsewhere.latest_run() is None
    assert elsewhere.page(None, 10, None).total == 0
    assert elsewhere.of_nodes([1, 2]) == {}
    assert elsewhere.node_scores([1]) is None
    with pytest.raises(NotFound):
        elsewhere.get("a")


def test_a_run_is_saved_whole_with_its_event_or_not_at_all(database: Database) -> None:
    records = Records(database)
    records.save(saved_run("run-1", finding("a")))
    with pytest.raises(Conflict):
        records.save(saved_run("run-2", finding("b"), finding("b")))
    latest = Findings(database, Graph()).latest_run()
    assert latest is not None
    assert latest.run_id == "run-1"
    with database.session() as session:
        relay(session)
    with database.reading() as session:
        events = read_after(session, 0)
    assert [(event.kind, event.subject) for event in events] == [("detection.finished", "run-1")]


def test_lineage_of_the_latest_run_is_told_in_id_order(database: Database) -> None:
    Records(database).save(saved_run("run-1", finding("b"), finding("a")))
    assert Findings(database, Graph()).lineage() == [
        Lineage("a", "born", None, 0.0),
        Lineage("b", "born", None, 0.0),
    ]


def test_many_nodes_are_told_together_as_each_alone(database: Database) -> None:
    records, findings = Records(database), Findings(database, Graph())
    assert findings.node_scores([1]) is None
    assert findings.of_nodes([1]) == {}
    assert findings.runs_of(["a"]) == {}
    records.save(saved_run("run-1", finding("old", nids=(8, 9)), finding("a", nids=(1, 2))))
    other = finding("b", 0.7, nids=(2, 3), evidence=(10, 11))
    records.save(saved_run("run-2", finding("a", 0.5, nids=(1, 2)), other))
    together = findings.of_nodes([1, 2, 3, 4])
    assert {nid: [item.finding_id for item in items] for nid, items in together.items()} == {
        1: ["a"],
        2: ["b", "a"],
        3: ["b"],
    }
    scored = findings.node_scores([1, 2, 4])
    assert scored is not None
    assert scored.run.run_id == "run-2"
    assert [scored.of_node(nid).score for nid in (1, 2, 4)] == [0.5, 0.85, 0.0]
    assert scored.of_node(4).reasons == ()
    runs = findings.runs_of(["a", "old", "nobody"])
    assert {name: run.run_id for name, run in runs.items()} == {"a": "run-2", "old": "run-1"}
