"""What a request may ask at most, and that weighing one cannot itself take for ever."""

from __future__ import annotations

import time
from typing import cast

import pytest
from graphql import IntrospectionQuery, build_client_schema, get_introspection_query

from graphrisk.api.limits import MOST_ALIASES, MOST_COST, MOST_DEPTH, MOST_TOKENS
from tests.api.serving import Door


def _cost(door: Door, query: str, **variables: object) -> int:
    cost = door.ask(query, variables)["extensions"]["cost"]
    assert cost["most"] == MOST_COST
    asked: int = cost["asked"]
    return asked


def test_cost_is_the_objects_an_answer_can_hold(door: Door) -> None:
    assert _cost(door, "{ latestRun { id } }") == 1
    assert _cost(door, "{ findings(first: 7) { total } }") == 1
    assert _cost(door, "{ findings(first: 7) { edges { cursor } } }") == 1 + 7
    nested = (
        "{ findings(first: 7) { edges { node { members(first: 5) { edges { node { id } } } } } } }"
    )
    assert _cost(door, nested) == 1 + 7 * (1 + 1 + 1 + 5 * (1 + 1))
    assert _cost(door, "{ findings { edges { cursor } } }") == 1 + 20
    assert _cost(door, "{ counts { label { zh } } }") == 10 * 2


def test_cost_follows_variables_fragments_and_lists_of_ids(door: Door) -> None:
    query = "query ($n: Int! = 3) { findings(first: $n) { ...page } } %s"
    query %= "fragment page on FindingConnection { edges { cursor } }"
    assert _cost(door, query) == 1 + 3
    assert _cost(door, query, n=9) == 1 + 9
    inline = "{ findings(first: 4) { ... on FindingConnection { ... { edges { cursor } } } } }"
    assert _cost(door, inline) == 1 + 4
    ids = [door.id_of("Person", "P1")] * 6
    assert _cost(door, "query ($ids: [ID!]!) { entities(ids: $ids) { id } }", ids=ids) == 6
    assert _cost(door, "{ entities(ids: []) { id } }") == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ findings(first: 200) { edges { node { members(first: 200) { edges { cursor } } } } } }",
        "{ latestRun { " + "id " * MOST_TOKENS + "} }",
        "{ " + " ".join(f"a{n}: latestRun {{ id }}" for n in range(MOST_ALIASES + 1)) + "}",
        "{ entity(id: 1) {" + "findings { members { edges { node { entity {" * 4 + "id" + "}" * 22,
    ],
    ids=["cost", "tokens", "aliases", "depth"],
)
def test_what_is_too_heavy_is_refused_before_anything_is_read(door: Door, query: str) -> None:
    answer = door.ask(query)
    assert "data" not in answer
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["LIMIT_EXCEEDED"]


def test_the_usual_introspection_query_is_within_the_limits(door: Door) -> None:
    told = cast("IntrospectionQuery", door.data(get_introspection_query()))
    assert "Finding" in build_client_schema(told).type_map


@pytest.mark.parametrize("links", [20, 70])
def test_fragments_that_double_themselves_are_weighed_in_no_time(door: Door, links: int) -> None:
    """Each use of a fragment counted for itself would take 2 to the power of ``links`` steps."""
    chain = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(links))
    query = f"{{ ...f0 }} {chain} fragment f{links} on Query {{ latestRun {{ id }} }}"
    started = time.monotonic()
    assert door.codes(query) == ["LIMIT_EXCEEDED"]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "query",
    [
        "{ entity(id: " + "[" * 450 + "]" * 450 + ") { id } }",
        "{ a" + "{ a" * 300 + "}" * 301,
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "fragment a on Query { ...a } { ...a }",
        "{ latestRun" + " @skip(if: false)" * 100 + " { id } }",
    ],
    ids=["lists", "selections", "introspection", "cycle", "directives"],
)
def test_nesting_and_repetition_are_refused_and_never_a_fault(door: Door, query: str) -> None:
    codes = door.codes(query)
    assert codes
    assert set(codes) <= {"BAD_INPUT", "LIMIT_EXCEEDED"}


@pytest.mark.parametrize(
    ("inner", "depth"), [("pageInfo { endCursor }", 16), ("edges { node { id } }", 17)]
)
def test_the_deepest_operation_is_answered_and_one_level_more_is_not(
    door: Door, inner: str, depth: int
) -> None:
    step = "neighbours(edgeKind: HOLDS, first: 1) { edges { node { "
    levels = step * 4 + f"neighbours(edgeKind: HOLDS, first: 1) {{ {inner} }}" + "} } }" * 4
    query = f'{{ entity(id: "{door.id_of("Person", "P1")}") {{ {levels} }} }}'
    assert door.codes(query) == ([] if depth <= MOST_DEPTH else ["LIMIT_EXCEEDED"])
