"""Judgements in the graph: edges ``JUDGED`` that detection derives its persons from.

A pair has at most one judgement of the machine and one of a person, kept as assertions of two
sources; what is judged anew closes the version before and hides nothing. What persons judge is
the operations database's truth and is stated here whole, so stating it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphrisk.access.model import Purpose
from graphrisk.core.clock import BEGIN, OPEN, Clock
from graphrisk.core.ids import uuid7
from graphrisk.ingest.hashing import fingerprints
from graphrisk.ingest.resolve.matcher import SAME, Matches
from graphrisk.ingest.resolve.model import Decision, Verdict
from graphrisk.store.contract import BatchInfo, DeliveryMode, Int64Array, Reader, Store, Writer
from graphrisk_algorithms.evidence.identities import JUDGED

pc: Any = pyarrow.compute
#: The service's own reads. What a person looks at is read for the purpose that he states.
PURPOSE = Purpose("operation")
MODEL = "records-2"
#: As the edges keep it.
NUMBERS = {Verdict.DIFFERENT: -1, Verdict.UNSURE: 0, Verdict.SAME: 1}
_PERSON, _MACHINE = "identity-person", "identity-machine"
_TOLD = 3  # fields named in the machine's reason


def judge_by_machine(store: Store, clock: Clock, found: Matches) -> dict[Verdict, int]:
    """Keep what the matcher found, same or unsure; what it no longer finds has ended.

    Returns:
        How many pairs have each verdict.
    """
    pairs = np.minimum(found.left, found.right), np.maximum(found.left, found.right)
    same = found.probability >= SAME
    verdict = np.where(same, NUMBERS[Verdict.SAME], NUMBERS[Verdict.UNSURE])
    said = pa.repeat(MODEL, len(same)), pa.array(_spoken(found), pa.string())
    rows = _rows(pairs, verdict, np.round(found.probability, 4), said)
    with store.writer("resolve") as writer:
        _state(writer, _MACHINE, rows, clock)
    return {Verdict.SAME: int(same.sum()), Verdict.UNSURE: int((~same).sum())}


def state_decisions(
    writer: Writer, reader: Reader, clock: Clock, standing: Sequence[Decision]
) -> None:
    """Make the graph say what persons judged, all of it and nothing else.

    Records that the graph does not know (yet) are passed over.
    """
    pairs, known = pairs_of(reader, standing)
    told = [one for one, is_known in zip(standing, known.tolist(), strict=True) if is_known]
    verdict = np.array([NUMBERS[one.verdict] for one in told], np.int64)
    said = [[one.judge for one in told], [one.reason for one in told]]
    judge, reason = (pa.array(texts, pa.string()) for texts in said)
    rows = _rows((pairs[known, 0], pairs[known, 1]), verdict, None, (judge, reason))
    _state(writer, _PERSON, rows, clock)


def pairs_of(
    reader: Reader, decisions: Sequence[Decision]
) -> tuple[Int64Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Nids of the records of each decision, the smaller first, and whether both are known."""
    keys = [key for one in decisions for key in one.records]
    pairs = np.sort(reader.lookup("Person", keys).reshape(-1, 2), axis=1)
    return pairs, pairs[:, 0] >= 0


def clues_of(reason: str) -> list[tuple[str, float]]:
    """Fields and bits in a reason of the machine, heaviest first.

    >>> clues_of("name +7.2, birth_year -1.5")
    [('name', 7.2), ('birth_year', -1.5)]
    """
    told = (part.rpartition(" ") for part in reason.split(", ") if part)
    return [(field, float(bits)) for field, _, bits in told]


def _state(writer: Writer, source: str, rows: pa.Table, clock: Clock) -> None:
    """State all that a source says; what it no longer says has ended."""
    now = clock.now_ms()
    batch = BatchInfo(source, uuid7(now), "judgement", DeliveryMode.FULL, now)
    writer.upsert_edges(JUDGED, rows, batch)
    writer.close_absent(JUDGED, source, np.sort(rows.column("akey").to_numpy()), batch)
    writer.commit()


def _rows(
    pairs: tuple[Int64Array, Int64Array],
    verdict: Int64Array,
    probability: np.ndarray[tuple[int], np.dtype[np.float64]] | None,
    said: tuple[pa.Array[Any], pa.Array[Any]],
) -> pa.Table:
    """Assertions: one key a pair and source, a digest of all that is said."""
    count, by_person = len(pairs[0]), int(probability is None)
    known = pa.nulls(count, pa.float64()) if probability is None else pa.array(probability)
    names = [pa.array(side).cast(pa.string()) for side in pairs]
    key = pc.binary_join_element_wise(str(by_person), *names, " ")
    content = [pa.array(verdict).cast(pa.string()), pc.fill_null(known.cast(pa.string()), "")]
    told = pc.binary_join_element_wise(*content, *said, "\x1f")
    return pa.table(
        {
            "src": pa.array(pairs[0]),
            "dst": pa.array(pairs[1]),
            "akey": pa.array(fingerprints(pc.binary_join_element_wise(JUDGED, key, " "))),
            "digest": pa.array(fingerprints(told)),
            "row": pa.array(np.arange(count)),
            "valid_from": pa.repeat(BEGIN, count),
            "valid_to": pa.repeat(OPEN, count),
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
