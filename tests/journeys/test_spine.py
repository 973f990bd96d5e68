"""From source files to explained rings on the command line, on SQLite and on Neo4j."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graphrisk.store.neo4j.local import Address
from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.shuffle import shuffle_edges
from tests.effort import effort
from tests.journeys.factory import Deployment, findings_of, sqlite_deployment
from tests.journeys.small import SEED, Small, small_city
from tests.loaders.synth.own import preset_of

#: The city on both engines: Neo4j takes its rows in the slowest. The long form is of ``small``.
PEOPLE = effort(2_000, 10_000)
_FEW = {"scam_cell": 1, "laundering_cycle": 1, "identity_ring": 1, "laundering_flow": 1}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A small city, loaded into SQLite, with its rings found."""
    return small_city(tmp_path_factory)


@pytest.fixture(scope="module")
def city(small: Small) -> Path:
    """The city as the departments deliver it."""
    return small.city


@pytest.fixture(scope="module")
def detected(small: Small) -> Deployment:
    """The city loaded into SQLite, with its rings found."""
    return small.deployment


def test_every_row_is_accounted_for(small: Small) -> None:
    files = small.loaded["files"]
    assert {file["file"] for file in files} >= {"persons.csv", "calls.parquet"}
    for file in files:
        assert file["rows"] == file["loaded"] + file["unchanged"] + file["rejected"], file
        assert file["loaded"] > 0, file


def test_planted_rings_are_among_the_first_findings(small: Small) -> None:
    result = small.evaluated
    assert result["planted"] >= 9
    assert result["matched"] >= result["planted"] / 2


def test_a_person_can_read_and_copy_what_is_listed(small: Small, detected: Deployment) -> None:
    listed = detected.json("findings")["findings"]
    shown = detected.run("findings", env=detected.environment() | {"COLUMNS": "80"}).stdout
    assert all(finding["id"] in shown for finding in listed), "an id is in one piece"
    result = small.evaluated
    told = detected.run("evaluate", "--truth", small.city / "truth").stdout
    assert f"{result['matched']} of {result['planted']} rings matched" in told
    assert all(kind in told for kind in result["by_kind"])


def test_a_finding_is_explained_in_both_languages(detected: Deployment) -> None:
    listed = detected.json("findings", "--limit", "3")["findings"]
    assert len(listed) == 3
    for finding in listed:
        explained = detected.json("explain", finding["id"])
        assert explained["evidence"]
        assert explained["explanation"]["zh"] != explained["explanation"]["en"]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in explained["explanation"]["zh"])


def test_detection_never_needs_the_truth(city: Path, detected: Deployment, tmp_path: Path) -> None:
    blind = tmp_path / "blind"
    shutil.copytree(city, blind, ignore=shutil.ignore_patterns("truth"))
    assert not (blind / "truth").exists()
    deployment = sqlite_deployment(tmp_path)
    deployment.json("load", blind)
    deployment.json("detect")
    assert findings_of(deployment) == findings_of(detected)


def test_no_ring_is_matched_when_edges_are_shuffled(city: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled"
    shuffle_edges(city, shuffled, seed=1)
    deployment = sqlite_deployment(tmp_path)
    deployment.json("load", shuffled)
    deployment.json("detect")
    result = deployment.json("evaluate", "--truth", city / "truth")
    assert result["matched"] == 0


def test_neo4j_finds_the_same(neo4j_address: Address, tmp_path: Path) -> None:
    city = tmp_path / "city"
    write_city(preset_of(tmp_path, _FEW, people=PEOPLE), int(SEED), city, lambda *_: None)
    host = neo4j_address.uri.partition("//")[2]
    store = f"neo4j://{neo4j_address.user}@{host}"
    neo4j = Deployment(store, tmp_path / "neo4j", neo4j_address.password)
    sqlite = sqlite_deployment(tmp_path)
    for deployment in (neo4j, sqlite):
        deployment.json("load", city)
        deployment.json("detect")
    assert len(neo4j.json("findings")["findings"]) >= len(_FEW) / 2
    assert findings_of(neo4j) == findings_of(sqlite)
    assert neo4j.json("doctor")["checks"]


def test_scores_stand_in_the_export(detected: Deployment, tmp_path: Path) -> None:
    rows = detected.json("export", "--out", tmp_path)["rows"]
    assert rows["nodes/Person.parquet"] >= 9_000
    assert rows["edges/TRANSFERRED.parquet"] > 10_000
