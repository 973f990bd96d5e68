"""The right edge of a log: what of the tree must be at hand to let it grow."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.core.errors import BadInput, StoreError
from graphrisk.core.tlog import merkle, tiles
from graphrisk.core.tlog.files import FileApi


class Frontier:
    """The last, not yet full tile of each level and the last bundle of entries.

    Memory is a tile a level; ``grow`` costs two hashes an entry and hands out the files to write.
    """

    def __init__(self) -> None:
        self.size = 0
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = []

    def grow(self, entries: Sequence[bytes]) -> dict[str, bytes]:
        """Append entries: path → content of each tile and bundle that has more than before."""
        files: dict[str, bytes] = {}
        before = set(self._edges())
        for entry in entries:
            self._entries.append(entry)
            if len(self._entries) == tiles.FULL:
                number = self.size // tiles.FULL
                files[tiles.bundle_path(number)] = tiles.pack(self._entries)
                self._entries = []
            self._push(0, self.size, merkle.leaf_hash(entry), files)
            self.size += 1
        for level, number, width in set(self._edges()) - before:
            files[tiles.tile_path(level, number, width)] = b"".join(self._levels[level])
        if entries and self._entries:
            path = tiles.bundle_path(self.size // tiles.FULL, len(self._entries))
            files[path] = tiles.pack(self._entries)
        return files

    def root(self) -> bytes:
        """Root of the tree as it stands."""
        return merkle.tree_root(self.size, self._subtree)

    @property
    def is_sound(self) -> bool:
        """Whether the last bundle's entries are those of the last tile's hashes."""
        hashes = self._levels[0] if self._levels else []
        return [merkle.leaf_hash(entry) for entry in self._entries] == hashes

    def _subtree(self, level: int, index: int) -> bytes:
        row, rest = divmod(level, tiles.HEIGHT)
        place = (index << rest) % tiles.FULL
        return merkle.paired(self._levels[row][place : place + (1 << rest)])

    def _push(self, level: int, place: int, hash_: bytes, files: dict[str, bytes]) -> None:
        if level == len(self._levels):
            self._levels.append([])
        row = self._levels[level]
        row.append(hash_)
        if len(row) == tiles.FULL:
            number = place // tiles.FULL
            files[tiles.tile_path(level, number)] = b"".join(row)
            self._levels[level] = []
            self._push(level + 1, number, merkle.paired(row), files)

    def _edges(self) -> list[tuple[int, int, int]]:
        return [part for part in tiles.parts(self.size) if part[2] < tiles.FULL]


def load_frontier(files: FileApi, size: int, root: bytes) -> Frontier:
    """The right edge of the log in ``files``; ``StoreError`` when it does not lead to ``root``."""
    edge = Frontier()
    edge.size = size
    try:
        _load(edge, files)
        is_whole = edge.root() == root and edge.is_sound
    except (BadInput, IndexError):
        is_whole = False
    if not is_whole:
        raise StoreError("the log is damaged at its end, nothing was written: check it whole")
    return edge


def _load(edge: Frontier, files: FileApi) -> None:
    size, level = edge.size, 0
    while size >> (tiles.HEIGHT * level):
        number, width = divmod(size >> (tiles.HEIGHT * level), tiles.FULL)
        content = files.read(tiles.tile_path(level, number, width)) if width else b""
        edge._levels.append(tiles.hashes_of(content or b""))
        level += 1
    number, width = divmod(size, tiles.FULL)
    if width:
        edge._entries = tiles.unpack(files.read(tiles.bundle_path(number, width)) or b"")
