"""Pages on their way in: numbered files that are there whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from graphrisk.core.errors import BadInput, Conflict
from graphrisk.core.files import sync_folder
from graphrisk_loaders.mapping import Mapping

_UNFINISHED = ".part"


class Spool:
    """The pages of one feed in a folder of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    @contextmanager
    def held(self) -> Iterator[None]:
        """One process at a time; ``Conflict`` for another. Freed however the process ends."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # pages hold personal data
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Conflict(f"another process is fetching {self._name}") from error
            yield

    def taken(self, pages: int) -> list[Path]:
        """Pages that are ours and wait to be loaded; what lies beyond ``pages`` is thrown away.

        It was written before a kill, and nobody noted that it was: it will be fetched again.
        """
        waiting = []
        for file in sorted(self._folder.glob(f"{self._name}-*")):
            number = file.stem.rpartition("-")[2]
            if file.suffix == _UNFINISHED or int(number) > pages:
                file.unlink()
            else:
                waiting.append(file)
        return waiting

    def file(self, page: int) -> Path:
        """Where a page lies."""
        return self._folder / f"{self._name}-{page:08d}.jsonl"

    def settle(self, page: int) -> None:
        """Give a page that was written to its end its name, durably."""
        final = self.file(page)
        final.with_suffix(_UNFINISHED).rename(final)
        sync_folder(self._folder)


class PageWriter:
    """Writes rows as JSON Lines from page ``first`` on.

    A delta that changes the same id twice is two deliveries: within one nobody could tell which of
    two rows is right. Its rows carry the number of the page, so that a page that brings an earlier
    state back is not taken for the earlier page.
    """

    def __init__(self, spool: Spool, mapping: Mapping, first: int) -> None:
        self.last = first - 1
        self.rows = 0
        self._spool = spool
        self._identity = mapping.identity if mapping.mode == "delta" else ()
        self._seen: set[bytes] = set()
        self._file: BinaryIO | None = None
        if mapping.mode == "full":
            self._next()  # a full delivery is one even when it names nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make the last page durable; one that was broken off never gets its name."""
        if self._file is None:
            return
        if kind is None:
            self._finish()
        else:
            self._file.close()

    def add(self, line: bytes) -> None:
        """Append a JSON object; ``BadInput`` when it is none."""
        if self._identity:
            line = self._numbered(line)
        elif self._file is None:
            self._next()
        assert self._file is not None
        self._file.write(line + b"\n")
        self.rows += 1

    def _finish(self) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self._spool.settle(self.last)

    def _numbered(self, line: bytes) -> bytes:
        row = orjson.loads(line)
        if not isinstance(row, dict):
            raise BadInput("a row is no JSON object")
        values = [row.get(name) for name in self._identity]
        identity = b"" if None in values else orjson.dumps(values)
        if self._file is None or identity in self._seen:
            self._next()
        if identity:  # rows without one are set aside when they are loaded
            self._seen.add(identity)
        return b'{"$page":%d%s' % (self.last, b"," + line[1:] if row else line[1:])

    def _next(self) -> None:
        if self._file is not None:
            self._finish()
        self.last += 1
        self._seen.clear()
        self._file = self._spool.file(self.last).with_suffix(_UNFINISHED).open("wb")
