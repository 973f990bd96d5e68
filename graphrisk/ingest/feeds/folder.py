"""A watched folder: what is complete is taken, and stays where it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphrisk.core.errors import BadInput
from graphrisk.ingest.feeds.config import FolderFeed

#: Beside a file, or within a folder: all of it is there.
DONE = ".done"
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", DONE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or a folder whose files are one delivery, that is complete."""

    path: Path
    mark: str  # sizes and times: equal marks, equal bytes, unless somebody forges times

    def deliveries(self) -> list[str]:
        """SHA-256 of each file."""
        found = []
        for file in _files(self.path):
            with file.open("rb") as stream:
                found.append(hashlib.file_digest(stream, "sha256").hexdigest())
        return found


def complete(feed: FolderFeed, now_ms: int) -> list[Entry]:
    """Entries that are complete, in the order in which they came.

    A file is complete when ``NAME.done`` stands beside it, or when nothing about it has changed for
    the feed's time of quiet; a folder when it holds ``.done``. Names of half-copied files (a dot in
    front, ``.part``, ``.tmp``) are passed over.

    Raises:
        BadInput: the folder cannot be listed.
    """
    try:
        found = sorted(_looked_at(feed, now_ms))
    except OSError as error:
        raise BadInput(f"{feed.path} cannot be watched: {error.strerror}") from error
    return [Entry(feed.path / name, mark) for _, name, mark in found]


def _looked_at(feed: FolderFeed, now_ms: int) -> Iterator[tuple[int, str, str]]:
    """Time, name and mark of each complete entry."""
    for entry in feed.path.iterdir():
        if entry.name.startswith((".", "~$")) or entry.name.endswith(_UNFINISHED):
            continue
        try:
            files = _files(entry)
            stats = [file.stat() for file in files]
        except FileNotFoundError:  # gone since it was listed
            continue
        except OSError as error:  # a folder that may not be listed: who takes it says so
            yield entry.lstat().st_ctime_ns, entry.name, f"unlisted {error.errno}"
            continue
        if not files:
            continue
        at = max(max(stat.st_mtime_ns, stat.st_ctime_ns) for stat in stats)
        if entry.is_dir():
            is_complete = (entry / DONE).exists()
        else:
            is_marked = entry.with_name(entry.name + DONE).exists()
            is_quiet = now_ms - at // 1_000_000 >= feed.quiet_ms
            is_complete = is_marked or (is_quiet and not feed.marked_only)
        if is_complete:
            sizes = [
                f"{f.name}:{s.st_size}:{s.st_mtime_ns}" for f, s in zip(files, stats, strict=True)
            ]
            mark = hashlib.sha256(os.fsencode("\n".join(sizes))).hexdigest()
            yield at, entry.name, mark


def _files(entry: Path) -> list[Path]:
    """The file itself, or those of a folder that count, by name."""
    if not entry.is_dir():
        return [entry] if entry.is_file() else []
    return [f for f in sorted(entry.iterdir()) if f.is_file() and not f.name.startswith(".")]
