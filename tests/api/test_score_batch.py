"""``POST /v1/scores:batch``: many scores at once, and what an application may rely on."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from graphrisk.api.idempotency import OtherRequest, Repeats
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Conflict
from tests.api.serving import Door, opened_door
from tests.api.town import ACCOUNTS, Town
from tests.principals import headers
from tests.recorded import recorded, spooled

BATCH = "/v1/scores:batch"


def _ids(door: Door) -> list[str]:
    return [door.id_of("Account", ACCOUNTS["P1"]), door.id_of("Person", "P4")]


def test_each_id_has_a_status_of_its_own(door: Door) -> None:
    ids = [*_ids(door), "8619900000001", "person_zzzzzzzzzzzzz", _ids(door)[0]]
    answer = door.http.post(BATCH, json={"ids": ids}, headers={"x-purpose": "screening"})
    assert answer.status_code == 200
    told = answer.json()
    assert [one["id"] for one in told["items"]] == ids
    assert [one["status"] for one in told["items"]] == [200, 200, 400, 404, 200]
    assert [one["score"] for one in told["items"]] == [0.9, 0.0, None, None, 0.9]
    one = door.http.get(f"/v1/scores/{ids[0]}").json()
    assert {name: one[name] for name in ("id", "score", "reasons")} == {
        name: value for name, value in told["items"][0].items() if name != "status"
    }
    assert {name: one[name] for name in ("model", "run", "snapshot", "computed_at")} == {
        name: value for name, value in told.items() if name != "items"
    }


def test_a_batch_is_recorded_by_name_before_it_is_answered(door: Door) -> None:
    before = spooled(door.town.settings.audit_folder)
    door.http.post(BATCH, json={"ids": [*_ids(door) * 499, "8619900000001", _ids(door)[0]]})
    lines = recorded(door.town.settings.audit_folder, but=before)
    assert {line["action"] for line in lines} == {"scores"}
    assert sum(int(line["count"] or 0) for line in lines) == 1_000
    named = [one for line in lines for one in str(line["what"]).split(",")]
    assert sorted(named) == sorted([*_ids(door) * 499, _ids(door)[0]])


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"{", "application/json", 400, "BAD_INPUT"),
        (b"[]", "application/json", 400, "BAD_INPUT"),
        (b'{"ids": []}', "application/json", 400, "BAD_INPUT"),
        (b'{"ids": [1]}', "application/json", 400, "BAD_INPUT"),
        (b'{"ids": "account"}', "application/json", 400, "BAD_INPUT"),
        (b'{"ids": [' + b'"a",' * 1_000 + b'"a"]}', "application/json", 400, "BAD_INPUT"),
        (b'{"ids": ["\xff"]}', "application/json", 400, "BAD_INPUT"),
        (b"ids=account", "application/x-www-form-urlencoded", 415, "BAD_INPUT"),
        (b" " * 10_000_000, "application/json", 413, "LIMIT_EXCEEDED"),
    ],
)
def test_what_is_no_batch_is_a_problem(
    door: Door, content: bytes, media: str, status: int, code: str
) -> None:
    answer = door.http.post(BATCH, content=content, headers={"content-type": media})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_whoever_is_not_the_whole_citys_is_refused(door: Door) -> None:
    narrow = headers(door.town.settings, roles=["application"], areas=["3502"])
    assert door.http.post(BATCH, json={"ids": _ids(door)}, headers=narrow).status_code == 403


def test_the_same_key_gets_the_same_answer(door: Door) -> None:
    asked, key = {"ids": _ids(door)}, {"idempotency-key": "one"}
    first = door.http.post(BATCH, json=asked, headers=key)
    again = door.http.post(BATCH, json=asked, headers=key)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (
        None,
        "true",
    )
    other = door.http.post(BATCH, json={"ids": _ids(door)[:1]}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "BAD_INPUT")
    stranger = headers(door.town.settings, roles=["application"], name="bank")
    assert (
        "idempotent-replayed"
        not in door.http.post(BATCH, json=asked, headers=key | stranger).headers
    )
    bad = door.http.post(BATCH, json=asked, headers={"idempotency-key": "x" * 129})
    assert (bad.status_code, bad.json()["code"]) == (400, "BAD_INPUT")


def test_a_key_is_held_while_its_request_runs_and_freed_when_it_fails() -> None:
    clock = ManualClock()
    repeats = Repeats(clock)
    assert repeats.begin("bank", "k", b"a") is None
    with pytest.raises(Conflict):
        repeats.begin("bank", "k", b"a")
    with pytest.raises(OtherRequest):
        repeats.begin("bank", "k", b"b")
    with pytest.raises(BadInput):
        repeats.begin("bank", "", b"a")
    repeats.end("bank", "k", None)
    assert repeats.begin("bank", "k", b"b") is None
    clock.advance(600_001)
    assert repeats.begin("bank", "k", b"a") is None


@pytest.fixture(scope="module")
def few(town: Town) -> Iterator[httpx.Client]:
    settings = town.settings.model_copy(update={"scores_per_minute": 60})
    with opened_door(Town(settings, town.nids, town.transfers)) as door:
        yield door.http


def test_an_allowance_is_told_and_kept(door: Door, few: httpx.Client) -> None:
    one = few.get(f"/v1/scores/{_ids(door)[0]}")
    assert one.headers["ratelimit-policy"] == '"scores";q=60;w=60'
    assert one.headers["ratelimit"] == '"scores";r=59;t=1'
    same = few.get(f"/v1/scores/{_ids(door)[0]}", headers={"if-none-match": one.headers["etag"]})
    assert (same.status_code, same.headers["ratelimit"]) == (304, '"scores";r=58;t=2')
    assert few.post(BATCH, json={"ids": _ids(door) * 29}).status_code == 200
    refused = few.get(f"/v1/scores/{_ids(door)[0]}")
    assert (refused.status_code, refused.json()["code"]) == (429, "LIMIT_EXCEEDED")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["content-type"] == "application/problem+json"
    assert "retry-after" not in few.post(BATCH, json={"ids": _ids(door) * 31}).headers
    other = headers(door.town.settings, roles=["application"], name="bank")
    assert few.get(f"/v1/scores/{_ids(door)[0]}", headers=other).status_code == 200
