"""Who asks is told by a token, over GraphQL and REST alike."""

from __future__ import annotations

from tests.api.serving import Door
from tests.api.town import ACCOUNTS
from tests.principals import headers
from tests.recorded import recorded, spooled

RUN = "{ latestRun { id } }"


def test_a_token_names_who_is_recorded(door: Door) -> None:
    asked = headers(door.town.settings, roles=["analyst"], name="li.wei")
    ids = {"ids": [door.id_of("Person", "P1")]}
    before = spooled(door.town.settings.audit_folder)
    door.data("query ($ids: [ID!]!) { entities(ids: $ids) { id } }", ids, asked)
    (line,) = recorded(door.town.settings.audit_folder, but=before)
    assert (line["principal"], line["action"]) == ("li.wei", "entities")


def test_a_bad_token_is_refused_with_401_and_says_how(door: Door) -> None:
    bad = {"authorization": "Bearer nonsense"}
    account = door.id_of("Account", ACCOUNTS["P1"])
    for answer in (
        door.http.post("/graphql", json={"query": RUN}, headers=bad),
        door.http.get(f"/v1/scores/{account}", headers=bad),
    ):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "UNAUTHENTICATED" in answer.text
        assert "nonsense" not in answer.text


def test_a_published_score_is_refused_to_whom_it_is_not_cut_for(door: Door) -> None:
    account = door.id_of("Account", ACCOUNTS["P1"])
    narrow = headers(door.town.settings, roles=["application"], areas=["3502"])
    assert door.http.get(f"/v1/scores/{account}", headers=narrow).status_code == 403
    whole = headers(door.town.settings, roles=["application"])
    assert door.http.get(f"/v1/scores/{account}", headers=whole).status_code == 200


def test_a_role_without_the_right_is_refused(door: Door) -> None:
    asked = headers(door.town.settings, roles=["auditor"])
    judge = """mutation ($one: ID!, $other: ID!) {
      judgeIdentity(input: {one: $one, other: $other, verdict: SAME, reason: "x"}) { changed } }"""
    ids = {"one": door.id_of("Person", "P1"), "other": door.id_of("Person", "P4")}
    answer = door.ask(judge, ids, asked)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
