"""Queries made up at random from the real schema."""

from __future__ import annotations

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from hypothesis import strategies as st

from graphrisk.api.schema import build_schema
from tests.api.town import LAUNDERING

SCHEMA = build_schema()._schema
#: What fields are asked with; ACCOUNT is an account of one's own, OTHER one outside.
ARGUMENTS = {
    ("Query", "entity"): ('(id: "ACCOUNT")', '(id: "OTHER")'),
    ("Query", "entities"): ('(ids: ["ACCOUNT", "OTHER"])',),
    ("Query", "search"): ('(text: "6200")', '(text: "zhang")', '(text: "王芳")', '(text: "86199")'),
    ("Query", "lookup"): ('(lines: ["6200000000000001", "86199 0000 0001", "ACCOUNT", "OTHER"])',),
    ("Query", "shortestPath"): ('(source: "ACCOUNT", target: "OTHER")',),
    ("Query", "trace"): (
        '(account: "ACCOUNT", start: "2025-12-01T00:00:00Z")',
        '(account: "OTHER", start: "2025-12-01T00:00:00Z")',
        '(account: "ACCOUNT", start: "2026-12-01T00:00:00Z", direction: IN)',
    ),
    ("Query", "finding"): (f'(id: "{LAUNDERING}")',),
    ("Query", "rule"): ('(id: "none", version: "none")',),
    ("Query", "ruleDifference"): (
        '(rule: "none", version: "none", since: "2025-12-01T00:00:00Z")',
    ),
    ("Query", "ruleRehearsal"): ('(id: "none")',),
    ("Query", "auditProof"): ("(index: 0)",),
    ("Query", "watchHits"): ('(watchList: "none")',),
    ("Query", "queryNews"): ('(savedQuery: "none")',),
    ("Query", "webhookMessages"): ('(webhook: "none")',),
    ("Entity", "neighbours"): tuple(
        f"(edgeKind: {kind}, direction: {way}, first: 5)"
        for kind in ("TRANSFERRED", "HOLDS", "OWNS_PHONE", "CALLED", "LIVES_IN", "USES_DEVICE")
        for way in ("IN", "OUT")
    ),
}


@st.composite
def selections(draw: st.DrawFn, depth: int) -> str:
    """A query of fields that need no other arguments, deep down to where entities are."""
    root = SCHEMA.query_type
    assert root is not None
    return draw(_selection(root, depth))


@st.composite
def _selection(draw: st.DrawFn, kind: GraphQLObjectType, depth: int) -> str:
    leaves = [name for name, one in kind.fields.items() if is_leaf_type(get_named_type(one.type))]
    deep = [name for name in kind.fields if name not in leaves and _answers(kind, name)]
    chosen = draw(st.lists(st.sampled_from([*leaves, "__typename"]), max_size=6, unique=True))
    if depth and deep:
        chosen += draw(st.lists(st.sampled_from(deep), min_size=1, max_size=3, unique=True))
    parts = []
    for name in chosen or ["__typename"]:
        if name == "__typename" or name in leaves:
            parts.append(name)
            continue
        given = draw(st.sampled_from(ARGUMENTS.get((kind.name, name), ("",))))
        named = get_named_type(kind.fields[name].type)
        assert isinstance(named, GraphQLObjectType)
        parts.append(f"{name}{given} {draw(_selection(named, depth - 1))}")
    return f"{{ {' '.join(parts)} }}"


def _answers(kind: GraphQLObjectType, name: str) -> bool:
    """Whether a field can be asked: its arguments are known here, or it needs none."""
    if not isinstance(get_named_type(kind.fields[name].type), GraphQLObjectType):
        return False  # unions are asked by the tests of their own
    needs = any(is_required_argument(one) for one in kind.fields[name].args.values())
    return (kind.name, name) in ARGUMENTS or not needs
