"""Files encrypted at rest, written and read piece by piece.

A head names the key version and holds the file's own data key, wrapped (RFC 3394); then come
pieces of 64 KiB under AES-256-GCM, each with its place and whether it is the last in its nonce (the
STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015): a piece changed, moved or cut
off is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graphrisk.core.errors import StoreError
from graphrisk.core.keys import KeyWrapper

_MAGIC: Final = b"grsf1\0"
_PIECE: Final = 65_536
_TAG: Final = 16
_WRAPPED: Final = 40
_PREFIX: Final = 7
_HEAD: Final = len(_MAGIC) + 4 + _WRAPPED + _PREFIX


class Sealer:
    """Encrypts what is written to it into ``out``; without ``close`` the file cannot be read."""

    def __init__(self, out: BinaryIO, keys: KeyWrapper) -> None:
        data_key = AESGCM.generate_key(256)
        version, wrapped = keys.wrap(data_key)
        self._head = _MAGIC + version.to_bytes(4, "big") + wrapped + os.urandom(_PREFIX)
        self._cipher = AESGCM(data_key)
        self._out = out
        self._waiting = bytearray()
        self._count = 0
        out.write(self._head)

    def write(self, data: bytes) -> None:
        """Take more of the file."""
        self._waiting += data
        while len(self._waiting) > _PIECE:  # the last piece is kept until it is known to be it
            self._seal(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]

    def close(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, piece: bytes, is_last: bool) -> None:
        nonce = _nonce(self._head, self._count, is_last)
        self._out.write(self._cipher.encrypt(nonce, piece, self._head))
        self._count += 1


def unsealed(source: BinaryIO, keys: KeyWrapper) -> Iterator[bytes]:
    """What was written, piece by piece; ``StoreError`` where the file is not as it was written."""
    head = source.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        raise StoreError("a kept file is not of the form this service writes")
    at = len(_MAGIC)
    version, wrapped = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 4 + _WRAPPED]
    cipher = AESGCM(keys.unwrap(version, wrapped))
    piece, count = source.read(_PIECE + _TAG), 0
    while True:
        following = source.read(_PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(head, count, not following), piece, head)
        except InvalidTag as error:
            raise StoreError("a kept file was changed or cut off") from error
        if not following:
            return
        piece, count = following, count + 1


def _nonce(head: bytes, count: int, is_last: bool) -> bytes:
    return head[-_PREFIX:] + count.to_bytes(4, "big") + bytes([is_last])
