"""The keys of a log: one signs, older ones stay known with the time in which theirs counted."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import orjson

from graphrisk.core.errors import BadInput, ConfigError
from graphrisk.core.tlog.note import Signer, Verifier, open_note, read_verifier, split_note

#: Where a log tells its public keys.
PATH = "vkeys"
#: Number of random bytes → those bytes.
Draw = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of a log and when it signed: epoch ms UTC, half-open; ``until`` ``None`` = still."""

    verifier: Verifier
    since: int
    until: int | None

    def __str__(self) -> str:
        return f"{self.verifier} {self.since} {'-' if self.until is None else self.until}"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Secret seeds of a log, oldest first, each with the time since which it signs."""

    origin: str
    seeds: tuple[tuple[bytes, int], ...]

    @property
    def signer(self) -> Signer:
        """The key that signs now."""
        return Signer(self.origin, self.seeds[-1][0])

    @property
    def public(self) -> list[PublicKey]:
        """All keys with their times, oldest first."""
        ends = [*(since for _, since in self.seeds[1:]), None]
        return [
            PublicKey(Signer(self.origin, seed).verifier, since, until)
            for (seed, since), until in zip(self.seeds, ends, strict=True)
        ]

    @property
    def verifiers(self) -> list[Verifier]:
        """All keys, oldest first."""
        return [one.verifier for one in self.public]

    def rotated(self, draw: Draw, now_ms: int) -> KeyRing:
        """The ring with a new key that signs from now on."""
        return replace(self, seeds=(*self.seeds, (draw(32), now_ms)))

    def note(self) -> str:
        """The public keys as the log tells them, signed by the newest."""
        lines = [str(one) for one in self.public]
        return self.signer.sign("\n".join([f"keys of {self.origin}", *lines]) + "\n")

    def __bytes__(self) -> bytes:
        seeds = [[base64.b64encode(seed).decode(), since] for seed, since in self.seeds]
        return orjson.dumps({"origin": self.origin, "seeds": seeds})


def new_ring(origin: str, draw: Draw, now_ms: int) -> KeyRing:
    """A ring with one new key. The origin holds neither spaces nor a plus sign."""
    if not origin or any(sign.isspace() or sign == "+" for sign in origin):
        raise BadInput("the name of a log has neither spaces nor a plus sign")
    return KeyRing(origin, ((draw(32), now_ms),))


def read_ring(content: bytes) -> KeyRing:
    """The ring that ``bytes`` of one gave; ``ConfigError`` when it is unusable."""
    try:
        told = orjson.loads(content)
        seeds = tuple((base64.b64decode(seed), int(since)) for seed, since in told["seeds"])
        ring = KeyRing(str(told["origin"]), seeds)
        assert ring.verifiers
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise ConfigError("the key file of the log is unusable") from error
    return ring


def read_public(note: str) -> list[PublicKey]:
    """The keys that a log tells, oldest first.

    ``BadInput`` unless the newest of them signed the list. That shows that it is whole, not whose
    it is: compare the oldest key with one that you had before.
    """
    text, _ = split_note(note)
    head, *lines = text.rstrip("\n").split("\n")
    keys = [_read_line(line) for line in lines]
    if not keys:
        raise BadInput("the list of keys is empty")
    newest = keys[-1].verifier
    open_note(note, [newest])
    if head != f"keys of {newest.name}":
        raise BadInput("the list of keys is of another log")
    return keys


def check_times(keys: Sequence[PublicKey], signed: Iterable[tuple[int, str]]) -> None:
    """``BadInput`` when a checkpoint is signed with a key whose time was over.

    Args:
        keys: All keys of the log, oldest first.
        signed: When each checkpoint was signed, epoch ms UTC, and its note, oldest first.
    """
    places = {one.verifier: place for place, one in enumerate(keys)}
    newest = 0
    for at, note in signed:
        _, verifiers = open_note(note, list(places))
        place = max(places[one] for one in verifiers)
        until = keys[place].until
        if place < newest or (until is not None and at >= until):
            raise BadInput("a checkpoint is signed with a key whose time was over")
        newest = place


def _read_line(line: str) -> PublicKey:
    vkey, *times = line.split(" ")
    if len(times) != 2 or not times[0].isdecimal() or not (times[1] + "0").lstrip("-").isdecimal():
        raise BadInput("the list of keys is torn")
    until = None if times[1] == "-" else int(times[1])
    return PublicKey(read_verifier(vkey), int(times[0]), until)
