"""Snapshots of a test's store, and what lies in their folders."""

from __future__ import annotations

from pathlib import Path

from graphrisk.store.contract import Store
from graphrisk.store.snapshot.manifest import read_manifest
from graphrisk.store.snapshot.snapshot import Snapshot
from tests.contract.deliveries import read


def snapshot_of(store: Store, folder: Path, kinds: frozenset[str] | None = None) -> Snapshot:
    """Opened, not refreshed."""
    return Snapshot.open(folder, read(store), store.health().store_id, kinds=kinds)


def fresh(store: Store, folder: Path, kinds: frozenset[str] | None = None) -> Snapshot:
    """Made from nothing."""
    snapshot = snapshot_of(store, folder, kinds)
    snapshot.refresh()
    return snapshot


def columns_on_disk(folder: Path) -> dict[str, bytes]:
    """The bytes of each part's base; there must be nothing beside the bases."""
    manifest = read_manifest(folder)
    assert manifest is not None
    assert all(files.names() <= {files.base} for files in manifest.parts.values())
    return {
        part: (folder / files.base).read_bytes()
        for part, files in manifest.parts.items()
        if files.base is not None
    }


def everything_on_disk(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
