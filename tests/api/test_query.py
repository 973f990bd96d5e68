"""What GraphQL says of the graph and of findings, on SQLite and on Neo4j."""

from __future__ import annotations

import pytest

from tests.api.serving import Door
from tests.api.town import ACCOUNTS, GONE, LAUNDERING, NAMES, PHONES, SCAM

CASE = {"x-case": "A-2026-7"}
_ENTITY = """query ($id: ID!, $known: DateTime, $valid: DateTime) {
  entity(id: $id, knownAt: $known, validAt: $valid)"""


def test_an_entity_says_what_it_is_in_both_languages(either_door: Door) -> None:
    query = (
        _ENTITY + "{ id kind label { zh en } key caption properties { name type unit value } } }"
    )
    told = either_door.data(query, {"id": either_door.id_of("Account", ACCOUNTS["P1"])}, CASE)
    entity = told["entity"]
    assert entity["kind"] == "Account"
    assert entity["label"] == {"zh": "账户", "en": "Account"}
    assert entity["key"] == entity["caption"] == ACCOUNTS["P1"]
    assert entity["properties"] == [
        {"name": "bank", "type": "text", "unit": None, "value": "建设银行"},
        {"name": "opened_at", "type": "time", "unit": "ms", "value": "2020-01-01T00:00:00.000Z"},
        {"name": "balance", "type": "money", "unit": "fen", "value": 1234},
    ]


def test_personal_values_are_masked_until_a_case_is_named(either_door: Door) -> None:
    query = _ENTITY + "{ caption properties { name value masked } } }"
    person = {"id": either_door.id_of("Person", "P1")}
    masked, clear = (either_door.data(query, person, one)["entity"] for one in ({}, CASE))
    assert masked["caption"] == "张**"
    assert clear["caption"] == NAMES["P1"]
    by_name = {one["name"]: one for one in masked["properties"]}
    assert by_name["birth_year"] == {"name": "birth_year", "value": None, "masked": True}
    assert {one["name"] for one in clear["properties"]} == {
        "name",
        "birth_year",
        "id_token",
        "id_halves",
    }
    # An identity number is shown to nobody: not the token, and its cipher is not even a property.
    token = next(one for one in clear["properties"] if one["name"] == "id_token")
    assert (token["value"], token["masked"]) == (None, True)


def test_what_was_known_then_is_still_told(either_door: Door) -> None:
    phone = {"id": either_door.id_of("Phone", PHONES["P3"])}
    query = _ENTITY + "{ neighbourCounts { edgeKind direction count } } }"
    now = either_door.data(query, phone)["entity"]["neighbourCounts"]
    assert now == []  # its operator no longer has it
    then = either_door.data(query, {**phone, "known": "2026-01-15T00:00:00Z"})["entity"]
    owned = {"edgeKind": "OWNS_PHONE", "direction": "IN", "count": 1}
    assert owned in then["neighbourCounts"]
    valid = either_door.data(query, {**phone, "valid": "2026-01-15T08:00:00+08:00"})["entity"]
    assert owned in valid["neighbourCounts"]
    before = either_door.data(query, {**phone, "valid": "2019-12-31T00:00:00Z"})["entity"]
    assert owned not in before["neighbourCounts"]


def test_neighbours_of_the_past_are_seen_at_the_same_moment(either_door: Door) -> None:
    inner = "neighbours(edgeKind: OWNS_PHONE) { total }"
    outer = f"neighbours(edgeKind: OWNS_PHONE, direction: IN) {{ edges {{ node {{ {inner} }} }} }}"
    then = {"id": either_door.id_of("Phone", PHONES["P3"]), "known": "2026-01-15T00:00:00Z"}
    told = either_door.data(f"{_ENTITY} {{ {outer} }} }}", then)
    (owner,) = told["entity"]["neighbours"]["edges"]
    assert owner["node"]["neighbours"]["total"] == 1


@pytest.mark.parametrize(
    ("text", "kinds", "found"),
    [
        ("小伟", None, {"P1"}),
        ("zhangxiaowei", "[Person]", {"P1", "P4"}),  # 伟 and 玮 sound alike
        ("zxw", "[Person]", {"P1", "P4"}),
        ("9900000002", None, {PHONES["P2"]}),
        ("9900000002", "[Account]", set()),
        ("nobody at all", None, set()),
        ("", None, set()),
    ],
)
def test_search_finds_names_pinyin_and_fragments(
    either_door: Door, text: str, kinds: str | None, found: set[str]
) -> None:
    query = (
        """query ($text: String!) { search(text: $text%s) { total truncated entities { id } } }"""
    )
    told = either_door.data(query % (f", kinds: {kinds}" if kinds else ""), {"text": text})[
        "search"
    ]
    kind_of = {"P": "Person", "8": "Phone"}
    ids = {either_door.id_of(kind_of[key[0]], key) for key in found}
    assert {one["id"] for one in told["entities"]} == ids
    assert (told["total"], told["truncated"]) == (len(found), False)


def test_a_search_that_is_cut_says_so(either_door: Door) -> None:
    query = (
        '{ search(text: "zhang", kinds: [Person], first: 1) { total truncated entities { id } } }'
    )
    told = either_door.data(query)["search"]
    assert (len(told["entities"]), told["total"], told["truncated"]) == (1, 2, True)


def test_neighbours_come_with_edge_times_and_the_row_they_came_from(either_door: Door) -> None:
    query = (
        _ENTITY
        + """{ neighbours(edgeKind: TRANSFERRED) { total edges { node { key } edge {
          id kind properties { name value } source { key } target { key }
          provenance { source file row mode knownAt } } } } } }"""
    )
    told = either_door.data(query, {"id": either_door.id_of("Account", ACCOUNTS["P2"])}, CASE)
    page = told["entity"]["neighbours"]
    assert page["total"] == 1
    (row,) = page["edges"]
    assert row["node"]["key"] == row["edge"]["target"]["key"] == ACCOUNTS["P3"]
    assert row["edge"]["source"]["key"] == ACCOUNTS["P2"]
    assert row["edge"]["id"].startswith("transferred_")
    assert {one["name"]: one["value"] for one in row["edge"]["properties"]} == {
        "at": "2025-12-01T03:00:00.000Z",
        "amount": 9800,
        "serial": "T2",
    }
    assert row["edge"]["provenance"] == {
        "source": "transfers",
        "file": "transfers.csv",
        "row": 3,  # below the heading
        "mode": "events",
        "knownAt": "2026-01-01T00:00:00.000Z",
    }


def test_pages_of_neighbours_go_on_behind_their_cursors(either_door: Door) -> None:
    query = """query ($id: ID!, $after: String) { entity(id: $id) {
      neighbours(edgeKind: USES_DEVICE, direction: OUT, first: 1, after: $after) {
        total edges { cursor edge { id } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
    phone = either_door.id_of("Phone", PHONES["P1"])
    page = either_door.data(query, {"id": phone})["entity"]["neighbours"]
    assert page["total"] == len(page["edges"]) == 1
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "endCursor": page["edges"][0]["cursor"],
    }
    behind = {"id": phone, "after": page["pageInfo"]["endCursor"]}
    rest = either_door.data(query, behind)["entity"]["neighbours"]
    assert (rest["total"], rest["edges"]) == (1, [])
    assert rest["pageInfo"]["hasPreviousPage"]


def test_a_time_window_cuts_transfers(either_door: Door) -> None:
    query = """query ($id: ID!, $since: DateTime, $until: DateTime) { entity(id: $id) {
      neighbours(edgeKind: TRANSFERRED, since: $since, until: $until) { total } } }"""
    account = {"id": either_door.id_of("Account", ACCOUNTS["P2"])}
    at = "2025-12-01T11:00:00+08:00"
    for window, total in (
        ({"since": at}, 1),
        ({"until": at}, 0),
        ({"since": "2026-01-01T00:00Z"}, 0),
    ):
        told = either_door.data(query, {**account, **window})
        assert told["entity"]["neighbours"]["total"] == total, window


def test_many_entities_come_in_the_order_asked(either_door: Door) -> None:
    ids = [either_door.id_of("Person", key) for key in ("P3", "P1")]
    stranger = either_door.ids.entity("Person", 10**9)
    query = "query ($ids: [ID!]!) { entities(ids: $ids) { id } }"
    asked = [ids[0], stranger, ids[1], ids[0], "person_zzzzzzzzzzzzz"]
    told = either_door.data(query, {"ids": asked})["entities"]
    assert told == [{"id": ids[0]}, None, {"id": ids[1]}, {"id": ids[0]}, None]


def test_the_shortest_path_names_its_entities_and_edges(either_door: Door) -> None:
    query = """query ($a: ID!, $b: ID!, $kinds: [EdgeKind!], $hops: Int! = 6) {
      shortestPath(source: $a, target: $b, edgeKinds: $kinds, maxHops: $hops) {
        length entities { id } edges { kind } } }"""
    ends = {"a": either_door.id_of("Person", "P1"), "b": either_door.id_of("Person", "P2")}
    path = either_door.data(query, ends)["shortestPath"]
    assert path["length"] == 3
    assert [one["id"] for one in path["entities"]][::3] == [ends["a"], ends["b"]]
    assert [one["kind"] for one in path["edges"]] == ["HOLDS", "TRANSFERRED", "HOLDS"]
    by_phone = either_door.data(query, {**ends, "kinds": ["OWNS_PHONE", "CALLED"]})
    kinds = [one["kind"] for one in by_phone["shortestPath"]["edges"]]
    assert kinds == ["OWNS_PHONE", "CALLED", "OWNS_PHONE"]
    assert either_door.data(query, {**ends, "kinds": ["OWNS_PHONE"]})["shortestPath"] is None
    assert either_door.data(query, {**ends, "hops": 2})["shortestPath"] is None


def test_money_is_followed_in_time_and_back(either_door: Door) -> None:
    query = """query ($id: ID!, $start: DateTime!, $direction: Direction!) {
      trace(account: $id, start: $start, direction: $direction) { total truncated steps { layer
        edge { source { key } target { key } properties { name value } } } } }"""
    account = {"id": either_door.id_of("Account", ACCOUNTS["P1"])}
    forward = {**account, "start": "2025-12-01T00:00:00Z", "direction": "OUT"}
    told = either_door.data(query, forward, CASE)["trace"]
    assert (told["total"], told["truncated"]) == (3, False)
    hops = [(one["layer"], one["edge"]["target"]["key"]) for one in told["steps"]]
    assert hops == [(1, ACCOUNTS["P2"]), (2, ACCOUNTS["P3"]), (3, ACCOUNTS["P1"])]
    back = {**account, "start": "2025-12-02T00:00:00Z", "direction": "IN"}
    told = either_door.data(query, back, CASE)["trace"]
    assert [one["edge"]["source"]["key"] for one in told["steps"]] == [
        ACCOUNTS["P3"],
        ACCOUNTS["P2"],
        ACCOUNTS["P1"],
    ]


def test_a_finding_says_in_which_community_it_lies(either_door: Door) -> None:
    query = """query ($id: ID!) { finding(id: $id) { community { id size members stability surprise
      isReliable sentence { zh en } } } }"""
    told = either_door.data(query, {"id": SCAM})["finding"]["community"]
    assert {name: told[name] for name in ("id", "size", "members", "isReliable")} == {
        "id": "community_1",
        "size": 40,
        "members": 2,
        "isReliable": True,
    }
    assert (told["stability"], told["surprise"]) == (0.9, 12.5)
    assert "2 of 3 members lie in the community community_1 of 40 nodes" in told["sentence"]["en"]
    assert "3个成员中有2个" in told["sentence"]["zh"]
    assert either_door.data(query, {"id": LAUNDERING})["finding"]["community"] is None


def test_a_finding_says_why_who_and_by_which_rows(either_door: Door) -> None:
    query = """query ($id: ID!) { finding(id: $id) { id kind label { zh en } score firstRun
      run { id model snapshot startedAt } lineage { event otherId overlap }
      reasons { code contribution sentence { zh en } values { name value } }
      members { total edges { node { id kind role roleLabel { zh en } entity { id } } } }
      evidence { total edges { node { kind source { id } provenance { file row } } } } } }"""
    told = either_door.data(query, {"id": SCAM})["finding"]
    assert told["label"] == {"zh": "电信诈骗团伙", "en": "scam cell"}
    assert told["run"]["id"] == "run-2"
    assert told["run"]["snapshot"].count("@") == 1
    assert told["lineage"] == {"event": "kept", "otherId": None, "overlap": 1.0}
    (reason,) = told["reasons"]
    assert (reason["code"], reason["contribution"]) == ("passes_on", 0.5)
    assert "4" in reason["sentence"]["zh"]
    assert "3 of 4 transfers" in reason["sentence"]["en"]
    assert {"name": "usual", "value": 0.01} in reason["values"]
    roles = {row["node"]["role"] for row in told["members"]["edges"]}
    assert (told["members"]["total"], roles) == (3, {"mule", "victim", "caller"})
    for row in told["members"]["edges"]:
        assert row["node"]["entity"]["id"] == row["node"]["id"]
    (proof,) = told["evidence"]["edges"]
    assert proof["node"]["provenance"] == {"file": "transfers.csv", "row": 2}
    assert proof["node"]["source"]["id"] == either_door.id_of("Account", ACCOUNTS["P1"])


def test_scores_come_with_reasons_model_snapshot_run_and_time(either_door: Door) -> None:
    query = (
        _ENTITY
        + """{ findings { id } score { value
      reasons { contribution sentence { zh } } run { id model snapshot startedAt } } } }"""
    )
    told = either_door.data(query, {"id": either_door.id_of("Account", ACCOUNTS["P1"])})["entity"]
    assert told["score"]["value"] == 0.9  # of 0.9 and 0.5, which rest on the same transfer
    assert [one["id"] for one in told["findings"]] == [LAUNDERING, SCAM]
    assert len(told["score"]["reasons"]) == 2
    assert sum(one["contribution"] for one in told["score"]["reasons"]) == pytest.approx(0.9)
    assert told["score"]["run"]["startedAt"] == "2026-02-01T00:01:00.000Z"
    innocent = either_door.data(query, {"id": either_door.id_of("Person", "P4")})["entity"]
    assert (innocent["score"]["value"], innocent["score"]["reasons"]) == (0.0, [])
    assert innocent["findings"] == []


def test_findings_are_paged_by_falling_score(door: Door) -> None:
    query = """query ($after: String, $kind: String) {
      findings(first: 1, after: $after, kind: $kind) {
        total edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
    first = door.data(query)["findings"]
    assert [row["node"]["id"] for row in first["edges"]] == [LAUNDERING]
    assert (first["total"], first["pageInfo"]["hasNextPage"]) == (2, True)
    second = door.data(query, {"after": first["pageInfo"]["endCursor"]})["findings"]
    assert [row["node"]["id"] for row in second["edges"]] == [SCAM]
    assert not second["pageInfo"]["hasNextPage"]
    one_kind = door.data(query, {"kind": "scam_cell"})["findings"]
    assert (one_kind["total"], one_kind["edges"][0]["node"]["id"]) == (1, SCAM)
    assert door.codes(query, {"kind": "scam_cel"}) == ["BAD_INPUT"]


def test_members_and_evidence_are_paged(door: Door) -> None:
    query = """query ($id: ID!, $m: String, $e: String, $role: String) { finding(id: $id) {
      members(first: 2, after: $m, role: $role) { total edges { node { role } }
        pageInfo { hasNextPage endCursor } }
      evidence(first: 2, after: $e) { total edges { node { id } }
        pageInfo { hasNextPage endCursor } } } }"""
    first = door.data(query, {"id": LAUNDERING})["finding"]
    assert [len(first[part]["edges"]) for part in ("members", "evidence")] == [2, 2]
    assert first["evidence"]["pageInfo"]["hasNextPage"]
    behind = {
        "m": first["members"]["pageInfo"]["endCursor"],
        "e": first["evidence"]["pageInfo"]["endCursor"],
    }
    rest = door.data(query, {"id": LAUNDERING, **behind})["finding"]
    assert [len(rest[part]["edges"]) for part in ("members", "evidence")] == [1, 1]
    assert not rest["members"]["pageInfo"]["hasNextPage"]
    assert rest["evidence"]["edges"][0] not in first["evidence"]["edges"]
    victims = door.data(query, {"id": SCAM, "role": "victim"})["finding"]["members"]
    assert (victims["total"], len(victims["edges"])) == (1, 1)


def test_a_finding_that_is_gone_tells_when_it_was_last_seen(door: Door) -> None:
    query = "query ($id: ID!) { finding(id: $id) { run { id } lineage { event } } }"
    assert door.data(query, {"id": GONE})["finding"] == {
        "run": {"id": "run-1"},
        "lineage": {"event": "dissolved"},
    }


def test_counts_kinds_and_the_latest_run_are_told(either_door: Door) -> None:
    told = either_door.data(
        """{ counts { kind count } latestRun { id }
        vocabulary { nodeKinds { kind properties { name } } edgeKinds { kind nature sources } } }"""
    )
    counts = {row["kind"]: row["count"] for row in told["counts"]}
    assert (counts["Person"], counts["TRANSFERRED"], counts["CALLED"]) == (4, 3, 1)
    assert told["latestRun"] == {"id": "run-2"}
    natures = {row["kind"]: row["nature"] for row in told["vocabulary"]["edgeKinds"]}
    assert natures["TRANSFERRED"] == "EVENT"
    person = next(row for row in told["vocabulary"]["nodeKinds"] if row["kind"] == "Person")
    assert "id_cipher" not in {one["name"] for one in person["properties"]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ entity(id: "8619900000001") { id } }', "BAD_INPUT"),
        ('{ entity(id: "person_zzzzzzzzzzzzz") { id } }', "NOT_FOUND"),
        ("query ($stranger: ID!) { entity(id: $stranger) { id } }", "NOT_FOUND"),
        ("query ($other_kind: ID!) { entity(id: $other_kind) { id } }", "NOT_FOUND"),
        (
            """query ($stranger: ID!, $person: ID!) {
              shortestPath(source: $person, target: $stranger) { length } }""",
            "NOT_FOUND",
        ),
        ('{ finding(id: "ring_none") { id } }', "NOT_FOUND"),
        (
            """query ($person: ID!) {
              trace(account: $person, start: "2026-01-01T00:00Z", edgeKind: HOLDS) { total } }""",
            "BAD_INPUT",
        ),
        ("{ findings(first: 201) { total } }", "BAD_INPUT"),
        ("{ findings(first: 0) { total } }", "BAD_INPUT"),
        ("query ($person: ID!) { entity(id: $person, validAt: null) { id } }", None),
    ],
)
def test_failures_carry_the_code_of_their_class(door: Door, query: str, code: str | None) -> None:
    person = door.town.nids["P1"]
    variables = {
        "stranger": door.ids.entity("Person", 10**9),
        "other_kind": door.ids.entity("Phone", person),
        "person": door.ids.entity("Person", person),
    }
    assert door.codes(query, variables) == ([] if code is None else [code])
