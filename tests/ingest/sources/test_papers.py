"""What is said leads to whom it is said of."""

from __future__ import annotations

from tests.ingest.factory import Desk
from tests.ingest.sources.firms import FIRM, MANAGER
from tests.ingest.sources.papers import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, told

CASE = "（2016）闽0206刑初00001号"


def test_a_complaint_names_the_platform_or_the_firm_and_who_complained_if_known(
    any_desk: Desk,
) -> None:
    deliver(any_desk, SAMPLES)
    assert ends(any_desk, "Person", "P5", "REPORTED") == {"TS1"}
    assert ends(any_desk, "Complaint", "TS1", "MENTIONS") == {"PT1"}
    assert ends(any_desk, "Complaint", "TS2", "MENTIONS") == {FIRM}
    complaint = told(any_desk, "Complaint", "TS1")
    assert (complaint["amount"], complaint["text"]) == (30_000_00, "到期无法提现")
    assert complaint["received_at"] == local("2016-09-08T09:15")


def test_a_judgment_names_the_persons_and_firms_it_was_given_against(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Judgment", CASE, "MENTIONS") == {"P2", MANAGER}
    assert told(desk, "Judgment", CASE)["decided_at"] == local("2016-05-06")


def test_opinions_are_found_by_their_words_and_lead_to_the_platform(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    found = any_desk.reader.search("聊聊隆泰贷", ["Opinion"]).rows.column("key").to_pylist()
    assert found == ["YQ1", "YQ2"]
    assert ends(any_desk, "Opinion", "YQ1", "MENTIONS") == {"PT1"}
    assert ends(any_desk, "Opinion", "YQ2", "MENTIONS") == set()
    assert told(any_desk, "Opinion", "YQ1")["reads"] == 1200
