"""Every checkpoint that a log ever signed, with the time; what stands here last is the latest."""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk.core.errors import BadInput, StoreError
from graphrisk.core.tlog.files import Batch, FileApi
from graphrisk.core.tlog.frames import frame, read_frames

PATH = "history"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed checkpoint and when it was signed, epoch ms UTC."""

    at: int
    note: str

    def __bytes__(self) -> bytes:
        return f"{self.at}\n{self.note}".encode()


def read_history(content: bytes) -> tuple[list[Signed], int]:
    """All checkpoints, oldest first, and where the last whole one ends."""
    records, end = read_frames(content)
    return [_signed(record) for record in records], end


def open_history(files: FileApi) -> Signed | None:
    """The latest checkpoint; a torn tail, which was never published, is cut off.

    ``StoreError`` where a checkpoint is shown that the history lacks: no crash leaves it so.
    """
    content = files.read(PATH) or b""
    history, end = read_history(content)
    shown = files.read("checkpoint")
    if shown is not None and shown not in (one.note.encode() for one in history):
        raise StoreError("the log is damaged: its history lacks the checkpoint that it shows")
    if end < len(content):
        files.truncate(PATH, end)
        files.sync(PATH)
    if not history and files.names("tile"):
        raise StoreError("the log is damaged: it has tiles and no history")
    return history[-1] if history else None


def add(files: FileApi, signed: Signed) -> None:
    """Keep a checkpoint, durably."""
    files.append(PATH, frame(bytes(signed)))
    batch = Batch(files)
    batch.reach(PATH)
    files.sync(PATH)
    batch.flush()


def _signed(record: bytes) -> Signed:
    at, gap, note = record.decode("utf-8", "replace").partition("\n")
    if not gap or not at.isdecimal():
        raise BadInput("the history of checkpoints is unreadable")
    return Signed(int(at), note)
