"""Whatever a source delivers is read over GraphQL: every kind by id, words and edges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.settings import Settings
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_schema.reader import load_schema
from tests.api.serving import Door, opened_door
from tests.api.town import FIRST, Town, opened
from tests.ingest.sources.every import SAMPLES
from tests.ingest.sources.firms import FIRM, MANAGER

#: A node of each kind that rows of the samples state.
NODES = {
    "Address": "D1",
    "Bid": "BD1",
    "Certificate": "elderly-1001",
    "Company": MANAGER,
    "Complaint": "TS1",
    "Contract": "HT1",
    "Facility": "XX1",
    "Fund": "SX0001",
    "Hold": "ZF1",
    "Judgment": "（2016）闽0206刑初00001号",
    "Lead": "SP1",
    "Matter": "BJ1",
    "Opinion": "YQ1",
    "Platform": "PT1",
    "PoliceReport": "A1",
    "PoliceStation": "350206001P1",
    "Provider": "BJ01",
    "Sensor": "SX1",
    "Task": "RW1",
    "Vessel": "350200001",
    "Volunteer": "ZY1",
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """An api over all samples."""
    folder = tmp_path_factory.mktemp("sources")
    inbox = folder / "inbox"
    inbox.mkdir()
    for sample in SAMPLES.values():
        (inbox / sample.file).write_bytes(sample.data)
    settings = Settings(store=f"sqlite:///{folder / 'graph.db'}")
    nids = _loaded(settings, inbox)
    with opened_door(Town(settings, nids, ())) as door:
        yield door


def _loaded(settings: Settings, inbox: Path) -> dict[str, int]:
    """Numbers of the nodes."""
    with opened(settings) as (store, database):
        database.migrate()
        load(store, settings.folder, inbox, clock=ManualClock(FIRST), progress=lambda *_: None)
        reader = store.reader(EVERYTHING, Purpose("operation"))
        return {key: int(reader.lookup(kind, [key])[0]) for kind, key in NODES.items()}


def test_every_kind_that_a_row_states_has_an_entity_with_words_and_properties(
    sources: Door,
) -> None:
    stated = {t.kind for m in builtin_mappings() if m.name in SAMPLES for t in m.targets}
    assert NODES.keys() == stated & load_schema().nodes.keys()
    asked = [sources.id_of(kind, key) for kind, key in NODES.items()]
    found = sources.data(
        """query ($ids: [ID!]!) { entities(ids: $ids) {
          kind caption label { zh en } properties { name value } } }""",
        {"ids": asked},
    )["entities"]
    for entity, kind in zip(found, NODES, strict=True):
        known = load_schema().nodes[kind]
        assert (entity["kind"], entity["label"]["zh"]) == (kind, known.label_zh)
        assert entity["caption"]
        shown = {one["name"] for one in entity["properties"]}
        assert shown == {one.name for one in known.properties}
        if kind != "Hold":  # it has lapsed
            assert any(one["value"] is not None for one in entity["properties"]), kind


def test_every_kind_of_edge_that_a_row_states_is_counted(sources: Door) -> None:
    stated = {t.kind for m in builtin_mappings() if m.name in SAMPLES for t in m.targets}
    counted = {r["kind"]: r["count"] for r in sources.data("{ counts { kind count } }")["counts"]}
    none = {kind for kind in stated & load_schema().edges.keys() if not counted.get(kind)}
    assert none == {"STOPS"}, "the hold has lapsed since"


def test_a_platform_is_found_by_name_and_leads_to_all_that_is_said_of_it(sources: Door) -> None:
    (found,) = sources.data(
        """{ search(text: "隆泰贷", kinds: [Platform]) { entities { id caption
          neighbourCounts { edgeKind direction count } } } }"""
    )["search"]["entities"]
    counts = {(row["edgeKind"], row["direction"]): row["count"] for row in found["neighbourCounts"]}
    assert counts == {
        ("CUSTODY_OF", "IN"): 1,
        ("MENTIONS", "IN"): 3,
        ("OPERATES", "IN"): 1,
        ("PART_OF", "IN"): 2,
        ("PROMOTES", "IN"): 1,
    }
    said = sources.data(
        """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: MENTIONS, direction: IN) {
          edges { node { kind } edge { provenance { source file row } } } } } }""",
        {"id": found["id"]},
    )["entity"]["neighbours"]["edges"]
    assert {row["node"]["kind"] for row in said} == {"Complaint", "Lead", "Opinion"}
    assert {row["edge"]["provenance"]["source"] for row in said} == {
        *("complaints", "opinions", "snap_reports"),
    }


def test_a_firm_is_found_by_its_code_and_by_its_name(sources: Door) -> None:
    for text in (FIRM, "鑫海贸易", "xinhai"):
        found = sources.data(
            "query ($text: String!) { search(text: $text, kinds: [Company]) { entities { key } } }",
            {"text": text},
        )
        assert found["search"]["entities"] == [{"key": FIRM}], text
