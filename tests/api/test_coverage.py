"""Coverage over GraphQL, on both engines: counts, and the list of those without a cell."""

from __future__ import annotations

from tests.api.serving import Document, Door
from tests.api.town import NAMES

QUERY = """query ($first: Int!, $after: String, $kind: NodeKind) { coverage {
  change shares { kind label { zh en } source total covered reasons { reason { code } count } }
  gaps(first: $first, after: $after, kind: $kind) { total
    edges { node { reason { code label { zh en } } entity { id kind caption } } }
    pageInfo { hasNextPage endCursor } } } }"""


def test_people_without_a_grid_cell_are_counted_and_listed(either_door: Door) -> None:
    found: list[Document] = []
    after = None
    while True:
        asked = {"first": 3, "after": after, "kind": "Person"}
        told = either_door.data(QUERY, asked)["coverage"]
        found += [edge["node"] for edge in told["gaps"]["edges"]]
        after = told["gaps"]["pageInfo"]["endCursor"]
        if not told["gaps"]["pageInfo"]["hasNextPage"]:
            break
    people = {either_door.id_of("Person", key) for key in NAMES}
    assert {node["entity"]["id"] for node in found} == people
    assert len(found) == told["gaps"]["total"] == len(people)
    assert {node["reason"]["code"] for node in found} == {"no_cell"}
    assert found[0]["reason"]["label"]["zh"]
    whole = next(one for one in told["shares"] if (one["kind"], one["source"]) == ("Person", None))
    assert (whole["total"], whole["covered"]) == (4, 0)
    assert whole["reasons"] == [{"reason": {"code": "no_cell"}, "count": 4}]


def test_names_in_the_list_are_masked_until_a_case_is_named(door: Door) -> None:
    masked, clear = (
        {
            edge["node"]["entity"]["caption"]
            for edge in door.data(QUERY, {"first": 9}, headers)["coverage"]["gaps"]["edges"]
        }
        for headers in ({}, {"x-case": "A-7"})
    )
    assert clear == set(NAMES.values())
    assert not masked & clear
