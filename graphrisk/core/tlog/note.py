"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

A note is text, an empty line, and a line a signature. Base64 is read strictly: of a text that was
changed in one bit nothing is accepted, not even where a lenient reader sees no difference.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graphrisk.core.errors import BadInput

_ED25519, _COSIGNATURE = 1, 4
_DASH = "\u2014 "


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name; ``kind`` 1 signs notes, 4 cosigns checkpoints with a time."""

    name: str
    key: bytes
    kind: int = _ED25519

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before each signature."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.key).digest()[
            :4
        ]

    def __str__(self) -> str:
        text = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{text}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether ``signature``, without its key id, is this key's over ``text``."""
        message = text.encode()
        if self.kind == _COSIGNATURE:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A secret key with its name; its seed is 32 random bytes."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """Its public side."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note of ``text``, which ends with a line's end."""
        signature = base64.b64encode(self.verifier.key_id + self._key().sign(text.encode()))
        return f"{text}\n{_DASH}{self.name} {signature.decode()}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it has, and their root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_verifier(text: str) -> Verifier:
    """A key as texts write it, NAME+ID+KEY; ``BadInput`` for one that is none."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    content = unbase64(encoded)
    if not name or len(content) != 33 or content[0] not in (_ED25519, _COSIGNATURE):
        raise BadInput("that is not an Ed25519 key of a log or a witness")
    verifier = Verifier(name, content[1:], content[0])
    if verifier.key_id.hex() != key_id:
        raise BadInput("the key's id is not that of its name and bytes")
    return verifier


def split_note(note: str) -> tuple[str, list[str]]:
    """Text and signature lines of a note; ``BadInput`` when it is none."""
    text, gap, tail = note.rpartition(f"\n\n{_DASH}")
    lines = f"{_DASH}{tail}".split("\n")
    if not gap or lines.pop() != "" or not all(line.startswith(_DASH) for line in lines):
        raise BadInput("that is not a signed note")
    return f"{text}\n", lines


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """The text of a note and which keys signed it; ``BadInput`` when none of ``verifiers`` did.

    Signatures of unknown keys are passed over; one that names a known key and is wrong is refused.
    """
    text, lines = split_note(note)
    known = {(one.name, one.key_id): one for one in verifiers}
    signed = []
    for line in lines:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        content = unbase64(encoded)
        verifier = known.get((name, content[:4]))
        if verifier is None:
            continue
        if not verifier.accepts(text, content[4:]):
            raise BadInput(f"the signature of {name} is not over this text")
        signed.append(verifier)
    if not signed:
        raise BadInput("no known key signed this")
    return text, signed


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint in a note that one of ``verifiers`` signed; ``BadInput`` otherwise."""
    text, _ = open_note(note, verifiers)
    return read_checkpoint(text)


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text, in the one way it is written (further lines are passed over)."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
        raise BadInput("that is not a checkpoint")
    root = unbase64(lines[2])
    if not lines[0] or len(root) != 32:
        raise BadInput("that is not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def unbase64(text: str) -> bytes:
    """The bytes of a text in the one base64 that means them."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput("that is not base64") from error
    if base64.b64encode(content).decode() != text:
        raise BadInput("that is not the one base64 of its bytes")
    return content
