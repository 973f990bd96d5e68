"""Who stands behind a firm, and who put money into a fund that was never filed."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.firms import CLUB, FIRM, MANAGER, SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, ties, told


def test_a_firm_has_its_code_in_capitals_its_head_and_its_seat(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    firm = told(any_desk, "Company", FIRM)
    assert (firm["name"], firm["capital"]) == ("厦门鑫海贸易公司", 1_000_000_00)
    assert firm["founded_at"] == local("2015-03-09")
    assert ends(any_desk, "Person", "P1", "LEGAL_REP_OF") == {FIRM, CLUB}
    assert ends(any_desk, "Company", FIRM, "REGISTERED_AT") == {"D1"}
    assert ends(any_desk, "Company", MANAGER, "REGISTERED_AT") == set(), "no seat was told"
    assert told(any_desk, "Company", CLUB)["form"] == "社会团体"


def test_a_share_is_held_from_the_day_it_was_taken(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    late = AsOf(valid_at=local("2015-12-31T23:59"))
    assert ends(desk, "Person", "P3", "INVESTS_IN", late) == set()
    assert ends(desk, "Person", "P3", "INVESTS_IN") == {FIRM}
    assert {row["share"] for row in ties(desk, "Person", "P1", "INVESTS_IN")} >= {0.6}


def test_a_fund_without_a_filing_date_is_known_with_its_manager_and_investors(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Company", MANAGER, "OPERATES") == {"SX0001", "SX0002"}
    assert "filed_at" in told(desk, "Fund", "SX0001")
    assert "filed_at" not in told(desk, "Fund", "SX0002")
    (unfit,) = ties(desk, "Person", "P2", "INVESTS_IN")
    assert (unfit["amount"], unfit["qualified"]) == (50_000_00, False)


def test_a_firm_that_the_next_register_leaves_out_has_ended(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    data = SAMPLES["companies"].data.decode("gb18030").splitlines(keepends=True)
    report = desk.load_one("companies.csv", "".join([data[0], data[2]]), "gb18030")
    assert report.closed == 3, "the firm, its head and its seat"
    assert ends(desk, "Company", FIRM, "REGISTERED_AT") == set()
    assert ends(desk, "Person", "P2", "LEGAL_REP_OF") == {MANAGER}
