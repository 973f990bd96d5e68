"""The register of sources over GraphQL."""

from __future__ import annotations

from tests.api.serving import NOW, Door
from tests.api.town import FIRST, SECOND

_QUERY = """{
  sources {
    name description { zh en } owner { zh en }
    mode reliability reliabilityLabel { zh en } everySeconds
    freshness deliveredAt dueAt ageSeconds rejected
    last { delivery file knownAt rows loaded unchanged rejected closed error }
  }
}"""


def test_who_delivers_is_told_with_promise_and_last_batch(door: Door) -> None:
    found = {one["name"]: one for one in door.data(_QUERY)["sources"]}
    assert list(found) == sorted(found)
    phones = found["phones"]
    assert phones["description"] == {
        "zh": "运营商的号码登记，含机主和使用的设备。",
        "en": "The operators' registers of numbers, with owner and handset.",
    }
    assert phones["owner"] == {"zh": "电信运营商", "en": "Telecom operators"}
    assert (phones["mode"], phones["reliability"]) == ("full", "A")
    assert phones["reliabilityLabel"] == {"zh": "完全可靠", "en": "completely reliable"}
    assert (phones["everySeconds"], phones["freshness"]) == (7 * 86_400, "FRESH")
    assert phones["ageSeconds"] == (NOW - SECOND) // 1000
    last = phones["last"]
    assert (last["file"], last["rows"], last["loaded"], last["unchanged"]) == (
        "phones.csv",
        2,
        0,
        2,
    )
    assert last["closed"] > 0, "the third number is gone"
    assert len(last["delivery"]) == 64
    transfers = found["transfers"]
    assert (transfers["freshness"], transfers["rejected"]) == ("LATE", 0)
    assert transfers["ageSeconds"] == (NOW - FIRST) // 1000
    assert transfers["dueAt"] > transfers["deliveredAt"]
    silent = found["scam_numbers"]
    assert silent["description"]["zh"].startswith("警方和公众汇集的诈骗号码库")
    assert (silent["freshness"], silent["last"], silent["ageSeconds"]) == ("NEVER", None, None)
