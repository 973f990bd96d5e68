"""Subscriptions with clients that we did not write: gql over WebSocket, httpx-sse over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from httpx_sse import EventSource, ServerSentEvent, connect_sse

from graphrisk.analysis.events import Events
from graphrisk.analysis.findings import node_scores
from graphrisk.analysis.model import Lineage
from graphrisk.analysis.records import Records, SavedRun
from graphrisk.analysis.service import Findings
from graphrisk.api import following
from graphrisk.api.following import Following
from graphrisk.settings import Settings
from graphrisk.store.contract import Store
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from tests.api.serving import NOW, Document, Door, opened_door
from tests.api.town import LAUNDERING, SCAM, Town, build, opened
from tests.principals import headers

SIMING, HULI = "350203001001", "350206005001"
EVENTS = """subscription ($kinds: [String!], $area: String, $after: String) {
  events(kinds: $kinds, area: $area, after: $after) {
    cursor node { kind subject area details { name value } } } }"""
FINDINGS = """subscription ($kind: String) { findings(kind: $kind) {
  cursor run { id } findings { id kind members { edges { node { entity { caption } } } } } } }"""
DEEP = "{ members { edges { node { entity { findings " * 4 + "{ id }" + " } } } } }" * 4
LAST = "{ events(first: 200) { pageInfo { endCursor } } }"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("town")
    with opened_door(build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)) as door:
        _happen(door.town)
        yield door


def _happen(town: Town, *events: tuple[str, str, str | None, str | None]) -> None:
    """Another process notes what happened: kind, subject, area, whom it is told to."""
    with opened(town.settings) as (_, database):
        with database.session() as session:
            for kind, subject, area, whom in events:
                outbox.emit(session, kind, subject, {"number": 1}, NOW, area=area, whom=whom)
        with database.session() as session:
            outbox.relay(session)


def _cases(*subjects: str, area: str = SIMING) -> list[tuple[str, str, str | None, str | None]]:
    return [("case.changed", subject, area, None) for subject in subjects]


@asynccontextmanager
async def _websocket(door: Door, who: Mapping[str, str]) -> AsyncIterator[Any]:
    url = str(door.http.base_url).replace("http", "ws") + "/graphql"
    transport = WebsocketsTransport(url=url, init_payload=dict(who))
    async with Client(transport=transport) as session:
        yield session


async def _received(
    door: Door,
    who: Mapping[str, str],
    wanted: int,
    happens: list[tuple[str, str, str | None, str | None]],
    **variables: object,
) -> list[Document]:
    """What a subscriber is told once something happens; a pause shows that nothing more came."""
    told: list[Document] = []
    async with _websocket(door, who) as session:
        query = gql(EVENTS)
        query.variable_values = dict(variables)
        stream = session.subscribe(query)
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.3)  # the subscription has begun
        await asyncio.to_thread(_happen, door.town, *happens)
        with suppress(TimeoutError):
            async with asyncio.timeout(10 if wanted else 1):
                told.append((await first)["events"])
                while len(told) < wanted:
                    told.append((await anext(stream))["events"])
        with suppress(TimeoutError):
            async with asyncio.timeout(0.4):
                told.append((await anext(stream))["events"])
    return told


def _subjects(told: list[Document]) -> list[str]:
    return [one["node"]["subject"] for one in told]


def _who(door: Door, role: str, *areas: str, name: str = "tester") -> dict[str, str]:
    return headers(door.town.settings, roles=[role], areas=areas or ("",), name=name)


def test_what_another_process_wrote_arrives_in_order(door: Door) -> None:
    happens = _cases("a", "b", "c")
    told = asyncio.run(_received(door, _who(door, "investigator"), 3, happens))
    assert _subjects(told) == ["a", "b", "c"]
    assert told[0]["node"] == {
        "kind": "case.changed",
        "subject": "a",
        "area": SIMING,
        "details": [{"name": "number", "value": 1}],
    }


def test_by_kind_and_area(door: Door) -> None:
    happens = [*_cases("here"), *_cases("there", area=HULI), ("rule.hit", "x", None, None)]
    who = _who(door, "investigator")
    assert _subjects(asyncio.run(_received(door, who, 1, happens, area="350203"))) == ["here"]
    assert _subjects(asyncio.run(_received(door, who, 1, happens, kinds=["rule.hit"]))) == ["x"]


HAPPENS = [
    *_cases("mine"),
    *_cases("beside", area=HULI),
    *_cases("above", area="3502"),
    ("task.changed", "task", SIMING, None),
    ("watch.hit", "my list", None, "li.wei"),
    ("watch.hit", "another's list", None, "wang.fang"),
    ("rule.hit", "city", None, None),
]


@pytest.mark.parametrize(
    ("role", "area", "expected"),
    [
        ("investigator", "350203", ["mine", "task", "my list"]),
        ("grid_worker", SIMING, ["task", "my list"]),
        ("analyst", HULI, ["beside", "my list"]),
        ("approver", "3502", ["mine", "beside", "above", "my list"]),
        ("investigator", "3502", [subject for _, subject, _, _ in HAPPENS]),
        ("application", "3501", ["my list", "another's list", "city"]),
    ],
)
def test_everybody_is_told_what_is_his_to_know(
    door: Door, role: str, area: str, expected: list[str]
) -> None:
    who = _who(door, role, area, name="li.wei")
    told = asyncio.run(_received(door, who, len(expected), HAPPENS))
    assert _subjects(told) == expected


@contextmanager
def _stream(
    door: Door, who: Mapping[str, str], last: str | None = None, **variables: object
) -> Iterator[EventSource]:
    asked = {"query": EVENTS, "variables": variables}
    sent = {**who, **({} if last is None else {"last-event-id": last})}
    with connect_sse(door.http, "POST", "/graphql", json=asked, headers=sent) as source:
        yield source


def _happen_until(town: Town, coming: Future[Any], subject: str) -> None:
    for _ in range(100):
        _happen(town, *_cases(subject))
        with suppress(TimeoutError):
            coming.result(0.2)
            return
    raise AssertionError(f"nothing came in 20 s: {subject}")


def _data(event: ServerSentEvent) -> Document:
    document: Document = json.loads(event.data)
    return document


def test_a_stream_that_broke_off_goes_on_behind_its_last_event(door: Door) -> None:
    who = _who(door, "investigator")
    last = door.data(LAST, None, who)["events"]["pageInfo"]["endCursor"]
    _happen(door.town, *_cases("1", "2", "3"))
    with _stream(door, who, after=last) as source:
        events = source.iter_sse()
        seen = [next(events), next(events)]
    assert [one.event for one in seen] == ["next", "next"]
    _happen(door.town, *_cases("4"))
    with _stream(door, who, last=seen[-1].id, after=last) as source:
        events = source.iter_sse()
        seen += [next(events), next(events)]
    subjects = [_data(one)["data"]["events"]["node"]["subject"] for one in seen]
    assert subjects == ["1", "2", "3", "4"]


def test_a_stream_of_a_query_ends_by_itself(door: Door) -> None:
    asked = {"query": "{ latestRun { id } }"}
    with connect_sse(door.http, "POST", "/graphql", json=asked) as source:
        events = list(source.iter_sse())
    assert [one.event for one in events] == ["next", "complete"]
    assert _data(events[0])["data"]["latestRun"]["id"].startswith("run-")


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (EVENTS, {"after": "x"}, "BAD_INPUT"),
        (EVENTS, {"kinds": ["nothing"]}, "BAD_INPUT"),
        ("subscription { nothing }", {}, "BAD_INPUT"),
        ("subscription { events { cursor ", {}, "BAD_INPUT"),
        (EVENTS.replace("kind subject", "kind " * 1_100), {}, "LIMIT_EXCEEDED"),
        (f"subscription {{ findings {{ findings {DEEP} }} }}", {}, "LIMIT_EXCEEDED"),
        ("subscription { a: events { cursor } b: events { cursor } }", {}, "BAD_INPUT"),
        ("subscription {" + "".join(f"a{n}: events {{ cursor }} " for n in range(40)) + "}", {},
         "LIMIT_EXCEEDED"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_told_with_a_code(
    door: Door, query: str, variables: Document, code: str
) -> None:
    asked = {"query": query, "variables": variables}
    with connect_sse(door.http, "POST", "/graphql", json=asked) as source:
        events = list(source.iter_sse())
    assert [one.event for one in events] == ["next", "complete"]
    assert _data(events[0])["errors"][0]["extensions"]["code"] == code

    async def over_websocket() -> None:
        async with _websocket(door, {}) as session:
            document = gql(EVENTS)
            document.variable_values = variables
            async for _ in session.subscribe(document):
                pass

    if query == EVENTS:
        with pytest.raises(TransportQueryError) as told:
            asyncio.run(over_websocket())
        assert told.value.errors is not None
        assert told.value.errors[0]["extensions"]["code"] == code


def test_a_place_that_was_forgotten_or_never_was_is_refused(door: Door) -> None:
    who = _who(door, "investigator")
    _happen(door.town, *_cases("old", "new"))
    with opened(door.town.settings) as (_, database):
        with database.reading() as session:
            _, last = outbox.kept(session)
        with database.session() as session:
            outbox.forget_before(session, NOW + 1)
    for place in (1, last + 10):
        with _stream(door, who, after=door.ids.cursor("events", place)) as source:
            (told, _) = list(source.iter_sse())
        assert _data(told)["errors"][0]["extensions"]["code"] == "CONFLICT"


def test_nobody_follows_who_is_not_known(door: Door) -> None:
    forged = {"authorization": "Bearer forged"}
    with connect_sse(door.http, "POST", "/graphql", json={"query": EVENTS}, headers=forged) as one:
        assert one.response.status_code == 401

    async def over_websocket() -> None:
        async with _websocket(door, forged):
            pass

    with pytest.raises(TransportError) as refused:
        asyncio.run(over_websocket())
    assert "4403" in str(refused.value.__cause__)


def test_a_page_of_another_origin_is_refused(door: Door) -> None:
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-protocol": "graphql-transport-ws",
    }
    foreign = door.http.get("/graphql", headers={**upgrade, "origin": "https://elsewhere.example"})
    assert foreign.status_code == 403


def test_rights_that_end_end_what_goes_on(door: Door) -> None:
    issue = "mutation ($input: IssueKeyInput!) { issueKey(input: $input) { secret key { id } } }"
    revoke = "mutation ($key: ID!) { revokeKey(key: $key) { id } }"
    admin = headers(door.town.settings, roles=["administrator"], purpose="operation")
    wanted = {
        "name": "bank",
        "areas": [""],
        "purposes": ["operation"],
        "expiresAt": "2026-06-01T00:00:00+08:00",
    }
    given = door.data(issue, {"input": wanted}, admin)["issueKey"]
    who = {"authorization": f"Bearer {given['secret']}"}
    with ThreadPoolExecutor(1) as pool, _stream(door, who) as source:
        events = source.iter_sse()
        coming = pool.submit(next, events)
        _happen_until(door.town, coming, "before")
        assert _data(coming.result())["data"]["events"]["node"]["subject"] == "before"
        door.data(revoke, {"key": given["key"]["id"]}, admin)
        rest = pool.submit(lambda: [_data(one) for one in events if one.event == "next"])
        _happen_until(door.town, rest, "after")
        last = rest.result()[-1]
    assert last["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_what_a_detection_finds_anew_is_told_within_ones_areas(door: Door) -> None:
    """Of two findings one is as it was."""
    town = door.town
    with opened(town.settings) as (store, database), ThreadPoolExecutor(2) as pool:
        everyone, nobody = _who(door, "investigator"), _who(door, "investigator", "110101")
        asked = {"query": FINDINGS}
        with (
            connect_sse(door.http, "POST", "/graphql", json=asked, headers=everyone) as one,
            connect_sse(door.http, "POST", "/graphql", json=asked, headers=nobody) as other,
        ):
            told = [pool.submit(next, source.iter_sse()) for source in (one, other)]
            run = _run_again(store, database)
            for coming in told:
                _happen_until(town, coming, "later")
        seen, unseen = (_data(coming.result())["data"]["findings"] for coming in told)
    assert seen["run"]["id"] == run
    assert [one["id"] for one in seen["findings"]] == [LAUNDERING]
    assert unseen["findings"] == []


def _run_again(store: Store, database: Database) -> str:
    kept = Findings(database, store)
    latest, found = kept.latest_run(), list(kept.page(None, 10).items)
    assert latest is not None
    lineage = [Lineage(LAUNDERING, "grown", None, 0.8), Lineage(SCAM, "kept", None, 1.0)]
    run = replace(latest, run_id="run-3")
    saved = SavedRun(run, NOW, {}, found, lineage, node_scores(found))
    Records(database).save(saved)
    return run.run_id


def test_who_is_late_reads_on_from_the_database(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With four events held, one who sleeps through thirty gets each of them once, in order."""
    monkeypatch.setattr(following, "_HELD", 4)
    monkeypatch.setattr(following, "_PAGE", 3)
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.05)

    async def follow(database: Database) -> list[list[str]]:
        hub = Following(Events(database))

        async def read(late: bool) -> list[str]:
            seen: list[str] = []
            async for found in hub.behind(None):
                seen += [one.subject for one in found if one.subject.startswith("late")]
                if late:
                    await asyncio.sleep(0.2)
                if len(seen) == 30:
                    return seen
            raise AssertionError

        readers = [asyncio.create_task(read(late)) for late in (False, True)]
        await asyncio.sleep(0.2)
        for number in range(30):
            await asyncio.to_thread(_happen, door.town, *_cases(f"late {number}"))
        seen = [await reader for reader in readers]
        assert len(hub._held) <= 4
        hub.close()
        return seen

    with opened(door.town.settings) as (_, database):
        seen = asyncio.run(follow(database))
    assert seen == [[f"late {number}" for number in range(30)]] * 2


def test_a_refused_subscription_over_plain_http_says_how_to_follow(door: Door) -> None:
    answer = door.ask(EVENTS)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert "text/event-stream" in answer["errors"][0]["message"]
