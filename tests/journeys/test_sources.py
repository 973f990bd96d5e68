"""A folder and a service deliver by themselves; who asks GraphQL sees who, when, how much, what."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphrisk.client import Client
from graphrisk.client.calls import Json
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from tests.cli.processes import free_ports, said, started
from tests.ingest.factory import START, TRANSFERS, Document, csv, transfers
from tests.ingest.feeds.service import Tags, serving
from tests.journeys.factory import Deployment, sqlite_deployment

NUMBER = "8613900000007"
_BANK = """
name: bank_transfers
owner: {zh: 海滨银行, en: Seaside Bank}
every: 3 seconds
reliability: A
files: ["transfers*.csv"]
format: csv
mode: events
id: serial
edges:
  - kind: TRANSFERRED
    from: {kind: Account, key: from_account}
    to: {kind: Account, key: to_account}
    properties:
      at: {column: time, as: time}
      amount: {column: amount_yuan, as: yuan}
"""
_SOURCES = """{ sources { name owner { zh en } freshness deliveredAt dueAt rejected
  last { file rows loaded unchanged rejected error } } counts { kind count } }"""
_EVENTS = "{ events(first: 200) { edges { node { kind subject } } } }"
_TAGS = """query ($number: String!) { search(text: $number, kinds: [Phone], first: 1) { entities {
  key neighbours(edgeKind: TAGGED, direction: IN, first: 5) { total edges { node { key }
    edge { properties { name value } provenance { source } } } } } } }"""


@dataclass
class City:
    """A running deployment with two feeds, seen through GraphQL."""

    cli: Deployment
    inbox: Path
    tags: Tags
    client: Client

    def ask(self, query: str, variables: dict[str, Json] | None = None) -> Document:
        return dict(self.client.execute(query, variables))

    def sources(self) -> dict[str, Document]:
        return {one["name"]: one for one in self.ask(_SOURCES)["sources"]}

    def count(self, kind: str) -> int:
        counts = {one["kind"]: one["count"] for one in self.ask(_SOURCES)["counts"]}
        return int(counts[kind])

    def tagged(self) -> Document:
        """How services tag the number now."""
        found = self.ask(_TAGS, {"number": NUMBER})["search"]["entities"]
        return dict(found[0]["neighbours"]) if found else {"total": 0}

    def deliver(self, name: str, rows: list[tuple[object, ...]]) -> None:
        (self.inbox / name).write_text(csv(TRANSFERS, rows), encoding="utf-8")
        (self.inbox / f"{name}.done").touch()

    def wait(self, what: Callable[[], bool], seconds: float = 90) -> None:
        """Until it is so."""
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.sources()
            time.sleep(0.3)

    def last(self, source: str) -> Document:
        return dict(self.sources().get(source, {}).get("last") or {})


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Feeds are described, then everything is started."""
    cli, inbox, feeds = sqlite_deployment(tmp_path), tmp_path / "inbox", tmp_path / "files/feeds"
    inbox.mkdir()
    feeds.mkdir(parents=True)
    (feeds / "mapping").mkdir()
    (feeds / "mapping" / "bank.yaml").write_text(_BANK, encoding="utf-8")
    (feeds / "bank.yaml").write_text(
        f"name: bank\nkind: folder\nevery: 1 second\npath: {inbox}\nmappings: mapping/bank.yaml\n"
        "marker: required\n"
    )
    with serving(Tags()) as tags:
        (feeds / "tags.yaml").write_text(
            f"name: tags\nkind: http\nevery: 1 second\nmapping: third_party_tags\nurl: {tags.url}\n"
        )
        with started("up", "--json", env=cli.environment() | free_ports()) as process:
            url = said(process)["graphql"]
            with Client(url, purpose="investigation", case="A-2026-7") as client:
                yield City(cli, inbox, tags, client)


def _tag(mark: str, revoked: int | None = None) -> Document:
    return {
        "provider": "BJ01",
        "tag": "T7",
        "number": NUMBER,
        "mark": mark,
        "confidence": 0.9,
        "tagged_at": START,
        "revoked_at": revoked,
    }


def test_what_feeds_bring_is_seen_with_owner_sums_lateness_and_its_end(city: City) -> None:
    silent = city.sources()["third_party_tags"]
    assert (silent["freshness"], silent["last"]) == ("NEVER", None)

    moves = [*transfers(40), ("S9", "a", "b", "never", "1")]
    city.deliver("transfers.csv", moves)
    city.tags.changes.extend([_tag("骚扰电话"), _tag("疑似诈骗")])
    city.wait(lambda: bool(city.last("bank_transfers")) and city.tagged()["total"] == 1)

    bank = city.sources()["bank_transfers"]
    assert bank["owner"] == {"zh": "海滨银行", "en": "Seaside Bank"}
    assert bank["last"] == {
        "file": "transfers.csv",
        "rows": 41,
        "loaded": 40,
        "unchanged": 0,
        "rejected": 1,
        "error": None,
    }
    assert bank["rejected"] == 1
    assert city.count("TRANSFERRED") == 40, "what came in is what is there"
    (tie,) = city.tagged()["edges"]
    values = {one["name"]: one["value"] for one in tie["edge"]["properties"]}
    assert (tie["node"]["key"], values["mark"]) == ("BJ01", "疑似诈骗")
    assert tie["edge"]["provenance"]["source"] == "third_party_tags"

    city.wait(lambda: city.sources()["bank_transfers"]["freshness"] == "LATE")
    assert _told(city) == ["source.late"]
    assert _told(city) == ["source.late"], "once"

    city.deliver("transfers-2.csv", [*transfers(40), *transfers(5, first=40)])
    city.wait(lambda: city.last("bank_transfers").get("file") == "transfers-2.csv")
    last = city.last("bank_transfers")
    assert (last["rows"], last["loaded"], last["unchanged"]) == (45, 5, 40)
    assert city.count("TRANSFERRED") == 45
    assert _told(city)[:2] == ["source.late", "source.fresh"]

    city.tags.changes.append(_tag("疑似诈骗", revoked=START + 1))
    city.wait(lambda: city.tagged()["total"] == 0)
    tags = city.sources()["third_party_tags"]
    assert (tags["freshness"], tags["rejected"]) == ("FRESH", 0)
    assert tags["last"]["rows"] == tags["last"]["loaded"] + tags["last"]["unchanged"]
    assert city.count("TAGGED") == 0, "a revoked tag has no effect any more"


def _told(city: City) -> list[str]:
    """Alarms about the bank, once the worker's job has looked: it does so every ten minutes."""
    command = [sys.executable, "-m", "graphrisk.worker.tasks", "lateness"]
    subprocess.run(command, env=city.cli.environment(), check=True, capture_output=True)
    database = Database(f"sqlite:///{city.cli.data_dir / 'operations.db'}")
    with database.session() as session:
        outbox.relay(session)
    database.dispose()
    events = [edge["node"] for edge in city.ask(_EVENTS)["events"]["edges"]]
    return [event["kind"] for event in events if event["subject"] == "bank_transfers"]
