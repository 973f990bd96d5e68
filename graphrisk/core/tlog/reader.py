"""Reads a log, our own or a stranger's, from its tiles: entries, roots and proofs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphrisk.core.errors import BadInput, NotFound
from graphrisk.core.tlog import merkle, tiles
from graphrisk.core.tlog.note import Checkpoint, Verifier, open_checkpoint
from graphrisk.core.tlog.proof import Proof

#: Path below the log → what the file holds; ``None`` where there is none.
Fetch = Callable[[str], bytes | None]


class LogReader:
    """A log as of one signed checkpoint; the latest one, unless one is given.

    Tiles that were read are kept: a proof costs at most as many reads as the tree has levels, and
    few for its neighbours. What the tiles say is not trusted: ``proof`` checks what it hands out.

    Raises:
        NotFound: A file that the checkpoint promises is missing.
        BadInput: No known key signed the checkpoint, or a file is not what it says.
    """

    def __init__(
        self, fetch: Fetch, verifiers: Sequence[Verifier], checkpoint: str | None = None
    ) -> None:
        self._fetch = fetch
        self._verifiers = verifiers
        self.note = checkpoint or self._read("checkpoint").decode("utf-8", "replace")
        self.checkpoint: Checkpoint = open_checkpoint(self.note, verifiers)
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._bundles: dict[int, list[bytes]] = {}

    def root(self, size: int) -> bytes:
        """Root of the first ``size`` entries, from the tiles."""
        self._check_size(size)
        return merkle.tree_root(size, self._subtree)

    def check(self) -> None:
        """``BadInput`` unless the tiles lead to the signed root."""
        if self.root(self.checkpoint.size) != self.checkpoint.root:
            raise BadInput("the tiles do not lead to the root of the checkpoint")

    def entry(self, index: int) -> bytes:
        """Entry ``index``; ``BadInput`` unless the tree holds it there."""
        entry = self.claimed(index)
        if merkle.leaf_hash(entry) != self._subtree(0, index):
            raise BadInput("the entry is not the one that the tile names", line=index)
        return entry

    def claimed(self, index: int) -> bytes:
        """What the bundle says entry ``index`` is, not compared with the tree."""
        if not 0 <= index < self.checkpoint.size:
            raise NotFound(f"the log has {self.checkpoint.size} entries, none has index {index}")
        number, place = divmod(index, tiles.FULL)
        if number not in self._bundles:
            width = min(tiles.FULL, self.checkpoint.size - number * tiles.FULL)
            content = self._part(tiles.bundle_path, number, width)
            self._bundles = {number: tiles.unpack(content)[:width]}
        return self._bundles[number][place]

    def proof(self, index: int) -> Proof:
        """Proof of entry ``index`` under this checkpoint; ``BadInput`` when the log is damaged."""
        size = self.checkpoint.size
        path = merkle.inclusion_path(index, size, self._subtree)
        proof = Proof(index, tuple(path), self.note)
        proof.check(self.entry(index), self._verifiers)
        return proof

    def consistency(self, size: int) -> list[bytes]:
        """Proof that this checkpoint continues the log's first ``size`` entries."""
        path = merkle.consistency_path(size, self.checkpoint.size, self._subtree)
        merkle.check_consistency(
            size, self.checkpoint.size, path, self.root(size), self.checkpoint.root
        )
        return path

    def _subtree(self, level: int, index: int) -> bytes:
        row, rest = divmod(level, tiles.HEIGHT)
        first = index << rest
        number, place = divmod(first, tiles.FULL)
        return merkle.paired(self._tile(row, number)[place : place + (1 << rest)])

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._tiles:
            count = self.checkpoint.size >> (tiles.HEIGHT * level)
            width = min(tiles.FULL, count - number * tiles.FULL)
            content = self._part(
                lambda number, width=tiles.FULL: tiles.tile_path(level, number, width),
                number,
                width,
            )
            found = tiles.hashes_of(content)[:width]
            if len(found) != width:
                raise BadInput("the tile is torn", file=tiles.tile_path(level, number, width))
            self._tiles[level, number] = found
        return self._tiles[level, number]

    def _part(self, path: Callable[..., str], number: int, width: int) -> bytes:
        """A partial file, or the full one that took its place."""
        content = self._fetch(path(number, width))
        if content is None and width < tiles.FULL:
            content = self._fetch(path(number))
        if content is None:
            raise NotFound(f"the log lacks {path(number, width)}")
        return content

    def _read(self, path: str) -> bytes:
        content = self._fetch(path)
        if content is None:
            raise NotFound(f"the log lacks {path}")
        return content

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.checkpoint.size:
            raise BadInput(f"the log has {self.checkpoint.size} entries, not {size}")
