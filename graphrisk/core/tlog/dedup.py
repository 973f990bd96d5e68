"""Which events a log has: a resent one gets the index that it got first."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from graphrisk.core.errors import StoreError
from graphrisk.core.tlog.files import Batch, FileApi, remove_unfinished, replace

#: Bytes that stand for (source, source event id).
KEY = 16
_ROW = np.dtype([("high", ">u8"), ("low", ">u8"), ("index", ">u8")])
_DIGEST = 32
FOLDER = "keys"


def key_of(source: str, event: str) -> bytes:
    """16 bytes of SHA-256 that stand for an event of a source."""
    text = f"{len(source)}:{source}{event}".encode()
    return hashlib.sha256(text).digest()[:KEY]


class Run:
    """Keys of a stretch of the log, sorted; found by bisection."""

    def __init__(self, rows: npt.NDArray[np.void]) -> None:
        self.rows = rows
        self._high = rows["high"].astype(np.uint64)

    def find(self, key: bytes) -> int | None:
        """Index of the entry with this key, if it is in this stretch."""
        high, low = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
        place = int(np.searchsorted(self._high, np.uint64(high)))
        while place < len(self.rows) and int(self._high[place]) == high:
            if int(self.rows[place]["low"]) == low:
                return int(self.rows[place]["index"])
            place += 1
        return None


class Known:
    """All keys of a log: those of the journal in a dictionary, older ones in sorted files.

    A look-up costs a bisection a file; a file covers 65,536 entries and 1.6 MB of memory.
    """

    def __init__(self, files: FileApi) -> None:
        self._files = files
        self._recent: dict[bytes, int] = {}
        remove_unfinished(files, FOLDER)
        names = files.names(FOLDER)
        self._runs = {int(name): read_run(name, _read(files, name)) for name in names}

    def find(self, key: bytes) -> int | None:
        """Index of the entry with this key; ``None`` for a new one."""
        index = self._recent.get(key)
        if index is not None or not self._runs:
            return index
        found = (run.find(key) for run in self._runs.values())
        return next((index for index in found if index is not None), None)

    def add(self, key: bytes, index: int) -> None:
        """Note a key; the journal keeps it until ``settle``."""
        self._recent[key] = index

    def has_settled(self, first: int) -> bool:
        """Whether the keys of the stretch that begins at ``first`` are in a file of their own."""
        return first in self._runs

    def settle(self, first: int, keys: list[bytes]) -> None:
        """Keep the keys of entries ``first``… in a file of their own, durably, unless they are."""
        for key in keys:
            del self._recent[key]
        if first in self._runs:
            return
        rows = np.zeros(len(keys), _ROW)
        rows["high"] = [int.from_bytes(key[:8], "big") for key in keys]
        rows["low"] = [int.from_bytes(key[8:], "big") for key in keys]
        rows["index"] = np.arange(first, first + len(keys))
        rows = np.sort(rows, order=["high", "low"])
        content = rows.tobytes()
        path = f"{FOLDER}/{first:020}"
        batch = Batch(self._files)
        batch.reach(path)
        replace(self._files, path, hashlib.sha256(content).digest() + content)
        batch.flush()
        self._runs[first] = Run(rows)


def read_run(name: str, content: bytes) -> Run:
    """The keys in a file; ``StoreError`` when it is damaged."""
    digest, rows = content[:_DIGEST], content[_DIGEST:]
    if len(rows) % _ROW.itemsize or hashlib.sha256(rows).digest() != digest:
        raise StoreError(f"the log is damaged: {FOLDER}/{name}")
    run = Run(np.frombuffer(rows, _ROW))
    if not len(run.rows) or int(run.rows["index"].min()) != int(name):
        raise StoreError(f"the log is damaged: {FOLDER}/{name}")
    return run


def _read(files: FileApi, name: str) -> bytes:
    return files.read(f"{FOLDER}/{name}") or b""
