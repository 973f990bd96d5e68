"""Departments deliver late, again, renamed, with mistakes: in the end the graph is the city's."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import OPEN, ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.model import Freshness
from graphrisk.ingest.report import FileReport, quiet
from graphrisk.ingest.service import Sources
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings
from graphrisk_loaders.synth.city import write_city
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema
from tests.ingest.factory import DAY

_PRESET = Path("loaders/graphrisk_loaders/synth/presets/faulty.yaml")
_SHANGHAI = timezone(timedelta(hours=8))
#: What is believed now: a node by kind and key with what is said of it, an edge by its ends.
Fact = tuple[object, ...]


@dataclass(frozen=True)
class Cities:
    """The same city, as its departments deliver it and as it is."""

    faulty: Path
    right: Path

    def truth(self, name: str) -> list[dict[str, str]]:
        with (self.faulty / "truth" / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def earlier(self) -> list[Path]:
        """Folders in the order in which they came."""
        return sorted((self.faulty / "earlier").iterdir())

    @property
    def end(self) -> int:
        return max(int(row["delivered_at"]) for row in self.truth("deliveries.csv"))


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Cities:
    folder = tmp_path_factory.mktemp("cities")
    write_city("faulty", 3, folder / "faulty", lambda *_: None)
    none = dict.fromkeys(
        (*("late", "again", "old_codes", "renamed", "repeated", "mistaken", "withdrawn"),), 0.0
    )
    said = yaml.safe_load(_PRESET.read_text(encoding="utf-8")) | {"deliveries": none}
    (folder / "right.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    write_city(str(folder / "right.yaml"), 3, folder / "right", lambda *_: None)
    return Cities(folder / "faulty", folder / "right")


@dataclass
class Office:
    """A store that is loaded folder by folder, at the moments that the folders tell."""

    store: Store
    folder: Path
    clock: ManualClock
    sources: Sources | None = None

    def load(self, directory: Path) -> list[FileReport]:
        report = load(
            self.store,
            self.folder,
            directory,
            clock=self.clock,
            sources=self.sources,
            progress=quiet,
        )
        report.check()
        assert not [name for name in report.ignored if not name.endswith("/")]
        return report.files

    def come(self, folders: list[Path]) -> None:
        for one in folders:
            moment = datetime.strptime(one.name, "%Y-%m-%dT%H%M").replace(tzinfo=_SHANGHAI)
            self.clock.now = int(moment.timestamp() * 1000)
            self.load(one)

    def facts(self) -> set[Fact]:
        """All that is believed and holds, by keys; what is encrypted differs each time."""
        reader, found = self.store.reader(EVERYTHING, Purpose("test")), set[Fact]()
        version, schema = reader.version(), load_schema()
        keys: dict[int, Fact] = {}
        for kind in schema.nodes:
            after = -1
            while (page := reader.scan_nodes(kind, after)).num_rows:
                after = int(page["nid"][-1].as_py())
                for row in page.to_pylist():
                    keys[row.pop("nid")] = named = (kind, row.pop("key"))
                    said = {n: v for n, v in row.items() if not n.endswith("_cipher")}
                    if any(value is not None for value in said.values()):
                        found.add((*named, *sorted(said.items(), key=lambda one: one[0])))
        for kind, edge in schema.edges.items():
            for batch in reader.export_edges(kind, 0, version):
                for row in batch.to_pylist():
                    if edge.nature is Nature.STATE and (
                        row["known_to"] != OPEN or row["valid_to"] <= self.clock.now_ms()
                    ):
                        continue
                    ends = keys[row.pop("src")], keys[row.pop("dst")]
                    for name in ("vid", "eid", "changed_seq", "known_from", "known_to"):
                        row.pop(name, None)
                    found.add((kind, *ends, *sorted(row.items(), key=lambda one: one[0])))
        return found


@pytest.fixture(scope="module")
def right(cities: Cities, tmp_path_factory: pytest.TempPathFactory) -> tuple[set[Fact], Path]:
    """The facts of the city as it is, and the keys of its identity numbers."""
    folder = tmp_path_factory.mktemp("right")
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    office = Office(store, folder, ManualClock(cities.end))
    office.load(cities.right)
    facts = office.facts()
    store.close()
    return facts, folder / "keys.json"


def test_after_all_faults_the_graph_is_that_of_the_city(
    cities: Cities, right: tuple[set[Fact], Path], store: Store, tmp_path: Path
) -> None:
    expected, keys = right
    office = Office(store, tmp_path / "files", ManualClock())
    office.folder.mkdir()
    shutil.copy(keys, office.folder / "keys.json")
    office.come(cities.earlier)
    before = office.facts()
    assert len(before - expected) > 50, "mistakes are believed until they are corrected"
    office.clock.now = cities.end
    files = office.load(cities.faulty)
    assert sum(file.rejected for file in files) == 0
    assert sum(file.closed for file in files) > 0
    found = office.facts()
    assert (found - expected, expected - found) == (set(), set())
    again = office.load(cities.faulty)
    assert sum(file.loaded + file.closed for file in again) == 0
    assert office.facts() == expected


def test_the_last_deliveries_alone_are_the_city_too(
    cities: Cities, right: tuple[set[Fact], Path], tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    office = Office(store, tmp_path, ManualClock(cities.end))
    shutil.copy(right[1], tmp_path / "keys.json")
    office.load(cities.faulty)
    assert office.facts() == right[0]
    store.close()


def test_who_is_late_is_told_while_nothing_comes_and_nobody_else_is(
    cities: Cities, database: Database, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    office = Office(store, tmp_path, ManualClock())
    office.sources = Sources(database, office.clock)
    planted = {row["source"] for row in cities.truth("deliveries.csv") if int(row["days_late"])}
    assert 5 < len(planted) < 30
    told: list[str] = []
    for folder in cities.earlier:
        office.come([folder])
        told += office.sources.note_lateness()
    while (now := office.clock.now_ms()) < cities.end:
        office.clock.now = min(now + DAY, cities.end)
        told += office.sources.note_lateness()
    assert sorted(told) == sorted(f"source.late {name}" for name in planted)
    office.load(cities.faulty)
    assert sorted(office.sources.note_lateness()) == sorted(
        f"source.fresh {name}" for name in planted
    )
    states = {one.freshness(cities.end) for one in office.sources.listing() if one.last}
    assert states == {Freshness.FRESH}
    store.close()


def test_every_source_that_writes_codes_of_divisions_writes_those_of_earlier_editions(
    cities: Cities,
) -> None:
    last = [row for row in cities.truth("deliveries.csv") if "/" not in row["file"]]
    writes = {one.name for one in builtin_mappings() if _names_places(one)}
    assert {row["source"] for row in last if row["old_codes"] == "1"} == writes
    back = {row["source"]: row["old_codes_beyond"] for row in last}
    assert {back[name] for name in writes} == {"1", "2"}, "the provinces have editions of their own"


def test_each_province_gives_codes_up_in_years_of_its_own(cities: Cities) -> None:
    (people,) = [r for r in cities.truth("deliveries.csv") if r["file"] == "persons.csv"]
    townships = []
    for one in (cities.faulty, cities.right):
        text = (one / "persons.csv").read_bytes().decode("gb18030")
        townships.append({row["grid_code"][:9] for row in csv.DictReader(text.splitlines())})
    merged = {"1": "440522005", "2": "440522101"}[people["old_codes_beyond"]]
    assert townships[0] - townships[1] == {"350206101", "440522004", merged}
    assert townships[1] - townships[0] == {"350206003", "445122004", "445122005"}


def _names_places(mapping: Mapping) -> bool:
    """Whether the city delivers it with codes that divisions or grid cells are named by."""
    named = {end.kind for target in mapping.targets for end in target.ends}
    return "GridCell" in named


def test_the_truth_names_what_was_wrong_and_what_came_twice(cities: Cities) -> None:
    deliveries, mistakes = cities.truth("deliveries.csv"), cities.truth("mistakes.csv")
    kinds = {row["kind"] for row in mistakes}
    assert kinds == {"mistaken", "withdrawn"}
    for row in deliveries:
        assert (cities.faulty / row["file"]).exists()
        if row["again_as"]:
            other = (cities.faulty / row["again_as"]).read_bytes()
            assert other == (cities.faulty / row["file"]).read_bytes()
    assert {row["source"] for row in deliveries if row["renamed"] == "1"} >= {
        *("persons", "companies", "bids", "contracts", "legal_persons"),
    }
    (wrong,) = [row for row in mistakes if (row["source"], row["column"]) == ("persons", "name")][
        :1
    ]
    told = {}
    for file in (wrong["file"], "persons.csv"):
        text = (cities.faulty / file).read_bytes().decode("gb18030")
        rows = {row["person_id"]: row["name"] for row in csv.DictReader(text.splitlines())}
        told[file] = rows[wrong["id"]]
    assert told[wrong["file"]] != told["persons.csv"]
    assert sorted(told[wrong["file"]]) == sorted(told["persons.csv"]), "two signs exchanged"
