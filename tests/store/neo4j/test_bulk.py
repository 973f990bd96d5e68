"""A store copied offline is the graph that the same deliveries give elsewhere, and goes on so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Conflict, StoreUnavailable
from graphrisk.ingest.load import load
from graphrisk.store.contract import NeighbourQuery, Store
from graphrisk.store.copy import copy_to_neo4j
from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder
from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_loaders.synth.city import write_city
from graphrisk_schema.reader import load_schema
from tests.contract.deliveries import assertions, batch, ids, read, states
from tests.contract.histories import History
from tests.contract.test_oracle import CHECKS, _compare_exports, _compare_some
from tests.effort import LONG, effort
from tests.loaders.synth.own import preset_of
from tests.servers import open_neo4j

START = 1_767_196_800_000
MODELS = ("risk", 'a:b "c", `d`')


def _opened(folder: Path) -> SqliteStore:
    folder.mkdir(exist_ok=True)
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    return store


def _copy(folder: Path, home: Path) -> dict[str, int]:
    jars = fetch_jars(jars_folder())
    return copy_to_neo4j(folder / "graph.db", home, jars, progress=lambda *_: None)


@contextmanager
def _served(home: Path) -> Iterator[Neo4jStore]:
    """The store in a home, with a server of its own."""
    with LocalServer(fetch_jars(jars_folder()), home, heap_mb=768) as server:
        store = open_neo4j(server.address)
        store.migrate()
        yield store
        store.close()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)  # nobody reads it again, and a shutdown takes 10 s


def test_a_copied_store_answers_and_goes_on_as_plain_python_does(tmp_path: Path) -> None:
    source = _opened(tmp_path / "sqlite")
    history = History(source, 3)
    for _ in islice(history.transactions(), 60):
        pass
    source.close()
    _copy(tmp_path / "sqlite", tmp_path / "home")
    with _served(tmp_path / "home") as store:
        history.store = store
        _compare_exports(history, 0, history.oracle.counters.version)
        for check in CHECKS:
            check(history, read(store))
        for _ in islice(history.transactions(), 15):
            _compare_some(history)
        _compare_exports(history, 0, history.oracle.counters.version)


@pytest.fixture
def peer(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store beside the copied one: of SQLite, and in the long form of Neo4j over Bolt."""
    if LONG:
        yield request.getfixturevalue("neo4j_store")
        return
    store = _opened(tmp_path / "peer-sqlite")
    yield store
    store.close()


def test_a_copied_city_is_what_was_loaded_and_goes_on_so(peer: Store, tmp_path: Path) -> None:
    city, source = tmp_path / "city", _opened(tmp_path / "sqlite")
    rings = {"scam_cell": 2, "laundering_cycle": 2, "identity_ring": 2, "laundering_flow": 2}
    write_city(preset_of(tmp_path, rings, people=effort(600, 2_500)), 5, city, lambda *_: None)
    for store, name in ((peer, "peer"), (source, "offline")):
        _load(store, tmp_path / name, city, START)
        _add_odd_facts(store)
    health, kept = source.health(), _exports(source)
    source.close()
    _copy(tmp_path / "sqlite", tmp_path / "home")
    with _served(tmp_path / "home") as copied:
        assert copied.health().store_id != health.store_id  # two stores from now on
        assert copied.health().key_marks == health.key_marks != {}
        assert _exports(copied) == kept
        assert _open_columns(_exports(peer)) == _open_columns(kept)
        _compare_told(peer, copied)
        _change(city)
        reports = [
            _load(store, tmp_path / name, city, START + 86_400_000)
            for store, name in ((peer, "peer"), (copied, "offline"))
        ]
        assert reports[0] == reports[1]
        assert sum(closed for *_, closed in reports[0]) > 0
        assert sum(loaded for _, loaded, *_ in reports[0]) > 0
        _compare(peer, copied)
        found = [_rings(peer, tmp_path / "peer"), _rings(copied, tmp_path / "offline")]
        assert len(found[0]) > 3
        assert found[0] == found[1]


def _load(store: Store, folder: Path, city: Path, now: int) -> list[tuple[str, int, int, int]]:
    clock, ring = ManualClock(now), folder.with_name("keys.json")
    report = load(store, folder, city, clock=clock, key_ring=ring, progress=lambda *_: None)
    return [(file.file, file.loaded, file.unchanged, file.closed) for file in report.files]


def _cut(file: Path, kept: slice) -> list[bytes]:
    """Keep some rows of a CSV file; returns them."""
    head, *rows = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([head, *rows[kept]]))
    return rows[kept]


def _change(city: Path) -> None:
    """A day later: ten persons are no longer named, and of some transfers each comes twice."""
    for file in city.glob("*.*"):
        if file.name not in ("persons.csv", "transfers.csv"):
            file.unlink()
    _cut(city / "persons.csv", slice(10, None))
    again = _cut(city / "transfers.csv", slice(-500, None))
    with (city / "transfers.csv").open("ab") as more:
        more.writelines(row.replace(b'",', b'9",', 1) for row in again)  # other serials


def _add_odd_facts(store: Store) -> None:
    """What no city has: hard texts and numbers, erased nodes, open loads, scores of two models."""
    draw = np.random.default_rng(1)
    names = ['say "hi"', "two\nlines", "a,b", "", "tab\tand \\", "\r\n", "曾小明", None]
    with store.writer("test") as writer:
        nids = writer.resolve("Person", [f"odd {n} \"'" for n in range(len(names))])
        akeys = 10 + np.arange(len(names))
        writer.upsert_nodes("Person", assertions(nids, akeys, name=names), batch(START))
        weights = draw.random(len(names) - 1) * 10.0 ** draw.integers(-300, 300, len(names) - 1)
        edges = states(nids[:-1], nids[1:], akeys[:-1], weight=weights.tolist())
        writer.upsert_edges("ASSOCIATED_WITH", edges, batch(START))
        writer.commit()
        writer.delete(nids[2:4])
        for model in MODELS:
            writer.write_scores(model, "run-1", nids[4:7], draw.random(3), 0)
        writer.set_progress("transfers", "interrupted", 4_711)
        for parts in (["b", "a"], ["c"]):
            writer.add_parts("calls", [f"calls/{part}" for part in parts])
            writer.add_parts("other", [f"other/{part}" for part in parts])
        writer.commit()


def _compare(one: Store, other: Store) -> None:
    """All but encrypted numbers, which no two loads write alike."""
    assert _open_columns(_exports(one)) == _open_columns(_exports(other))
    _compare_told(one, other)


def _compare_told(one: Store, other: Store) -> None:
    for told in (_reads, _ledger):
        assert told(one) == told(other)


def _exports(store: Store) -> dict[str, pa.Table]:
    reader, schema = read(store), load_schema()
    version = reader.version()
    found = {"erased": pa.table({"nid": reader.export_deleted(0, version)})}
    for kind in schema.nodes:
        found[f"{kind} facts"] = _table(reader.export_nodes(kind, 0, version))
        found[f"{kind} keys"] = _table(reader.export_keys(kind, 0, version))
        found[kind] = reader.scan_nodes(kind, limit=20_000)
    return found | {kind: _table(reader.export_edges(kind, 0, version)) for kind in schema.edges}


def _table(batches: Iterator[pa.RecordBatch]) -> pa.Table:
    parts = list(batches)
    return pa.Table.from_batches(parts).combine_chunks() if parts else pa.table({})


def _open_columns(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return {
        name: table.drop_columns([c for c in table.column_names if c == "id_cipher"])
        for name, table in tables.items()
    }


def _reads(store: Store) -> list[object]:
    reader = read(store)
    some = ids(*range(0, 20_000, 97))
    found: list[object] = [reader.version(), reader.counts(), reader.batches(ids(*range(100)))]
    found += [_open_columns(reader.get_nodes(some)), reader.get_edges(some)]
    found.append(reader.scores(ids(*range(60_000))))
    found += [reader.search(text, ["Person", "Phone", "Account"]) for text in ("王", "138", "zxm")]
    keys = reader.scan_nodes("Account", limit=500)["key"].to_pylist()
    found.append(reader.lookup("Account", [str(key) for key in keys]).tolist())
    for nid in some[::10].tolist():
        found.append(reader.neighbour_counts(nid))
        found += [
            reader.neighbours(NeighbourQuery(nid, kind, "out", limit=10))
            for kind in ("TRANSFERRED", "CALLED", "OWNS_PHONE")
        ]
    return found


def _ledger(store: Store) -> list[object]:
    with store.writer("test") as writer:
        parts = [writer.parts(dataset) for dataset in ("calls", "other")]
        done = [writer.progress("transfers", name) for name in ("interrupted", "unknown")]
        undisturbed = writer.progress("transfers", "interrupted", undisturbed=True)
        return [*parts, *done, undisturbed, writer.stated_kinds("phones")]


def _rings(store: Store, folder: Path) -> list[object]:
    database = Database(f"sqlite:///{folder / 'operations.db'}")
    database.migrate()
    detect(store, folder / "snapshot", database, ManualClock(START), progress=lambda *_: None)
    page = Findings(database, store).page(limit=1_000)
    database.dispose()
    return [(one.kind, one.score, one.members, one.evidence) for one in page.items]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a store with a few nodes."""
    store = _opened(tmp_path / "sqlite")
    with store.writer("test") as writer:
        writer.resolve("Phone", ["861", "862"])
        writer.commit()
    store.close()
    return tmp_path / "sqlite"


def test_a_killed_copy_leaves_no_database_and_is_redone(small: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = ["copy", "--store", f"sqlite:///{small / 'graph.db'}", "--to", str(home)]
    with subprocess.Popen([sys.executable, "-m", "graphrisk.cli", *words]) as killed:
        _await(lambda: any(home.glob("import.partial/data/databases/*")))
        tool = _child(killed.pid)
        killed.send_signal(signal.SIGKILL)
    _await(lambda: not Path(f"/proc/{tool}/cmdline").exists())
    assert not (home / "data").exists()
    assert (home / "import.partial").exists()

    assert _copy(small, home)["Phone"] == 2
    assert [file.name for file in home.iterdir()] == ["data"]


def _await(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def test_a_home_with_a_database_is_refused_and_left_as_it_is(small: Path, tmp_path: Path) -> None:
    kept = tmp_path / "home" / "data" / "kept"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    with pytest.raises(Conflict, match="has a database"):
        _copy(small, tmp_path / "home")
    assert kept.read_text() == "mine"


def test_an_empty_store_is_not_copied(tmp_path: Path) -> None:
    _opened(tmp_path / "sqlite").close()
    with pytest.raises(BadInput, match="nothing to copy"):
        _copy(tmp_path / "sqlite", tmp_path / "home")
    assert list((tmp_path / "home").iterdir()) == []


def test_a_home_may_be_named_from_where_one_is(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _copy(small, Path("home"))
    assert (tmp_path / "home" / "data" / "databases").is_dir()


def test_what_the_import_tool_says_is_told(small: Path, tmp_path: Path) -> None:
    (tmp_path / "no-jars").mkdir()
    with pytest.raises(StoreUnavailable, match="AdminTool"):
        copy_to_neo4j(
            small / "graph.db", tmp_path / "home", tmp_path / "no-jars", progress=lambda *_: None
        )
    assert list((tmp_path / "home").iterdir()) == []
