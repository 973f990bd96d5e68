"""Looks at a whole log: every byte of every file against the signed root, and names what is wrong.

Nothing is believed because it is there: entries give hashes, hashes give the root, the root is
signed; the other way round, where the two meet without agreeing, the hash above tells which of
them was changed. Cost: two hashes an entry, 64 bytes of memory an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from graphrisk.core.errors import BadInput, GraphRiskError
from graphrisk.core.tlog import dedup, history, journal, keyring, merkle, tiles
from graphrisk.core.tlog.files import FileApi
from graphrisk.core.tlog.frames import read_frames
from graphrisk.core.tlog.note import Checkpoint, Verifier, open_checkpoint


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what it was, and what shows it."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a look at a log found. ``checkpoint`` is the latest one whose signature holds."""

    checkpoint: Checkpoint | None
    files: int
    damages: list[Damage]


#: Told as the look goes on: how many entries were read, and how many there are.
Progress = Callable[[int, int], None]


def check_log(
    files: FileApi, trusted: Sequence[Verifier], progress: Progress = lambda *_: None
) -> Report:
    """Look at every file of a log; ``trusted`` are keys of it that were known before.

    Without any, the log's own list of keys is believed: what somebody rewrote whole, with keys of
    his own, then passes.
    """
    return _Check(files, trusted, progress).report()


class _Check:
    def __init__(self, files: FileApi, trusted: Sequence[Verifier], progress: Progress) -> None:
        self._files = files
        self._progress = progress
        self._trusted = list(trusted)
        self._public: list[keyring.PublicKey] = []
        self._damages: list[Damage] = []
        self._seen: set[str] = {"lock"}
        self._leaves: list[bytes] = []

    def report(self) -> Report:
        self._keys()
        checkpoint = self._history()
        size = 0 if checkpoint is None else checkpoint.size
        if checkpoint is not None:
            self._tree(checkpoint)
        self._journal(size)
        self._key_runs()
        every = list(self._walk(""))
        for path in every:
            if path not in self._seen:
                self._note(path, "no part of the log")
        if self._files.read("lock"):
            self._note("lock", "not empty")
        return Report(checkpoint, len(every), self._damages)

    def _note(self, file: str, reason: str) -> None:
        if all(one.file != file for one in self._damages):
            self._damages.append(Damage(file, reason))

    def _read(self, path: str) -> bytes:
        self._seen.add(path)
        content = self._files.read(path)
        if content is None:
            self._note(path, "missing")
        return content or b""

    def _keys(self) -> None:
        note = self._read(keyring.PATH)
        try:
            self._public = keyring.read_public(note.decode())
        except (BadInput, UnicodeDecodeError) as error:
            self._note(keyring.PATH, str(error))
            return
        told = [one.verifier for one in self._public]
        if self._trusted and not set(told) >= set(self._trusted):
            self._note(keyring.PATH, "lacks a key that was known before")
        self._trusted = self._trusted or told
        self._trusted += [one for one in told if one not in self._trusted]

    def _history(self) -> Checkpoint | None:
        """The latest checkpoint; every one must be signed, and the shown one be the latest."""
        content = self._read(history.PATH)
        shown = self._read("checkpoint")
        checkpoint = None
        try:
            signed, end = history.read_history(content)
            self._signed = [open_checkpoint(one.note, self._trusted) for one in signed]
            if self._public:
                keyring.check_times(self._public, [(one.at, one.note) for one in signed])
            checkpoint = self._signed[-1] if signed else None
            if end < len(content) or not signed:
                self._note(history.PATH, f"torn behind {end} bytes")
            elif shown != signed[-1].note.encode():
                self._note("checkpoint", "not the latest of the history")
        except BadInput as error:
            self._signed = []
            self._note(history.PATH, str(error))
        try:
            return open_checkpoint(shown.decode(), self._trusted)
        except (BadInput, UnicodeDecodeError) as error:
            self._note("checkpoint", str(error))
            return checkpoint

    def _tree(self, checkpoint: Checkpoint) -> None:
        size = checkpoint.size
        below = self._leaves = self._bundles(size)
        rows = []
        level = 0
        while size >> (tiles.HEIGHT * level):
            stored = self._stored(level, size >> (tiles.HEIGHT * level))
            rows.append((stored, below))
            full = len(stored) - len(stored) % tiles.FULL
            below = [
                merkle.paired(stored[place : place + tiles.FULL])
                for place in range(0, full, tiles.FULL)
            ]
            level += 1
        self._compare(rows, checkpoint)
        self._past_roots()

    def _bundles(self, size: int) -> list[bytes]:
        """Leaf hashes as the bundles give them; zeros where a bundle is torn."""
        leaves: list[bytes] = []
        for level, number, width in tiles.parts(size):
            if level == 0:
                path = tiles.bundle_path(number, width)
                leaves += _padded([merkle.leaf_hash(one) for one in self._entries(path)], width)
                self._progress(len(leaves), size)
        return leaves

    def _entries(self, path: str) -> list[bytes]:
        try:
            return tiles.unpack(self._read(path))
        except BadInput as error:
            self._note(path, str(error))
            return []

    def _stored(self, level: int, count: int) -> list[bytes]:
        hashes: list[bytes] = []
        for number in range(-(-count // tiles.FULL)):
            width = min(tiles.FULL, count - number * tiles.FULL)
            content = self._read(tiles.tile_path(level, number, width))
            if len(content) != width * merkle.WIDTH:
                self._note(tiles.tile_path(level, number, width), "torn")
                content = b""
            hashes += _padded(tiles.hashes_of(content), width)
        return hashes

    def _compare(self, rows: list[tuple[list[bytes], list[bytes]]], checkpoint: Checkpoint) -> None:
        """From the root down: of tile and what is below it, that one is true which fits above."""
        above: list[bytes] = []
        edges = self._true_edges(rows, checkpoint)
        for level in reversed(range(len(rows))):
            stored, below = rows[level]
            true = []
            for number in range(-(-len(stored) // tiles.FULL)):
                part = slice(number * tiles.FULL, (number + 1) * tiles.FULL)
                ours, theirs = stored[part], below[part]
                if len(ours) < tiles.FULL:
                    fits = edges[level]
                else:
                    fits = [merkle.paired(one) == above[number] for one in (ours, theirs)]
                if not fits[0]:
                    self._note(tiles.tile_path(level, number, len(ours)), "leads not to the root")
                if not fits[1] and level == 0:  # else the level below names its tile
                    self._name_bundle(number, ours, theirs)
                true += ours if fits[0] else theirs
                self._older(level, number, true[part])
            above = self._leaves = true

    def _name_bundle(self, number: int, true: list[bytes], told: list[bytes]) -> None:
        pairs = zip(true, told, strict=True)
        wrong = next((place for place, (one, other) in enumerate(pairs) if one != other), 0)
        path = tiles.bundle_path(number, len(told))
        self._note(path, f"entry {number * tiles.FULL + wrong} is not what was signed")

    def _true_edges(
        self, rows: list[tuple[list[bytes], list[bytes]]], checkpoint: Checkpoint
    ) -> list[list[bool]]:
        """A level: whether its partial tile, and what is below it, lead to the signed root."""
        choices = []
        for stored, below in rows:
            start = len(stored) - len(stored) % tiles.FULL
            choices.append((stored[start:], below[start:]))
        for choice in product((0, 1), repeat=len(rows)):
            picked = [pair[which] for pair, which in zip(choices, choice, strict=True)]

            def subtree(level: int, index: int, picked: list[list[bytes]] = picked) -> bytes:
                row, rest = divmod(level, tiles.HEIGHT)
                place = (index << rest) % tiles.FULL
                return merkle.paired(picked[row][place : place + (1 << rest)])

            if merkle.tree_root(checkpoint.size, subtree) == checkpoint.root:
                return [
                    [one == true for one in pair]
                    for pair, true in zip(choices, picked, strict=True)
                ]
        self._note("checkpoint", "tiles and entries lead to another root")
        return [[False, False] for _ in rows]

    def _older(self, level: int, number: int, true: list[bytes]) -> None:
        """Partial tiles and bundles of earlier checkpoints begin as the true one does."""
        for path, width in self._unseen(tiles.tile_path(level, number), len(true)):
            if self._read(path) != b"".join(true[:width]):
                self._note(path, "leads not to the root")
        if level:
            return
        for path, width in self._unseen(tiles.bundle_path(number), len(true)):
            if [merkle.leaf_hash(one) for one in self._entries(path)] != true[:width]:
                self._note(path, "holds other entries than were signed")

    def _unseen(self, full: str, longest: int) -> Iterator[tuple[str, int]]:
        """Partial files of a full one, with their widths."""
        for name in self._files.names(f"{full}.p"):
            path = f"{full}.p/{name}"
            if path not in self._seen and name in map(str, range(1, longest + 1)):
                yield path, int(name)

    def _past_roots(self) -> None:
        """Every checkpoint of the past is a beginning of this log."""
        peaks: list[bytes] = []
        expected = {one.size: one.root for one in self._signed}
        for size, leaf in enumerate([b"", *self._leaves]):
            if size:
                peaks.append(leaf)
                for _ in range((size & -size).bit_length() - 1):
                    right = peaks.pop()
                    peaks[-1] = merkle.node_hash(peaks[-1], right)
            if size in expected and _folded(peaks) != expected.pop(size):
                self._note(history.PATH, f"the checkpoint of {size} is of another log")
        if expected:
            self._note(history.PATH, "a checkpoint is of more entries than the log has")

    def _journal(self, size: int) -> None:
        end: int | None = None
        for name in self._files.names(journal.FOLDER):
            path = f"{journal.FOLDER}/{name}"
            content = self._read(path)
            records, whole = read_frames(content)
            if whole < len(content):
                self._note(path, f"torn behind {whole} bytes")
            for place, record in enumerate(records):
                index, _, entry = journal.read_record(record)
                if (end is not None and index != end) or (place == 0 and f"{index:020}" != name):
                    self._note(path, f"entry {index} is out of order")
                end = index + 1
                if index < size and merkle.leaf_hash(entry) != self._leaves[index]:
                    self._note(path, f"entry {index} is not what the bundle says")

    def _key_runs(self) -> None:
        for name in self._files.names(dedup.FOLDER):
            path = f"{dedup.FOLDER}/{name}"
            try:
                dedup.read_run(name, self._read(path))
            except (GraphRiskError, ValueError) as error:
                self._note(path, str(error))

    def _walk(self, folder: str) -> Iterator[str]:
        for name in self._files.names(folder):
            path = f"{folder}/{name}" if folder else name
            if self._files.read(path) is not None:
                yield path
            else:
                yield from self._walk(path)


def _padded(hashes: list[bytes], width: int) -> list[bytes]:
    return (hashes + [bytes(merkle.WIDTH)] * width)[:width]


def _folded(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return merkle.EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = merkle.node_hash(peak, root)
    return root
