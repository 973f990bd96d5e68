"""One record of the audit, and the entry of the log that stands for it.

An entry is public and names nobody: time, action, count, which writer's how-manieth record it is,
and a commitment to the rest (HMAC-SHA-256, RFC 2104, under 32 random bytes of the record's own).
Who has the record shows with its salt that the entry stands for it; when both are erased nobody
can try names against the entry any more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import orjson

from graphrisk.core.errors import StoreError
from graphrisk.core.tlog.log import Entry

SALT_BYTES: Final = 32
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Record:
    """Who did what, for which purpose; ``at`` is epoch ms UTC.

    ``writer`` is a process and ``sequence`` counts its records from 0: no two records share both,
    and a number that is missing shows that a record is.
    """

    writer: str
    sequence: int
    at: int
    principal: str
    action: str
    purpose: str
    case: str | None
    count: int
    what: str  # opaque id of what was decided on, ids of nodes that were read; or empty
    salt: bytes

    def __bytes__(self) -> bytes:
        return _canonical(self._claims() | {"salt": base64.b64encode(self.salt).decode()})

    @property
    def commitment(self) -> str:
        """What the entry says of all this; 64 hexadecimal digits."""
        return hmac.digest(self.salt, _canonical(self._claims()), hashlib.sha256).hex()

    @property
    def content(self) -> bytes:
        """The entry's bytes."""
        return PublicEntry(
            self.writer, self.sequence, self.at, self.action, self.count, self.commitment
        ).content

    @property
    def entry(self) -> Entry:
        """What is appended to the log: a record that comes again gets the index it has."""
        return Entry(self.writer, str(self.sequence), self.content)

    def _claims(self) -> dict[str, object]:
        names = (name for name in self.__slots__ if name != "salt")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """What an entry of the log says."""

    writer: str
    sequence: int
    at: int
    action: str
    count: int
    commitment: str

    @property
    def content(self) -> bytes:
        """Its bytes: JSON without spaces, keys in order."""
        return _canonical({name: getattr(self, name) for name in self.__slots__} | {"v": _VERSION})


def read_record(content: bytes) -> Record:
    """The record that ``bytes`` of one gave; ``StoreError`` when it is none."""
    try:
        told = orjson.loads(content)
        record = Record(**told | {"salt": base64.b64decode(told["salt"], validate=True)})
        whole = bytes(record) == content
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("a record of the audit is unreadable") from error
    if not whole:
        raise StoreError("a record of the audit is not of the form that this service writes")
    return record


def read_entry(content: bytes) -> PublicEntry:
    """What an entry says; ``StoreError`` when it is none of the audit's."""
    try:
        told = orjson.loads(content)
        version = told.pop("v")
        entry = PublicEntry(**told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError("an entry of the audit is unreadable") from error
    if version != _VERSION or entry.content != content:
        raise StoreError("an entry of the audit is not of the form that this service writes")
    return entry


def _canonical(claims: dict[str, object]) -> bytes:
    return orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)
