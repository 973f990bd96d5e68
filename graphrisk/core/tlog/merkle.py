"""Merkle trees of RFC 9162, section 2.1: hashes, and what an inclusion or consistency proof shows.

Pure functions over bytes; indices and sizes count entries. A proof that does not hold, or a number
that no tree allows, is ``BadInput``. Every check costs O(log n) hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import pairwise

from graphrisk.core.errors import BadInput

#: ``(level, index)`` → root of the complete subtree of 2^level entries from index·2^level on.
Subtree = Callable[[int, int], bytes]
#: Bytes of a hash.
WIDTH = 32
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def check_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """``BadInput`` unless ``path`` shows that ``leaf`` is entry ``index`` of the tree (2.1.3.2)."""
    if not 0 <= index < size:
        raise BadInput(f"a tree of {size} entries has no entry {index}")
    _check_widths([leaf, root, *path])
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise BadInput("the inclusion proof is too long")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last or found != root:
        raise BadInput("the inclusion proof does not lead to the root")


def check_consistency(
    size: int, later_size: int, path: Sequence[bytes], root: bytes, later_root: bytes
) -> None:
    """``BadInput`` unless the later tree begins with the earlier one (2.1.4.2).

    An empty earlier tree says nothing and so proves nothing: it is refused too.
    """
    if not 0 < size <= later_size:
        raise BadInput(f"no proof leads from {size} entries to {later_size}")
    if size == later_size:
        if path or root != later_root:
            raise BadInput("two trees of one size differ")
        return
    _check_widths([root, later_root, *path])
    steps = [root, *path] if size & (size - 1) == 0 else list(path)
    if not path or not steps:
        raise BadInput("the consistency proof is empty")
    place, last = size - 1, later_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise BadInput("the consistency proof is too long")
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    if last or before != root or after != later_root:
        raise BadInput("the later tree does not begin with the earlier one")


def tree_root(size: int, subtree: Subtree) -> bytes:
    """Root of the first ``size`` entries."""
    return _range_root(0, size, subtree) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Proof that entry ``index`` is in the tree of ``size`` entries (2.1.3.1), lowest first."""
    if not 0 <= index < size:
        raise BadInput(f"a tree of {size} entries has no entry {index}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_root(middle, high, subtree))
            high = middle
        else:
            path.append(_range_root(low, middle, subtree))
            low = middle
    return path[::-1]


def consistency_path(size: int, later_size: int, subtree: Subtree) -> list[bytes]:
    """Proof that the tree of ``later_size`` entries begins with that of ``size`` (2.1.4.1)."""
    if not 0 < size <= later_size:
        raise BadInput(f"no proof leads from {size} entries to {later_size}")
    low, high, path = 0, later_size, []
    while high != size:
        middle = low + _split(high - low)
        if size <= middle:
            path.append(_range_root(middle, high, subtree))
            high = middle
        else:
            path.append(_range_root(low, middle, subtree))
            low = middle
    if low:
        path.append(_range_root(low, high, subtree))
    return path[::-1]


def paired(hashes: Sequence[bytes]) -> bytes:
    """Root of a complete subtree from its hashes on one level, of which there are 2^k."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in list(pairwise(hashes))[::2]]
    return hashes[0]


def _range_root(low: int, high: int, subtree: Subtree) -> bytes:
    """Root over entries [low, high), where ``low`` is a multiple of the range's largest part."""
    peaks = []
    while low < high:
        level = _split(high - low + 1).bit_length() - 1
        peaks.append(subtree(level, low >> level))
        low += 1 << level
    root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def _split(count: int) -> int:
    """The largest power of two below ``count`` (which is at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _check_widths(hashes: Sequence[bytes]) -> None:
    if any(len(one) != WIDTH for one in hashes):
        raise BadInput("a hash has 32 bytes")
