"""Fingerprints are SipHash-2-4, whatever slice of a column they are asked for."""

from __future__ import annotations

import pyarrow as pa

from graphrisk.ingest.hashing import fingerprints


def test_the_vectors_of_the_authors() -> None:
    texts = pa.array(["", "".join(map(chr, range(15)))])
    found = [number & (2**64 - 1) for number in fingerprints(texts).tolist()]
    assert found == [0x726FDB47DD0E0E31, 0xA129CA6149BE45E5]


def test_a_slice_has_the_fingerprints_of_its_texts() -> None:
    texts = pa.array([f"文{i}" * (i % 20) for i in range(100)])
    whole = fingerprints(texts).tolist()
    assert fingerprints(texts[30:60]).tolist() == whole[30:60]
    assert fingerprints(texts[:0]).tolist() == []
    assert len(set(whole)) == 96, "the five empty texts are one"


def test_the_second_fingerprint_is_another() -> None:
    texts = pa.array([str(i) for i in range(1000)])
    first, second = fingerprints(texts), fingerprints(texts, other=True)
    assert not (first == second).any()
    assert fingerprints(texts).tolist() == first.tolist()
