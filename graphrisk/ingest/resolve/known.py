"""All judgements at one moment: what waits for a person, what was said, which records are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from graphrisk.core.clock import OPEN
from graphrisk.core.errors import BadInput
from graphrisk.ingest.resolve.judgements import NUMBERS, pairs_of
from graphrisk.ingest.resolve.model import Decision, Judgement, Verdict
from graphrisk.store.columns import chosen, edge_export_schema
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_algorithms.evidence.identities import JUDGED, identities
from graphrisk_algorithms.graph import EdgeColumns

pc: Any = pyarrow.compute
_VERDICTS = {number: verdict for verdict, number in NUMBERS.items()}
_NUMBERS = ("eid", "src", "dst", "valid_to", "known_from", "known_to", "verdict", "by_person")
_COLUMNS = (*_NUMBERS, "probability", "judge", "reason")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair that the machine leaves to a person; ``eid`` is its place in the queue."""

    eid: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """A page of the queue, the most probable first; ``total`` counts all that wait."""

    items: tuple[Doubt, ...]
    has_next: bool
    total: int


class Known:
    """The machine's judgements as the graph has them, persons' as the operations database has."""

    def __init__(self, machine: pa.Table, persons: Sequence[Judgement]) -> None:
        self._machine = machine
        self._persons = sorted(persons, key=lambda one: (one.judged_at, one.pair))
        columns = {name: machine.column(name).to_numpy() for name in _NUMBERS}
        self._src, self._dst = columns["src"], columns["dst"]
        stands = (columns["known_to"] == OPEN) & (columns["valid_to"] == OPEN)
        self._standing = np.flatnonzero(stands)
        said = [one for one in self._persons if one.stands]
        self._pairs = np.array([one.pair for one in said], np.int64).reshape(-1, 2)
        self._eid, self._verdict = columns["eid"], columns["verdict"]
        self._probable = np.nan_to_num(machine.column("probability").to_numpy())
        self._doubts = self._ranked()
        self._waits = ~self._judged(self._doubts)
        self._nids, self._one_of = self._together(said)

    def queue(self, after: int | None, limit: int) -> DoubtPage:
        """Pairs that nobody has judged, behind the one with eid ``after``.

        Raises:
            BadInput: The machine no longer has a doubt about the pair ``after`` names.
        """
        start = 0
        if after is not None:
            found = np.flatnonzero(self._eid[self._doubts] == after)
            if not len(found):
                raise BadInput("the pair behind which to go on is no longer in doubt: begin anew")
            start = int(found[0]) + 1
        waiting = self._doubts[start:][self._waits[start:]]
        page = waiting[:limit]
        told = zip(self._eid[page].tolist(), self._told(page), strict=True)
        items = tuple(Doubt(eid, judgement) for eid, judgement in told)
        return DoubtPage(items, len(waiting) > limit, int(self._waits.sum()))

    def judgements_of(self, nid: int) -> list[Judgement]:
        """All that was ever judged of a record, oldest first."""
        machine = self._told(np.flatnonzero((self._src == nid) | (self._dst == nid)))
        persons = [one for one in self._persons if nid in one.pair]
        return sorted([*machine, *persons], key=lambda one: (one.judged_at, one.pair))

    def records_of(self, nid: int) -> list[int]:
        """The records that are judged to be one person with this one, itself among them."""
        place = int(np.searchsorted(self._nids, nid))
        if place == len(self._nids) or self._nids[place] != nid:
            return [nid]
        same: list[int] = self._nids[self._one_of == self._one_of[place]].tolist()
        return same

    def _ranked(self) -> Int64Array:
        """Rows of what the machine doubts, whoever has judged it since."""
        doubts = self._standing[self._verdict[self._standing] == NUMBERS[Verdict.UNSURE]]
        order = np.lexsort((self._dst[doubts], self._src[doubts], -self._probable[doubts]))
        ranked: Int64Array = doubts[order]
        return ranked

    def _judged(self, rows: Int64Array) -> npt.NDArray[np.bool_]:
        """Whether a person's judgement stands on the pair of each row."""
        factor = int(max(self._dst.max(initial=0), self._pairs.max(initial=0))) + 1
        judged = self._pairs[:, 0] * factor + self._pairs[:, 1]
        return np.isin(self._src[rows] * factor + self._dst[rows], judged)

    def _together(self, said: Sequence[Judgement]) -> tuple[Int64Array, Int64Array]:
        """All records that a standing judgement names, and the one that stands for each."""
        rows, count = self._standing, len(said)
        src = np.concatenate([self._src[rows], self._pairs[:, 0]])
        dst = np.concatenate([self._dst[rows], self._pairs[:, 1]])
        nids = np.unique(np.concatenate([src, dst]))
        verdicts = np.array([NUMBERS[one.verdict] for one in said], np.int64)
        columns = {
            "verdict": np.concatenate([self._verdict[rows], verdicts]),
            "by_person": np.repeat([0, 1], [len(rows), count]),
            "probability": np.concatenate([self._probable[rows], np.zeros(count)]),
        }
        eid = np.concatenate([self._eid[rows], np.full(count, -1)])
        src, dst = np.searchsorted(nids, src), np.searchsorted(nids, dst)
        return nids, identities(len(nids), EdgeColumns(eid, src, dst, columns)).same_as

    def _told(self, rows: Int64Array) -> list[Judgement]:
        return [_of_machine(row) for row in self._machine.take(rows).to_pylist()]


def known(reader: Reader, decisions: Sequence[Decision]) -> Known:
    """All judgements now. Cost: one read of every judgement there ever was."""
    batches = reader.export_edges(JUDGED, 0, reader.version(), _COLUMNS)
    table = pa.Table.from_batches(batches, chosen(edge_export_schema(JUDGED), _COLUMNS))
    machine = table.filter(pc.equal(table.column("by_person"), 0))
    pairs, are_known = pairs_of(reader, decisions)
    persons = [
        _of_person(one, (pair[0], pair[1]))
        for one, pair, is_known in zip(decisions, pairs.tolist(), are_known.tolist(), strict=True)
        if is_known
    ]
    return Known(machine, persons)


def _of_machine(row: dict[str, Any]) -> Judgement:
    ended = row["valid_to"] < OPEN
    return Judgement(
        pair=(row["src"], row["dst"]),
        verdict=Verdict.WITHDRAWN if ended else _VERDICTS[row["verdict"]],
        by_person=False,
        judge=row["judge"],
        reason=row["reason"],
        probability=row["probability"],
        judged_at=row["known_from"],
        until=row["known_to"],
    )


def _of_person(one: Decision, pair: tuple[int, int]) -> Judgement:
    return Judgement(
        pair=pair,
        verdict=one.verdict,
        by_person=True,
        judge=one.judge,
        reason=one.reason,
        probability=None,
        judged_at=one.judged_at,
        until=one.until,
    )
