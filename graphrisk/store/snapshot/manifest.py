"""The manifest names the files that make up the snapshot; replacing it is the only commit."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

#: Raised whenever the meaning of a file changes; older folders are read anew from the store.
FORMAT = 2
MANIFEST = "manifest.json"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one part; ``None`` where there is nothing to say."""

    base: str | None = None
    delta: str | None = None
    dead: str | None = None
    content: int = 0  # watermark of the refresh that last changed the part

    def names(self) -> set[str]:
        """The files there are."""
        return {name for name in (self.base, self.delta, self.dead) if name is not None}


@dataclass(frozen=True, slots=True)
class Manifest:
    """State of a snapshot folder."""

    store_id: str
    version: int  # watermark: the store's changed_seq up to which all is read
    stamp: int  # of the commit of that version (``Reader.stamp``)
    latest: int  # the store's latest known time, epoch ms
    batches: int  # last batch id that counts towards it
    generation: int  # grows by one a commit, so that no file name is used twice
    kinds: tuple[str, ...] | None  # allowed kinds; None: all
    parts: dict[str, Files]

    def names(self) -> set[str]:
        """All files the snapshot consists of."""
        return set().union(*(files.names() for files in self.parts.values()))


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest; ``None`` when there is none of this format (to be read anew)."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT:
            return None
        parts = {name: Files(**files) for name, files in document.pop("parts").items()}
        kinds = document.pop("kinds")
        return Manifest(parts=parts, kinds=None if kinds is None else tuple(kinds), **document)
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put ``manifest`` in place atomically and durably: a kill leaves the old or the new one."""
    document = {"format": FORMAT, **asdict(manifest)}
    temporary = folder / f"{MANIFEST}.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(document, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / MANIFEST)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Only one process (and thread) writes a folder; others wait. The lock dies with its holder."""
    with (folder / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
