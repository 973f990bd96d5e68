"""A town of four people in delivered files, loaded and with two runs of findings."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.findings import node_scores
from graphrisk.analysis.model import Community, Finding, Lineage, Member, Reason, Run
from graphrisk.analysis.publish import publish
from graphrisk.analysis.records import Records, SavedRun
from graphrisk.core.clock import ManualClock
from graphrisk.core.files import private_folder
from graphrisk.ingest.load import load
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.store.contract import Reader, Store
from graphrisk.store.open import open_store
from graphrisk.store.operations.database import Database

#: When the deliveries came, ms: 2026-01-01 and 2026-02-01, 00:00 UTC.
FIRST, SECOND = 1_767_225_600_000, 1_769_904_000_000
PHONES = {"P1": "8619900000001", "P2": "8619900000002", "P3": "8619900000003"}
ACCOUNTS = {f"P{n}": f"620000000000000{n}" for n in range(1, 5)}
NAMES = {"P1": "张小伟", "P2": "王芳", "P3": "李思敏", "P4": "张小玮"}
LAUNDERING, SCAM, GONE = "ring_00000000000000aa", "ring_00000000000000bb", "ring_00000000000000cc"


@dataclass(frozen=True)
class Town:
    """Where it is, and the numbers behind its keys."""

    settings: Settings
    nids: dict[str, int]  # key -> nid
    transfers: tuple[int, ...]  # eids


def build(settings: Settings, folder: Path) -> Town:
    """Deliver, load, and save what two runs found."""
    with opened(settings) as (store, database):
        database.migrate()
        _load(store, database, settings, _first(folder / "first"), FIRST)
        _load(store, database, settings, _second(folder / "second"), SECOND)
        reader = store.reader(EVERYTHING, Purpose("operation"))
        town = Town(settings, *_numbers(reader))
        for run in _runs(town, store.health().store_id, reader):
            Records(database).save(run)
            nodes = max(town.nids.values()) + 1
            publish(settings.scores_folder, run.run, run.scores, nodes)
    return town


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Store, Database]]:
    """Both stores of a deployment."""
    private_folder(settings.folder)
    store, database = open_store(settings), Database(settings.operations_url)
    try:
        yield store, database
    finally:
        database.dispose()
        store.close()


def _load(
    store: Store, database: Database, settings: Settings, directory: Path, known_at: int
) -> None:
    clock = ManualClock(known_at)
    report = load(
        store,
        settings.folder,
        directory,
        clock=clock,
        sources=Sources(database, clock),
        progress=lambda _name, _done, _total: None,
    )
    assert all(file.rejected == 0 and file.error is None for file in report.files), report.files


def _first(folder: Path) -> Path:
    folder.mkdir(parents=True)
    people = [(key, name, 1980 + n, "", "") for n, (key, name) in enumerate(NAMES.items())]
    people[0] = (*people[0][:3], _identity_number(), "")
    _write(
        folder / "persons.csv",
        ("person_id", "name", "birth_year", "id_number", "grid_code"),
        people,
        "gb18030",
    )
    _write(folder / "phones.csv", _PHONE_COLUMNS, [_phone(key) for key in PHONES])
    _write(
        folder / "accounts.csv",
        ("account_no", "bank", "holder_id", "opened_at", "balance_yuan", "device_id"),
        [(no, "建设银行", key, "2020-01-01 08:00:00", "12.34", "") for key, no in ACCOUNTS.items()],
        "gb18030",
    )
    _write(
        folder / "transfers.csv",
        ("serial", "from_account", "to_account", "amount_yuan", "time"),
        [
            ("T1", ACCOUNTS["P1"], ACCOUNTS["P2"], "100.00", "2025-12-01 10:00:00"),
            ("T2", ACCOUNTS["P2"], ACCOUNTS["P3"], "98.00", "2025-12-01 11:00:00"),
            ("T3", ACCOUNTS["P3"], ACCOUNTS["P1"], "96.00", "2025-12-01 12:00:00"),
        ],
    )
    calls = {
        "call_id": ["C1", "C2"],
        "caller": [PHONES["P1"], PHONES["P1"]],
        "callee": [PHONES["P2"], PHONES["P2"]],
        "start": pa.array([FIRST - 86_400_000, FIRST - 3_600_000], pa.timestamp("ms", "UTC")),
        "seconds": [30, 60],
    }
    pq.write_table(pa.table(calls), folder / "calls.parquet")
    return folder


def _second(folder: Path) -> Path:
    """A month later the third number is gone from its operator's register."""
    folder.mkdir(parents=True)
    _write(folder / "phones.csv", _PHONE_COLUMNS, [_phone("P1"), _phone("P2")])
    return folder


_PHONE_COLUMNS = ("number", "owner_id", "operator", "opened_at", "imei")


def _phone(person: str) -> tuple[str, ...]:
    return (PHONES[person], person, "中国电信", "2020-01-01 08:00:00", f"86000000000000{person[1]}")


def _write(
    file: Path,
    columns: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    encoding: str = "utf-8",
) -> None:
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([columns, *rows])


def _identity_number() -> str:
    """Of nobody: a division that does not exist, with the right check digit."""
    digits = "99999919000101000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def _numbers(reader: Reader) -> tuple[dict[str, int], tuple[int, ...]]:
    nids: dict[str, int] = {}
    keys = {"Person": NAMES, "Phone": PHONES.values(), "Account": ACCOUNTS.values()}
    for kind, of_kind in keys.items():
        nids |= zip(of_kind, reader.lookup(kind, list(of_kind)).tolist(), strict=True)
    eids = [
        batch["eid"].to_pylist()
        for batch in reader.export_edges("TRANSFERRED", 0, reader.version())
    ]
    return nids, tuple(sorted(eid for part in eids for eid in part if eid is not None))


def _runs(town: Town, store_id: str, reader: Reader) -> list[SavedRun]:
    accounts = [town.nids[ACCOUNTS[key]] for key in ("P1", "P2", "P3")]
    values = {"passed": 3, "transfers": 4, "usual": 0.01}
    cycle, called = Reason("passes_on", 0.9, values), Reason("passes_on", 0.5, values)
    laundering = _finding(LAUNDERING, "laundering_cycle", 0.9, cycle, accounts, town.transfers)
    scam = Finding(
        finding_id=SCAM,
        kind="scam_cell",
        score=0.5,
        members=(
            Member(accounts[0], "Account", "mule"),
            Member(accounts[1], "Account", "victim"),
            Member(town.nids[PHONES["P1"]], "Phone", "caller"),
        ),
        reasons=(called,),
        evidence=town.transfers[:1],
        first_run="run-1",
        community=Community("community_1", 40, 2, 0.9, 12.5, is_reliable=True),
    )
    gone = _finding(GONE, "laundering_cycle", 0.4, cycle, accounts[:2], town.transfers[:1])
    return [
        _run("run-1", store_id, reader, [scam, gone], []),
        _run(
            "run-2",
            store_id,
            reader,
            [laundering, scam],
            [
                Lineage(LAUNDERING, "split", SCAM, 0.5),
                Lineage(SCAM, "kept", None, 1.0),
                Lineage(GONE, "dissolved", None, 0.0),
            ],
        ),
    ]


def _finding(
    name: str, kind: str, score: float, reason: Reason, nids: list[int], evidence: tuple[int, ...]
) -> Finding:
    members = tuple(Member(nid, "Account", "passer") for nid in nids)
    return Finding(name, kind, score, members, (reason,), evidence, "run-1")


def _run(
    name: str, store_id: str, reader: Reader, findings: list[Finding], told: list[Lineage]
) -> SavedRun:
    version = reader.version()
    stamp = reader.stamp(version)
    run = Run(name, SECOND + 60_000, store_id, version, "spine-test", "d", stamp)
    return SavedRun(run, SECOND + 120_000, {}, findings, told, node_scores(findings))
