"""Where the hashes and entries of a log stand in files (C2SP tlog-tiles), height 8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphrisk.core.errors import BadInput
from graphrisk.core.tlog.merkle import WIDTH

HEIGHT = 8
#: Hashes of a full tile, and entries of a full bundle.
FULL = 1 << HEIGHT
#: Longest entry, bytes: its length stands in two.
LONGEST = (1 << 16) - 1


def tile_path(level: int, number: int, width: int = FULL) -> str:
    """File of a tile of hashes.

    >>> tile_path(0, 1234067), tile_path(1, 0, 17)
    ('tile/0/x001/x234/067', 'tile/1/000.p/17')
    """
    return f"tile/{level}/{_number(number)}{_partial(width)}"


def bundle_path(number: int, width: int = FULL) -> str:
    """File of a bundle of entries."""
    return f"tile/entries/{_number(number)}{_partial(width)}"


def parts(size: int) -> Iterator[tuple[int, int, int]]:
    """``(level, number, width)`` of every tile that a tree of ``size`` entries needs."""
    level = 0
    while size:
        yield from ((level, number, FULL) for number in range(size // FULL))
        if size % FULL:
            yield level, size // FULL, size % FULL
        size, level = size // FULL, level + 1


def pack(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry behind its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; ``BadInput`` when it is torn."""
    entries, place = [], 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        if end > len(bundle) or place + 2 > len(bundle):
            raise BadInput("the bundle of entries is torn")
        entries.append(bundle[place + 2 : end])
        place = end
    return entries


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile; ``BadInput`` when it is torn."""
    if len(tile) % WIDTH:
        raise BadInput("the tile is torn")
    return [tile[place : place + WIDTH] for place in range(0, len(tile), WIDTH)]


def _number(number: int) -> str:
    text = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03}/{text}"
    return text


def _partial(width: int) -> str:
    return "" if width == FULL else f".p/{width}"
