"""Proofs in files that anybody can check without us (C2SP tlog-proof)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.core.errors import BadInput
from graphrisk.core.tlog.merkle import check_inclusion, leaf_hash
from graphrisk.core.tlog.note import Checkpoint, Verifier, open_checkpoint, unbase64

_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in a log: its index, the path to the root, and the signed checkpoint."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {base64.b64encode(self.extra).decode()}"]
        path = [base64.b64encode(step).decode() for step in self.path]
        return "\n".join([_HEAD, *extra, f"index {self.index}", *path, "", self.checkpoint])

    def check(self, entry: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
        """The checkpoint that holds ``entry``; ``BadInput`` when this does not prove it."""
        checkpoint = open_checkpoint(self.checkpoint, verifiers)
        check_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.path, checkpoint.root)
        return checkpoint


def read_proof(text: str) -> Proof:
    """A proof from its file; ``BadInput`` when it is none."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    extra = None
    if not gap or lines.pop(0) != _HEAD:
        raise BadInput("that is not a tlog-proof file")
    if lines and lines[0].startswith("extra "):
        extra = unbase64(lines.pop(0).removeprefix("extra "))
    index = lines.pop(0).removeprefix("index ") if lines else ""
    if not index.isdecimal() or str(int(index)) != index:
        raise BadInput("that is not a tlog-proof file: it names no index")
    return Proof(int(index), tuple(unbase64(line) for line in lines), checkpoint, extra)
