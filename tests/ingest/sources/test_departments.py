"""Certificates of a person, owners of vessels, places and the cameras that show them."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_schema.reader import load_schema
from tests.ingest.factory import Desk
from tests.ingest.sources.departments import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, told

#: The eleven of the city's departments that share first, and what each shares.
DEPARTMENTS = {
    "市公安局人口管理支队": {"persons", "households"},
    "市民政局": {"elderly_cards", "allowances", "legal_persons"},
    "市海洋与渔业局": {"vessels"},
    "市卫生计生委": {"health_facilities"},
    "市市场监督管理局": {"companies", "shareholders"},
    "市住房局": {"addresses", "tenancies"},
    "市教育局": {"schools"},
    "市公安局": {"police_stations"},
    "市公安局视频侦查支队": {"cameras"},
    "市统计局": {"areas", "area_changes"},
    "市委政法委网格管理中心": {"grid_cells", "grid_workers"},
}
#: What the sealed registers are about: disorders, addiction, patients.
SEALED = ("patient", "disorder", "diagnos", "mental", "addict", "drug", "disease", "treatment")


def test_eleven_departments_share_what_they_own_with_a_promise_of_when() -> None:
    shared: dict[str, set[str]] = {}
    for mapping in builtin_mappings():
        shared.setdefault(mapping.about.owner_zh, set()).add(mapping.name)
    assert {owner: shared.get(owner) for owner in DEPARTMENTS} == DEPARTMENTS
    assert len(DEPARTMENTS) == 11
    owned = {name for names in DEPARTMENTS.values() for name in names}
    assert all(m.about.every_ms for m in builtin_mappings() if m.name in owned)


def test_health_services_name_places_alone_and_nothing_can_hold_a_sealed_register() -> None:
    (health,) = (m for m in builtin_mappings() if m.about.owner_zh == "市卫生计生委")
    assert {end.kind for target in health.targets for end in target.ends} == {
        *("Facility", "GridCell"),
    }
    schema = load_schema()
    names = {*schema.nodes, *schema.edges}
    names |= {one.name for node in schema.nodes.values() for one in node.properties}
    names |= {one.name for edge in schema.edges.values() for one in edge.properties}
    assert {name for name in names if any(word in name.lower() for word in SEALED)} == set()


def test_a_persons_certificates_hold_as_long_as_they_are_granted(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    for moment, held in (
        ("2015-12-31", {"elderly-1001"}),
        ("2016-12-31", {"elderly-1001", "allowance-1001"}),
        ("2017-01-01", {"elderly-1001"}),
    ):
        at = AsOf(valid_at=local(moment))
        assert ends(any_desk, "Person", "P1", "GRANTED", at) == held, moment
    allowance = told(any_desk, "Certificate", "allowance-1001")
    assert (allowance["kind"], allowance["amount"]) == ("minimum allowance", 560_50)
    assert told(any_desk, "Certificate", "elderly-1001")["kind"] == "elderly card"


def test_a_vessel_leads_to_its_owner(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Person", "P1", "OWNS") == {"350200001"}
    assert told(desk, "Vessel", "350200001")["tonnage"] == 12.5


def test_a_school_is_found_with_its_cell_and_the_camera_that_shows_it(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    found = any_desk.reader.search("第一小学", ["Facility"]).rows.column("key").to_pylist()
    assert found == ["XX1"]
    assert ends(any_desk, "Facility", "XX1", "LOCATED_IN") == {"G2"}
    assert ends(any_desk, "Facility", "YL1", "LOCATED_IN") == {"G1"}
    assert ends(any_desk, "Sensor", "SX1", "WATCHES") == {"XX1"}
    assert ends(any_desk, "Sensor", "SX2", "WATCHES") == set()
    assert told(any_desk, "Sensor", "SX1")["kind"] == "camera"
