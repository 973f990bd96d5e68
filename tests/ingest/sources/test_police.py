"""From a victim's report to the caller's number, the paid account, the station and the hold."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.police import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, ties, told


def test_a_report_names_its_victim_the_caller_the_account_and_the_station(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    report = told(any_desk, "PoliceReport", "A1")
    assert report["lost"] == 12_000_50
    assert report["reported_at"] == local("2016-09-05T14:03")
    assert report["summary"] == "转“安全账户”"
    assert ends(any_desk, "Person", "P1", "REPORTED") == {"A1"}
    assert ends(any_desk, "PoliceReport", "A1", "MENTIONS") == {"86138001", "6220001"}
    assert ends(any_desk, "PoliceReport", "A2", "MENTIONS") == set()
    assert ends(any_desk, "PoliceReport", "A1", "HANDLED_BY") == {"350206001P1"}
    assert told(any_desk, "PoliceStation", "350206001P1")["phone"] == "0592-1234567"
    assert ends(any_desk, "PoliceStation", "350206001P1", "LOCATED_IN") == {"3502060010010001"}


def test_who_was_seen_meeting_is_tied_since_the_first_time(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Person", "P1", "ASSOCIATED_WITH") == {"P2"}
    (tie,) = ties(any_desk, "Person", "P1", "ASSOCIATED_WITH")
    assert (tie["relation"], tie["weight"]) == ("meeting", 3.0)
    assert tie["valid_from"] == local("2016-09-05")
    again = SAMPLES["observations"].data.decode("gb18030").replace("P1,P2,3", "P1,P2,5")
    any_desk.deliver("observations.csv", again, "gb18030")
    any_desk.load()
    (tie,) = ties(any_desk, "Person", "P1", "ASSOCIATED_WITH")
    assert tie["weight"] == 5.0, "renewed, not a second tie"


def test_a_stop_holds_from_the_banks_answer_until_it_lapses(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    for moment, stopped in (
        ("2016-09-05T14:19:59", set()),
        ("2016-09-05T14:20:00", {"6220001"}),
        ("2016-09-07T14:19:59", {"6220001"}),
        ("2016-09-07T14:20:00", set()),
    ):
        at = AsOf(valid_at=local(moment))
        assert ends(any_desk, "Hold", "ZF1", "STOPS", at) == stopped, moment
    within = any_desk.node("Hold", "ZF1", AsOf(valid_at=local("2016-09-06T00:00")))
    assert within is not None
    assert (within["kind"], within["result"], within["asked"], within["held"]) == (
        *("stop", "partial"),
        *(12_000_50, 7_000_00),
    )


def test_a_stop_that_failed_names_the_account_and_stops_nothing(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    at = AsOf(valid_at=local("2016-09-06T00:00"))
    assert ends(any_desk, "Hold", "ZF2", "STOPS", at) == set()
    assert ends(any_desk, "Hold", "ZF2", "MENTIONS", at) == {"6220002", "A1"}
