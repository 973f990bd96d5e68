"""Whatever comes from outside, the answer is never a fault of the service."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.serving import RESPONSE, Door

FOREIGN = {"BAD_INPUT", "NOT_FOUND", "LIMIT_EXCEEDED", "FORBIDDEN"}
#: The door is only read, so sharing it between examples hides nothing.
MANY = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: Texts that a JSON body can carry: hypothesis makes no halves of surrogate pairs by itself.
TEXTS = st.one_of(
    st.text(max_size=60),
    st.from_regex(
        r"(person|phone|after_members|ring|transferred)_[0-9a-z\x00]{0,20}", fullmatch=True
    ),
    st.sampled_from(
        [
            "",
            "\x00",
            "ring_" + "0" * 16,
            "after_members_" + "0" * 13,
            "A" * 300,
            "％",
            "İ",
            "\U0010ffff",
        ]
    ),
)
TIMES = st.one_of(
    TEXTS,
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.sampled_from(
        ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00Z"]
    ),
)
NUMBERS = st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, 200, 201]))

ALL = """
query (
  $id: ID!, $other: ID!, $text: String!, $after: String, $first: Int!, $kind: EdgeKind!
  $time: DateTime, $start: DateTime!, $direction: Direction!
) {
  entity(id: $id, validAt: $time, knownAt: $time) {
    caption properties { value }
    neighbours(edgeKind: $kind, direction: $direction, first: $first, after: $after, since: $time) {
      total edges { node { id } edge { id provenance { row } } }
    }
  }
  entities(ids: [$id, $other]) { id }
  search(text: $text, first: $first) { total entities { id } }
  shortestPath(source: $id, target: $other, maxHops: $first) { length }
  trace(
    account: $id, start: $start, until: $time, edgeKind: $kind, maxHops: $first, fanOut: $first
  ) { total }
  findings(after: $after, kind: $text) { total }
  events(first: $first, after: $after, kind: $text) {
    total edges { node { at details { value } } }
  }
  finding(id: $other) { id members(after: $after) { total } evidence(after: $after) { total } }
}"""
KINDS = st.sampled_from(["HOLDS", "TRANSFERRED", "CALLED", "PART_OF"])


def _codes(door: Door, body: bytes) -> set[str]:
    headers = {"content-type": "application/json", "accept": RESPONSE}
    answer = door.http.post("/graphql", content=body, headers=headers)
    assert answer.status_code < 500, (body, answer.text)
    return {one["extensions"]["code"] for one in answer.json().get("errors", [])}


@MANY
@given(
    ids=st.tuples(TEXTS, TEXTS),
    real=st.tuples(st.booleans(), st.booleans()),
    text=TEXTS,
    after=st.one_of(st.none(), TEXTS),
    first=NUMBERS,
    times=st.tuples(st.one_of(st.none(), TIMES), TIMES),
    kind=KINDS,
    direction=st.sampled_from(["IN", "OUT"]),
)
def test_no_argument_makes_a_fault(
    door: Door,
    ids: tuple[str, str],
    real: tuple[bool, bool],
    text: str,
    after: str | None,
    first: int,
    times: tuple[str | None, str],
    kind: str,
    direction: str,
) -> None:
    known = (door.id_of("Account", "6200000000000001"), "ring_00000000000000aa")
    chosen = [good if use else bad for good, bad, use in zip(known, ids, real, strict=True)]
    variables = {
        "id": chosen[0],
        "other": chosen[1],
        "text": text,
        "after": after,
        "first": first,
        "time": times[0],
        "start": times[1],
        "kind": kind,
        "direction": direction,
    }
    assert _codes(door, json.dumps({"query": ALL, "variables": variables}).encode()) <= FOREIGN


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


@MANY
@given(value=JSON_VALUES)
def test_no_variable_of_another_type_makes_a_fault(door: Door, value: object) -> None:
    query = """query ($a: ID!, $b: Int, $c: DateTime) {
      entity(id: $a, knownAt: $c) { id } findings(first: $b) { total } }"""
    for name in ("a", "b", "c"):
        variables = {"a": "x", name: value}
        assert (
            _codes(door, json.dumps({"query": query, "variables": variables}).encode()) <= FOREIGN
        )
    assert _codes(door, json.dumps({"query": value, "variables": value}).encode()) <= FOREIGN


@MANY
@given(body=st.binary(max_size=200))
def test_no_body_makes_a_fault(door: Door, body: bytes) -> None:
    assert _codes(door, body) <= FOREIGN


@MANY
@given(query=st.text(alphabet='{}()[]:$@!|&."\\ \n\x00abentityfragmon #0123-_é你', max_size=80))
def test_no_document_makes_a_fault(door: Door, query: str) -> None:
    assert _codes(door, json.dumps({"query": query}).encode()) <= FOREIGN


@pytest.mark.parametrize("escaped", ["\\ud800", "\\udfff", "\\ud83d\\ud83d"])
def test_halves_of_surrogate_pairs_are_refused(door: Door, escaped: str) -> None:
    body = (
        '{"query": "query ($t: String!) { search(text: $t) { total } }", "variables": {"t": "%s"}}'
    )
    assert _codes(door, (body % escaped).encode()) == {"BAD_INPUT"}
    in_document = '{"query": "{ search(text: \\"\\%s\\") { total } }"}'
    assert _codes(door, (in_document % escaped).encode()) == {"BAD_INPUT"}


@MANY
@given(text=TEXTS, purpose=TEXTS, tag=TEXTS)
def test_no_address_or_header_makes_a_fault_over_rest(
    door: Door, text: str, purpose: str, tag: str
) -> None:
    def header(value: str) -> str:
        return "".join(sign for sign in value if " " < sign < "\x7f")

    headers = {"x-purpose": header(purpose), "x-case": header(tag), "if-none-match": header(tag)}
    params = {"query": text, "variables": tag, "operationName": purpose}
    path = "".join(f"%{byte:02X}" for byte in text.encode())
    for answer in (
        door.http.get(f"/v1/scores/{path or '%20'}", headers=headers),
        door.http.get("/graphql", params=params, headers=headers),
    ):
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "query",
    [
        "{ findings(first: %s) { total } }",
        "query ($first: Int! = %s) { findings(first: $first) { total } }",
    ],
)
def test_a_number_of_thousands_of_digits_is_the_callers_fault(
    door: Door, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"accept": RESPONSE}
    body = {"query": query % ("9" * 5_000)}
    error = door.http.post("/graphql", json=body, headers=headers).json()["errors"][0]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert not caplog.records
