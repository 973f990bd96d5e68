"""Who is registered where, and who only rents there, and until when."""

from __future__ import annotations

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.housing import SAMPLES
from tests.ingest.sources.seen import deliver, ends, local, ties


def test_a_lease_holds_until_it_ends(any_desk: Desk) -> None:
    deliver(any_desk, SAMPLES)
    for moment, rented in (
        ("2016-02-29", set()),
        ("2016-03-01", {"D2"}),
        ("2017-02-28T23:59", {"D2"}),
        ("2017-03-01", set()),
    ):
        at = AsOf(valid_at=local(moment))
        assert ends(any_desk, "Person", "P3", "RENTS", at) == rented, moment
    (lease,) = ties(any_desk, "Person", "P4", "RENTS")
    assert lease["rent"] == 2_500_00


def test_household_members_share_the_address(desk: Desk) -> None:
    deliver(desk, SAMPLES)
    assert ends(desk, "Person", "P1", "RESIDES_AT") == ends(desk, "Person", "P2", "RESIDES_AT")
