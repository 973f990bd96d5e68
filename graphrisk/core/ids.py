"""Identifiers: typed numbers inside, opaque texts outside.

Inside, a node is an int64 ``nid`` and an edge an int64 ``eid``. At every boundary (URL,
GraphQL, log) stands an opaque text such as ``phone_3k9f…`` that carries no personal value.
The text is the number under a keyed permutation, so ids cannot be counted through.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import NewType

from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.files import made_once

Nid = NewType("Nid", int)
Eid = NewType("Eid", int)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ROUNDS = 4
_HALF = 32
_MASK = (1 << _HALF) - 1
_TEXT_LENGTH = 13
_SECRET_BYTES = 32
LEAST_SECRET_BYTES = 16


class OpaqueIds:
    """Two-way translation of int64 numbers to opaque texts with one secret per deployment.

    A balanced Feistel network over 64 bits (Luby and Rackoff 1988) with HMAC-SHA256 rounds:
    a bijection, so two numbers never share a text. Cost: four HMACs a call.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encode(self, prefix: str, number: int) -> str:
        """Opaque text of ``number``, e.g. ``person_0a…``."""
        left, right = (number >> _HALF) & _MASK, number & _MASK
        for round_number in range(_ROUNDS):
            left, right = right, left ^ self._round(prefix, round_number, right)
        value = (left << _HALF) | right
        digits = [_ALPHABET[(value >> (5 * place)) & 31] for place in range(_TEXT_LENGTH)]
        return f"{prefix}_{''.join(reversed(digits))}"

    def entity(self, kind: str, nid: int) -> str:
        """Opaque id of a node of a kind of the vocabulary, e.g. ``person_0a…``."""
        return self.encode(kind.lower(), nid)

    def decode(self, text: str) -> tuple[str, int]:
        """Prefix and number of an opaque text; ``BadInput`` when it is not one of ours."""
        prefix, separator, digits = text.rpartition("_")
        if not separator or len(digits) != _TEXT_LENGTH or any(d not in _ALPHABET for d in digits):
            raise BadInput(f"not an id of this service: {text[:40]!r}")
        value = 0
        for digit in digits:
            value = (value << 5) | _ALPHABET.index(digit)
        left, right = (value >> _HALF) & _MASK, value & _MASK
        for round_number in reversed(range(_ROUNDS)):
            left, right = right ^ self._round(prefix, round_number, left), left
        number = (left << _HALF) | right
        if value >> 64 or number >= 1 << 63:
            raise BadInput(f"not an id of this service: {text[:40]!r}")
        return prefix, number

    def _round(self, prefix: str, round_number: int, half: int) -> int:
        message = f"{prefix}:{round_number}:{half}".encode()
        return int.from_bytes(hmac.digest(self._secret, message, hashlib.sha256)[:4], "big")


def kept_secret(file: Path) -> bytes:
    """The secret in ``file``, drawn when it is missing; readable by its owner alone.

    ``ConfigError`` when the file cannot be used, or holds too little to keep ids secret.
    """
    secret = made_once(file, lambda: os.urandom(_SECRET_BYTES).hex().encode())
    if len(secret) < LEAST_SECRET_BYTES:
        raise ConfigError(
            f"{file} holds {len(secret)} bytes, a secret has at least {LEAST_SECRET_BYTES}: put it "
            "back from the backup, or delete it to have another drawn (ids handed out before are "
            "then unknown)"
        )
    return secret


def uuid7(now_ms: int, random_bytes: bytes | None = None) -> str:
    """A UUIDv7 (RFC 9562 section 5.7) for rows, from an injected time."""
    noise = int.from_bytes(random_bytes if random_bytes is not None else os.urandom(10), "big")
    value = (now_ms & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (noise >> 68 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= noise & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
