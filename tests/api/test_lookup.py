"""Pasted lists: lines are understood as people write numbers, and tell no more than a search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.districts import SIMING, build_districts, outside_keys
from tests.api.serving import Document, Door, opened_door
from tests.api.town import ACCOUNTS, PHONES, Town
from tests.principals import headers
from tests.recorded import recorded, spooled

LOOKUP = """query ($lines: [String!]!, $kinds: [NodeKind!]) { lookup(lines: $lines, kinds: $kinds) {
  line status label { zh en } entity { id kind key redacted } others { id kind } } }"""


def _lookup(door: Door, lines: list[str], asked: dict[str, str] | None = None) -> list[Document]:
    told: list[Document] = door.data(LOOKUP, {"lines": lines}, asked)["lookup"]
    assert [one["line"] for one in told] == list(range(1, len(lines) + 1))
    return told


@pytest.mark.parametrize(
    ("line", "kind", "key"),
    [
        (PHONES["P1"], "Phone", PHONES["P1"]),
        ("19900000001", "Phone", PHONES["P1"]),
        (" +86 199-0000-0001\t", "Phone", PHONES["P1"]),
        ("0086 19900000001", "Phone", PHONES["P1"]),
        ("１９９０００００００１", "Phone", PHONES["P1"]),
        ("6200 0000 0000 0001", "Account", ACCOUNTS["P1"]),
        ("6200-0000-0000-0001", "Account", ACCOUNTS["P1"]),
        ("p1", "Person", "P1"),
    ],
)
def test_a_line_is_understood_as_people_write_it(
    either_door: Door, line: str, kind: str, key: str
) -> None:
    (told,) = _lookup(either_door, [line])
    assert told["status"] == "FOUND"
    assert told["entity"]["kind"] == kind
    assert told["entity"]["id"] == either_door.id_of(kind, key)


def test_each_line_is_answered_by_itself(door: Door) -> None:
    known = door.id_of("Account", ACCOUNTS["P1"])
    lines = ["19900000001", "19911111111", "", "\x07", "x" * 101, known, known[:-1], "19900000001"]
    told = _lookup(door, lines)
    assert [one["status"] for one in told] == [
        *("FOUND", "NOT_FOUND", "BAD_INPUT", "BAD_INPUT"),
        *("BAD_INPUT", "FOUND", "NOT_FOUND", "FOUND"),
    ]
    assert told[5]["entity"]["id"] == known
    assert all(one["label"]["zh"] != one["label"]["en"] for one in told)


def test_kinds_narrow_it(door: Door) -> None:
    asked = {"lines": [PHONES["P1"]], "kinds": ["Account"]}
    assert door.data(LOOKUP, asked)["lookup"][0]["status"] == "NOT_FOUND"


def test_many_lines_are_one_record_with_their_number(door: Door) -> None:
    purpose = {"x-purpose": "evaluation", "x-case": "A-9"}
    before = spooled(door.town.settings.audit_folder)
    _lookup(door, ["19900000001"] * 500, purpose)
    lines = recorded(door.town.settings.audit_folder, but=before)
    (one,) = [line for line in lines if line["action"] == "lookup"]
    assert (one["count"], one["purpose"], one["case"]) == (500, "evaluation", "A-9")
    assert door.codes(LOOKUP, {"lines": ["1"] * 501}) == ["LIMIT_EXCEEDED"]


def test_cost_counts_lines(door: Door) -> None:
    query = "query ($lines: [String!]!) { lookup(lines: $lines) { status entity { id } } }"
    answer = door.ask(query, {"lines": ["1"] * 40})
    assert answer["extensions"]["cost"]["asked"] == 40 * 2


def test_an_allowance_ends_and_says_when_it_is_back(town: Town) -> None:
    few = town.settings.model_copy(update={"lookups_per_minute": 10})
    with opened_door(Town(few, town.nids, town.transfers)) as door:
        _lookup(door, ["1"] * 6)
        asked = {"lines": ["1"] * 6}
        (error,) = door.ask(LOOKUP, asked)["errors"]
        assert error["extensions"] == {"code": "LIMIT_EXCEEDED", "retryAfterSeconds": 12}
        assert "again in 12 s" in error["message"]
        other = headers(few, roles=["analyst"], name="li.wei")
        assert "errors" not in door.ask(LOOKUP, asked, other)


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened_door(build_districts(tmp_path_factory.mktemp("districts"))) as door:
        yield door


def test_a_number_elsewhere_is_as_one_that_nobody_has(districts: Door) -> None:
    asked = headers(
        districts.town.settings, roles=["investigator"], areas=["350206"], name="li", case="A-7"
    )
    numbers = [key for key in outside_keys() if key != SIMING]
    told = _lookup(districts, [*numbers, "19911111111"], asked)
    last = {name: value for name, value in told[-1].items() if name != "line"}
    for one in told:
        assert {name: value for name, value in one.items() if name != "line"} == last
    identified = [districts.id_of("Account", ACCOUNTS["P1"])]
    (stub,) = _lookup(districts, identified, asked)
    whole = headers(districts.town.settings, roles=["investigator"], name="wu", case="A-7")
    (seen,) = _lookup(districts, identified, whole)
    assert seen["status"] == "FOUND"
    assert stub["status"] in {"FOUND", "OUTSIDE"}
    assert (stub["status"] == "OUTSIDE") == stub["entity"]["redacted"]
