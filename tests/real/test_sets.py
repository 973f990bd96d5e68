"""Public data sets load from any folder, are detected on and explained, and their labels ignored.

With ``GRAPHRISK_REAL_DATA`` the same is asked of the real ones below that folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.explain import explain
from graphrisk.analysis.model import Finding
from graphrisk.analysis.proof import proofs
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.cli.documents import finding_document
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.report import LoadReport
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_loaders.parser import builtin_mappings
from tests.real.sets import INVENTED, LABELS, real_folders, with_labels_dealt_anew

REAL = real_folders()
KINDS = {"amlsim": "fan_in", "montagna": "covert_group", "noordin": "covert_group"}
IGNORED = {
    "amlsim": {"accounts.parquet"},
    "montagna": set[str](),
    "noordin": {"nodes.csv"},
    "sichuan": {"labels_train.csv", "phones.parquet"},
}


@dataclass(frozen=True)
class Seen:
    """What the product made of a folder."""

    report: LoadReport
    findings: list[Finding]
    listed: str  # as `findings --json` says it
    texts: list[str]


def _seen(folder: Path, place: Path) -> Seen:
    place.mkdir()
    store = SqliteStore(place / "graph.db")
    store.migrate()
    database = Database(f"sqlite:///{place / 'operations.db'}")
    database.migrate()
    clock = ManualClock(1)
    report = load(store, place / "files", folder, clock=clock, progress=lambda *_: None)
    detect(store, place / "snapshot", database, clock, progress=lambda *_: None)
    reader = store.reader(EVERYTHING, Purpose("investigation"))
    found = list(Findings(database).page(None, 1_000).items)
    documents = [finding_document(reader, one) for one in found]
    texts = [
        explain(one, {}, proofs(one, reader), language)
        for one in found[:3]
        for language in ("zh", "en")
    ]
    database.dispose()
    store.close()
    return Seen(report, found, json.dumps(documents), texts)


@pytest.fixture(params=[*INVENTED, *(f"real {name}" for name in REAL)])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """Name of a set and a folder, called anything, with its files."""
    name = str(request.param)
    if name.startswith("real "):
        return name.removeprefix("real "), REAL[name.removeprefix("real ")]
    folder = tmp_path / "some folder"
    folder.mkdir()
    INVENTED[name](folder)
    return name, folder


def test_a_set_is_recognised_detected_on_and_explained_and_its_labels_tell_nothing(
    source: tuple[str, Path], tmp_path: Path
) -> None:
    name, folder = source
    seen = _seen(folder, tmp_path / "first")
    for file in seen.report.files:
        assert file.rows == file.loaded > 0
    assert IGNORED[name] <= set(seen.report.ignored)
    assert {one.kind for one in seen.findings} == {KINDS.get(name, "covert_group")}
    assert all(len(text.splitlines()) > 8 for text in seen.texts)

    dealt = with_labels_dealt_anew(folder, tmp_path / "dealt", seed=5)
    assert dealt or folder in REAL.values()
    again = _seen(tmp_path / "dealt", tmp_path / "second")
    assert again.listed == seen.listed


def test_no_mapping_reads_a_label_column() -> None:
    read = {mapping.name: LABELS & set(mapping.columns) for mapping in builtin_mappings()}
    assert {name: columns for name, columns in read.items() if columns} == {}
