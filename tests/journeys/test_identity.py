"""From delivered files to one score on both records of a person, and back, over GraphQL alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphrisk.client import Client
from graphrisk.client.calls import Json
from graphrisk.client.operations.entities import ScoredEntity
from graphrisk.client.operations.identity import identity_queue
from graphrisk.core.errors import NotFound
from graphrisk.store.neo4j.local import Address
from graphrisk_loaders.synth.city import write_city
from tests.cli.processes import free_ports, said, started
from tests.journeys.factory import Deployment, sqlite_deployment

PERSON = """query ($ids: [ID!]!) { entities(ids: $ids) { id
  score { value reasons { code contribution values { value } } } records { id } findings { id }
  judgements { total edges { node { verdict byPerson judge reason until } } } } }"""
JUDGE = """mutation ($input: JudgeIdentityInput!) { judgeIdentity(input: $input) {
  changed judgement { verdict judge reason byPerson } } }"""
_ORDINARY = 60


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town in whose population register some people stand twice, five suspects among them.

    Ordinary second records lack the number only: from them the machine learns. Those of suspects
    also name another cell, so that it has its doubts.
    """
    folder = tmp_path_factory.mktemp("city")
    text = files("graphrisk_loaders.synth").joinpath("presets/small.yaml").read_text("utf-8")
    preset = yaml.safe_load(text) | {"people": 1500, "days": 20, "cells": 12, "communities": 12}
    preset["hard_negatives"] = dict.fromkeys(preset["hard_negatives"], 1)
    (folder / "own.yaml").write_text(yaml.safe_dump(preset), encoding="utf-8")
    write_city(str(folder / "own.yaml"), 7, folder / "files", lambda *_: None)
    rings = _rows(folder / "files" / "truth" / "rings.csv", "utf-8")
    planted = {row[0] for row in rings if row[1] == "scam_cell"}
    members = _rows(folder / "files" / "truth" / "members.csv", "utf-8")
    mules = [row for row in members if row[0] in planted and row[3] == "mule"]
    suspects = sorted(row[2] for row in mules if row[1] == "Person")
    register = folder / "files" / "persons.csv"
    head, *people = _rows(register, "gb18030")
    cells = sorted({row[4] for row in people})
    by_key = {row[0]: row for row in people}
    once_more = [row[4] for row in sorted(people)[:_ORDINARY]]
    chosen = [*sorted(people)[:_ORDINARY], *(by_key[key] for key in suspects[::6])]
    once_more += [cells[cells.index(row[4]) - 1] for row in chosen[_ORDINARY:]]
    second = [
        [f"Z{n:05d}", row[1], row[2], "", cell]
        for n, (row, cell) in enumerate(zip(chosen, once_more, strict=True))
    ]
    with register.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([head, *people, *second])
    return folder / "files"


@pytest.fixture
def deployment(
    engine: str, city: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Deployment:
    """The town, loaded, with the machine's judgements and with rings found, on each engine."""
    found = sqlite_deployment(tmp_path)
    if engine == "neo4j":
        address: Address = request.getfixturevalue("neo4j_address")
        host = address.uri.partition("//")[2]
        found = Deployment(f"bolt://{address.user}@{host}", tmp_path, address.password)
    found.json("load", city)
    found.json("resolve")
    found.json("detect")
    return found


@pytest.fixture
def client(deployment: Deployment) -> Iterator[Client]:
    """Over HTTP, for an investigation in a case."""
    with started("up", "--json", env=deployment.environment() | free_ports()) as process:
        url = said(process)["graphql"]
        with Client(url, purpose="investigation", case="A-2026-7") as opened:
            yield opened


def _rows(file: Path, encoding: str) -> list[list[str]]:
    with file.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream))


def test_two_records_become_one_person_with_one_score_and_part_again(
    deployment: Deployment, client: Client
) -> None:
    queue = list(client.each(identity_queue(first=3)))
    chances = [pair.probability or 0 for pair in queue]
    assert chances == sorted(chances, reverse=True)
    assert all(pair.clues and pair.judge.startswith("records-") for pair in queue)
    pairs = [(one, other) for pair in queue if (one := pair.one) and (other := pair.other)]
    assert len(pairs) == len(queue)
    ids = next([one.id, other.id] for one, other in pairs if _risk(one) != _risk(other))
    before = _asked(client, ids)
    assert sorted(map(_value, before))[0] == 0.0
    said: dict[str, Json] = {
        "one": ids[1],
        "other": ids[0],
        "verdict": "SAME",
        "reason": "两份登记照片一致",
    }
    answer: Any = client.execute(JUDGE, {"input": said})["judgeIdentity"]
    assert answer["changed"]
    assert (answer["judgement"]["judge"], answer["judgement"]["byPerson"]) == ("development", True)
    again: Any = client.execute(JUDGE, {"input": said})["judgeIdentity"]
    assert again == answer | {"changed": False}
    left = list(client.each(identity_queue(first=100)))
    assert len(left) == len(queue) - 1
    assert ids not in [[pair.one.id, pair.other.id] for pair in left if pair.one and pair.other]
    deployment.json("detect")
    merged = _asked(client, ids)
    assert _value(merged[0]) == _value(merged[1]) > 0
    assert [[one["id"] for one in person["records"]] for person in merged] == [ids, ids]
    assert merged[0]["findings"] == merged[1]["findings"] != []
    withdrawal = said | {"verdict": "WITHDRAWN", "reason": "照片是旁人的"}
    assert client.execute(JUDGE, {"input": withdrawal})
    with pytest.raises(NotFound, match="no person has judged"):
        client.execute(JUDGE, {"input": withdrawal | {"reason": "再撤一次"}})
    deployment.json("detect")
    after = _asked(client, ids)
    for name in ("score", "findings"):
        assert [one[name] for one in after] == [one[name] for one in before]
    assert [len(one["records"]) for one in after] == [1, 1]
    told = [row["node"] for row in after[0]["judgements"]["edges"] if row["node"]["byPerson"]]
    assert [(one["verdict"], one["reason"]) for one in told] == [
        ("SAME", "两份登记照片一致"),
        ("WITHDRAWN", "照片是旁人的"),
    ]
    assert told[0]["until"] is not None
    assert told[1]["until"] is None


def _asked(client: Client, ids: list[str]) -> list[Any]:
    found: Any = client.execute(PERSON, {"ids": list(ids)})["entities"]
    assert isinstance(found, list)
    return found


def _risk(entity: ScoredEntity) -> bool:
    return entity.score is not None and bool(entity.score.value)


def _value(entity: Any) -> float:
    return float(entity["score"]["value"])
