"""Identity numbers: tokens to compare by, encrypted values to read with permission.

The key ring is a file (or, in a deployment, whatever ``KeyRing.parse`` is fed from): numbered
versions, each with a token key and a key-encrypting key. A value is encrypted with AES-256-GCM
under a data key of its own process, which travels beside it, wrapped by the key-encrypting key
(envelope encryption, NIST SP 800-38D and RFC 3394); rotation adds a version, old values stay
readable, and only the wrapped data keys would need writing anew.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.files import made_once, replace

_KEY_BYTES = 32
_NONCE_BYTES = 12
_WRAPPED_BYTES = _KEY_BYTES + 8
_TOKEN_BYTES = 16
_MARKED = b"a key ring of graphrisk"
_PUT_BACK = (
    "the store holds identity numbers under it, which no other can read or compare; put it back, "
    "or name its place in GRAPHRISK_KEY_RING"
)


class KeyWrapper(Protocol):
    """Wraps data keys: the ring itself, or a key management service."""

    def wrap(self, data_key: bytes) -> tuple[int, bytes]:
        """The data key wrapped under the present version, and that version."""
        ...

    def unwrap(self, version: int, wrapped: bytes) -> bytes:
        """The data key again; ``BadInput`` when the wrapping is not of that version."""
        ...


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """Keys of one version."""

    token: bytes
    encrypting: bytes


class KeyRing:
    """Versioned keys; the highest version is in use, all can be read."""

    def __init__(self, versions: dict[int, KeyVersion]) -> None:
        if not versions:
            raise ConfigError("the key ring has no key")
        self._versions = versions
        self._present = max(versions)

    @classmethod
    def open(cls, file: Path, marks: Mapping[int, str] | None = None) -> KeyRing:
        """The ring of a file, which is made, readable by its owner alone, when it is missing.

        ``marks`` are the ``mark`` of each version that was used before: ``ConfigError`` when the
        file is missing, or holds another ring, for nothing written then could be read or compared.
        """
        if marks and not file.exists():
            raise ConfigError(f"the key ring {file} is missing: {_PUT_BACK}")
        kept = made_once(file, lambda: cls({1: _fresh()})._text())
        try:
            ring = cls.parse(kept.decode("ascii"))
        except (UnicodeDecodeError, ConfigError) as error:
            raise ConfigError(f"the key ring {file} cannot be read: {error}") from error
        for version, mark in (marks or {}).items():
            if version not in ring._versions:
                raise ConfigError(f"the key ring {file} lacks version {version}: {_PUT_BACK}")
            if ring._mark(version) != mark:
                raise ConfigError(f"the key ring {file} has another version {version}: {_PUT_BACK}")
        return ring

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """A ring from its JSON text; ``ConfigError`` when it is none."""
        try:
            said = json.loads(text)["keys"]
            versions = {
                int(number): KeyVersion(
                    base64.b64decode(keys["token"], validate=True),
                    base64.b64decode(keys["encrypting"], validate=True),
                )
                for number, keys in said.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError("the key ring is not of the form this service writes") from error
        if any({len(v.token), len(v.encrypting)} != {_KEY_BYTES} for v in versions.values()):
            raise ConfigError("a key of the key ring has the wrong length")
        if any(not 0 < number < 1 << 32 for number in versions):
            raise ConfigError("versions of the key ring are numbers from 1 on")
        return cls(versions)

    @staticmethod
    def write(file: Path, ring: KeyRing) -> None:
        """Write the ring, readable by its owner alone; in one step, so that none is half."""
        replace(file, ring._text())

    def _text(self) -> bytes:
        keys = {
            str(number): {
                "token": base64.b64encode(version.token).decode(),
                "encrypting": base64.b64encode(version.encrypting).decode(),
            }
            for number, version in sorted(self._versions.items())
        }
        return json.dumps({"keys": keys}).encode("ascii")

    @property
    def mark(self) -> dict[int, str]:
        """The version in use and what tells its keys from others', without telling them."""
        return {self._present: self._mark(self._present)}

    def _mark(self, version: int) -> str:
        keys = self._versions[version]
        return hmac.digest(keys.token + keys.encrypting, _MARKED, hashlib.sha256).hex()

    def rotated(self) -> KeyRing:
        """This ring with one more version, which is then in use."""
        return KeyRing({**self._versions, self._present + 1: _fresh()})

    def token(self, kind: str, value: str) -> str:
        """``kind:version:hex``: equal values of one kind and version have equal tokens."""
        key = self._versions[self._present].token
        digest = hmac.digest(key, f"{kind}:{value}".encode(), hashlib.sha256)
        return f"{kind}:{self._present}:{digest[:_TOKEN_BYTES].hex()}"

    def wrap(self, data_key: bytes) -> tuple[int, bytes]:
        """See ``KeyWrapper``."""
        return self._present, aes_key_wrap(self._versions[self._present].encrypting, data_key)

    def unwrap(self, version: int, wrapped: bytes) -> bytes:
        """See ``KeyWrapper``."""
        if version not in self._versions:
            raise ConfigError(
                f"the key ring lacks version {version}, with which this was encrypted"
            )
        try:
            return aes_key_unwrap(self._versions[version].encrypting, wrapped)
        except InvalidUnwrap as error:
            raise BadInput("an encrypted value was not made with this key ring") from error


class Encryptor:
    """Encrypts many values under one data key, drawn when it is made."""

    def __init__(self, keys: KeyWrapper) -> None:
        data_key = AESGCM.generate_key(8 * _KEY_BYTES)
        version, self._wrapped = keys.wrap(data_key)
        self._version = version.to_bytes(4, "big")
        self._cipher = AESGCM(data_key)

    def encrypt(self, value: str) -> str:
        """Base64 of version, wrapped data key, nonce and sealed value."""
        nonce = os.urandom(_NONCE_BYTES)
        head = self._version + self._wrapped
        sealed = self._cipher.encrypt(nonce, value.encode(), head)
        return base64.b64encode(head + nonce + sealed).decode()


def decrypt(keys: KeyWrapper, text: str) -> str:
    """The value again; ``BadInput`` when the text was changed or made with another ring."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadInput("not an encrypted value") from error
    head, rest = data[: 4 + _WRAPPED_BYTES], data[4 + _WRAPPED_BYTES :]
    data_key = keys.unwrap(int.from_bytes(head[:4], "big"), head[4:])
    try:
        return AESGCM(data_key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head).decode()
    except (InvalidTag, ValueError) as error:
        raise BadInput("an encrypted value was changed") from error


def _fresh() -> KeyVersion:
    return KeyVersion(os.urandom(_KEY_BYTES), os.urandom(_KEY_BYTES))
