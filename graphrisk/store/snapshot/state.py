"""What a snapshot folder holds at one moment, and how it moves to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import BEGIN
from graphrisk.core.errors import Conflict, StoreError
from graphrisk.store.contract import Int64Array, Reader
from graphrisk.store.snapshot.files import map_layer, sweep, write_layer
from graphrisk.store.snapshot.layer import Layer
from graphrisk.store.snapshot.manifest import Files, Manifest, read_manifest, write_manifest
from graphrisk.store.snapshot.shapes import Content, Part, all_parts, read_changes

#: How often opening is tried while another process replaces files.
_TRIES = 20
_BATCH_PAGE = 1000


@dataclass(frozen=True, slots=True)
class State:
    """The manifest and the rows it stands for."""

    manifest: Manifest
    layers: Mapping[Part, Layer]

    def size(self) -> int:
        """One more than the largest nid: the ``n`` of the graph. Cost: one pass over the nids."""
        largest = [
            int(table.column("nid").to_numpy().max(initial=-1))
            for part, layer in self.layers.items()
            if part.content is Content.KEYS
            for table in (layer.base, layer.delta)
        ]
        return max(largest, default=-1) + 1

    def content(self, part: Part) -> int:
        """Watermark at which the part last changed: equal numbers mean equal rows."""
        return self.manifest.parts.get(part.name, Files()).content


def empty_state(store_id: str, kinds: tuple[str, ...] | None, generation: int = 0) -> State:
    """Nothing read yet."""
    parts = all_parts(None if kinds is None else frozenset(kinds))
    manifest = Manifest(store_id, 0, 0, BEGIN, 0, generation, kinds, {})
    return State(manifest, {part: Layer.empty(part) for part in parts})


def load_state(folder: Path, store_id: str, kinds: tuple[str, ...] | None) -> State:
    """What lies in ``folder``; nothing when it has no readable snapshot of this format.

    Raises:
        Conflict: The folder belongs to another store or another choice of kinds.
    """
    for _ in range(_TRIES):
        manifest = read_manifest(folder)
        if manifest is None:
            break
        if manifest.store_id != store_id:
            raise Conflict(
                f"snapshot folder {folder} belongs to store {manifest.store_id}, not {store_id}; "
                "use another folder or remove this one"
            )
        if manifest.kinds != kinds:
            raise Conflict(f"snapshot folder {folder} was made for other kinds; use another folder")
        parts = all_parts(None if kinds is None else frozenset(kinds))
        try:
            layers = {p: map_layer(folder, p, manifest.parts.get(p.name, Files())) for p in parts}
        except FileNotFoundError:
            continue  # replaced between the two looks: the new manifest names the new files
        except (pa.ArrowInvalid, OSError, KeyError):
            break  # damaged; it is a copy, so it is made again
        return State(manifest, layers)
    return empty_state(store_id, kinds)


def advanced(state: State, reader: Reader, upto: int) -> tuple[State, int]:
    """The state at watermark ``upto`` and the rows read for it. Nothing is written yet."""
    since = state.manifest.version
    erased = reader.export_deleted(since, upto) if since else np.empty(0, np.int64)
    read = len(erased)
    layers: dict[Part, Layer] = {}
    changed = reader.changed_kinds(since, upto)
    for part, layer in state.layers.items():
        moved = layer
        if part.kind in changed:
            changes = read_changes(reader, part, since, upto)
            read += changes.read
            moved = layer.apply(changes)
        layers[part] = moved.erase(erased) if len(erased) else moved
    batches, latest = latest_known(reader, state.manifest.batches, state.manifest.latest)
    manifest = replace(
        state.manifest, version=upto, stamp=reader.stamp(upto), latest=latest, batches=batches
    )
    return State(manifest, layers), read


def latest_known(reader: Reader, last: int = 0, latest: int = BEGIN) -> tuple[int, int]:
    """Last batch id and the latest known time of all batches; reads those after ``last`` alone."""
    while True:
        page = reader.batches(np.arange(last + 1, last + 1 + _BATCH_PAGE, dtype=np.int64))
        if page.num_rows == 0:
            return last, latest
        last = int(page.column("batch_id").to_numpy().max())
        latest = max(latest, int(page.column("known_at").to_numpy().max()))


def commit(folder: Path, old: State, new: State) -> State:
    """Write what differs and put the new manifest in place; returns ``new`` as mapped files.

    Raises:
        StoreError: The folder cannot be written; the old snapshot stands.
    """
    generation = old.manifest.generation + 1
    stamp = (generation, new.manifest.version)
    try:
        sweep(folder, old.manifest.names())
        parts = {}
        for part, layer in new.layers.items():
            files = old.manifest.parts.get(part.name, Files())
            parts[part.name] = write_layer(folder, old.layers[part], layer, files, stamp)
        manifest = replace(new.manifest, generation=generation, parts=parts)
        write_manifest(folder, manifest)
        sweep(folder, manifest.names())
        layers = {part: map_layer(folder, part, parts[part.name]) for part in new.layers}
    except OSError as error:
        raise StoreError(f"snapshot folder {folder} cannot be written: {error}") from error
    return State(manifest, layers)


def known_nodes(state: State, size: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which nids are nodes of the allowed kinds."""
    known = np.zeros(size, np.bool_)
    for part, layer in state.layers.items():
        if part.content is Content.KEYS:
            nids: Int64Array = layer.table().column("nid").to_numpy()
            known[nids] = True
    return known
