"""A run's scores as one immutable file: what the look-up process maps into memory.

Arrow IPC, one row a scored node in nid order; the run stands in the file's metadata. A new run is
written beside and renamed, so a reader has the old one or the new one, never a mixture.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from graphrisk.analysis.model import NodeScore, Reason, Run
from graphrisk.core.errors import NotFound, StoreError, StoreUnavailable
from graphrisk.core.files import private_folder
from graphrisk.store.contract import Int64Array

_NAME = "scores.arrow"
_RUN = b"run"
_NODES = b"nodes"
_FIELDS: list[pa.Field[pa.DataType]] = [
    pa.field("nid", pa.int64()),
    pa.field("score", pa.float64()),
    pa.field("reasons", pa.string()),
]
_SCHEMA = pa.schema(_FIELDS)


def publish(folder: Path, run: Run, scores: Sequence[NodeScore], nodes: int) -> None:
    """Write the scores of a run into ``folder``; ``nodes`` is one more than the largest nid."""
    ordered = sorted(scores, key=lambda one: one.nid)
    told = [orjson.dumps([asdict(reason) for reason in one.reasons]).decode() for one in ordered]
    metadata = {_RUN: orjson.dumps(asdict(run)), _NODES: str(nodes).encode()}
    table = pa.table(
        {"nid": [s.nid for s in ordered], "score": [s.score for s in ordered], "reasons": told},
        schema=_SCHEMA.with_metadata(metadata),
    )
    private_folder(folder)
    partial = folder / f"{_NAME}.{os.getpid()}"
    with partial.open("wb") as out:
        with pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(folder / _NAME)


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """The published scores of one run, mapped into memory."""

    run: Run
    nodes: int
    nids: Int64Array
    scores: npt.NDArray[np.float64]
    reasons: pa.ChunkedArray[pa.StringScalar]

    def of_node(self, nid: int) -> NodeScore:
        """Score of a node, 0 where nothing speaks against it; ``NotFound`` beyond the run's nodes.

        Cost: a binary search.
        """
        if not 0 <= nid < self.nodes:
            raise NotFound("the last run knew no such entity")
        place = int(np.searchsorted(self.nids, nid))
        if place == len(self.nids) or self.nids[place] != nid:
            return NodeScore(nid, 0.0, ())
        told = orjson.loads(self.reasons[place].as_py() or "[]")
        return NodeScore(nid, float(self.scores[place]), tuple(Reason(**reason) for reason in told))


class ScoreBoard:
    """Follows the published file; looking whether it was swapped costs one ``stat``."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _NAME
        self._stamp: tuple[int, int] | None = None
        self._held: PublishedScores | None = None

    def present(self) -> PublishedScores:
        """The latest published scores.

        Raises:
            StoreUnavailable: No run has published any yet.
            StoreError: The file is not one that ``publish`` wrote.
        """
        try:
            found = self._file.stat()
        except FileNotFoundError:
            raise StoreUnavailable("no run has published scores yet") from None
        stamp = (found.st_ino, found.st_mtime_ns)
        if self._held is None or stamp != self._stamp:
            self._held, self._stamp = _mapped(self._file), stamp
        return self._held


def _mapped(file: Path) -> PublishedScores:
    try:
        table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
        metadata = table.schema.metadata
        return PublishedScores(
            run=Run(**orjson.loads(metadata[_RUN])),
            nodes=int(metadata[_NODES]),
            nids=table["nid"].to_numpy(),
            scores=table["score"].to_numpy(),
            reasons=table["reasons"],
        )
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{file.name} holds no published scores") from error
