"""Judgements on whether two records are one person: facts with a judge, a reason and a history.

A pair has at most one judgement of the machine and one of a person, kept as assertions of two
sources; what is judged anew closes the version before and hides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import BEGIN, OPEN, Clock
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.core.ids import uuid7
from graphrisk.ingest.hashing import fingerprints
from graphrisk.ingest.resolve.matcher import SAME, Matches
from graphrisk.store.contract import BatchInfo, DeliveryMode, Int64Array, Reader, Store
from graphrisk_algorithms.identities import JUDGED

pc: Any = pyarrow.compute
PURPOSE = Purpose("operation")
MODEL = "records-1"
_PERSON, _MACHINE = "identity-person", "identity-machine"
_TOLD = 3  # fields named in the machine's reason
_LONGEST_REASON = 2_000


class Verdict(IntEnum):
    """What was judged of two records."""

    DIFFERENT = -1
    UNSURE = 0
    SAME = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """One version of a judgement; ``until`` is when it was superseded, ``OPEN`` while it stands."""

    pair: tuple[int, int]  # nids, the smaller first
    verdict: Verdict
    by_person: bool
    judge: str
    reason: str
    probability: float | None
    known_from: int  # epoch ms UTC
    until: int  # epoch ms UTC
    withdrawn: bool


def judge(
    store: Store, clock: Clock, records: tuple[str, str], verdict: Verdict, by: str, why: str
) -> bool:
    """A person judges two records, by their keys; the judgement stands above the machine's.

    Returns:
        False when the same judgement stood already.

    Raises:
        BadInput: The records are one, or nobody or no reason is named.
        NotFound: A record is not known.
        Conflict: Another process is writing.
    """
    pair = _pair(store, records)
    return _write_one(store, clock, pair, verdict, (by, why), OPEN)


def withdraw(store: Store, clock: Clock, records: tuple[str, str], by: str, why: str) -> bool:
    """Take back what persons judged of two records: the machine's judgement counts again.

    Raises:
        NotFound: No person's judgement stands on them.
    """
    pair = _pair(store, records)
    held = [one for one in standing(store.reader(EVERYTHING, PURPOSE)) if one.by_person]
    verdicts = [one.verdict for one in held if one.pair == pair]
    if not verdicts:
        raise NotFound("no person has judged these two records")
    return _write_one(store, clock, pair, verdicts[0], (by, why), clock.now_ms())


def judge_by_machine(store: Store, clock: Clock, found: Matches) -> dict[Verdict, int]:
    """Keep what the matcher found, same or unsure; what it no longer finds has ended.

    Returns:
        How many pairs have each verdict.
    """
    left, right = np.minimum(found.left, found.right), np.maximum(found.left, found.right)
    verdict = np.where(found.probability >= SAME, Verdict.SAME, Verdict.UNSURE)
    rows = _rows(
        (left, right),
        verdict,
        np.round(found.probability, 4),
        (pa.repeat(MODEL, len(left)), pa.array(_spoken(found), pa.string())),
        OPEN,
    )
    batch = _batch(_MACHINE, clock)
    with store.writer("resolve") as writer:
        writer.upsert_edges(JUDGED, rows, batch)
        writer.close_absent(JUDGED, _MACHINE, np.sort(rows.column("akey").to_numpy()), batch)
        writer.commit()
    return {one: int((verdict == one).sum()) for one in (Verdict.SAME, Verdict.UNSURE)}


def history(reader: Reader) -> list[Judgement]:
    """Every judgement there ever was, oldest first."""
    batches = reader.export_edges(JUDGED, 0, reader.version())
    rows = [row for batch in batches for row in batch.to_pylist()]
    found = [_judgement(row) for row in rows]
    return sorted(found, key=lambda one: (one.known_from, one.pair, one.by_person))


def standing(reader: Reader) -> list[Judgement]:
    """The judgements that stand now."""
    return [one for one in history(reader) if one.until == OPEN and not one.withdrawn]


def queue(reader: Reader) -> list[Judgement]:
    """What the machine leaves to a person and nobody has judged, most probable first."""
    stands = standing(reader)
    judged = {one.pair for one in stands if one.by_person}
    doubtful = [one for one in stands if one.verdict is Verdict.UNSURE and one.pair not in judged]
    return sorted(doubtful, key=lambda one: (-(one.probability or 0.0), one.pair))


def _pair(store: Store, records: tuple[str, str]) -> tuple[int, int]:
    nids = store.reader(EVERYTHING, PURPOSE).lookup("Person", records).tolist()
    for key, nid in zip(records, nids, strict=True):
        if nid < 0:
            raise NotFound(f"no person has the key {key[:40]!r}")
    if nids[0] == nids[1]:
        raise BadInput("a record is judged against another one, not against itself")
    return min(nids), max(nids)


def _write_one(
    store: Store,
    clock: Clock,
    pair: tuple[int, int],
    verdict: Verdict,
    said: tuple[str, str],
    until: int,
) -> bool:
    by, why = (text.strip() for text in said)
    if not by or not why or len(why) > _LONGEST_REASON:
        raise BadInput(f"a judgement names who judged and why, in at most {_LONGEST_REASON} signs")
    ends = np.array([pair[0]]), np.array([pair[1]])
    rows = _rows(ends, np.array([verdict]), None, (pa.array([by]), pa.array([why])), until)
    with store.writer("judge") as writer:
        result = writer.upsert_edges(JUDGED, rows, _batch(_PERSON, clock))
        writer.commit()
    return result.loaded > 0


def _batch(source: str, clock: Clock) -> BatchInfo:
    now = clock.now_ms()
    return BatchInfo(source, uuid7(now), "judgement", DeliveryMode.DELTA, now)


def _rows(
    pairs: tuple[Int64Array, Int64Array],
    verdict: Int64Array,
    probability: np.ndarray[tuple[int], np.dtype[np.float64]] | None,
    said: tuple[pa.Array[Any], pa.Array[Any]],
    until: int,
) -> pa.Table:
    """Assertions: one key a pair and source, a digest of all that is said."""
    count, by_person = len(pairs[0]), int(probability is None)
    known = pa.nulls(count, pa.float64()) if probability is None else pa.array(probability)
    names = [pa.array(side).cast(pa.string()) for side in pairs]
    key = pc.binary_join_element_wise(str(by_person), *names, " ")
    content = [pa.array(verdict).cast(pa.string()), pc.fill_null(known.cast(pa.string()), "")]
    told = pc.binary_join_element_wise(*content, *said, str(until), "\x1f")
    return pa.table(
        {
            "src": pa.array(pairs[0]),
            "dst": pa.array(pairs[1]),
            "akey": pa.array(fingerprints(pc.binary_join_element_wise(JUDGED, key, " "))),
            "digest": pa.array(fingerprints(told)),
            "row": pa.array(np.arange(count)),
            "valid_from": pa.repeat(BEGIN, count),
            "valid_to": pa.repeat(until, count),
            "verdict": pa.array(verdict, pa.int64()),
            "by_person": pa.repeat(by_person, count),
            "probability": known,
            "judge": said[0],
            "reason": said[1],
        }
    )


def _spoken(found: Matches) -> list[str]:
    """Of each pair the fields that weigh most, with their bits; no personal data."""
    heaviest = np.argsort(-np.abs(found.bits), axis=1, kind="stable")[:, :_TOLD]
    bits = np.take_along_axis(found.bits, heaviest, axis=1)
    return [
        ", ".join(
            f"{found.fields[field]} {weight:+.1f}"
            for field, weight in zip(fields, weights, strict=True)
            if weight
        )
        for fields, weights in zip(heaviest.tolist(), bits.tolist(), strict=True)
    ]


def _judgement(row: dict[str, Any]) -> Judgement:
    return Judgement(
        pair=(row["src"], row["dst"]),
        verdict=Verdict(row["verdict"]),
        by_person=bool(row["by_person"]),
        judge=row["judge"],
        reason=row["reason"],
        probability=row["probability"],
        known_from=row["known_from"],
        until=row["known_to"],
        withdrawn=row["valid_to"] < OPEN,
    )


def keys_of(reader: Reader, pairs: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Keys of the records in pairs, by nid."""
    nids = np.unique(np.array(pairs, np.int64))
    table = reader.get_nodes(nids).get("Person")
    if table is None:
        return {}
    return {row["nid"]: str(row["key"]) for row in table.select(["nid", "key"]).to_pylist()}
