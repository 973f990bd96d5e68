"""Records in a file that grows: a length, a digest, the record. A torn tail shows itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_LENGTH, _DIGEST = 4, 16
_HEAD = _LENGTH + _DIGEST


def frame(record: bytes) -> bytes:
    """A record as it stands in the file."""
    length = len(record).to_bytes(_LENGTH, "big")
    return length + hashlib.sha256(length + record).digest()[:_DIGEST] + record


def framed(records: Iterable[bytes]) -> bytes:
    """Records one behind the other."""
    return b"".join(map(frame, records))


def read_frames(content: bytes) -> tuple[list[bytes], int]:
    """The records of a file, and where the last whole one ends: what follows is torn."""
    records, place = [], 0
    while place + _HEAD <= len(content):
        length = content[place : place + _LENGTH]
        end = place + _HEAD + int.from_bytes(length, "big")
        record = content[place + _HEAD : end]
        digest = hashlib.sha256(length + record).digest()[:_DIGEST]
        if end > len(content) or digest != content[place + _LENGTH : place + _HEAD]:
            break
        records.append(record)
        place = end
    return records, place
