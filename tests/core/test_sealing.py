"""Files at rest: they come back as they were, and nothing in them can be changed unnoticed."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import GraphRiskError, StoreError
from graphrisk.core.keys import KeyRing, KeyVersion
from graphrisk.core.sealing import Sealer, unsealed

PIECE = 65_536


def ring() -> KeyRing:
    return KeyRing({1: KeyVersion(os.urandom(32), os.urandom(32))})


def _sealed(keys: KeyRing, *parts: bytes) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, keys)
    for part in parts:
        sealer.write(part)
    sealer.close()
    return out.getvalue()


def _read(keys: KeyRing, kept: bytes) -> bytes:
    return b"".join(unsealed(io.BytesIO(kept), keys))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7])
def test_what_was_written_comes_back_also_under_a_later_key(size: int) -> None:
    keys, content = ring(), os.urandom(size)
    kept = _sealed(keys, content[: size // 3], content[size // 3 :])
    assert _read(keys, kept) == content
    assert _read(keys.rotated(), kept) == content
    assert size < 16 or content[:16] not in kept
    with pytest.raises(GraphRiskError):
        _read(ring(), kept)


@given(place=st.integers(0, 2 * PIECE + 200), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed(place: int, bit: int) -> None:
    changed = bytearray(KEPT)
    changed[place % len(changed)] ^= 1 << bit
    with pytest.raises(GraphRiskError):
        _read(KEYS, bytes(changed))


@pytest.mark.parametrize("left", [0, 10, 57, 64, 1_000, PIECE + 73, PIECE + 90])
def test_a_file_cut_off_or_put_together_otherwise_is_noticed(left: int) -> None:
    with pytest.raises(StoreError):
        _read(KEYS, KEPT[:left])
    head, first = KEPT[:57], KEPT[57 : 57 + PIECE + 16]
    with pytest.raises(StoreError):
        _read(KEYS, head + first + first + KEPT[57 + PIECE + 16 :])


KEYS = ring()
KEPT = _sealed(KEYS, os.urandom(PIECE + 100))
