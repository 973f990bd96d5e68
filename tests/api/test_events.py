"""What happened, over GraphQL: in order, page by page, recorded, and about nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.analysis.events import KINDS
from graphrisk.analysis.saved.model import NEWS
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.service import Identities
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from tests.api.serving import Document, Door, opened_door
from tests.api.town import FIRST, NAMES, SECOND, build, opened
from tests.recorded import recorded, spooled

EVENTS = """query ($first: Int!, $after: String, $kind: String) {
  events(first: $first, after: $after, kind: $kind) {
    total pageInfo { hasNextPage endCursor }
    edges { cursor node { kind label { zh en } subject at details { name value } } } } }"""
#: What happens in the town below; cases, tasks and rules have tests of their own events.
HERE = {"detection.finished", "source.late", "source.fresh", "identity.judged"}
DAY = 86_400_000
REASON = "与张小伟同一张照片"


@pytest.fixture
def eventful(tmp_path: Path) -> Iterator[Door]:
    """A town in which two runs were saved; then a source was late and came, and somebody judged."""
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    town = build(settings, tmp_path)
    with opened(settings) as (store, database):
        clock = ManualClock(FIRST + 2 * DAY)
        sources = Sources(database, clock)
        sources.note_lateness()
        deliveries = [one.last.delivery for one in sources.listing() if one.last is not None]
        sources.came_again(deliveries)
        sources.note_lateness()
        Identities(store, database, clock).judge(("P1", "P4"), Verdict.SAME, "李警官", REASON)
        _place(database)
    with opened_door(town) as door:
        yield door


def _place(database: Database) -> None:
    with database.session() as session:
        outbox.relay(session)


def _page(door: Door, first: int = 200, **more: object) -> Document:
    page: Document = door.data(EVENTS, {"first": first, **more})["events"]
    return page


def _nodes(page: Document) -> list[Document]:
    return [edge["node"] for edge in page["edges"]]


def test_events_are_listed_in_the_order_in_which_they_became_true(eventful: Door) -> None:
    page = _page(eventful)
    nodes = _nodes(page)
    kinds = [node["kind"] for node in nodes]
    assert kinds[:2] == ["detection.finished"] * 2
    assert kinds[-1] == "identity.judged"
    assert set(kinds) == HERE
    assert (page["total"], page["pageInfo"]["hasNextPage"]) == (len(kinds), False)
    assert [nodes[0]["subject"], nodes[1]["subject"]] == ["run-1", "run-2"]
    assert nodes[0]["label"] == {"zh": "检测完成", "en": "Detection finished"}
    values = {one["name"]: one["value"] for one in nodes[0]["details"]}
    assert values == {"findings": 2, "model": "spine-test"}


def test_every_kind_of_event_has_words_and_is_written_by_somebody() -> None:
    code = [file.read_text("utf-8") for file in Path("graphrisk").rglob("*.py")]
    emitted = {kind for text in code for kind in re.findall(r'\bemit\(\s*session, "(.+?)"', text)}
    emitted |= {NEWS for text in code if "emit(session, NEWS," in text}
    named = {kind for kind in KINDS if sum(f'"{kind}"' in text for text in code) > 1}
    assert emitted <= KINDS.keys() == named
    assert emitted | HERE == KINDS.keys()


def test_a_late_source_is_told_with_its_owner_and_its_times(eventful: Door) -> None:
    late = {node["subject"]: node for node in _nodes(_page(eventful, kind="source.late"))}
    assert late["transfers"]["at"] == "2026-01-03T00:00:00.000Z"
    values = {one["name"]: one["value"] for one in late["transfers"]["details"]}
    assert values == {
        "owner_zh": "商业银行",
        "owner_en": "Commercial banks",
        "every_ms": DAY,
        "delivered_at": "2026-01-01T00:00:00.000Z",
        "due_at": "2026-01-02T00:00:00.000Z",
    }
    fresh = [node["subject"] for node in _nodes(_page(eventful, kind="source.fresh"))]
    assert "transfers" in fresh


def test_pages_go_on_behind_their_cursor_also_to_what_came_since(eventful: Door) -> None:
    whole = [edge["cursor"] for edge in _page(eventful)["edges"]]
    page = _page(eventful, 2)
    seen = [edge["cursor"] for edge in page["edges"]]
    while page["pageInfo"]["hasNextPage"]:
        page = _page(eventful, 2, after=seen[-1])
        seen += [edge["cursor"] for edge in page["edges"]]
    assert seen == whole
    after = seen[-1]
    assert _page(eventful, 2, after=after)["edges"] == []
    with opened(eventful.town.settings) as (_, database):
        with database.session() as session:
            outbox.emit(session, "detection.finished", "run-3", {"findings": 0}, SECOND)
        assert _page(eventful, 2, after=after)["edges"] == [], "has no place yet"
        _place(database)
    assert [node["subject"] for node in _nodes(_page(eventful, 2, after=after))] == ["run-3"]


def test_one_kind_is_paged_and_counted_alone(eventful: Door) -> None:
    first = _page(eventful, 1, kind="detection.finished")
    assert (first["total"], first["pageInfo"]["hasNextPage"]) == (2, True)
    rest = _page(eventful, 1, kind="detection.finished", after=first["pageInfo"]["endCursor"])
    assert (_nodes(rest)[0]["subject"], rest["pageInfo"]["hasNextPage"]) == ("run-2", False)


def test_events_name_nobody_and_are_recorded(eventful: Door) -> None:
    folder = eventful.town.settings.audit_folder
    before = spooled(folder)
    told = json.dumps(eventful.data(EVENTS, {"first": 3}, {"x-case": "A-7"}), ensure_ascii=False)
    told += json.dumps(_page(eventful, kind="identity.judged"), ensure_ascii=False)
    assert not [said for said in (*NAMES, *NAMES.values(), "李警官", REASON) if said in told]
    rows = recorded(folder, but=before)
    assert [(row["action"], row["case"], row["count"]) for row in rows] == [
        ("events", "A-7", 3),
        ("events", None, 1),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"first": 0},
        {"first": 201},
        {"first": 1, "kind": "case.opened"},
        {"first": 1, "kind": "source.late\0"},
        {"first": 1, "after": "after_members_0000000000000"},
        {"first": 1, "after": "7"},
    ],
    ids=str,
)
def test_what_no_page_can_be_is_refused(door: Door, asked: Document) -> None:
    assert door.codes(EVENTS, asked) == ["BAD_INPUT"]
