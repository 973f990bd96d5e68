"""A feed killed (-9) at any moment loses nothing and brings nothing twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.ingest.service import Sources
from graphrisk.store.neo4j.local import Address
from graphrisk.store.operations.database import Database
from tests.effort import effort
from tests.faults.spot import Spot
from tests.ingest.factory import PERSONS, TRANSFERS, Document, csv, persons, transfers
from tests.ingest.feeds.service import Tags, describe, serving, tag

#: Kills that hit a feed in full swing, of each kind, by engine; the second is the long form.
KILLS = {"sqlite": effort(5, 100), "neo4j": effort(2, 50)}
#: Writes the description of a feed called ``tags`` into the folder of feeds.
Describe = Callable[[Path], None]
_ACCOUNTS = """
name: accounts_of_bank
files: ["tags-*.jsonl"]
format: jsonl
mode: delta
id: account_no
nodes:
  - kind: Account
    key: account_no
    properties: {bank: bank, balance: {column: balance, as: yuan}}
"""


def _http(_url: str, _folder: Path) -> Iterator[Describe]:
    """Tags, changed and revoked, some at fault."""
    chance = random.Random(1)
    changes: list[Document] = []
    for number in range(900):
        tagged = chance.randrange(300)
        changes.append(tag(tagged, f"标签{number % 7}", 1 if number % 50 == 49 else None))
    changes[::97] = [change | {"from": "soon"} for change in changes[::97]]
    with serving(Tags(changes, page=150)) as tags:
        yield lambda feeds: describe(feeds, tags)


def _postgres(url: str, _folder: Path) -> Iterator[Describe]:
    """A table whose rows are read by what grows."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE account AS SELECT 'A' || i % 400 account_no, '银行' || i % 7 bank,"
            " CASE WHEN i % 90 = 0 THEN '?' ELSE i::text END balance, i / 2 change"
            " FROM generate_series(1, 900) i"
        )

    def written(feeds: Path) -> None:
        (feeds / "mapping").mkdir(parents=True, exist_ok=True)
        (feeds / "mapping" / "bank.yaml").write_text(_ACCOUNTS, encoding="utf-8")
        (feeds / "tags.yaml").write_text(
            "name: tags\nkind: postgres\nevery: 1 hour\nmapping: mapping/bank.yaml\n"
            f"url: {url}\nquery: SELECT * FROM account\nafter: change\n"
        )

    yield written


def _folder(_url: str, folder: Path) -> Iterator[Describe]:
    """Two registers, the second ending what it no longer names, and events."""
    inbox = folder / "inbox"
    inbox.mkdir()
    people = persons(300)
    for name, rows in (("january", people), ("february", people[100:])):
        (inbox / name).mkdir()
        (inbox / name / "persons.csv").write_bytes(csv(PERSONS, rows).encode("gb18030"))
        (inbox / name / ".done").touch()
        time.sleep(0.02)  # the order in which they came
    moves = [(*row[:4], "much") if i % 40 == 0 else row for i, row in enumerate(transfers(500))]
    (inbox / "transfers.csv").write_text(csv(TRANSFERS, moves))

    def written(feeds: Path) -> None:
        feeds.mkdir(parents=True)
        text = f"name: tags\nkind: folder\nevery: 1 minute\npath: {inbox}\n"
        (feeds / "tags.yaml").write_text(text)

    yield written


@pytest.mark.parametrize("kind", [_http, _postgres, _folder])
def test_a_killed_feed_ends_as_one_that_was_not(
    engine: str,
    kind: Callable[[str, Path], Iterator[Describe]],
    postgres_url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue("neo4j_address") if engine == "neo4j" else None
    for described in kind(postgres_url, tmp_path):
        _compare(described, tmp_path, server, KILLS[engine])


def _compare(described: Describe, folder: Path, server: Address | None, least: int) -> None:
    chance = random.Random(5)
    clock = time.time_ns() // 1_000_000 + 3_600_000  # files of today have stood still for an hour
    whole = Spot(folder / "whole", clock, server=server)
    described(whole.files / "feeds")
    began = time.monotonic()
    undisturbed = json.loads(whole.run("pull"))
    seconds = time.monotonic() - began
    files = undisturbed["feeds"][0]["files"]
    assert len(files) > 2
    assert sum(file["rejected"] for file in files) > 5
    expected = whole.state(), _told(whole)
    kills = rounds = 0
    while kills < least:
        spot = Spot(folder / f"round{rounds}", clock, server=server)
        described(spot.files / "feeds")
        rounds += 1
        hits, began = 0, time.monotonic()
        while spot.killed(chance.uniform(0, seconds), "pull") is None:
            hits += 1
        if not hits:  # a server that is warm is faster than it was at first
            seconds = time.monotonic() - began
        kills += hits
        state = spot.state()
        assert {name for name, data in expected[0].items() if state.get(name) != data} == set()
        assert state.keys() == expected[0].keys()
        assert _told(spot) == expected[1]
        assert list((spot.files / "spool").rglob("*.*")) == [], "nothing is left lying about"
        assert json.loads(spot.run("pull"))["feeds"][0]["files"] == [], "it goes on where it was"


def _told(spot: Spot) -> list[Document]:
    """Sources and their last batches; which load counted a row first is not the point."""
    database = Database(f"sqlite:///{spot.files / 'operations.db'}")
    found = [asdict(one) for one in Sources(database, ManualClock()).listing()]
    database.dispose()
    for one in found:
        if one["last"] is not None:
            one["last"]["known"] = one["last"].pop("loaded") + one["last"].pop("unchanged")
    return found
