"""The typed client against the service itself."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import aclosing, closing
from datetime import datetime
from importlib import import_module

import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse

from graphrisk.api import schema as api
from graphrisk.api.inputs import MOST_ROWS as MOST_PAGE
from graphrisk.api.limits import MOST_COST, MOST_DEPTH, Scales
from graphrisk.client import AsyncClient, Client
from graphrisk.client.calls import Call, documents
from graphrisk.client.operations.entities import entity, lookup, neighbours, search, trace
from graphrisk.client.operations.events import follow_events
from graphrisk.client.operations.findings import evidence, findings, members
from graphrisk.client.operations.identity import judge_identity
from graphrisk.client.operations.inputs import JudgeIdentityInput
from graphrisk.client.operations.kinds import Direction, EdgeKind, IdentityVerdict, NodeKind
from graphrisk.core.errors import BadInput, Forbidden, NotFound, Unauthenticated
from graphrisk.store.operations import outbox
from scripts.client_code import DOCUMENTS
from tests.api.serving import NOW, Door
from tests.api.town import LAUNDERING, opened

AREAS = sorted(file.stem for file in DOCUMENTS.glob("*.graphql") if file.stem != "common")


@pytest.fixture(scope="module")
def url(door: Door) -> str:
    return f"{door.http.base_url}/graphql"


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    with Client(url, purpose="investigation", case="A-2026-7") as opened_client:
        yield opened_client


def test_every_field_of_the_schema_is_asked_for_by_an_operation() -> None:
    schema = build_schema(api.render())
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    fields = {(root.name, name) for root in roots if root for name in root.fields}
    asked = set()
    for text in documents().values():
        for one in parse(text).definitions:
            if isinstance(one, OperationDefinitionNode):
                (field,) = one.selection_set.selections
                assert isinstance(field, FieldNode)
                asked.add((one.operation.value.capitalize(), field.name.value))
    assert asked == fields


def test_a_page_of_two_hundred_is_never_too_much() -> None:
    schema = build_schema(api.render())
    for name, text in documents().items():
        document = parse(text)
        kept = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
        (operation,) = (o for o in document.definitions if isinstance(o, OperationDefinitionNode))
        if "$after:" in text and "$first:" in text:
            scales = Scales(schema, {one.name.value: one for one in kept}, {"first": MOST_PAGE})
            weight = scales.operation(operation)
            assert weight.cost <= MOST_COST, name
            assert weight.depth <= MOST_DEPTH, name


def _queries() -> Iterator[Callable[[], Call[object]]]:
    """Those that need to be given nothing."""
    for area in AREAS:
        module = import_module(f"graphrisk.client.operations.{area}")
        for _, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__:
                parameters = inspect.signature(made).parameters.values()
                if all(one.default is not one.empty for one in parameters):
                    yield made


def test_every_query_that_needs_nothing_is_answered_as_its_classes_say(client: Client) -> None:
    asked, refused = 0, set()
    for made in _queries():
        call = made()
        if call.text.startswith("query"):
            try:
                client.ask(call)
            except Forbidden:
                refused.add(call.name)
            asked += 1
    assert asked > 20
    assert refused == set()


def test_an_entity_has_the_types_that_the_schema_gives_it(door: Door, client: Client) -> None:
    found = client.ask(entity(id=door.id_of("Person", "P1")))
    assert found is not None
    assert (found.kind, found.caption) == (NodeKind.Person, "张小伟")
    assert found.score is not None
    assert isinstance(found.score.run.started_at, datetime)
    assert found.score.run.started_at.tzinfo is not None
    assert found.label.zh == "人员"
    with pytest.raises(NotFound):
        client.ask(entity(id="person_0000000000001"))


def test_all_pages_of_a_list_are_run_through(door: Door, client: Client) -> None:
    told = [one.id for one in client.each(findings(first=1))]
    assert len(told) == 2
    assert told[0] == LAUNDERING
    whole = client.ask(members(id=LAUNDERING))
    assert whole is not None
    singly = list(client.each(members(id=LAUNDERING, first=1)))
    assert singly == [edge.node for edge in whole.members.edges]
    assert len(singly) > 1
    facts = list(client.each(evidence(id=LAUNDERING, first=2)))
    assert facts[0].source is not None
    with pytest.raises(NotFound):
        next(client.each(members(id="ring_0000000000000000")))
    person = door.id_of("Person", "P1")
    held = neighbours(id=person, edge_kind=EdgeKind.HOLDS, direction=Direction.OUT)
    assert [one and one.kind for one in client.each(held)] == [NodeKind.Account]


def test_what_is_searched_and_pasted_comes_typed(door: Door, client: Client) -> None:
    found = client.ask(search(text="wangfang", kinds=[NodeKind.Person]))
    assert found is not None
    assert [one.caption for one in found.entities] == ["王芳"]
    (line,) = client.ask(lookup(lines=["+86 199-0000-0001"])) or []
    assert line.entity is not None
    assert line.entity.kind is NodeKind.Phone
    account = door.id_of("Account", "6200000000000001")
    with pytest.raises(BadInput, match="zone"):
        client.ask(trace(account=account, start=datetime(2016, 1, 1)))  # noqa: DTZ001
    day = datetime.fromisoformat("2016-01-01T00:00:00+08:00")
    assert client.ask(trace(account=account, start=day)) is not None


def test_purpose_and_case_travel_with_a_request(door: Door, client: Client, url: str) -> None:
    asked = entity(id=door.id_of("Person", "P1"))
    with Client(url) as without:
        masked = without.ask(asked)
        named = without.about("测试-7").ask(asked)
    assert masked is not None
    assert named is not None
    assert "*" in masked.caption
    assert named.caption == "张小伟"
    assert client.ask(asked) == named


def test_errors_have_the_class_of_their_code(door: Door, client: Client, url: str) -> None:
    with pytest.raises(BadInput):
        client.ask(entity(id="nonsense"))
    person = door.id_of("Person", "P1")
    said = JudgeIdentityInput(
        one=person,
        other="person_0000000000001",
        verdict=IdentityVerdict.SAME,
        reason="同一张照片",
    )
    with pytest.raises(NotFound):
        client.ask(judge_identity(input=said))
    with Client(url, token="none that is known") as stranger, pytest.raises(Unauthenticated):
        stranger.ask(findings())


def test_awaiting_gives_the_same(door: Door, client: Client, url: str) -> None:
    person = entity(id=door.id_of("Person", "P1"))

    async def asked() -> tuple[object, list[str]]:
        async with AsyncClient(url, purpose="investigation", case="A-2026-7") as other:
            one, listed = await asyncio.gather(other.ask(person), _ids(other))
            with pytest.raises(BadInput):
                await other.ask(entity(id="nonsense"))
            return one, listed

    async def _ids(other: AsyncClient) -> list[str]:
        return [one.id async for one in other.each(findings(first=1))]

    one, listed = asyncio.run(asked())
    assert one == client.ask(person)
    assert listed == [one.id for one in client.each(findings())]


def test_what_happens_is_followed_from_a_place_on(door: Door, client: Client, url: str) -> None:
    with opened(door.town.settings) as (_, database):
        with database.session() as session:
            for subject in ("run-8", "run-9"):
                outbox.emit(session, "detection.finished", subject, {"findings": 1}, NOW)
        with database.session() as session:
            outbox.relay(session)
    start = door.ids.cursor("events", 0)
    with closing(client.follow(follow_events(after=start))) as events:
        first = next(one for one in events if one.node.subject == "run-8")
        assert next(events).node.subject == "run-9"

    async def behind() -> str:
        wanted = follow_events(after=first.cursor)
        async with AsyncClient(url) as other, aclosing(other.follow(wanted)) as events:
            return (await anext(events)).node.subject

    assert asyncio.run(behind()) == "run-9"
