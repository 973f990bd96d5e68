"""A tag holds until it is revoked; who trusts whom is told beside it."""

from __future__ import annotations

import orjson

from graphrisk.store.contract import AsOf
from tests.ingest.factory import Desk
from tests.ingest.sources.seen import deliver, ends, ties, told
from tests.ingest.sources.tags import FIRST, REVOKED, SAMPLES, TAGGED

NUMBER = "8613800000001"


def test_a_tag_says_who_tagged_the_number_as_what_and_how_far_to_believe_it(
    any_desk: Desk,
) -> None:
    deliver(any_desk, SAMPLES)
    (tag,) = ties(any_desk, "Provider", "BJ01", "TAGGED")
    assert (tag["mark"], tag["confidence"]) == ("疑似诈骗", 0.83)
    assert told(any_desk, "Provider", "BJ01")["reliability"] == "B"
    before = AsOf(valid_at=TAGGED - 1)
    assert ends(any_desk, "Provider", "BJ01", "TAGGED", before) == set()


def test_a_revoked_tag_has_no_effect_any_more_and_is_still_seen_for_earlier_times(
    any_desk: Desk,
) -> None:
    deliver(any_desk, SAMPLES)
    known = any_desk.clock.now_ms()
    revoked = orjson.dumps({**FIRST, "revoked_at": REVOKED}) + b"\n"
    report = any_desk.load_one("third_party_tags-2.jsonl", revoked)
    assert (report.mapping, report.loaded) == ("third_party_tags", 1)
    assert ends(any_desk, "Provider", "BJ01", "TAGGED") == set()
    for as_of in (AsOf(valid_at=REVOKED - 1), AsOf(known_at=known)):
        assert ends(any_desk, "Provider", "BJ01", "TAGGED", as_of) == {NUMBER}
    assert ends(any_desk, "Provider", "SH02", "TAGGED") == {NUMBER}, "another service's holds"
