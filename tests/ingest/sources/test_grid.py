"""Who answers for a cell, what was seen there, and what a detector raised."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.firms import FIRM
from tests.ingest.sources.grid import SAMPLES, SEEN
from tests.ingest.sources.seen import deliver, ends, local, ties, told


def test_a_cell_has_the_workers_of_the_day(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    summer, autumn = (AsOf(valid_at=local(day)) for day in ("2016-08-31", "2016-09-01"))
    for person, then, now in (("P1", {"G1"}, {"G1"}), ("P2", {"G1"}, set()), ("P3", set(), {"G1"})):
        assert ends(any_desk, "Person", person, "RESPONSIBLE_FOR", summer) == then
        assert ends(any_desk, "Person", person, "RESPONSIBLE_FOR", autumn) == now
    (head,) = ties(any_desk, "Person", "P1", "RESPONSIBLE_FOR")
    assert head["role"] == "head"


def test_a_snap_report_ties_shop_platform_and_the_number_on_the_poster(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Person", "P1", "REPORTED") == {"SP1"}
    assert ends(any_desk, "Lead", "SP1", "MENTIONS") == {FIRM, "PT1", "8613800000009"}
    assert ends(any_desk, "Phone", "8613800000009", "PROMOTES") == {"PT1"}
    assert ends(any_desk, "Lead", "SP1", "LOCATED_IN") == {"G1"}
    lead = told(any_desk, "Lead", "SP1")
    assert (lead["text"], lead["sent_at"]) == ("店面张贴理财海报", SEEN)
    assert ends(any_desk, "Lead", "SP2", "MENTIONS") == set(), "nobody was named"


def test_an_alarm_becomes_a_matter_of_the_cell(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Sensor", "GZ1", "RAISED") == {"BJ1"}
    assert ends(desk, "Matter", "BJ1", "LOCATED_IN") == {"G1"}
    matter = told(desk, "Matter", "BJ1")
    assert (matter["kind"], matter["severity"], matter["occurred_at"]) == ("水位超限", 2, SEEN)


def test_live_calls_add_up_like_call_records(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    (pair,) = ties(desk, "Phone", "8613800000009", "CALLED")
    assert (pair["count"], pair["seconds"], pair["last"]) == (2, 42, SEEN + 1000)
