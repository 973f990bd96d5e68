"""Where a case number is demanded, persons are read in a case of one's own and not without."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

import pytest

from graphrisk.access.demands import read_demand
from graphrisk.core.errors import ConfigError
from graphrisk.settings import Settings
from tests.api.serving import Document, Door, opened_door
from tests.api.town import ACCOUNTS, NAMES, build
from tests.principals import headers

OPEN = "mutation ($input: OpenCaseInput!) { openCase(input: $input) { id number } }"
ENTITY = "query ($id: ID!) { entity(id: $id) { caption } }"
SEARCH = 'query ($kinds: [NodeKind!]) { search(text: "张小伟", kinds: $kinds) { total } }'
HOLDERS = """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: HOLDS, direction: IN,
  first: 5) { edges { node { caption } } } } }"""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("demanded")
    settings = Settings(
        store=f"sqlite:///{folder / 'graph.db'}", case_demanded="purpose:investigation,role:analyst"
    )
    town = build(settings, folder)
    with opened_door(town) as opened:
        yield opened


def _who(
    door: Door,
    name: str,
    role: str = "investigator",
    case: str | None = None,
    purpose: str = "investigation",
) -> Mapping[str, str]:
    return headers(door.town.settings, name=name, roles=[role], case=case, purpose=purpose)


def _case(door: Door, name: str) -> str:
    new = {"id": str(uuid.uuid4()), "title": "x", "area": "350206", "matter": "M-1"}
    number: str = door.data(OPEN, {"input": new}, _who(door, name))["openCase"]["number"]
    return number


def test_without_a_case_no_person_is_read_by_any_way(door: Door) -> None:
    li = _who(door, "li")
    person = {"id": door.id_of("Person", "P1")}
    account = {"id": door.id_of("Account", ACCOUNTS["P1"])}
    for query, asked in (
        (ENTITY, person), (SEARCH, {}), (SEARCH, {"kinds": ["Person"]}), (HOLDERS, account),
    ):  # fmt: skip
        answer = door.ask(query, asked, li)
        assert _code(answer) == "CASE_REQUIRED", query
        assert NAMES["P1"][1:] not in str(answer.get("data"))
    assert _code(door.ask(ENTITY, account, li)) is None, "an account is no person"
    assert _code(door.ask(SEARCH, {"kinds": ["Phone"]}, li)) is None
    other = _who(door, "li", purpose="evaluation")
    assert _code(door.ask(ENTITY, person, other)) is None, "not demanded for this purpose"
    analyst = _who(door, "wang", "analyst", purpose="evaluation")
    assert _code(door.ask(ENTITY, person, analyst)) == "CASE_REQUIRED"


def test_the_case_is_one_that_the_reader_works_on_or_answers_for(door: Door) -> None:
    number, person = _case(door, "li"), {"id": door.id_of("Person", "P1")}
    own = door.data(ENTITY, person, _who(door, "li", case=number))["entity"]
    assert own["caption"] == NAMES["P1"]
    for who in (_who(door, "wu", case=number), _who(door, "li", case="A-7")):
        assert _code(door.ask(ENTITY, person, who)) == "CASE_REQUIRED"
    chief = _who(door, "chen", "supervisor", case=number)
    assert _code(door.ask(ENTITY, person, chief)) is None
    abroad = headers(
        door.town.settings, name="x", roles=["supervisor"], areas=["3501"], case=number
    )
    assert _code(door.ask(ENTITY, person, abroad)) == "CASE_REQUIRED"


def test_a_published_score_of_a_person_takes_a_case_as_well(door: Door) -> None:
    number, person = _case(door, "li"), door.id_of("Person", "P1")
    path = f"/v1/scores/{person}"
    refused = door.http.get(path, headers=_who(door, "li"))
    assert (refused.status_code, refused.json()["code"]) == (403, "CASE_REQUIRED")
    assert door.http.get(path, headers=_who(door, "li", case=number)).status_code == 200
    assert door.http.get(path, headers=_who(door, "wu", case=number)).status_code == 403
    account = f"/v1/scores/{door.id_of('Account', ACCOUNTS['P1'])}"
    assert door.http.get(account, headers=_who(door, "li")).status_code == 200


def test_a_demand_names_roles_and_purposes_that_there_are() -> None:
    found = read_demand(" role:analyst ,purpose:export,")
    assert [*found.roles, *found.purposes] == ["analyst", "export"]
    for wrong in ("analyst", "role:king", "purpose:", "area:3502"):
        with pytest.raises(ConfigError, match="GRAPHRISK_CASE_DEMANDED"):
            read_demand(wrong)


def _code(answer: Document) -> str | None:
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None
