"""Certificates of a person, owners of vessels, places and the cameras that show them."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.departments import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, told


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
