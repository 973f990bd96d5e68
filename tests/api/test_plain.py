"""The fast executor says what the stock one says: on the real schema, and where values fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType, get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Stock

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.analysis.entities import Viewer
from graphrisk.api.batching import Threads
from graphrisk.api.context import Context, Desk
from graphrisk.api.deployment import desk_of
from graphrisk.api.ids import PublicIds
from graphrisk.api.plain import PlainExecutor
from graphrisk.api.samples import THREE_QUERIES
from graphrisk.api.schema import build_schema
from graphrisk.core.clock import ManualClock
from tests.api.town import ACCOUNTS, LAUNDERING, SCAM, Town, opened

FAST, STOCK = build_schema(), build_schema()
STOCK.execution_context_class = Stock
GRAPHQL = FAST._schema
ARGUMENTS = {
    ("Query", "entity"): '(id: "ACCOUNT")',
    ("Query", "entities"): '(ids: ["ACCOUNT", "OTHER", "ACCOUNT"])',
    ("Query", "search"): '(text: "zhang")',
    ("Query", "shortestPath"): '(source: "ACCOUNT", target: "OTHER")',
    ("Query", "trace"): '(account: "ACCOUNT", start: "2025-12-01T00:00:00Z")',
    ("Query", "finding"): f'(id: "{LAUNDERING}")',
    ("Query", "rule"): '(id: "none", version: "0")',
    ("Query", "ruleDifference"): '(rule: "none", version: "0", since: "2025-12-01T00:00:00Z")',
    ("Query", "ruleRehearsal"): '(id: "none")',
    ("Query", "watchHits"): '(watchList: "none")',
    ("Query", "queryNews"): '(savedQuery: "none")',
    ("Entity", "neighbours"): "(edgeKind: TRANSFERRED, first: 3)",
    ("Finding", "members"): "(first: 3)",
    ("Finding", "evidence"): "(first: 2)",
}
DEPTH = 9


@dataclass(frozen=True)
class Both:
    """Asks both executors over the same stores."""

    desk: Desk
    ids: dict[str, str]

    def agree(self, query: str, purpose: Purpose) -> dict[str, Any] | None:
        """The data both give, in the same order, with the same errors."""
        for name, text in self.ids.items():
            query = query.replace(name, text)
        fast, stock = (self._said(schema, query, purpose) for schema in (FAST, STOCK))
        assert fast == stock
        data: dict[str, Any] | None = json.loads(fast[0])
        return data

    def _said(
        self, schema: strawberry.Schema, query: str, purpose: Purpose
    ) -> tuple[str, list[str]]:
        context = Context(self.desk, Viewer(DEVELOPMENT, purpose))
        result = asyncio.run(schema.execute(query, context_value=context))
        return json.dumps(result.data), sorted(
            str(error.formatted) for error in result.errors or ()
        )


@pytest.fixture(scope="module")
def both(town: Town) -> Iterator[Both]:
    settings = town.settings
    with opened(settings) as (store, database), ThreadPoolExecutor(2) as executor:
        ids = PublicIds(settings.id_secret_bytes)
        accounts = [town.nids[ACCOUNTS[key]] for key in ("P1", "P3")]
        known = [ids.entity("Account", nid) for nid in accounts]
        desk = desk_of(settings, store, database, ManualClock(), Threads(executor))
        yield Both(desk, {"ACCOUNT": known[0], "OTHER": known[1], "SCAM": SCAM})


@st.composite
def selections(draw: st.DrawFn, kind: GraphQLObjectType, depth: int) -> str:
    """A selection of some fields of a type, the deeper ones more rarely."""
    deep = depth < DEPTH
    names = [n for n, f in kind.fields.items() if deep or not _is_object(get_named_type(f.type))]
    chosen = draw(st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=4))
    parts = []
    for number, name in enumerate(dict.fromkeys(chosen)):
        alias = f"a{number}: " if depth < 3 and draw(st.integers(0, 9)) == 0 else ""
        skip = draw(st.sampled_from(["", "", "", " @include(if: true)", " @skip(if: true)"]))
        inner = ""
        if name != "__typename":
            named = get_named_type(kind.fields[name].type)
            if isinstance(named, GraphQLObjectType):
                inner = draw(selections(named, depth + 1))
        parts.append(f"{alias}{name}{ARGUMENTS.get((kind.name, name), '')}{skip} {inner}")
    text = " ".join(parts)
    return (
        f"{{ ... on {kind.name} {{ {text} }} {text} }}" if draw(st.booleans()) else f"{{ {text} }}"
    )


def _is_object(kind: object) -> bool:
    return isinstance(kind, GraphQLObjectType)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), case=st.sampled_from([None, "A-7"]))
def test_any_selection_is_answered_alike(both: Both, data: st.DataObject, case: str | None) -> None:
    root = GRAPHQL.query_type
    assert root is not None
    both.agree(data.draw(selections(root, 0)), Purpose("investigation", case))


@pytest.mark.parametrize("text", [text for _, text in THREE_QUERIES])
def test_the_queries_of_the_demo_are_answered_alike(both: Both, text: str) -> None:
    assert both.agree(text, Purpose("investigation"))


def test_lists_are_completed_by_composed_readers(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or this file would compare the stock executor with itself."""
    walked: list[str] = []
    execute_field = PlainExecutor.execute_field

    def counted(self: PlainExecutor, parent: GraphQLObjectType, *rest: Any) -> Any:
        walked.append(parent.name)
        return execute_field(self, parent, *rest)

    monkeypatch.setattr(PlainExecutor, "execute_field", counted)
    told = both.agree("{ vocabulary { edgeKinds { kind label { zh } } } }", Purpose("operation"))
    assert told is not None
    assert len(told["vocabulary"]["edgeKinds"]) > 5
    assert walked.count("EdgeKindInfo") == 2  # of the first row alone
    assert walked.count("Words") == 1


@strawberry.type
class Part:
    """May be anything but what its type says."""

    number: int
    text: str | None
    flag: bool


@strawberry.type
class Thing:
    name: str
    part: Part
    parts: list[Part]
    maybe: list[int | None] | None

    @strawberry.field
    async def later(self) -> str:
        return self.name

    @strawberry.field
    def fails(self) -> int | None:
        raise ValueError(self.name)


def _part(**values: Any) -> Any:
    usual: dict[str, Any] = {"number": 1, "text": "a", "flag": True}
    return Part(**(usual | values))


def _thing(name: Any, **values: Any) -> Any:
    return Thing(**({"name": name, "part": _part(), "parts": [_part()], "maybe": [1]} | values))


def _irregular() -> list[Any]:
    lacking = _thing("lacks an attribute")
    del lacking.part
    return [
        _thing("good", parts=[_part(), _part(text=None)], maybe=[1, None]),
        _thing("null in a non-null", part=_part(number=None), parts=[], maybe=None),
        _thing("of another type", part=_part(number="x"), maybe=[2**40]),
        _thing("no list", parts=(_part(), _part())),
        _thing("a null in a list", parts=[_part(), None], maybe=[]),
        _thing(None),
        _thing("fine again", maybe=[3]),
        lacking,
        None,
    ]


@strawberry.type
class Root:
    @strawberry.field
    def things(self) -> list[Thing | None]:
        return _irregular()

    @strawberry.field
    def strict(self) -> list[Thing] | None:
        return _irregular()


@pytest.mark.parametrize("root", ["things", "strict"])
@pytest.mark.parametrize(
    "selection",
    [
        "{ name }",
        "{ name part { number text flag } }",
        "{ parts { number __typename } maybe }",
        "{ later name }",
        "{ part { number } later fails parts { flag } __typename n: name }",
    ],
)
def test_where_values_fail_the_errors_are_the_same(root: str, selection: str) -> None:
    query = f"{{ {root} {selection} }}"
    said = []
    for executor in (PlainExecutor, Stock):
        schema = strawberry.Schema(Root, execution_context_class=executor)
        schema.process_errors = lambda *_: None  # type: ignore[method-assign]
        result = asyncio.run(schema.execute(query))
        errors = sorted(str(error.formatted) for error in result.errors or ())
        said.append((json.dumps(result.data), errors))
    assert said[0] == said[1]
    if root == "things":
        rows = json.loads(said[0][0])["things"]
        assert rows[0] is not None
        assert rows[-1] is None
    assert said[0][1]
