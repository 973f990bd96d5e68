"""A backup made beside running processes, put back elsewhere, is the deployment it was made of."""

from __future__ import annotations

import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core import keys
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, ConfigError, Conflict
from graphrisk.ingest.load import load
from graphrisk.ingest.report import quiet
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.store.audit.place import place_of
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.audit.verify import verify
from graphrisk.store.backup.make import make_backup
from graphrisk.store.backup.restore import Restored, restore
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.contract.deliveries import listed
from tests.ingest.factory import (
    DAY,
    PERSONS,
    START,
    TRANSFERS,
    calls_parquet,
    csv,
    identity_number,
    persons,
    transfers,
)

PURPOSE = Purpose("investigation", "A-7")


@dataclass
class Site:
    """A deployment in a folder of its own."""

    folder: Path
    operations: str | None = None
    clock: ManualClock = field(default_factory=lambda: ManualClock(START + 9 * DAY))

    @property
    def settings(self) -> Settings:
        return Settings(store=f"sqlite:///{self.folder / 'graph.db'}", operations=self.operations)

    def load(self, city: Path) -> None:
        database = Database(self.settings.operations_url)
        database.migrate()
        store = self.store()
        sources = Sources(database, self.clock)
        ring = self.settings.key_ring_file
        report = load(
            store, self.settings.folder, city,
            clock=self.clock, key_ring=ring, sources=sources, progress=quiet,
        )  # fmt: skip
        report.check()
        store.close()
        database.dispose()

    def note(self, *actions: str) -> None:
        spool = AuditSpool(self.settings.audit_folder, self.clock)
        for action in actions:
            spool.record(DEVELOPMENT, action, PURPOSE, 1, f"of {action}")

    def store(self) -> SqliteStore:
        self.folder.mkdir(parents=True, exist_ok=True)
        store = SqliteStore(self.folder / "graph.db")
        store.migrate()
        return store

    def back_up(self, target: Path, secrets: Path | None = None) -> None:
        make_backup(self.settings, target, self.clock, secrets=secrets)

    def restore(self, folder: Path, **more: object) -> Restored:
        return restore(folder, self.settings, self.clock, **more)  # type: ignore[arg-type]

    def graph(self) -> dict[str, list[dict[str, object]]]:
        """Everything that the graph says of persons, accounts and money."""
        store = self.store()
        reader = store.reader(EVERYTHING, PURPOSE)
        upto = reader.version()
        found = {kind: listed(reader.export_nodes(kind, 0, upto)) for kind in ("Person", "Account")}
        kinds = ("TRANSFERRED", "CALLED", "HOLDS", "LIVES_IN")
        found |= {kind: listed(reader.export_edges(kind, 0, upto)) for kind in kinds}
        store.close()
        return found

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of the operations database, but of the audit, by table."""
        url = self.settings.operations_url.replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url)
        with engine.connect() as connection:
            tables = sorted({*inspect(connection).get_table_names()} - {"audit"})
            found = {
                table: sorted(
                    map(tuple, connection.execute(text(f'SELECT * FROM "{table}"'))), key=repr
                )
                for table in tables
            }
        engine.dispose()
        return found

    def audited(self) -> tuple[list[str], int]:
        database = Database(self.settings.operations_url)
        found = verify(place_of(self.settings), database, self.clock)
        database.dispose()
        return [one.reason for one in found.differences], found.rows


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    (folder / "persons.csv").write_bytes(csv(PERSONS, persons(40)).encode("gb18030"))
    (folder / "transfers.csv").write_text(csv(TRANSFERS, transfers(120)))
    rows = [(f"c{i}", f"{i % 7}", f"{i % 5 + 100}", START + i % 3 * DAY, i) for i in range(60)]
    calls_parquet(folder / "calls.parquet", rows)
    return folder


@pytest.fixture(scope="module")
def loaded(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Loaded, with something in the audit's log and something in its spool."""
    site = Site(tmp_path_factory.mktemp("loaded"))
    site.load(city)
    site.note("finding", "entity")
    assert site.audited() == ([], 2)
    site.note("case.open")
    (site.settings.folder / "feeds").mkdir()
    (site.settings.feeds_folder / "own.yaml").write_text("name: own\n")
    site.settings.id_secret_bytes  # noqa: B018 - drawn and kept
    return site


@pytest.fixture
def site(loaded: Site, tmp_path: Path) -> Site:
    """A copy of it that a test may change."""
    shutil.copytree(loaded.folder, tmp_path / "site")
    return Site(tmp_path / "site")


def _second(url: str) -> Iterator[str]:
    """Another empty database on the same server."""
    base, _, query = url.partition("?")
    name = base.rpartition("/")[2] + "_restored"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{base.rpartition('/')[0]}/{name}?{query}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_is_put_back_is_what_was_there(
    engine: str, city: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    urls: list[str | None] = [None, None]
    if engine == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
        databases = _second(url)
        request.addfinalizer(lambda: next(databases, None))
        urls = [url, next(databases)]
    site, other = Site(tmp_path / "site", urls[0]), Site(tmp_path / "other", urls[1])
    site.load(city)
    site.note("finding", "entity")
    site.back_up(tmp_path / "backup")
    found = other.restore(tmp_path / "backup")
    assert (found.differences, found.entries, found.lost_entries) == ([], 2, 0)
    assert other.graph() == site.graph()
    assert len(other.graph()["TRANSFERRED"]) == 120
    assert other.rows() == site.rows()
    assert other.rows()["deliveries"]
    assert other.audited() == ([], 2)
    raw = [sorted(file.name for file in (one.settings.folder / "raw").rglob("*.parquet"))
           for one in (site, other)]  # fmt: skip
    assert raw[0] == raw[1] != []
    other.load(city)  # all of it is known: keys, deliveries and raw calls are those of before
    assert other.graph() == site.graph()
    token = str(next(row["id_cipher"] for row in other.graph()["Person"] if row["id_cipher"]))
    ring = keys.KeyRing.open(other.settings.key_ring_file)
    assert keys.decrypt(ring, token) in {identity_number(number) for number in range(40)}


def test_a_backup_beside_those_who_write_is_of_one_moment(site: Site, tmp_path: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        store, number = site.store(), 0
        while not ended.is_set():
            with store.writer("test") as writer:
                writer.resolve("Person", [f"new {number}"])
                writer.commit()
            site.note(f"act.{number}")
            number += 1
        store.close()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(3):
            site.back_up(tmp_path / f"backup{number}")
    finally:
        ended.set()
        writing.join()
    sizes = []
    for number in range(3):
        other = Site(tmp_path / f"other{number}")
        found = other.restore(tmp_path / f"backup{number}")
        assert found.differences == []
        assert found.manifest.graph is not None
        sizes.append((found.manifest.graph.version, found.entries))
    assert sizes[0] < sizes[1] < sizes[2]


@pytest.mark.parametrize(
    "file",
    ["graph.db", "operations", "manifest.json", "SHA256SUMS", "secrets/keys.json",
     "files/feeds/own.yaml", "files/audit/log/checkpoint"],
)  # fmt: skip
@pytest.mark.parametrize("fault", ["changed", "missing", "added"])
def test_a_backup_that_is_not_as_it_was_is_refused_by_name(
    file: str, fault: str, site: Site, tmp_path: Path
) -> None:
    site.back_up(tmp_path / "backup")
    hit = tmp_path / "backup" / file
    if fault == "changed":
        content = bytearray(hit.read_bytes())
        content[len(content) // 2] ^= 1
        hit.write_bytes(content)
    elif fault == "missing":
        hit.unlink()
    else:
        shutil.copy(hit, hit.with_name("more"))
    with pytest.raises((BadInput, ConfigError)):
        Site(tmp_path / "other").restore(tmp_path / "backup")
    assert not (tmp_path / "other").exists()


def test_digests_are_those_that_everybody_can_check(site: Site, tmp_path: Path) -> None:
    site.back_up(tmp_path / "backup")
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path / "backup", check=False).returncode == 0
    (tmp_path / "backup" / "operations").write_bytes(b"SQLite?")
    assert subprocess.run(command, cwd=tmp_path / "backup", check=False).returncode == 1


def test_a_backup_goes_where_nothing_is(site: Site, tmp_path: Path) -> None:
    site.back_up(tmp_path / "backup")
    before = site.graph()
    with pytest.raises(Conflict, match="already"):
        site.restore(tmp_path / "backup")
    with pytest.raises(Conflict, match="already"):
        site.back_up(tmp_path / "backup")
    assert site.graph() == before
    assert site.audited() == ([], 3)


def test_keys_can_be_kept_apart(site: Site, tmp_path: Path) -> None:
    site.back_up(tmp_path / "backup", tmp_path / "safe")
    key = site.settings.key_ring_file.read_bytes()
    secret = site.settings.id_secret_bytes
    for file in (tmp_path / "backup").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert key not in content
        assert secret not in content
    folders = [
        tmp_path / "backup",
        *(one for one in (tmp_path / "backup").rglob("*") if one.is_dir()),
    ]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    other = Site(tmp_path / "other")
    with pytest.raises(ConfigError, match="no key ring"):
        other.restore(tmp_path / "backup")
    assert other.restore(tmp_path / "backup", secrets=tmp_path / "safe").differences == []
    assert other.settings.id_secret_bytes == secret


def test_what_a_witness_saw_and_the_log_lacks_is_named(site: Site, tmp_path: Path) -> None:
    site.back_up(tmp_path / "backup")
    site.note("case.close", "case.open")
    assert site.audited() == ([], 5)
    later = place_of(site.settings).files().read("checkpoint")
    assert later is not None
    other = Site(tmp_path / "other")
    found = other.restore(tmp_path / "backup", witnessed=[later.decode()])
    assert (found.entries, found.lost_entries) == (3, 2)
    assert [one.reason for one in found.differences] == [
        "is of 5 entries, the log has 3: it was cut"
    ]


def test_a_log_that_was_written_anew_is_not_put_back_in_silence(site: Site, tmp_path: Path) -> None:
    site.back_up(tmp_path / "backup")
    stranger = Site(tmp_path / "stranger")
    stranger.note("finding", "entity", "case.open")
    Database(stranger.settings.operations_url).migrate()
    assert stranger.audited() == ([], 3)
    note = place_of(stranger.settings).files().read("checkpoint")
    assert note is not None
    found = Site(tmp_path / "other").restore(tmp_path / "backup", witnessed=[note.decode()])
    assert [one.place for one in found.differences] == ["earlier checkpoint"]


def test_a_graph_on_a_server_is_left_to_its_own_program(site: Site, tmp_path: Path) -> None:
    on_server = site.settings.model_copy(
        update={"store": "neo4j://neo4j@127.0.0.1:1", "data_dir": site.settings.folder}
    )
    with pytest.raises(ConfigError, match="neo4j-admin"):
        make_backup(on_server, tmp_path / "backup", site.clock)
    assert not (tmp_path / "backup").exists()
    made = make_backup(on_server, tmp_path / "backup", site.clock, with_graph=False)
    assert made.graph is None
    assert not (tmp_path / "backup" / "graph.db").exists()
