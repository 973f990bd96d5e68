"""GraphQL tells nothing of what lies outside one's areas, whatever is asked, by whatever path."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrisk.access.masking import mask
from tests.access.queries import selections
from tests.api.districts import SIMING, build_districts, outside_keys, outside_names
from tests.api.serving import Document, Door, opened_door
from tests.api.town import ACCOUNTS, GONE, LAUNDERING, NAMES, PHONES, SCAM
from tests.principals import headers

DEPTH = 7
LISTED = """query ($id: ID!) { entity(id: $id) { id caption redacted
  neighbourCounts { edgeKind direction count }
  neighbours(edgeKind: TRANSFERRED) { total edges { node { id kind key caption redacted
    properties { name } score { value } findings { id } records { id }
    neighbourCounts { count } neighbours(edgeKind: TRANSFERRED) { total } } } } } }"""


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened_door(build_districts(tmp_path_factory.mktemp("districts"))) as door:
        yield door


@pytest.fixture(scope="module")
def huli(districts: Door) -> dict[str, str]:
    """Headers of an investigator of Huli, in a case."""
    return headers(
        districts.town.settings, roles=["investigator"], areas=["350206"], name="li.wei", case="A-7"
    )


def forbidden(door: Door) -> list[str]:
    """Texts that nobody of Huli may ever be told: keys, names, masks of them, ids."""
    told = [*outside_keys()[2:], *outside_names()]
    ids = [
        door.ids.entity(kind, door.town.nids[key])
        for kind, keys in (
            ("Person", ("P2", "P3")),
            ("Phone", (PHONES["P2"], PHONES["P3"])),
            ("Account", (ACCOUNTS["P2"], ACCOUNTS["P3"])),
            ("GridCell", (SIMING,)),
        )
        for key in keys
    ]
    return [*told, *map(mask, told), *ids]


def test_a_neighbour_outside_is_a_stub_from_which_nothing_leads_on(
    districts: Door, huli: dict[str, str]
) -> None:
    asked = {"id": districts.id_of("Account", ACCOUNTS["P1"])}
    own = districts.data(LISTED, asked, huli)["entity"]
    (edge,) = own["neighbours"]["edges"]
    stub = edge["node"]
    assert (own["caption"], own["redacted"]) == (ACCOUNTS["P1"], False)
    assert stub.pop("id").startswith("stub_")
    assert stub == {
        "kind": "Account", "key": "", "caption": "辖区外 outside your areas", "redacted": True,
        "properties": [], "score": None, "findings": [], "records": [], "neighbourCounts": [],
        "neighbours": {"total": 0},
    }  # fmt: skip


def test_a_stub_has_another_name_for_everybody(districts: Door, huli: dict[str, str]) -> None:
    asked = {"id": districts.id_of("Account", ACCOUNTS["P1"])}

    def name(who: dict[str, str]) -> str:
        found = districts.data(LISTED, asked, who)["entity"]["neighbours"]["edges"]
        return str(found[0]["node"]["id"])

    settings = districts.town.settings
    other = headers(settings, roles=["investigator"], areas=["350206"], name="wang")
    assert name(huli) == name(huli) != name(other)


def test_counts_searches_paths_and_traces_are_of_ones_own_areas(
    districts: Door, huli: dict[str, str]
) -> None:
    data = districts.data("{ counts { kind count } }", headers=huli)["counts"]
    counts = {row["kind"]: row["count"] for row in data}
    assert (counts["Person"], counts["Account"], counts["Phone"]) == (2, 2, 1)
    for text in ("6200000000000002", "王芳", "wangfang", "86199"):
        found = districts.data(
            f'{{ search(text: "{text}") {{ total entities {{ id }} }} }}', None, huli
        )
        assert found["search"]["total"] == (1 if text == "86199" else 0)
    p1, p4 = (districts.id_of("Account", ACCOUNTS[key]) for key in ("P1", "P3"))
    path = "query ($a: ID!, $b: ID!) { shortestPath(source: $a, target: $b) { length } }"
    assert districts.data(path, {"a": p1, "b": p4})["shortestPath"]["length"] == 1
    assert districts.data(path, {"a": p1, "b": p4}, huli)["shortestPath"] is None
    trace = """query ($a: ID!) { trace(account: $a, start: "2025-11-01T00:00:00Z") { total steps {
      layer edge { source { redacted } target { redacted } } } } }"""
    (step,) = districts.data(trace, {"a": p1}, huli)["trace"]["steps"]
    assert step["edge"] == {"source": {"redacted": False}, "target": {"redacted": True}}
    assert districts.data(trace, {"a": p1})["trace"]["total"] == 3


def test_a_finding_is_cut_to_ones_members_and_its_reasons_are_withheld(
    districts: Door, huli: dict[str, str]
) -> None:
    query = """query ($id: ID!) { finding(id: $id) { redacted score community { id }
      members { total edges { node { id entity { key } } } } evidence { total }
      reasons { code values { name } sentence { zh en } } lineage { event otherId } } }"""
    cut = districts.data(query, {"id": LAUNDERING}, huli)["finding"]
    assert (cut["redacted"], cut["members"]["total"], cut["evidence"]["total"]) == (True, 1, 2)
    (member,) = cut["members"]["edges"]
    assert member["node"]["entity"]["key"] == ACCOUNTS["P1"]
    assert [(one["code"], one["values"]) for one in cut["reasons"]] == [("withheld", [])]
    assert cut["community"] is None
    whole = districts.data(query, {"id": LAUNDERING})["finding"]
    assert (whole["redacted"], whole["members"]["total"]) == (False, 3)
    person = districts.data(
        "query ($id: ID!) { entity(id: $id) { score { value reasons { code } } } }",
        {"id": districts.id_of("Account", ACCOUNTS["P1"])},
        huli,
    )
    assert [one["code"] for one in person["entity"]["score"]["reasons"]] == ["withheld"]


def test_findings_elsewhere_are_not_listed_and_not_found(districts: Door) -> None:
    settings = districts.town.settings
    siming = headers(settings, roles=["investigator"], areas=["350203"])
    other = headers(settings, roles=["investigator"], areas=["350211"])
    listed = "{ findings { total edges { node { id } } } }"
    assert districts.data(listed, None, siming)["findings"]["total"] == 2
    assert districts.data(listed, None, other)["findings"] == {"total": 0, "edges": []}
    for finding in (LAUNDERING, SCAM, GONE, "ring_00000000000000ee"):
        answer = districts.ask(f'{{ finding(id: "{finding}") {{ id }} }}', None, other)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert error["message"] == f"no finding '{finding}'"


def test_the_city_sees_what_its_districts_see_and_another_city_nothing(districts: Door) -> None:
    settings = districts.town.settings
    person = {"id": districts.id_of("Person", "P2")}
    query = "query ($id: ID!) { entity(id: $id) { caption redacted } }"

    def told(area: str) -> Document:
        who = headers(settings, roles=["investigator"], areas=[area], case="A-7")
        return dict(districts.data(query, person, who)["entity"])

    for area in ("35", "3502", "350203", "350203001", "350203001001", SIMING):
        assert told(area) == {"caption": NAMES["P2"], "redacted": False}, area
    for area in ("3501", "350206", "350203002", "350203001001002", "44"):
        assert told(area)["redacted"], area


def test_who_is_who_is_told_of_ones_own_alone(districts: Door, huli: dict[str, str]) -> None:
    judge = """mutation ($a: ID!, $b: ID!) { judgeIdentity(input: {one: $a, other: $b,
      verdict: SAME, reason: "x"}) { changed } }"""
    ids = {"a": districts.id_of("Person", "P1"), "b": districts.id_of("Person", "P2")}
    answer = districts.ask(judge, ids, huli)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    districts.data(judge, ids)
    records = "query ($id: ID!) { entity(id: $id) { records { id } judgements { total } } }"
    assert len(districts.data(records, {"id": ids["a"]})["entity"]["records"]) == 2
    told = districts.data(records, {"id": ids["a"]}, huli)["entity"]
    assert (told["records"], told["judgements"]) == ([{"id": ids["a"]}], {"total": 0})


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_query_ever_tells_a_name_a_key_or_an_id_from_outside(
    districts: Door, huli: dict[str, str], data: st.DataObject
) -> None:
    ids = {
        "ACCOUNT": districts.id_of("Account", ACCOUNTS["P1"]),
        "OTHER": districts.id_of("Account", ACCOUNTS["P2"]),
    }
    query = data.draw(selections(DEPTH))
    for name, text in ids.items():
        query = query.replace(name, text)
    answer = json.dumps(districts.ask(query, None, huli), ensure_ascii=False)
    for text in forbidden(districts):
        assert text not in answer, query
