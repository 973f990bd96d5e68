"""Public data sets load from any folder, are detected on and explained, and their labels ignored.

With ``GRAPHRISK_REAL_DATA`` the same is asked of the real ones below that folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_loaders.parser import builtin_mappings
from tests.real.seen import Seen, seen_by
from tests.real.sets import INVENTED, LABELS, real_folders, with_labels_dealt_anew

REAL = real_folders()
KINDS = {"amlsim": "fan_in", "montagna": "covert_group", "noordin": "covert_group"}
IGNORED = {
    "amlsim": {"accounts.parquet"},
    "montagna": set[str](),
    "noordin": {"nodes.csv"},
    "sichuan": {"labels_train.csv", "phones.parquet"},
}


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
    seen = _on_sqlite(folder, tmp_path / "first")
    for file in seen.report.files:
        assert file.rows == file.loaded > 0
    assert IGNORED[name] <= set(seen.report.ignored)
    assert {one.kind for one in seen.findings} == {KINDS.get(name, "covert_group")}
    assert all(len(text.splitlines()) > 8 for text in seen.texts)

    dealt = with_labels_dealt_anew(folder, tmp_path / "dealt", seed=5)
    assert dealt or folder in REAL.values()
    again = _on_sqlite(tmp_path / "dealt", tmp_path / "second")
    assert again.listed == seen.listed


@pytest.mark.parametrize("name", ["amlsim", "noordin"])
def test_both_engines_find_the_same(name: str, neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    folder = tmp_path / "delivered"
    folder.mkdir()
    INVENTED[name](folder)
    on_neo4j = seen_by(neo4j_store, folder, tmp_path / "neo4j")
    assert on_neo4j.listed == _on_sqlite(folder, tmp_path / "sqlite").listed


def _on_sqlite(folder: Path, place: Path) -> Seen:
    place.mkdir()
    store = SqliteStore(place / "graph.db")
    store.migrate()
    seen = seen_by(store, folder, place / "files")
    store.close()
    return seen


def test_no_mapping_reads_a_label_column() -> None:
    read = {mapping.name: LABELS & set(mapping.columns) for mapping in builtin_mappings()}
    assert {name: columns for name, columns in read.items() if columns} == {}
